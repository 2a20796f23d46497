package tree

import (
	"cmp"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
)

// FindGroup spares documents without groups the look into a map.
func (s *Tree) FindGroup(name string) (int, bool) {
	if len(s.Groups) == 1 {
		return 0, s.Groups[0].Name == name
	}
	g, ok := s.groupNames[name]
	return g, ok
}

// findPath walks down the tree along a path id.
func (s *Tree) findPath(g uint32, text string) (Node, bool) {
	in := Top(g)
	for {
		number, rest, ok := compiled.CutSegment(text, s.format.Levels[in.Kind].ID.Prefix)
		if !ok {
			return Node{}, false
		}
		n, ok := s.child(in, number)
		if !ok || rest == "" {
			return n, ok
		}
		if rest[0] != '.' || s.format.Leaf(n.Kind) {
			return Node{}, false
		}
		text, in = rest[1:], n.Below()
	}
}

// child finds the item of a list that has a number: at the position before it
// where nothing was ever removed, else by binary search.
func (s *Tree) child(in ListID, number uint32) (Node, bool) {
	l := s.List(in)
	if !s.sparse(in) {
		return Node{l.First + number - 1, in.Row, in.Kind}, number > 0 && number <= l.End-l.First
	}
	if i, ok := s.paths[pathKey{in.Row, in.Parent, number}]; ok {
		return Node{i, in.Row, in.Kind}, true
	}
	i, ok := slices.BinarySearchFunc(s.rows[in.Row].entries[l.First:l.End], number, func(e Entry, number uint32) int {
		return cmp.Compare(e.Number, number)
	})
	return l.At(i), ok
}

// sparse reports whether the items of a list are not numbered 1, 2, 3.
func (s *Tree) sparse(in ListID) bool {
	if above, ok := in.Holder(); ok {
		return s.rows[above.Row].kids[above.Index]&1 != 0
	}
	return s.Groups[in.Parent].sparse
}

// Place returns the place of an item among its siblings, counted from 1.
func (s *Tree) Place(n Node) uint32 { return n.Index - s.Siblings(n).First + 1 }

// OwnID returns the id as the item spells it, the place of one that has none.
func (s *Tree) OwnID(n Node) string {
	if s.Level(n).ID.Kind == format.PositionID {
		return compiled.PlaceText(s.Place(n))
	}
	return compiled.IDText(s.Value(n, compiled.IDSlot))
}

func (s *Tree) markSparse(in ListID) {
	if above, ok := in.Holder(); ok {
		s.rows[above.Row].kids[above.Index] |= 1
	} else {
		s.Groups[in.Parent].sparse = true
	}
}

// PathIDs reports whether ids are paths of numbers.
func (s *Tree) PathIDs() bool { return s.ids == nil }

// Ascending reports whether the numbers in path ids ascend in every list.
func (s *Tree) Ascending() bool { return s.paths == nil }

// RoomForIDs reports whether there may be more ids, of a length together.
func (s *Tree) RoomForIDs(length int) bool {
	return s.ids == nil || len(s.ids.texts)+length <= maxIDs
}
