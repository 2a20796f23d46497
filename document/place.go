package document

import (
	"fmt"

	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// Place says where among the children of its parent an item goes. The zero Place
// is behind them all, for an item that is new there.
type Place struct {
	Kind PlaceKind
	// Sibling is the item that PlaceBefore and PlaceAfter are about.
	Sibling ID
}

// PlaceKind is the kind of a Place.
type PlaceKind uint8

// The kinds of places.
const (
	PlaceFirst PlaceKind = iota + 1
	PlaceLast
	PlaceBefore
	PlaceAfter
	placeTwice // more than one was given
)

var placeNames = [...]string{PlaceFirst: "first", PlaceLast: "last", PlaceBefore: "before", PlaceAfter: "after"}

// First is the place before all siblings.
func First() Place { return Place{Kind: PlaceFirst} }

// Last is the place behind all siblings.
func Last() Place { return Place{Kind: PlaceLast} }

// Before is the place right before a sibling.
func Before(sibling ID) Place { return Place{PlaceBefore, sibling} }

// After is the place right behind a sibling.
func After(sibling ID) Place { return Place{PlaceAfter, sibling} }

// onePlace returns the place that is given, the zero Place for none.
func onePlace(places []Place) Place {
	switch len(places) {
	case 0:
		return Place{}
	case 1:
		return places[0]
	}
	return Place{Kind: placeTwice}
}

// IsZero reports whether no place is given.
func (p Place) IsZero() bool { return p.Kind == 0 }

// beside returns the item that the place is beside, false for a place at an end.
func (p Place) beside() (ID, bool) {
	return p.Sibling, p.Kind == PlaceBefore || p.Kind == PlaceAfter
}

// String returns the kind and the sibling, if the place is beside one.
func (p Place) String() string {
	if sibling, ok := p.beside(); ok {
		return p.Kind.String() + " " + sibling.String()
	}
	return p.Kind.String()
}

// String returns "first", "last", "before" or "after", and "" for none.
func (k PlaceKind) String() string {
	if int(k) >= len(placeNames) {
		return fmt.Sprintf("PlaceKind(%d)", uint8(k))
	}
	return placeNames[k]
}

// placeError refuses a place beside something that is no sibling there.
func (s *shape) placeError(id, parent ID, p Place, exists bool) error {
	why := "there is no such item"
	if exists {
		why = "that is no child of " + parentName(parent)
	} else if shared := s.notFound(p.Sibling); shared.Items > 0 {
		why = shared.Error()
	}
	return changeError(id, "place", fmt.Sprintf("it cannot go %s: %s", p, why))
}

// sequence is the items of a list as they are to stand: those that were there, and
// those that come. They are links of a ring, which begins and ends at link 0.
type sequence struct {
	next, prev []uint32
	old        uint32 // how many were there: links 1, 2, 3, …
	fresh      []*child
}

func newSequence(items int) *sequence {
	q := &sequence{next: make([]uint32, items+1), prev: make([]uint32, items+1), old: uint32(items)}
	for i := range uint32(items) {
		q.next[i], q.prev[i+1] = i+1, i
	}
	q.prev[0] = uint32(items)
	return q
}

// insert puts a child before a link and returns its own.
func (q *sequence) insert(c *child, before uint32) uint32 {
	q.fresh = append(q.fresh, c)
	link, behind := uint32(len(q.next)), q.prev[before]
	q.next, q.prev = append(q.next, before), append(q.prev, behind)
	q.next[behind], q.prev[before] = link, link
	return link
}

// cut takes a link out.
func (q *sequence) cut(link uint32) {
	q.next[q.prev[link]], q.prev[q.next[link]] = q.next[link], q.prev[link]
}

// at returns what a link holds: the position of an item that was there, or a child.
func (q *sequence) at(link uint32) (position uint32, c *child) {
	if link <= q.old {
		return link - 1, nil
	}
	return 0, q.fresh[link-q.old-1]
}

// sequence returns the order of a list, which is about to change.
func (b *rebuild) sequence(at tree.ListID) *sequence {
	q := b.lists[at]
	if q == nil {
		q = newSequence(b.doc.shape.List(at).Len())
		b.lists[at] = q
	}
	return q
}

// link returns where in the order of its list an item stands that was there.
func (b *rebuild) link(n tree.Node) (*sequence, uint32) {
	in := b.doc.shape.Within(n)
	return b.sequence(in), n.Index - b.doc.shape.List(in).First + 1
}

// takeOut takes an item out of its list.
func (b *rebuild) takeOut(n tree.Node) {
	b.removed[b.doc.shape.Number(n)] = true
	q, link := b.link(n)
	q.cut(link)
}

// behind returns the link before which an item goes that is put at a place. The
// error is errEntangled for a sibling that can be found once the rebuild is
// finished.
func (b *rebuild) behind(id, parent ID, at tree.ListID, p Place) (uint32, error) {
	q := b.sequence(at)
	if p.Kind == PlaceFirst {
		return q.next[0], nil
	}
	sibling, beside := p.beside()
	if !beside {
		return 0, nil
	}
	link, err := b.sibling(id, parent, at, p, sibling)
	if p.Kind == PlaceAfter && err == nil {
		link = q.next[link]
	}
	return link, err
}

func (b *rebuild) sibling(id, parent ID, at tree.ListID, p Place, sibling ID) (uint32, error) {
	if c := b.entered[sibling]; c != nil {
		if c.in != at {
			return 0, b.doc.shape.placeError(id, parent, p, true)
		}
		return c.link, nil
	}
	n, err := b.find(sibling)
	switch {
	case err == errEntangled:
		return 0, err
	case err != nil:
		return 0, b.doc.shape.placeError(id, parent, p, false)
	case b.doc.shape.Within(n) != at:
		return 0, b.doc.shape.placeError(id, parent, p, true)
	}
	_, link := b.link(n)
	return link, nil
}
