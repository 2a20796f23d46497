package document

import "slices"

// Changes returns the group that leads from a to b, documents of one type: a
// status that differs is an Advance, values of known fields are edits, items
// that only one of them has are additions and removals. Unknown members and the
// order of items are not compared.
func Changes(a, b *Document) []Change {
	if changes, ok := b.addedSince(a); ok {
		return changes
	}
	l := changeList{a: a.settled(), b: b.settled(), added: map[ID]bool{}, gone: map[ID]bool{}}
	differences := Diff(a, b)
	for _, d := range differences {
		if d.Moved {
			l.moved = append(l.moved, d.ID)
			it, _ := l.b.Find(d.ID)
			l.moves = append(l.moves, Move(d.ID, it.parentID()))
		}
	}
	for _, d := range differences {
		l.add(d)
	}
	// What moves must leave before its old parent goes, and can enter once its
	// new one is there.
	return slices.Concat(l.additions, l.moves, l.removals, l.edits, l.advances)
}

// changeList is a group in the making.
type changeList struct {
	a, b                                        *Document
	added, gone                                 map[ID]bool
	moved                                       []ID
	additions, moves, removals, edits, advances []Change
}

func (l *changeList) add(d Difference) {
	switch d.Kind {
	case ItemAdded:
		it, _ := l.b.Find(d.ID)
		l.added[d.ID] = true
		if !l.added[it.parentID()] {
			l.additions = append(l.additions, it.copyChange(l.moved))
		}
		if d.To != it.levelType().machine.Initial() {
			l.advances = append(l.advances, Advance(d.ID, d.To))
		}
	case ItemRemoved:
		it, _ := l.a.Find(d.ID)
		l.gone[d.ID] = true
		if !l.gone[it.parentID()] {
			l.removals = append(l.removals, Remove(d.ID))
		}
	case ItemChanged:
		if len(d.Fields) > 0 {
			l.edits = append(l.edits, editTo(l.b, d))
		}
		if d.From != d.To {
			l.advances = append(l.advances, Advance(d.ID, d.To))
		}
	}
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
// status. Those that move in from elsewhere are left out.
func (it Item) copyChange(moved []ID) Change {
	d := *it.doc
	s := d.shape
	pack := &s.typ.packing
	d.walk(it.level, it.index, it.index+1, func(below Item) bool {
		pack.set(&d.statuses, it.doc.statuses, s.number(below.level, below.index), below.levelType().machine.Initial())
		return true
	})
	b := newRebuild(&d)
	for _, id := range moved {
		if l, i, ok := s.find(id); ok && it.above(l, i) {
			b.removed[s.number(l, i)] = true
		}
	}
	nd := s.levels[it.level].nodes[it.index]
	text := appendPieces(nil, s.source, span{nd.start, nd.end}, b.patches())
	return Change{Op: OpAdd, ID: it.ID(), Edit: &Edit{Parent: it.parentID(), Item: string(text)}}
}

// above reports whether an item of the document is somewhere below this one.
func (it Item) above(l Level, i uint32) bool {
	for ; l > it.level; l-- {
		i = it.doc.shape.levels[l].nodes[i].parent
	}
	return l == it.level && i == it.index
}
