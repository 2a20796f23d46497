package document

import (
	"iter"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// node is an item of a tree. Its row is all items of one depth, in the order of
// the text; kind is its level, which says what it is and not how deep it lies.
// What counts rows is in this package alone.
type node struct {
	index uint32
	row   uint16
	kind  format.Level
}

// noRow is deeper than all rows.
const noRow = ^uint16(0)

// list is items side by side: the children of an item, the top items of a group,
// or a whole row.
type list struct {
	first, end uint32
	row        uint16
	kind       format.Level
}

// len returns how many items there are.
func (l list) len() int { return int(l.end - l.first) }

// at returns the item at a position.
func (l list) at(i int) node { return node{l.first + uint32(i), l.row, l.kind} }

// last returns the last item of a list that has one.
func (l list) last() node { return node{l.end - 1, l.row, l.kind} }

// nodes returns the items in order.
func (l list) nodes() iter.Seq[node] {
	return func(yield func(node) bool) {
		for i := l.first; i < l.end; i++ {
			if !yield(node{i, l.row, l.kind}) {
				return
			}
		}
	}
}

// alone is a list of one item.
func (n node) alone() list { return list{n.index, n.index + 1, n.row, n.kind} }

// listID names a list by what it belongs to: an item of the row above, or at the
// top a group.
type listID struct {
	parent uint32
	row    uint16 // of the items in it
	kind   format.Level
}

// top is the list of a group's items.
func top(group uint32) listID { return listID{parent: group} }

// below is the list of an item's children, which its level has.
func (n node) below() listID { return listID{n.index, n.row + 1, n.kind + 1} }

// within is the list that an item is in.
func (s *tree) within(n node) listID { return listID{s.entry(n).parent, n.row, n.kind} }

// holder returns the item whose children a list has, false at the top.
func (id listID) holder() (node, bool) {
	if id.row == 0 {
		return node{}, false
	}
	return node{id.parent, id.row - 1, id.kind - 1}, true
}

// list returns the items of a list.
func (s *tree) list(id listID) list {
	if above, ok := id.holder(); ok {
		return s.children(above)
	}
	g := &s.groups[id.parent]
	return list{first: g.first, end: g.end}
}

// listSpan returns where the array of a list lies, empty if there is none.
func (s *tree) listSpan(id listID) jsontext.Span {
	if above, ok := id.holder(); ok {
		return s.childrenSpan(above)
	}
	return s.groups[id.parent].array
}

// ofKind returns all items of a level.
func (s *tree) ofKind(kind format.Level) list {
	return list{0, uint32(len(s.rows[kind].entries)), uint16(kind), kind}
}

// entry returns where an item lies.
func (s *tree) entry(n node) *entry { return &s.rows[n.row].entries[n.index] }

// entries returns where the items of a list lie.
func (s *tree) entries(l list) []entry { return s.rows[l.row].entries[l.first:l.end] }

// parent returns the item above, false at the top.
func (s *tree) parent(n node) (node, bool) {
	if n.row == 0 {
		return node{}, false
	}
	return node{s.entry(n).parent, n.row - 1, n.kind - 1}, true
}

// children returns the items below.
func (s *tree) children(n node) list {
	if s.format.Leaf(n.kind) {
		return list{}
	}
	kids := s.rows[n.row].kids
	out := list{first: kids[n.index] >> 1, row: n.row + 1, kind: n.kind + 1}
	if int(n.index)+1 < len(kids) {
		out.end = kids[n.index+1] >> 1
	} else {
		out.end = uint32(len(s.rows[n.row+1].entries))
	}
	return out
}

// leaves returns the items of the lowest level below an item, or the item itself
// if it is of that.
func (s *tree) leaves(n node) list {
	l := n.alone()
	for !s.format.Leaf(l.kind) && l.first < l.end {
		first, last := s.children(l.at(0)), s.children(l.last())
		l = list{first.first, last.end, first.row, first.kind}
	}
	return l
}

// siblings returns the items that share a parent with an item, which is one of
// them.
func (s *tree) siblings(n node) list { return s.list(s.within(n)) }

// group returns the group an item is in.
func (s *tree) group(n node) uint32 {
	for {
		above, ok := s.parent(n)
		if !ok {
			return s.entry(n).parent
		}
		n = above
	}
}

// inSet reports whether the number of an item, or of one above it, is in a set.
func (s *tree) inSet(set map[int]bool, n node) bool {
	_, in := s.firstInSet(set, n)
	return in
}

// firstInSet returns the number that inSet finds.
func (s *tree) firstInSet(set map[int]bool, n node) (int, bool) {
	for {
		if number := s.number(n); set[number] {
			return number, true
		}
		above, ok := s.parent(n)
		if !ok {
			return 0, false
		}
		n = above
	}
}

// items returns how many there are.
func (s *tree) items() int {
	last := &s.rows[len(s.rows)-1]
	return last.number + len(last.entries)
}

// number returns the number of an item in the whole document.
func (s *tree) number(n node) int { return s.rows[n.row].number + int(n.index) }

// at is the inverse of number.
func (s *tree) at(number int) node {
	for row := len(s.rows) - 1; ; row-- {
		if first := s.rows[row].number; number >= first {
			return node{uint32(number - first), uint16(row), format.Level(row)}
		}
	}
}

// numbersOf returns the numbers of a list, one past the last too.
func (s *tree) numbersOf(l list) (first, end int) {
	number := s.rows[l.row].number
	return number + int(l.first), number + int(l.end)
}

// level returns the level of an item.
func (s *tree) level(n node) *compiled.Level { return &s.format.Levels[n.kind] }
