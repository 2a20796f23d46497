package merge

import (
	"cmp"
	"encoding/json"
	"iter"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// refersToMissing refuses a change that lets an item refer to one of ours which is
// not there. It looks at the document only where it has to: while additions are
// applied one by one, the first look at each document costs a rebuild of it.
func (m *merge) refersToMissing(next *document.Document, c *document.Change, own map[document.ID]bool) error {
	switch c.Op {
	case document.OpEdit:
		if !m.editsReferences(c) {
			return nil
		}
	case document.OpAdd:
		if !m.mayReferToMissing(c, own) {
			return nil
		}
	default:
		return nil
	}
	item, ok := next.Find(c.ID)
	if !ok && c.Op == document.OpAdd && c.ByPlace() {
		return &Error{ID: c.Edit.Parent, Message: "the new item refers to one that is not there, or to another than the one that was meant"}
	}
	if !ok {
		return nil
	}
	if c.Op == document.OpEdit {
		return m.itemRefersToMissing(item, own, func(key string) bool { return edits(c, key) })
	}
	var errs []error
	for below := range Tree(item) {
		errs = append(errs, m.itemRefersToMissing(below, own, func(string) bool { return true }))
	}
	return joinAll(errs)
}

// itemRefersToMissing looks at the fields of an item that were edited.
func (m *merge) itemRefersToMissing(item document.Item, own map[document.ID]bool, edited func(key string) bool) error {
	var errs []error
	for f, field := range m.stored.Type().Descriptor().Levels[item.Level()].Fields {
		if !edited(field.Key) {
			continue
		}
		for ref := range item.AllReferences(f) {
			if m.isMissing(ref, own) {
				errs = append(errs, &Error{ID: item.ID(), Fields: []string{field.Key},
					Message: "refers to " + ref.String() + ", which is another item than the one that was meant"})
			}
		}
	}
	return joinAll(errs)
}

func edits(c *document.Change, key string) bool {
	return slices.ContainsFunc(EditedFields(c), func(f document.FieldEdit) bool { return f.Key == key })
}

// editsReferences reports whether a change edits a reference of some level.
func (m *merge) editsReferences(c *document.Change) bool {
	return slices.ContainsFunc(m.keys.references, func(key string) bool { return edits(c, key) })
}

// mayReferToMissing reports whether the text of a new item, or of one below it, has
// a reference that may name an item of ours which is not there. Only a document
// can tell what it does name: a sibling, or an item elsewhere.
func (m *merge) mayReferToMissing(c *document.Change, own map[document.ID]bool) bool {
	if c.Edit == nil || len(m.keys.references) == 0 {
		return false
	}
	decoder := json.NewDecoder(strings.NewReader(c.Edit.Item))
	decoder.UseNumber() // numbers can be ids: their spelling matters
	var item any
	if decoder.Decode(&item) != nil {
		return true
	}
	return m.textMayReferToMissing(item, c.Edit.Parent, own)
}

// textMayReferToMissing is mayReferToMissing for an item below a parent, or a list of
// them.
func (m *merge) textMayReferToMissing(v any, parent document.ID, own map[document.ID]bool) bool {
	if list, ok := v.([]any); ok {
		return slices.ContainsFunc(list, func(v any) bool { return m.textMayReferToMissing(v, parent, own) })
	}
	item, ok := v.(map[string]any)
	if !ok {
		return false
	}
	t := m.stored.Type()
	for _, key := range m.keys.references {
		for text := range texts(item[key]) {
			if m.isMissing(document.NewID(parent.Group(), text), own) || m.isMissing(t.LocalID(parent, text), own) {
				return true
			}
		}
	}
	for _, path := range m.keys.ids {
		for text := range texts(valueAt(item, path)) {
			below := t.LocalID(parent, text)
			for _, path := range m.keys.children {
				if m.textMayReferToMissing(valueAt(item, path), below, own) {
					return true
				}
			}
		}
	}
	return false
}

// valueAt returns what is at a path, nil if it is not there.
func valueAt(v any, path []string) any {
	for _, key := range path {
		object, _ := v.(map[string]any)
		v = object[key]
	}
	return v
}

// texts yields a text or number, or those of a list or an object.
func texts(v any) iter.Seq[string] {
	return func(yield func(string) bool) { eachText(v, yield) }
}

func eachText(v any, yield func(string) bool) bool {
	switch v := v.(type) {
	case string:
		return yield(v)
	case json.Number:
		return yield(v.String())
	case []any:
		for _, e := range v {
			if !eachText(e, yield) {
				return false
			}
		}
	case map[string]any:
		for _, e := range v {
			if !eachText(e, yield) {
				return false
			}
		}
	}
	return true
}

// itemKeys are the JSON keys of what holds references, and the paths to ids and to
// children, of all levels.
type itemKeys struct {
	references    []string
	ids, children [][]string
}

func keysOf(t *document.Type) itemKeys {
	var k itemKeys
	add := func(paths *[][]string, within []string, key string) {
		path := append(slices.Clone(within), key)
		if !slices.ContainsFunc(*paths, func(other []string) bool { return slices.Equal(other, path) }) {
			*paths = append(*paths, path)
		}
	}
	for _, l := range t.Descriptor().Levels {
		add(&k.ids, l.ID.Within, cmp.Or(l.ID.Key, "id"))
		if l.Children != "" {
			add(&k.children, l.ChildrenWithin, l.Children)
		}
		for _, f := range l.Fields {
			if holdsReferences(t.Descriptor(), f) && !slices.Contains(k.references, f.Key) {
				k.references = append(k.references, f.Key)
			}
		}
	}
	return k
}

// holdsReferences reports whether a field has references, in itself or in objects.
func holdsReferences(d format.Descriptor, f format.FieldDescriptor) bool {
	return f.Kind == format.ReferenceField || f.Kind == format.ObjectField &&
		slices.ContainsFunc(d.Objects[f.Object].Fields, func(inner format.FieldDescriptor) bool { return holdsReferences(d, inner) })
}
