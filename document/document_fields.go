package document

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// Fields returns the fields of the document itself, by their positions in the
// descriptor: those beside the list of an object. It is the zero Object where the
// format has none, and in documents of other kinds.
func (d *Document) Fields() Object {
	d.build()
	_, n, ok := d.typ.format.Document()
	if !ok || d.shape.Root.Kind != format.RootObject {
		return Object{}
	}
	return Object{of: d.typ, n: n, json: jsontext.SharedString(d.shape.own().text)}
}

// FieldChange returns the change that gives a field of the document itself another
// value.
func (t *Type) FieldChange(f int, v Value) Change {
	return Change{Op: OpEdit, Edit: &Edit{Fields: []FieldEdit{{Key: t.format.Descriptor.Fields[f].Key, Value: v.json}}}}
}

// own returns the text of the root object with null in place of the list.
func (s *shape) own() *record {
	s.ownOnce.Do(func() { s.ownRecord = s.readOwn() })
	return s.ownRecord
}

func (s *shape) readOwn() *record {
	const instead = "null"
	array := s.Groups[0].Array
	r := &record{
		text:  slices.Concat(s.Source[s.Outer.Start:array.Start], []byte(instead), s.Source[array.End:s.Outer.End]),
		hole:  array.Start - s.Outer.Start,
		slots: make([]uint32, len(s.Tree.Fields)),
	}
	for slot, at := range s.Tree.Fields {
		switch {
		case at == 0:
			continue
		case at > array.Start:
			at -= array.End - array.Start - uint32(len(instead))
		}
		r.slots[slot] = at - s.Outer.Start
	}
	return r
}

// editDocument puts new values into fields of the document itself. The text is
// written anew, and read.
func (g *gate) editDocument(c *Change) {
	g.to.build()
	d := g.to
	s := d.shape
	r, _, ok := d.typ.format.Document()
	switch {
	case c.Edit == nil:
		g.refuse(changeError(c.ID, "operation", "an edit without fields"))
		return
	case !ok:
		g.refuse(changeError(c.ID, "field", "the document has no fields of its own to edit"))
		return
	case s.Root.Kind != format.RootObject:
		g.refuse(changeError(c.ID, "field", "the document has no fields of its own to edit: only an object has some beside its list"))
		return
	}
	e := documentEditor{doc: d, of: r, record: s.own()}
	changed := false
	for _, f := range c.Edit.Fields {
		changed = e.apply(f) || changed
	}
	if len(e.problems) > 0 {
		g.refuse(&ChangeError{ID: c.ID, Problems: e.problems})
		return
	}
	if changed {
		g.rewriteDocument(c.ID, e.record)
	}
}

// rewriteDocument gives the root object another text, which has null in place of
// the list.
func (g *gate) rewriteDocument(id ID, r *record) {
	d, s := g.to, g.to.shape
	patches := d.patches()
	size := jsontext.PatchedSize(s.Source, patches) + int64(len(r.text)) - int64(len(s.own().text))
	if size > s.typ.maxSize {
		g.refuse(s.typ.sizeError(id, size))
		return
	}
	text := append(make([]byte, 0, size), s.Source[:s.Outer.Start]...)
	text = append(text, r.text[:r.hole]...)
	text = jsontext.AppendPatched(text, s.Source, s.Groups[0].Array, patches)
	text = append(append(text, r.text[r.hole+uint32(len("null")):]...), s.Source[s.Outer.End:]...)
	next, err := s.typ.ParseOwned(text)
	if err != nil {
		g.refuse(fmt.Errorf("document: writing fields of the document: %w", err))
		return
	}
	g.moveHops(next, s.id)
	g.base, g.to = next, next
	g.updates++
}

// documentEditor changes fields of the document itself.
type documentEditor struct {
	doc      *Document
	of       *compiled.Record
	record   *record
	problems []Problem
}

func (e *documentEditor) problem(key, rule, message string) {
	e.problems = append(e.problems, Problem{Severity: Refusal, Pointer: jsontext.Pointer("", jsontext.KeyStep(key)), Rule: rule, Message: message})
}

// apply changes one field and reports whether that made a difference.
func (e *documentEditor) apply(f FieldEdit) bool {
	t := &e.doc.typ.format
	slot, known := e.of.Slots[f.Key]
	if !known || slot == e.of.Children {
		e.problem(f.Key, "field", fmt.Sprintf("the document has no field %s to edit: %s", jsontext.Shown(f.Key), compiled.KeysLike(t.Descriptor.Fields, f.Key)))
		return false
	}
	field := &e.of.Fields[slot]
	if f.Value == "" && field.Required {
		e.problem(f.Key, "required", fmt.Sprintf("the document must have %q", f.Key))
		return false
	}
	if message, refused := strings.CutPrefix(f.Value, refusalMark); refused {
		e.problem(f.Key, "value", f.Key+": "+message)
		return false
	}
	if message := e.doc.typ.longText(f.Value); message != "" {
		e.problem(f.Key, "size", message)
		return false
	}
	value := strings.Trim(f.Value, jsontext.Space)
	if f.Value != "" {
		if found := t.JudgeValue(field, value); len(found) > 0 {
			for _, f := range found {
				e.problems = append(e.problems, problemOf(f))
			}
			return false
		}
	}
	if t.SameValue(field, e.record.value(slot), []byte(value)) {
		return false
	}
	e.record = e.record.with(e.of, slot, value, e.doc.shape.outerLayout())
	return true
}

// outerLayout is the layout of the root object.
func (s *shape) outerLayout() jsontext.Layout {
	text := s.Source[s.Outer.Start:]
	if lead := jsontext.LeadingSpace(text[1:]); bytes.IndexByte(lead, '\n') >= 0 {
		return jsontext.LayoutOf(s.Source, int(s.Outer.Start), lead)
	}
	return s.layout()
}

// DifferentFields returns the keys of the fields of the document itself in which it
// differs from another of its type, none where one of them is of a kind that has no
// such fields.
func (d *Document) DifferentFields(other *Document) []string {
	of, now := d.Fields(), other.Fields()
	if d.shape == other.shape || of.IsZero() || now.IsZero() {
		return nil
	}
	var keys []string
	for f, field := range d.typ.format.Descriptor.Fields {
		if !d.typ.format.SameValue(of.field(f), of.raw(f), now.raw(f)) {
			keys = append(keys, field.Key)
		}
	}
	return keys
}

// fieldsTo returns the edits that give a document the fields of the document itself
// that b has, none where they are alike.
func fieldsTo(a, b *Document) []Change {
	keys := a.DifferentFields(b)
	if len(keys) == 0 {
		return nil
	}
	now, e := b.Fields(), &Edit{}
	for _, key := range keys {
		slot := now.of.format.Objects[now.n].Slots[key]
		e.Fields = append(e.Fields, FieldEdit{Key: key, Value: string(now.raw(slot))})
	}
	return []Change{{Op: OpEdit, Edit: e}}
}
