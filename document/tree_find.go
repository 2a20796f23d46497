package document

import (
	"cmp"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
)

// findGroup spares documents without groups the look into a map.
func (s *tree) findGroup(name string) (int, bool) {
	if len(s.groups) == 1 {
		return 0, s.groups[0].name == name
	}
	g, ok := s.groupNames[name]
	return g, ok
}

// findPath walks down the tree along a path id.
func (s *tree) findPath(g uint32, text string) (node, bool) {
	in := top(g)
	for {
		number, rest, ok := compiled.CutSegment(text, s.format.Levels[in.kind].ID.Prefix)
		if !ok {
			return node{}, false
		}
		n, ok := s.child(in, number)
		if !ok || rest == "" {
			return n, ok
		}
		if rest[0] != '.' || s.format.Leaf(n.kind) {
			return node{}, false
		}
		text, in = rest[1:], n.below()
	}
}

// child finds the item of a list that has a number: at the position before it
// where nothing was ever removed, else by binary search.
func (s *tree) child(in listID, number uint32) (node, bool) {
	l := s.list(in)
	if !s.sparse(in) {
		return node{l.first + number - 1, in.row, in.kind}, number > 0 && number <= l.end-l.first
	}
	if i, ok := s.paths[pathKey{in.row, in.parent, number}]; ok {
		return node{i, in.row, in.kind}, true
	}
	i, ok := slices.BinarySearchFunc(s.rows[in.row].entries[l.first:l.end], number, func(e entry, number uint32) int {
		return cmp.Compare(e.number, number)
	})
	return l.at(i), ok
}

// sparse reports whether the items of a list are not numbered 1, 2, 3.
func (s *tree) sparse(in listID) bool {
	if above, ok := in.holder(); ok {
		return s.rows[above.row].kids[above.index]&1 != 0
	}
	return s.groups[in.parent].sparse
}

// ownID returns the id as the item spells it.
func (s *tree) ownID(n node) string {
	return compiled.IDText(s.value(n, compiled.IDSlot))
}

func (s *tree) markSparse(in listID) {
	if above, ok := in.holder(); ok {
		s.rows[above.row].kids[above.index] |= 1
	} else {
		s.groups[in.parent].sparse = true
	}
}

// pathIDs reports whether ids are paths of numbers.
func (s *tree) pathIDs() bool { return s.ids == nil }

// ascending reports whether the numbers in path ids ascend in every list.
func (s *tree) ascending() bool { return s.paths == nil }

// roomForIDs reports whether there may be more ids, of a length together.
func (s *tree) roomForIDs(length int) bool {
	return s.ids == nil || len(s.ids.texts)+length <= maxIDs
}
