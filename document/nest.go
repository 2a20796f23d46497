package document

import (
	"bytes"
	"fmt"
)

// openNests makes a place for new children where there is none: parents whose
// key for children is missing or null get an empty array, and groups that do
// not exist are added.
func (g *gate) openNests(changes []Change) {
	d := *g.to
	opened := false
	for i := range changes {
		e := changes[i].Edit
		if e == nil || changes[i].Op == OpRemove {
			continue
		}
		opened = d.openParent(g.to, e.Parent) || opened
	}
	text := d.AppendJSON(nil)
	for i := range changes {
		if e := changes[i].Edit; e != nil && e.Parent.text == "" && changes[i].Op == OpAdd {
			var added bool
			text, added = d.openGroup(text, e.Parent.group)
			opened = opened || added
		}
	}
	if !opened {
		return
	}
	next, err := d.shape.typ.ParseOwned(text)
	if err != nil {
		g.refuse(fmt.Errorf("document: making a place for new items: %w", err))
		return
	}
	g.moveHops(next, func(id ID) ID { return id })
	g.base, g.to = next, next
}

// openParent gives an item that holds no array of children an empty one.
func (d *Document) openParent(base *Document, parent ID) bool {
	s := d.shape
	l, i, ok := s.find(parent)
	if !ok || s.typ.leaf(l) {
		return false
	}
	at := s.childrenSpan(l, i)
	if at != (span{}) && s.source[at.start] == '[' {
		return false
	}
	t := &s.typ.levels[l].record
	slot := len(t.fields) - 1
	r := d.recordOf(l, i)
	if r.hole != 0 { // null: fill the hole, so that the slot's value is there
		r = r.splice(int(r.hole), int(r.hole), "null", int(r.hole))
		r.hole = 0
	}
	if value := r.value(slot); value != nil && value[0] == '[' {
		return false
	}
	d.edits.set(base.edits, s.number(l, i), r.with(t, slot, "[]", s.layout()))
	return true
}

// openGroup adds an empty group to the text of a document, unless it is there.
func (d *Document) openGroup(text []byte, name string) ([]byte, bool) {
	s := d.shape
	if _, ok := s.groupNames[name]; ok || s.root.Kind != RootGroups {
		return text, false
	}
	lay := s.layout()
	group := string(appendQuoted(nil, name)) + lay.colon
	if bytes.Contains(text, []byte(group)) && groupIn(text, name) {
		return text, false
	}
	body := lay.format("{"+string(appendQuoted(nil, s.root.Key))+":[]}", lay.unit)
	end := bytes.LastIndexByte(text, '}')
	before := bytes.TrimRight(text[:end], " \t\r\n")
	out := append([]byte(nil), before...)
	if before[len(before)-1] != '{' {
		out = append(out, ',')
	}
	out = append(out, lay.newline...)
	if lay.newline != "" {
		out = append(out, lay.unit...)
	}
	out = append(append(append(out, group...), body...), lay.newline...)
	return append(out, text[end:]...), true
}

// groupIn reports whether the root object has a member of that name.
func groupIn(text []byte, name string) bool {
	found := false
	members(bytes.TrimLeft(bytes.TrimPrefix(text, byteOrderMark), " \t\r\n"), func(key string, _ []byte) bool {
		found = key == name
		return !found
	})
	return found
}
