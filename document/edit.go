package document

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// EditChange returns the change that puts what With changed into a document,
// false if With changed nothing. A status changed by WithStatus is not part of
// it.
func (it Item) EditChange() (Change, bool) {
	if it.doc == nil || it.draft == nil || len(it.draft.values) == 0 {
		return Change{}, false
	}
	e := &Edit{}
	fields := it.levelType().Record.Fields
	for _, v := range it.draft.values {
		e.Fields = append(e.Fields, FieldEdit{Key: fields[v.slot].Key, Value: v.value.json})
	}
	return Change{Op: OpEdit, ID: it.ID(), Edit: e}, true
}

// Changes returns the group that puts what With and WithStatus changed into a
// document; none for a new item, which enters by AddChange.
func (it Item) Changes() []Change {
	var changes []Change
	if edit, ok := it.EditChange(); ok {
		changes = append(changes, edit)
	}
	if it.doc != nil && it.draft != nil && it.draft.status != 0 {
		changes = append(changes, Advance(it.ID(), it.draft.status))
	}
	return changes
}

// edit puts new values into an item, if they obey the rules that refuse.
func (g *gate) edit(c *Change) {
	n, ok := g.find(c.ID)
	if !ok {
		g.refuse(g.to.notFound(c.ID))
		return
	}
	if c.Edit == nil {
		g.refuse(changeError(c.ID, "operation", "an edit without fields"))
		return
	}
	old := g.to.recordOf(n)
	e := editor{doc: g.to, id: c.ID, item: g.to.item(n), record: old}
	changed := false
	for _, f := range c.Edit.Fields {
		changed = e.apply(f) || changed
	}
	if len(e.problems) > 0 {
		g.refuse(&ChangeError{ID: c.ID, Problems: e.problems})
		return
	}
	if changed {
		d := g.writable()
		d.setRecord(g.base, d.shape.Number(n), old, e.record)
		g.updates++
	}
}

// editor changes fields of one item.
type editor struct {
	doc      *Document
	id       ID
	item     Item
	record   *record
	problems []Problem
}

func (e *editor) problem(key, rule, message string) {
	e.problems = append(e.problems, Problem{
		Severity: Refusal, Item: e.id.String(), Pointer: jsontext.Pointer("", jsontext.KeyStep(key)), Rule: rule, Message: message,
	})
}

// apply changes one field and reports whether that made a difference.
func (e *editor) apply(f FieldEdit) bool {
	level := e.item.levelType()
	slot, known := level.Record.Slots[f.Key]
	if !known || slot < compiled.FirstField || slot >= compiled.FirstField+len(level.Fields) {
		e.problem(f.Key, "field", fmt.Sprintf("%s has no field %s to edit: %s", compiled.WithArticle(level.Name), jsontext.Shown(f.Key), level.KeysLike(f.Key)))
		return false
	}
	field := &level.Record.Fields[slot]
	if f.Value == "" && field.Required {
		e.problem(f.Key, "required", fmt.Sprintf("%s must have %q", compiled.WithArticle(level.Name), f.Key))
		return false
	}
	if message, refused := strings.CutPrefix(f.Value, refusalMark); refused {
		e.problem(f.Key, "value", f.Key+": "+message)
		return false
	}
	if message := e.doc.shape.typ.longText(f.Value); message != "" {
		e.problem(f.Key, "size", message)
		return false
	}
	value := strings.Trim(f.Value, jsontext.Space)
	if f.Value != "" && !e.check(field, value) {
		return false
	}
	if e.item.same(slot-compiled.FirstField, e.record.value(slot), e.item, []byte(value)) {
		return false
	}
	e.record = e.record.with(&level.Record, slot, e.doc.spell(e.item, field, value), e.doc.layout())
	return true
}

// check judges a new value.
func (e *editor) check(field *compiled.Field, value string) bool {
	found := e.doc.typ.format.JudgeValue(field, value)
	for _, f := range found {
		problem := problemOf(f)
		problem.Item = e.id.String()
		e.problems = append(e.problems, problem)
	}
	return len(found) == 0
}

// spell writes new references, in objects too, as the document writes ids: a sibling by its own
// id, with the JSON kind that the item's own id has. Other values stay as they
// are.
func (d *Document) spell(it Item, f *compiled.Field, value string) string {
	if d.shape.PathIDs() || value == "" {
		return value
	}
	spelled, _ := d.typ.format.Redirected(f, []byte(value), func(ref []byte) ([]byte, bool) {
		own := d.spellReference(it, ref)
		return own, !bytes.Equal(own, ref)
	})
	return string(spelled)
}

func (d *Document) spellReference(it Item, ref []byte) []byte {
	if jsontext.IsNull(ref) || ref[0] != '"' {
		return ref
	}
	n, ok := it.target(ref)
	if !ok {
		return ref
	}
	sibling := n.Kind == it.node.Kind && (n.Row == 0 || d.shape.Within(n) == d.shape.Within(it.node))
	if !sibling && n.Row > 0 && d.shape.Level(n).ID.Kind == format.LocalID {
		return ref
	}
	return d.shape.Value(n, compiled.IDSlot)
}
