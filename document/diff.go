package document

import (
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// DifferenceKind says how an item differs between two documents.
type DifferenceKind uint8

// The kinds of differences.
const (
	ItemAdded DifferenceKind = iota + 1
	ItemRemoved
	ItemChanged
)

// String returns "added", "removed" or "changed".
func (k DifferenceKind) String() string {
	switch k {
	case ItemAdded:
		return "added"
	case ItemRemoved:
		return "removed"
	case ItemChanged:
		return "changed"
	}
	return "none"
}

// Difference is one item that differs.
type Difference struct {
	ID   ID // zero for the document itself
	Kind DifferenceKind
	// From and To are the statuses; equal where only fields differ, and zero
	// where the item is not there.
	From, To Status
	// Fields are the JSON keys of the known fields whose values differ.
	Fields []string
	// Moved says that the parents differ, or that the item stands elsewhere among
	// the siblings that both documents have. As few siblings as possible have moved,
	// and of those that share an id, which cannot be moved, none where others can.
	// Where ids begin with the parent's, an item with another parent is another item.
	Moved bool
}

// Diff lists the items that a and b, documents of one type, do not have in
// common, or that differ in status, in a known field, in parent or in their place
// among siblings. Snapshots of one document are compared without looking at what they share. Removed items come
// last; the others are in the order of b, level by level. Before them all comes the
// document itself, with the zero ID, where fields of its own differ.
func Diff(a, b *Document) []Difference {
	var out []Difference
	if a != b {
		if keys := a.DifferentFields(b); len(keys) > 0 {
			out = append(out, Difference{Kind: ItemChanged, Fields: keys})
		}
	}
	for _, p := range differentPairs(a, b) {
		out = append(out, p.Difference)
	}
	return out
}

// pair is an item that differs, as it was and as it is.
type pair struct {
	Difference
	before, after Item // the zero Item where it is not there
}

func differentPairs(a, b *Document) []pair {
	if a == b {
		return nil
	}
	a.build()
	b.build()
	if a.shape == b.shape {
		return diffShared(a, b)
	}
	var out []pair
	for l := range b.typ.format.Levels {
		out = appendDifferences(out, a, b, Level(l))
	}
	for l := range a.typ.format.Levels {
		for it := range a.Items(Level(l)) {
			if now, ok := b.namesake(it); !ok || now.node.Kind != it.node.Kind {
				out = append(out, pair{Difference{ID: it.ID(), Kind: ItemRemoved, From: it.Status()}, it, Item{}})
			}
		}
	}
	return out
}

// appendDifferences appends how the items of a level of b differ.
func appendDifferences(out []pair, a, b *Document, l Level) []pair {
	all := b.shape.OfKind(l)
	for first := 0; first < all.Len(); {
		siblings := b.shape.Siblings(all.At(first))
		first += siblings.Len()
		before := counterparts(a, b, siblings)
		for i, n := range before {
			now := b.item(siblings.At(i))
			d := Difference{ID: now.ID(), Kind: ItemAdded, To: now.Status()}
			if !n.IsZero() {
				d = difference(n.Item, now, d.ID)
			}
			if n.reordered {
				d.Moved, d.Kind = true, ItemChanged
			}
			if d.Kind != 0 {
				out = append(out, pair{d, n.Item, now})
			}
		}
	}
	return out
}

func diffShared(a, b *Document) []pair {
	s := a.shape
	var out []pair
	for _, number := range differentNumbers(a, b) {
		n := s.At(number)
		if d := difference(a.item(n), b.item(n), s.id(n)); d.Kind != 0 {
			out = append(out, pair{d, a.item(n), b.item(n)})
		}
	}
	return out
}

// differentNumbers lists the items that two documents of one shape do not share,
// in order.
func differentNumbers(a, b *Document) []int {
	var numbers []int
	a.shape.typ.format.Packing.Differences(a.statuses, b.statuses, func(n int, _, _ uint8) { numbers = append(numbers, n) })
	eachEdit(a.edits, b.edits, func(n int, _, _ *record) { numbers = append(numbers, n) })
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// difference compares two versions of an item; its Kind is 0 if they are equal.
func difference(a, b Item, id ID) Difference {
	d := Difference{ID: id, From: a.Status(), To: b.Status()}
	for f, field := range a.levelType().Fields {
		if !a.same(f, a.raw(f), b, b.raw(f)) {
			d.Fields = append(d.Fields, field.Key)
		}
	}
	d.Moved = a.node.Row > 0 && a.levelType().ID.Kind == format.TextID && a.doc.shape != b.doc.shape && a.parentID() != b.parentID()
	if d.From != d.To || d.Fields != nil || d.Moved {
		d.Kind = ItemChanged
	}
	return d
}

// parentID returns the id of the parent, at the top that of the group.
func (it Item) parentID() ID {
	if above, ok := it.Parent(); ok {
		return above.ID()
	}
	return ID{group: it.ID().group}
}
