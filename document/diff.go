package document

import "slices"

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
	ID   ID
	Kind DifferenceKind
	// From and To are the statuses; equal where only fields differ, and zero
	// where the item is not there.
	From, To Status
	// Fields are the JSON keys of the known fields whose values differ.
	Fields []string
}

// Diff lists the items that a and b, documents of one type, do not have in
// common, or that differ in status or in a known field. Snapshots of one
// document are compared without looking at what they share. Removed items come
// last; the others are in the order of b, level by level.
func Diff(a, b *Document) []Difference {
	a, b = a.settled(), b.settled()
	if a == b {
		return nil
	}
	if a.shape == b.shape {
		return diffShared(a, b)
	}
	var out []Difference
	for l := range b.shape.levels {
		for it := range b.Items(Level(l)) {
			id := it.ID()
			old, ok := a.Find(id)
			if !ok || old.level != it.level {
				out = append(out, Difference{ID: id, Kind: ItemAdded, To: it.Status()})
			} else if d := difference(old, it, id); d.Kind != 0 {
				out = append(out, d)
			}
		}
	}
	for l := range a.shape.levels {
		for it := range a.Items(Level(l)) {
			id := it.ID()
			if now, ok := b.Find(id); !ok || now.level != it.level {
				out = append(out, Difference{ID: id, Kind: ItemRemoved, From: it.Status()})
			}
		}
	}
	return out
}

func diffShared(a, b *Document) []Difference {
	s := a.shape
	var numbers []int
	s.typ.packing().differences(a.statuses, b.statuses, func(n int, _, _ Status) { numbers = append(numbers, n) })
	changed(a.edits.vector, b.edits.vector, func(leaf int, la, lb *editLeaf) {
		if la == nil {
			la = new(editLeaf)
		}
		if lb == nil {
			lb = new(editLeaf)
		}
		for i := range la {
			if la[i] != lb[i] {
				numbers = append(numbers, leaf*editsPerLeaf+i)
			}
		}
	})
	slices.Sort(numbers)
	var out []Difference
	for _, n := range slices.Compact(numbers) {
		l, i := s.at(n)
		if d := difference(a.item(l, i), b.item(l, i), s.id(l, i)); d.Kind != 0 {
			out = append(out, d)
		}
	}
	return out
}

// difference compares two versions of an item; its Kind is 0 if they are equal.
func difference(a, b Item, id ID) Difference {
	d := Difference{ID: id, From: a.Status(), To: b.Status()}
	for f, field := range a.levelType().Fields {
		if !a.same(f, a.raw(f), b, b.raw(f)) {
			d.Fields = append(d.Fields, field.Key)
		}
	}
	if d.From != d.To || d.Fields != nil {
		d.Kind = ItemChanged
	}
	return d
}

// Changes returns the group that leads from a to b, documents of one type: a
// status that differs is an Advance, values of known fields are edits, items
// that only one of them has are additions and removals. Unknown members and the
// order of items are not compared.
func Changes(a, b *Document) []Change {
	if b.additions != nil && b.additions.base == a.settled() {
		return b.additions.all()
	}
	a, b = a.settled(), b.settled()
	var removals, additions, edits, advances []Change
	added := map[ID]bool{}
	gone := map[ID]bool{}
	for _, d := range Diff(a, b) {
		switch d.Kind {
		case ItemAdded:
			it, _ := b.Find(d.ID)
			added[d.ID] = true
			if parent, ok := it.Parent(); !ok || !added[parent.ID()] {
				additions = append(additions, it.copyChange())
			}
			if d.To != it.levelType().machine.Initial() {
				advances = append(advances, Advance(d.ID, d.To))
			}
		case ItemRemoved:
			it, _ := a.Find(d.ID)
			gone[d.ID] = true
			if parent, ok := it.Parent(); !ok || !gone[parent.ID()] {
				removals = append(removals, Remove(d.ID))
			}
		case ItemChanged:
			if len(d.Fields) > 0 {
				edits = append(edits, editTo(b, d))
			}
			if d.From != d.To {
				advances = append(advances, Advance(d.ID, d.To))
			}
		}
	}
	return slices.Concat(removals, additions, edits, advances)
}

// editTo returns the edit that gives an item the values it has in b.
func editTo(b *Document, d Difference) Change {
	it, _ := b.Find(d.ID)
	e := &Edit{}
	for _, key := range d.Fields {
		slot := it.levelType().record.slots[key]
		e.Fields = append(e.Fields, FieldEdit{Key: key, Value: string(it.raw(slot - firstField))})
	}
	return Change{Op: OpEdit, ID: d.ID, Edit: e}
}

// copyChange returns the change that adds an item of a document, with all below
// it and all their members, to another one. Its items start in the initial
// status.
func (it Item) copyChange() Change {
	d := *it.doc
	s := d.shape
	pack := s.typ.packing()
	d.walk(it.level, it.index, it.index+1, func(below Item) bool {
		pack.set(&d.statuses, it.doc.statuses, s.number(below.level, below.index), below.levelType().machine.Initial())
		return true
	})
	nd := s.levels[it.level].nodes[it.index]
	parent := ID{group: it.ID().group}
	if above, ok := it.Parent(); ok {
		parent = above.ID()
	}
	text := appendPieces(nil, s.source, span{nd.start, nd.end}, d.patches())
	return Change{Op: OpAdd, ID: it.ID(), Edit: &Edit{Parent: parent, Item: string(text)}}
}
