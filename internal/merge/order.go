package merge

import (
	"cmp"
	"slices"

	"github.com/backlog-gen/backlog-gen/document"
)

// order is how the items of a list stand now, compared with how they stood in a
// version, by those that both have.
type order struct {
	// moves is the fewest moves that explain it.
	moves int
	// moved are the items that may have moved: those that stay in one explanation
	// with the fewest moves and move in another are among them.
	moved map[document.ID]bool
}

// compareOrder compares the order of a list now with what it was.
func compareOrder(then, now []document.ID) order {
	was := make(map[document.ID]int, len(then))
	for i, id := range then {
		was[id] = i
	}
	var both []document.ID
	var positions []int
	for _, id := range now {
		if i, ok := was[id]; ok {
			both, positions = append(both, id), append(positions, i)
		}
	}
	stays, most := stay(positions)
	o := order{moves: len(both) - most, moved: map[document.ID]bool{}}
	for i, id := range both {
		if !stays[i] {
			o.moved[id] = true
		}
	}
	return o
}

// stay returns which of some different numbers are in every longest ascending
// sequence of them, and how many such a sequence has.
func stay(numbers []int) (stays []bool, most int) {
	behind := make([]int, len(numbers)) // the longest sequences that end with each
	var tails []int
	for i, n := range numbers {
		behind[i], tails = longest(tails, n)
	}
	most = len(tails)
	ahead := make([]int, len(numbers)) // the longest that begin with each
	tails = tails[:0]
	for i, n := range slices.Backward(numbers) {
		ahead[i], tails = longest(tails, -n)
	}
	choices := make([]int, most+1) // for each position in such a sequence
	for i := range numbers {
		if behind[i]+ahead[i] == most+1 {
			choices[behind[i]]++
		}
	}
	stays = make([]bool, len(numbers))
	for i := range numbers {
		stays[i] = behind[i]+ahead[i] == most+1 && choices[behind[i]] == 1
	}
	return stays, most
}

// longest returns how long the longest ascending sequence is that ends with the
// next number. In tails is the least number that ends a sequence of each length.
func longest(tails []int, n int) (int, []int) {
	at, _ := slices.BinarySearchFunc(tails, n, cmp.Compare[int])
	if at == len(tails) {
		return at + 1, append(tails, n)
	}
	tails[at] = n
	return at + 1, tails
}

// ListID returns the list that an item is in: the id of its parent, at the top one
// that has only the group.
func ListID(item document.Item) document.ID {
	parent, ok := item.Parent()
	if !ok {
		return document.NewID(item.ID().Group(), "")
	}
	return parent.ID()
}

// Order returns the items of the list that an item is in, as they stand.
func Order(item document.Item) []document.ID {
	var ids []document.ID
	for it, _ := item.Siblings(); !it.IsZero(); it, _ = it.Siblings() {
		ids = append(ids, it.ID())
	}
	slices.Reverse(ids)
	for it := item; !it.IsZero(); _, it = it.Siblings() {
		ids = append(ids, it.ID())
	}
	return ids
}

// comparison names an order that was worked out: of a list that is stored, with
// that in a known version.
type comparison struct {
	known int
	list  document.ID
}

// order compares the list that an item is in, as it is stored, with what it was in
// a known version, where the item has the same parent.
func (m *merge) order(known int, now document.Item) order {
	at := comparison{known, ListID(now)}
	o, ok := m.orders[at]
	if !ok {
		o = compareOrder(m.known[known].Order(now), Order(now))
		m.orders[at] = o
	}
	return o
}

// movedSince reports whether another writer may have moved an item among its
// siblings. Of the versions that are known, those count that explain what is stored
// by the fewest moves: others had their moves undone, not made.
func (m *merge) movedSince(now document.Item) bool {
	least, moved, known := -1, true, false
	for k, then := range m.known {
		if !then.Has(now.ID()) {
			continue
		}
		known = true
		if !then.SameParent(now) {
			continue
		}
		o := m.order(k, now)
		if least < 0 || o.moves < least {
			least, moved = o.moves, true
		}
		if o.moves == least && !o.moved[now.ID()] {
			moved = false
		}
	}
	return known && moved
}

// containsMove reports whether an item is stored where a move of the group at this
// position has put it, by the order of a version that has the group. Where items
// moved together they are still neighbours, whether they have moved or not: so it
// is the whole list that has to be more like that version than like those before
// the group.
func (m *merge) containsMove(known, position int, c *document.Change, now document.Item) bool {
	if !m.known[known].SameParent(now) {
		return false
	}
	o := m.order(known, now)
	before, elsewhere := false, true
	for k, then := range m.known {
		if then.Groups > position {
			continue
		}
		before = true
		if then.Has(now.ID()) && then.SameParent(now) {
			elsewhere = false
			if m.order(k, now).moves <= o.moves {
				return false
			}
		}
	}
	switch {
	case !before:
		return o.moves == 0
	case elsewhere && !hasPlace(c):
		return true
	}
	return !o.moved[now.ID()]
}

// isThere reports whether an item has the place that a change gives it among its
// siblings.
func isThere(now document.Item, p document.Place) bool {
	before, after := now.Siblings()
	switch p.Kind {
	case document.PlaceFirst:
		return before.IsZero()
	case document.PlaceBefore:
		return after.ID() == p.Sibling && !after.IsZero()
	case document.PlaceAfter:
		return before.ID() == p.Sibling && !before.IsZero()
	}
	return after.IsZero()
}
