package document

import (
	"fmt"
	"iter"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// Item is one item of a document, or a new one that is in no document yet. It is
// a small value: With returns a changed copy and leaves the document alone until
// the copy enters a document through Document.Apply. The zero Item is no item.
//
// An Item keeps the document it came from alive.
type Item struct {
	doc  *Document
	node tree.Node
	// draft is what With changed, or a whole new item; nil for an item as its
	// document has it.
	draft *draft
}

// draft is an immutable set of new values.
type draft struct {
	typ    *Type
	id     ID // of a new item
	status Status
	values []slotValue
	// children of a new item.
	children []Item
}

type slotValue struct {
	slot  int
	value Value
}

// NewItem returns a new item that is in no document. It has the initial status
// and the defaults of its fields.
func (t *Type) NewItem(l Level, id ID) Item {
	level := &t.format.Levels[l]
	d := &draft{typ: t, id: id, status: level.Initial()}
	for slot := compiled.FirstField; slot < len(level.Record.Fields); slot++ {
		f := &level.Record.Fields[slot]
		switch {
		case f.Kind == format.ConstantField:
			d.values = append(d.values, slotValue{slot, TextValue(f.Constant)})
		case f.Default != "":
			d.values = append(d.values, slotValue{slot, Value{json: f.Default}})
		}
	}
	return Item{node: tree.Node{Kind: l}, draft: d}
}

// IsZero reports whether it is no item.
func (it Item) IsZero() bool { return it.doc == nil && it.draft == nil }

// Document returns the snapshot that the item comes from, nil for a new item.
func (it Item) Document() *Document { return it.doc }

// Level returns the level of the item.
func (it Item) Level() Level { return it.node.Kind }

// ID returns the full id of the item.
func (it Item) ID() ID {
	switch {
	case it.doc != nil:
		return it.doc.shape.id(it.node)
	case it.draft != nil:
		return it.draft.id
	}
	return ID{}
}

// Status returns the status of the item, 0 where items of its level have none.
func (it Item) Status() Status {
	switch {
	case it.draft != nil && it.draft.status != 0:
		return it.draft.status
	case it.doc != nil:
		return it.doc.status(it.node)
	}
	return 0
}

// Category returns the category of the item's status, 0 where it has none and for
// the zero Item.
func (it Item) Category() format.Category {
	s := it.Status()
	if s == 0 || int(s) >= len(it.typ().format.Statuses) {
		return 0
	}
	return it.typ().format.Descriptor.Statuses[s-1].Category
}

// WithStatus returns a copy that has a status. In a document it is an Advance;
// in a new item it must be a status of the level, and is written as it is.
func (it Item) WithStatus(s Status) Item {
	if it.IsZero() || it.Status() == s {
		return it
	}
	d := it.fork()
	d.status = s
	if it.doc != nil && it.doc.status(it.node) == s {
		d.status = 0
	}
	it.draft = d
	return it
}

// Parent returns the item above, false at the top and for new items.
func (it Item) Parent() (Item, bool) {
	if it.doc == nil {
		return Item{}, false
	}
	above, ok := it.doc.shape.Parent(it.node)
	if !ok {
		return Item{}, false
	}
	return it.doc.item(above), true
}

// Siblings returns the items right before and right behind the item below its
// parent, the zero Item where there is none.
func (it Item) Siblings() (before, after Item) {
	if it.doc == nil {
		return Item{}, Item{}
	}
	all, at := it.doc.shape.Siblings(it.node), it.node.Index
	if at > all.First {
		before = it.doc.item(all.At(int(at - all.First - 1)))
	}
	if at+1 < all.End {
		after = it.doc.item(all.At(int(at - all.First + 1)))
	}
	return before, after
}

// Children returns the items below, in document order. A new item has none.
func (it Item) Children() iter.Seq[Item] {
	if it.doc == nil {
		return func(func(Item) bool) {}
	}
	return it.doc.itemsOf(it.doc.shape.Children(it.node))
}

// ChildCount returns the number of items directly below.
func (it Item) ChildCount() int {
	if it.doc == nil {
		return 0
	}
	return it.doc.shape.Children(it.node).Len()
}

// With returns a copy in which field f (its position in the level's descriptor)
// has a new value. It never fails: Apply judges the value. A value equal to the
// one there changes nothing, and one that takes back an earlier With is no
// longer a change.
func (it Item) With(f int, v Value) Item {
	if it.IsZero() {
		return it
	}
	slot := compiled.FirstField + f
	v = it.aimed(f, v)
	old, drafted := it.drafted(slot)
	_, refused := v.refusal()
	_, wasRefused := old.refusal()
	switch {
	case refused && old.json == v.json:
		return it
	case !refused && !wasRefused && it.same(f, it.raw(f), it, v.raw()):
		return it
	}
	d := it.fork()
	d.values = slices.DeleteFunc(d.values, func(s slotValue) bool { return s.slot == slot })
	it.draft = d
	if takenBack := drafted && !refused && it.doc != nil && it.same(f, it.raw(f), it, v.raw()); !takenBack {
		d.values = append(d.values, slotValue{slot, v})
	}
	return it
}

// drafted returns what With gave to a slot.
func (it Item) drafted(slot int) (Value, bool) {
	if it.draft != nil {
		for _, v := range it.draft.values {
			if v.slot == slot {
				return v.value, true
			}
		}
	}
	return Value{}, false
}

func (it Item) fork() *draft {
	if it.draft == nil {
		return &draft{typ: it.typ()}
	}
	d := *it.draft
	d.values = slices.Clone(d.values)
	return &d
}

// same reports whether two values of field f, of this item and of another, say
// the same. References are compared as they resolve.
func (it Item) same(f int, a []byte, other Item, b []byte) bool {
	if it.typ().format.SameValue(it.field(f), a, b) {
		return true
	}
	if it.field(f).Kind == format.ObjectField && it.typ().format.HoldsReferences(it.field(f)) {
		return it.typ().format.SameValue(it.field(f), it.resolvedText(f, a), other.resolvedText(f, b))
	}
	if it.field(f).Kind != format.ReferenceField || jsontext.IsNull(a) || jsontext.IsNull(b) || (a[0] == '[') != (b[0] == '[') {
		return false
	}
	return slices.Equal(it.resolveAll(a), other.resolveAll(b))
}

// resolvedText returns a value of field f with full ids for the references in its
// objects.
func (it Item) resolvedText(f int, raw []byte) []byte {
	text, _ := it.typ().format.Redirected(it.field(f), raw, func(ref []byte) ([]byte, bool) {
		return jsontext.AppendQuoted(nil, it.resolve(ref).text), true
	})
	return text
}

func (it Item) typ() *Type {
	if it.doc != nil {
		return it.doc.shape.typ
	}
	return it.draft.typ
}

func (it Item) levelType() *compiled.Level { return &it.typ().format.Levels[it.node.Kind] }

// raw returns the JSON text of field f, nil if it is missing.
func (it Item) raw(f int) []byte {
	slot := compiled.FirstField + f
	if v, ok := it.drafted(slot); ok {
		return v.raw()
	}
	if it.doc == nil {
		return nil
	}
	return it.doc.value(it.node, slot)
}

// Equal reports whether both have the same level, id, status and values of the
// fields that the descriptor knows. How values are spelled, unknown members and
// children do not matter.
func (it Item) Equal(other Item) bool {
	if it.IsZero() || other.IsZero() {
		return it.IsZero() && other.IsZero()
	}
	if it.node.Kind != other.node.Kind || it.ID() != other.ID() || it.Status() != other.Status() {
		return false
	}
	for f := range it.levelType().Fields {
		if a, b := it.raw(f), other.raw(f); !it.same(f, a, other, b) && !it.typ().equalValue(it.field(f), a, b) {
			return false
		}
	}
	return true
}

// String returns the level, id, first text and status, fit for a log line.
func (it Item) String() string {
	if it.IsZero() {
		return "no item"
	}
	l := it.levelType()
	title := ""
	for f := range l.Fields {
		if text, ok := it.Text(f); ok && l.Fields[f].Kind == format.TextField && !l.Fields[f].List {
			title = fmt.Sprintf(" %q", text)
			break
		}
	}
	if status := it.typ().StatusName(it.Status()); status != "" {
		title += " (" + status + ")"
	}
	return fmt.Sprintf("%s %s%s", l.Name, it.ID(), title)
}
