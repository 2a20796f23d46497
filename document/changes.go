package document

import (
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// Changes returns the group that leads from a to b, documents of one type: a
// status that differs is an Advance, values of known fields are edits, items
// that only one of them has are additions and removals, and those that stand
// elsewhere are moves. Unknown members are not compared. Items
// that have no ids are those that stand at the same place.
//
// An item whose id says where it is (a path or local id) has another id below
// another parent. So its move is a removal and an addition here, with an Advance to
// its status, which the machine and the guards must agree to. Move itself keeps
// the status and takes references along.
func Changes(a, b *Document) []Change {
	l := listChanges(a, b)
	if a.typ.format.Positions {
		slices.Reverse(l.removals) // what stands last first: the others keep their places
	}
	return slices.Concat(fieldsTo(a, b), l.copies(), l.moves, l.removals, l.edits, l.advances)
}

// listChanges sorts what differs by kind, in the order in which a group has to
// have it: what moves must leave before its old parent goes, and can enter once
// its new one is there.
func listChanges(a, b *Document) changeList {
	l := changeList{a: a, b: b, added: map[ID]bool{}, moved: map[ID]bool{}, gone: map[ID]bool{}, last: map[tree.ListID]lastItems{}}
	differences := differentPairs(a, b)
	for _, d := range differences {
		if d.Moved {
			l.moved[d.ID] = true
		}
		if d.Kind == ItemAdded {
			l.added[d.ID] = true
		}
	}
	for _, d := range differences {
		if d.Moved {
			l.moves = append(l.moves, Move(d.ID, d.after.parentID(), l.placeOf(d.after)))
		}
		l.add(d)
	}
	return l
}

// changeList is a group in the making.
type changeList struct {
	a, b                             *Document
	added, moved, gone               map[ID]bool
	last                             map[tree.ListID]lastItems // of the lists that were looked at
	copied                           []Item                    // to add
	moves, removals, edits, advances []Change
}

func (l *changeList) add(d pair) {
	switch d.Kind {
	case ItemAdded:
		if !l.added[d.after.parentID()] {
			l.copied = append(l.copied, d.after)
		}
		if d.To != d.after.levelType().Initial() {
			l.advances = append(l.advances, Advance(d.ID, d.To))
		}
	case ItemRemoved:
		l.gone[d.ID] = true
		if !l.gone[d.before.parentID()] {
			l.removals = append(l.removals, Remove(d.ID))
		}
	case ItemChanged:
		if len(d.Fields) > 0 {
			l.edits = append(l.edits, editTo(d))
		}
		if d.From != d.To {
			l.advances = append(l.advances, Advance(d.ID, d.To))
		}
	}
}

// editTo returns the edit that gives an item the values that it has now.
func editTo(d pair) Change {
	it, e := d.after, &Edit{}
	for _, key := range d.Fields {
		slot := it.levelType().Record.Slots[key]
		e.Fields = append(e.Fields, FieldEdit{Key: key, Value: string(it.raw(slot - compiled.FirstField))})
	}
	return Change{Op: OpEdit, ID: d.ID, Edit: e}
}

// copies returns the changes that add items of b to another document, each with
// all below it and all their members. Its items start in the initial status.
// Those that move in from elsewhere are left out.
func (l *changeList) copies() []Change {
	if len(l.copied) == 0 {
		return nil
	}
	d := *l.b
	s := d.shape
	pack := &s.typ.format.Packing
	copied := map[int]bool{}
	for _, it := range l.copied {
		copied[s.Number(it.node)] = true
		d.walk(it.node.Alone(), func(below Item) bool {
			if level := below.levelType(); !level.NoStatus {
				pack.Set(&d.statuses, l.b.statuses, s.Number(below.node), uint8(level.Initial()))
			}
			return true
		})
	}
	b := newRebuild(&d)
	for id := range l.moved {
		if n, ok := s.find(id); ok && s.InSet(copied, n) {
			b.takeOut(n)
		}
	}
	patches := b.patches()
	changes := make([]Change, len(l.copied))
	for n, it := range l.copied {
		nd := s.Entry(it.node)
		text := jsontext.AppendPatched(nil, s.Source, jsontext.Span{Start: nd.Start, End: nd.End}, patches)
		changes[n] = Change{Op: OpAdd, ID: it.addedAs(), Edit: &Edit{Parent: it.parentID(), Place: l.placeOf(it), Item: string(text)}}
	}
	return changes
}

// addedAs returns the ID of a change that adds an item like this one.
func (it Item) addedAs() ID {
	if it.levelType().ID.Kind == format.PositionID {
		return ID{}
	}
	return it.ID()
}

// placeOf returns where an item that is added or moved goes. Items are added
// before any is moved, both in the order of b: what is added goes behind what stays
// and what was added before it, what moves goes behind what is before it in b.
// Where the id of what is before it does not name that, it goes before what is
// behind it.
func (l *changeList) placeOf(it Item) Place {
	s, moves := l.b.shape, l.moved[it.ID()]
	at := s.Within(it.node)
	items := s.List(at)
	i, last := int(it.node.Index-items.First), l.lastIn(at, items)
	end := i > last.kept
	if moves {
		end = i > last.unmoved
		if old, _ := l.a.namesake(it); end && old.parentID() != it.parentID() {
			return Place{}
		}
	} else if end {
		return Place{}
	}
	before := i - 1
	for before >= 0 && !moves && l.moved[s.id(items.At(before))] {
		before--
	}
	if before < 0 {
		return First()
	}
	beside := s.id(items.At(before))
	switch {
	case !l.sharedID(beside):
	case end:
		return Last()
	default:
		behind := i + 1
		for l.moved[s.id(items.At(behind))] || !moves && l.added[s.id(items.At(behind))] {
			behind++
		}
		if id := s.id(items.At(behind)); !l.sharedID(id) {
			return Before(id)
		}
	}
	return After(beside)
}

// sharedID reports whether several items of a have an id, so that no place can be
// beside one of them.
func (l *changeList) sharedID(id ID) bool {
	_, items := l.a.shape.Shared(id.group, id.text)
	return items > 0
}

// lastItems are positions in a list of b, -1 for none.
type lastItems struct {
	unmoved int // of the last item that does not move
	kept    int // of the last one that is not added either
}

func (l *changeList) lastIn(at tree.ListID, items tree.List) lastItems {
	last, ok := l.last[at]
	if ok {
		return last
	}
	last = lastItems{-1, -1}
	for i := items.Len() - 1; i >= 0 && last.kept < 0; i-- {
		id := l.b.shape.id(items.At(i))
		if !l.moved[id] {
			last.unmoved = max(last.unmoved, i)
		}
		if !l.moved[id] && !l.added[id] {
			last.kept = i
		}
	}
	l.last[at] = last
	return last
}
