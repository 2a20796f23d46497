package document

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// New returns an empty document of the first root shape of the descriptor.
// Where that has groups, there is none yet: the first item that is added to a
// group makes it.
func (t *Type) New() *Document {
	root := t.format.Descriptor.Roots[0]
	text := `{}`
	if root.Kind != format.RootGroups {
		text = emptyList(root)
	}
	if own, _, ok := t.format.Document(); ok && root.Kind == format.RootObject {
		text = withFields(text, own, t.format.NewFields)
	}
	text = t.format.Layout().Format(text, "")
	if t.format.Descriptor.FinalNewline {
		text += "\n"
	}
	if root.Kind == format.RootLines {
		text = "" // no line
	}
	d, err := t.ParseOwned([]byte(text))
	if err != nil {
		panic("document: an empty document is not valid: " + err.Error()) // a bug here: NewType checked the root
	}
	return d
}

// withFields puts values of the document's own fields, "" for none, before the list.
func withFields(list string, own *compiled.Record, values []string) string {
	out := []byte{'{'}
	for slot, value := range values {
		if value != "" {
			out = jsontext.AppendMember(out, own.Fields[slot].Quoted, []byte(value))
		}
	}
	if len(out) > 1 {
		out = append(out, ',')
	}
	return string(append(out, list[1:]...))
}

// emptyList is a document, or a group, without items.
func emptyList(root format.Root) string { return around(root.Path(), "[]") }

// WithChildren returns a copy of a new item that has new items of the level
// below as children. Their ids must be those of children of this one.
func (it Item) WithChildren(children ...Item) Item {
	if it.doc != nil || it.draft == nil {
		return it
	}
	d := it.fork()
	d.children = slices.Clone(children)
	it.draft = d
	return it
}

// AddChange returns the change that adds a new item as a child of a parent: the
// last one, or the one at a place. The zero ID, with only the group set where
// documents have groups, stands for the top.
func (it Item) AddChange(parent ID, at ...Place) Change {
	e := &Edit{Parent: parent, Place: onePlace(at)}
	if message := it.refusal(); message != "" {
		e.Item = refusalMark + message
	} else {
		e.Item = string(it.appendJSON(nil, parent))
	}
	return Change{Op: OpAdd, ID: it.addedAs(), Edit: e}
}

// appendJSON appends a new item on one line.
func (it Item) appendJSON(dst []byte, parent ID) []byte {
	return it.appendMembers(dst, &it.levelType().Record.Members, parent)
}

// appendMembers appends an object of a new item, or the item itself.
func (it Item) appendMembers(dst []byte, of *compiled.Members, parent ID) []byte {
	dst = append(dst, '{')
	for _, m := range of.Order {
		if value := it.memberJSON(&m, parent); len(value) > 0 {
			dst = jsontext.AppendMember(dst, m.Quoted, value)
		}
	}
	return append(dst, '}')
}

// memberJSON returns the text of a member of a new item, nil for no member.
func (it Item) memberJSON(m *compiled.Member, parent ID) []byte {
	l := it.levelType()
	switch {
	case m.Inside != nil:
		if object := it.appendMembers(nil, m.Inside, parent); len(object) > len(`{}`) {
			return object
		}
		return nil
	case m.Slot == compiled.IDSlot:
		return l.ID.Spell(it.ID().text, parent.text)
	case m.Slot == compiled.StatusSlot:
		return l.StatusValue(it.Status())
	case m.Slot == l.Record.Children:
		return it.childrenJSON()
	}
	return it.raw(m.Slot - compiled.FirstField)
}

// childrenJSON returns the array of the children of a new item, nil for no
// member.
func (it Item) childrenJSON() []byte {
	var children []Item
	if it.draft != nil {
		children = it.draft.children
	}
	if len(children) == 0 && !it.levelType().ChildrenRequired {
		return nil
	}
	list := []byte{'['}
	for i, child := range children {
		if i > 0 {
			list = append(list, ',')
		}
		list = child.appendJSON(list, it.ID())
	}
	return append(list, ']')
}

// refusal returns why the gate refuses what With gave to a new item or to one
// below it, "" for nothing.
func (it Item) refusal() string {
	switch {
	case it.draft == nil:
		return ""
	case !utf8.ValidString(it.draft.id.text):
		return fmt.Sprintf("the id %q is not UTF-8", jsontext.Clipped(it.draft.id.text, jsontext.MaxShown))
	}
	if it.doc == nil && !it.levelType().Allows(it.Status()) {
		return it.noStatus()
	}
	for _, v := range it.draft.values {
		if message, refused := v.value.refusal(); refused {
			return it.levelType().Record.Fields[v.slot].Key + ": " + message
		}
	}
	for _, child := range it.draft.children {
		if message := it.refusedChild(child); message != "" {
			return message
		}
		if message := child.refusal(); message != "" {
			return message
		}
	}
	return ""
}

// refusedChild returns why an item cannot be written as a child of a new one:
// it would be read as another item.
func (it Item) refusedChild(child Item) string {
	t, named := it.typ(), jsontext.Clipped(child.ID().String(), jsontext.MaxShown)
	below, hasChildren := t.format.ChildLevel(it.node.Kind)
	switch {
	case child.doc != nil || child.IsZero() || child.typ() != t:
		return fmt.Sprintf("the child %q is no new item of this format", named)
	case !hasChildren || child.node.Kind != below:
		return fmt.Sprintf("the child %q is %s, which cannot be below %s", named, compiled.WithArticle(child.levelType().Name), compiled.WithArticle(it.levelType().Name))
	case !utf8.ValidString(child.ID().text):
		return fmt.Sprintf("the id of the child %q is not UTF-8", named)
	}
	if child.levelType().ID.Kind == format.PositionID {
		return ""
	}
	read := ID{it.ID().group, compiled.IDText(child.levelType().ID.Spell(child.ID().text, it.ID().text))}
	if child.levelType().ID.Kind == format.LocalID {
		read = t.LocalID(it.ID(), read.text)
	}
	if read != child.ID() {
		return fmt.Sprintf("the child %q would be read as %q here", named, jsontext.Clipped(read.String(), jsontext.MaxShown))
	}
	return ""
}

// NextID returns the id that a new child of a parent would get: the number after
// the highest among its siblings, or the next after that which nobody has. It
// reports false where the parent does not exist, ids of its children are not
// numbers, or there are no numbers left.
func (d *Document) NextID(parent ID) (ID, bool) {
	o := d.unbuilt()
	if o != nil {
		d = o.base
	}
	l, n, ok := d.shape.nextNumber(parent)
	if o != nil {
		if !ok {
			l, ok = o.numbered(parent)
			if ok && d.typ.format.Levels[l].ID.CountsAll() {
				n = d.shape.next(l, parent, nowhere)
			}
		}
		highest, _ := o.highest.Get(d.typ.counterOf(l, parent))
		n = max(n, highest+1)
	}
	if !ok {
		return ID{}, false
	}
	id, _, ok := d.typ.nextID(l, parent, n, func(id ID) bool { return o != nil && o.taken(id) || d.shape.taken(id) })
	return id, ok
}

// numbered returns the level of the children of a parent that is new itself. It reports false if there is none such, or if their ids are not
// numbers.
func (o *overlay) numbered(parent ID) (Level, bool) {
	above, ok := o.items.Get(parent)
	t := o.base.typ
	below, hasChildren := t.format.ChildLevel(above.level)
	if !ok || !hasChildren {
		return 0, false
	}
	return below, t.format.Levels[below].ID.Numbered()
}
