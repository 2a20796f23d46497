package tree

import (
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// sharedIDs are the items that their ids do not name, since these stand on several
// items, or go on from an id that does. A document without such ids has none.
type sharedIDs struct {
	byID     map[groupedID]*sharedID
	byNumber map[int]*sharedID
}

type groupedID struct {
	group uint32
	text  string
}

// sharedID is a full id that names no item.
type sharedID struct {
	groupedID
	items []int // their numbers, ascending
	// cause is the id that stands on several items: itself, or one above.
	cause *sharedID
}

// Shared reports whether an id names no item since it is shared, or goes on from
// one that is: which one, and by how many items.
func (s *Tree) Shared(group, id string) (by string, items int) {
	c := s.sharedID(group, id)
	if c == nil {
		return "", 0
	}
	return c.cause.text, len(c.cause.items)
}

func (s *Tree) sharedID(group, id string) *sharedID {
	if s.shared == nil {
		return nil
	}
	g, ok := s.FindGroup(group)
	if !ok {
		return nil
	}
	return s.shared.byID[groupedID{uint32(g), id}]
}

// SharesID reports whether the id of an item does not name it.
func (s *Tree) SharesID(n Node) bool { return s.shared != nil && s.shared.byNumber[s.Number(n)] != nil }

// Namesakes returns how many items before an item have its full id.
func (s *Tree) Namesakes(n Node) int {
	if s.shared == nil {
		return 0
	}
	if c := s.shared.byNumber[s.Number(n)]; c != nil {
		before, _ := slices.BinarySearch(c.items, s.Number(n))
		return before
	}
	return 0
}

// FindNamesake returns the item of a group that has a full id, behind so many
// others that have it.
func (s *Tree) FindNamesake(group, id string, before int) (Node, bool) {
	if c := s.sharedID(group, id); c != nil {
		if before >= len(c.items) {
			return Node{}, false
		}
		return s.At(c.items[before]), true
	}
	if before > 0 {
		return Node{}, false
	}
	return s.Find(group, id)
}

// tolerates reports whether two items may have the same id: their levels say so, or
// it is the same only since the items above them share theirs.
func (p *Parser) tolerates(n, other Node) (ok, follows bool) {
	of := func(n Node) *format.IDDescriptor { return &p.levels[n.Kind].ID.IDDescriptor }
	if of(n).Kind != format.TextID && of(other).Kind != format.TextID {
		a, okA := p.Tree.Parent(n)
		b, okB := p.Tree.Parent(other)
		if okA && okB && a != b && p.firstOf(a) == p.firstOf(b) {
			return true, true
		}
	}
	return of(n).WarnDuplicate && of(other).WarnDuplicate, false
}

// firstOf returns the number of the first item that has the id of an item.
func (p *Parser) firstOf(n Node) int {
	number := p.Tree.Number(n)
	if first, ok := p.twins[number]; ok {
		return first
	}
	return number
}

// noteTwins notes that two items share an id.
func (p *Parser) noteTwins(n, other Node) {
	if p.twins == nil {
		p.twins = map[int]int{}
	}
	first := p.firstOf(other)
	p.twins[p.Tree.Number(n)], p.twins[first] = first, first
}

// sharedIDs gathers the items that their ids do not name.
func (p *Parser) sharedIDs() *sharedIDs {
	if len(p.twins) == 0 {
		return nil
	}
	s, out := p.Tree, &sharedIDs{byID: map[groupedID]*sharedID{}, byNumber: map[int]*sharedID{}}
	for l := range p.levels {
		for n := range s.OfKind(format.Level(l)).Nodes() {
			var above *sharedID
			if parent, ok := s.Parent(n); ok && p.levels[l].ID.Kind != format.TextID {
				above = out.byNumber[s.Number(parent)]
			}
			number := s.Number(n)
			if _, twin := p.twins[number]; !twin && above == nil {
				continue
			}
			_, text := s.ID(n)
			id := groupedID{s.Group(n), text}
			c := out.byID[id]
			if c == nil {
				c = &sharedID{groupedID: id}
				if c.cause = c; above != nil {
					c.cause = above.cause
				}
				out.byID[id] = c
			}
			c.items = append(c.items, number)
			out.byNumber[number] = c
		}
	}
	return out
}
