package document

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// openLists makes a place for new children where there is none: parents whose
// key for children is missing or null get an empty array, and groups that do
// not exist are added.
func (g *gate) openLists(changes []Change) {
	d := *g.to
	opened := false
	var groups []string
	named := map[string]bool{}
	for i := range changes {
		e := changes[i].Edit
		if e == nil || changes[i].Op == OpRemove {
			continue
		}
		opened = d.openParent(g.to, e.Parent) || opened
		if name := e.Parent.group; e.Parent.text == "" && changes[i].Op == OpAdd && !named[name] {
			named[name] = true
			switch {
			case !d.shape.canOpen(name):
			case len(name) > MaxIDLength || !utf8.ValidString(name):
				g.refuse(changeError(changes[i].ID, "id", fmt.Sprintf("the name of the new group, which is part of ids, is not UTF-8 of at most %d bytes", MaxIDLength)))
				return
			default:
				groups = append(groups, name)
			}
		}
	}
	if !opened && len(groups) == 0 {
		return
	}
	text := d.AppendJSON(nil)
	if len(groups) > 0 {
		text = d.openGroups(text, groups)
	}
	if size := int64(len(text)); size > d.shape.typ.maxSize {
		g.refuse(d.shape.typ.sizeError(changes[0].ID, size))
		return
	}
	next, err := d.shape.typ.ParseOwned(text)
	if err != nil {
		g.refuse(fmt.Errorf("document: making a place for new items: %w", err))
		return
	}
	g.moveHops(next, d.shape.id)
	g.base, g.to = next, next
}

// canOpen reports whether a group may be added: one with a name that no member
// of the outermost object has.
func (s *shape) canOpen(name string) bool {
	if s.Root.Kind != format.RootGroups || name == "" {
		return false
	}
	s.rootOnce.Do(s.readRootKeys)
	return !s.rootKeys[name]
}

// readRootKeys lists the keys of the outermost object.
func (s *shape) readRootKeys() {
	s.rootKeys = map[string]bool{}
	jsontext.Members(bytes.TrimLeft(bytes.TrimPrefix(s.Source, []byte(jsontext.ByteOrderMark)), jsontext.Space), func(key string, _ []byte) bool {
		s.rootKeys[key] = true
		return true
	})
}

// openParent gives an item that holds no array of children an empty one.
func (d *Document) openParent(base *Document, parent ID) bool {
	n, ok := d.shape.find(parent)
	if !ok || d.shape.typ.format.Leaf(n.Kind) {
		return false
	}
	old, r, opened := d.withOpenList(n)
	if opened {
		d.setRecord(base, d.shape.Number(n), old, r)
	}
	return opened
}

// withOpenList returns the text of an item that may have children, and the text
// with an empty array for them. It reports false where there is an array.
func (d *Document) withOpenList(n tree.Node) (old, r *record, opened bool) {
	s := d.shape
	at := s.ChildrenSpan(n)
	if at != (jsontext.Span{}) && s.Source[at.Start] == '[' {
		return nil, nil, false
	}
	t := &s.Level(n).Record
	slot := len(t.Fields) - 1
	old = d.recordOf(n)
	r = old
	if r.hole != 0 { // null: fill the hole, so that the slot's value is there
		r = r.splice(int(r.hole), int(r.hole), "null", int(r.hole))
		r.hole = 0
	}
	if value := r.value(slot); value != nil && value[0] == '[' {
		return nil, nil, false
	}
	return old, r.with(t, slot, "[]", s.layout()), true
}

// openGroups adds empty groups to the text of a document.
func (d *Document) openGroups(text []byte, names []string) []byte {
	lay := d.shape.layout()
	end := bytes.LastIndexByte(text, '}')
	out := append([]byte(nil), bytes.TrimRight(text[:end], jsontext.Space)...)
	indent := jsontext.LineIndent(text, end)
	group := lay.Colon + lay.Format(emptyList(d.shape.Root), indent+lay.Unit)
	first := out[len(out)-1] == '{'
	for _, name := range names {
		switch {
		case lay.Newline != "":
			if !first {
				out = append(out, ',')
			}
			out = append(append(append(out, lay.Newline...), indent...), lay.Unit...)
		case !first:
			out = append(out, lay.Comma...)
		default:
			out = append(out, lay.Pad...)
		}
		out = append(jsontext.AppendQuoted(out, name), group...)
		first = false
	}
	if lay.Newline != "" {
		out = append(append(out, lay.Newline...), indent...)
	} else {
		out = append(out, lay.Pad...)
	}
	return append(out, text[end:]...)
}
