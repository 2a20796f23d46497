package document

import (
	"fmt"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// Seen is an item that a Change knows by its place, as it stood there: a change
// without it means whatever stands there.
type Seen struct {
	ID ID
	// Text is the item as JSON in one spelling, without its children, of an item to
	// remove with them; "" where nothing stood.
	Text string
}

// See gives changes the items that they know by their places, as they stand in the
// document. Applied to another version of it, such a change is refused where another
// item stands by then. It does nothing where items have ids, and to what has seen
// something already.
func (d *Document) See(changes []Change) {
	if !d.typ.format.Positions {
		return
	}
	d.build()
	for i := range changes {
		c := &changes[i]
		if c.Seen != nil {
			continue
		}
		for _, id := range c.mentioned() {
			c.Seen = d.seen(c.Seen, id, c.Op == OpRemove)
		}
	}
}

// mentioned returns the ids of the items that a change is about.
func (c *Change) mentioned() []ID {
	var ids []ID
	if c.Op != OpAdd {
		ids = append(ids, c.ID)
	}
	if c.Edit != nil && (c.Op == OpAdd || c.Op == OpMove) {
		ids = append(ids, c.Edit.Parent)
		if sibling, ok := c.Edit.Place.beside(); ok {
			ids = append(ids, sibling)
		}
	}
	return ids
}

// seen adds the items that an id knows by their places: itself and those above it.
func (d *Document) seen(list []Seen, id ID, whole bool) []Seen {
	n, ok := d.shape.find(id)
	if !ok {
		if id.text == "" || !placed(id) {
			return list
		}
		return append(list, Seen{ID: id})
	}
	for {
		kind := d.shape.Level(n).ID.Kind
		if kind == format.PositionID {
			list = append(list, Seen{d.shape.id(n), d.seenText(n, whole)})
		}
		above, ok := d.shape.Parent(n)
		if !ok || kind == format.TextID {
			return list
		}
		n, whole = above, false
	}
}

// placed reports whether an id may say a place.
func placed(id ID) bool { return strings.HasPrefix(id.text, "#") || strings.Contains(id.text, ".#") }

// seenText is an item in one spelling, with or without what is below it.
func (d *Document) seenText(n tree.Node, whole bool) string {
	if whole {
		text, _ := d.item(n).MarshalJSON() // nothing in a document is refused
		return string(jsontext.Canonical(nil, text))
	}
	r := d.shape.withStatus(n, d.recordOf(n), d.status(n))
	text := r.text
	if r.hole > 0 {
		text = []byte(string(text[:r.hole]) + "null" + string(text[r.hole:]))
	}
	return string(jsontext.Canonical(nil, text))
}

// checkSeen refuses a change of items that have other places by now.
func (d *Document) checkSeen(c *Change) error {
	if len(c.Seen) == 0 {
		return nil
	}
	d.build()
	for _, was := range c.Seen {
		n, ok := d.shape.find(was.ID)
		now := ""
		if ok {
			now = d.seenText(n, c.Op == OpRemove && was.ID == c.ID)
		}
		switch {
		case now == was.Text:
		case now == "":
			return changeError(was.ID, "position", "the item that was meant does not stand here by now: it was "+jsontext.Clipped(was.Text, jsontext.MaxShown))
		case was.Text == "":
			return changeError(was.ID, "position", "another item stands here by now, where there was none: "+jsontext.Clipped(now, jsontext.MaxShown))
		default:
			return changeError(was.ID, "position", fmt.Sprintf("another item stands here by now: %s, where %s was meant", jsontext.Clipped(now, jsontext.MaxShown), jsontext.Clipped(was.Text, jsontext.MaxShown)))
		}
	}
	return nil
}

// ByPlace reports whether a change knows its item by a place: the item itself has no
// id, or one above it of which its own begins.
func (c *Change) ByPlace() bool { return c.Op == OpAdd && c.ID.text == "" || c.HasSeen(c.ID) }

// HasSeen reports whether a change has seen what stands at the place that an id says.
func (c *Change) HasSeen(id ID) bool {
	return slices.ContainsFunc(c.Seen, func(s Seen) bool {
		return s.ID == id || s.ID.group == id.group && strings.HasPrefix(id.text, s.ID.text+".")
	})
}

// shifts are the lists in which items have other places than before a group: for
// each, by its parent, the first place that is not what it was. What a change of the
// group says of a place from there on might mean the item before or after it.
type shifts map[ID]uint32

// refusal says which place of a change is not what it was, nil for none.
func (s shifts) refusal(base, now *Document, c *Change) error {
	if len(s) == 0 {
		return nil
	}
	for _, id := range c.mentioned() {
		for _, d := range []*Document{now, base} {
			d.build()
			n, ok := d.shape.find(id)
			for ok {
				kind := d.shape.Level(n).ID.Kind
				if first, shifted := s[d.item(n).parentID()]; kind == format.PositionID && shifted && d.shape.Place(n) >= first {
					return changeError(id, "position", "items have other places since an earlier change of this group: "+
						"change what stands last first, or make it another group")
				}
				if kind == format.TextID {
					break
				}
				n, ok = d.shape.Parent(n)
			}
		}
	}
	return nil
}

// note notes what a change is about to shift.
func (s shifts) note(d *Document, c *Change) {
	at := func(list ID, place uint32) {
		if first, ok := s[list]; !ok || place < first {
			s[list] = place
		}
	}
	of := func(id ID) (tree.Node, bool) {
		n, ok := d.shape.find(id)
		return n, ok && d.shape.Level(n).ID.Kind == format.PositionID
	}
	if n, ok := of(c.ID); ok && c.Op != OpAdd {
		at(d.item(n).parentID(), d.shape.Place(n))
	}
	if c.Edit == nil {
		return
	}
	list := c.Edit.Parent
	if list.text == "" && list.group == "" {
		list.group = c.ID.group
	}
	switch sibling, _ := c.Edit.Place.beside(); c.Edit.Place.Kind {
	case PlaceFirst:
		at(list, 1)
	case PlaceBefore, PlaceAfter:
		if n, ok := of(sibling); ok {
			at(list, d.shape.Place(n))
		}
	}
}

// shift gives items the ids of the places that they come to.
func (b *rebuild) shift() {
	s := b.doc.shape
	for _, at := range slices.Backward(b.changedLists()) {
		if s.typ.format.Levels[at.Kind].ID.Kind != format.PositionID {
			continue
		}
		parent := ID{group: s.Groups[0].Name}
		if above, ok := at.Holder(); ok {
			parent = b.now(above)
		} else {
			parent.group = s.Groups[at.Parent].Name
		}
		items, q, place := s.List(at), b.lists[at], uint32(0)
		for link := q.next[0]; link != 0; link = q.next[link] {
			place++
			i, fresh := q.at(link)
			switch to := s.typ.PositionID(parent, place); {
			case fresh == nil:
				b.rename(items.At(int(i)), to)
			case fresh.node != nil:
				b.rename(*fresh.node, to)
			}
		}
	}
}

// PositionID returns the id of the item that has a place among those below a parent,
// counted from 1; the zero ID as parent stands for the top, with its group where
// documents have groups. It is for levels whose items have no ids.
func (t *Type) PositionID(parent ID, place uint32) ID {
	return ID{parent.group, compiled.LocalID(parent.text, compiled.PlaceText(place))}
}
