package tree

import (
	"iter"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// Node is an item of a tree. Its row is all items of one depth, in the order of
// the text; kind is its level, which says what it is and not how deep it lies.
// What counts rows is in this package alone.
type Node struct {
	Index uint32
	Row   uint16
	Kind  format.Level
}

// NoRow is deeper than all rows.
const NoRow = ^uint16(0)

// List is items side by side: the children of an item, the top items of a group,
// or a whole row.
type List struct {
	First, End uint32
	row        uint16
	Kind       format.Level
}

// Len returns how many items there are.
func (l List) Len() int { return int(l.End - l.First) }

// At returns the item at a position.
func (l List) At(i int) Node { return Node{l.First + uint32(i), l.row, l.Kind} }

// Last returns the last item of a list that has one.
func (l List) Last() Node { return Node{l.End - 1, l.row, l.Kind} }

// Nodes returns the items in order.
func (l List) Nodes() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for i := l.First; i < l.End; i++ {
			if !yield(Node{i, l.row, l.Kind}) {
				return
			}
		}
	}
}

// Alone is a list of one item.
func (n Node) Alone() List { return List{n.Index, n.Index + 1, n.Row, n.Kind} }

// ListID names a list by what it belongs to: an item of the row above, or at the
// top a group.
type ListID struct {
	Parent uint32
	Row    uint16 // of the items in it
	Kind   format.Level
}

// Top is the list of a group's items.
func Top(group uint32) ListID { return ListID{Parent: group} }

// Below is the list of an item's children, which its level has.
func (n Node) Below() ListID { return ListID{n.Index, n.Row + 1, n.Kind + 1} }

// Within is the list that an item is in.
func (s *Tree) Within(n Node) ListID { return ListID{s.Entry(n).parent, n.Row, n.Kind} }

// Holder returns the item whose children a list has, false at the top.
func (id ListID) Holder() (Node, bool) {
	if id.Row == 0 {
		return Node{}, false
	}
	return Node{id.Parent, id.Row - 1, id.Kind - 1}, true
}

// List returns the items of a list.
func (s *Tree) List(id ListID) List {
	if above, ok := id.Holder(); ok {
		return s.Children(above)
	}
	g := &s.Groups[id.Parent]
	return List{First: g.First, End: g.End}
}

// IsLines reports whether the items of a list stand on lines of their own, and not
// in an array.
func (s *Tree) IsLines(id ListID) bool { return id.Row == 0 && s.Root.Kind == format.RootLines }

// Inside returns what the array of a list has between its brackets: the items, and
// the space around them.
func (s *Tree) Inside(id ListID) jsontext.Span {
	span := s.ListSpan(id)
	if s.IsLines(id) {
		return span
	}
	return jsontext.Span{Start: span.Start + 1, End: span.End - 1}
}

// ListSpan returns where the array of a list lies, empty if there is none. Of lines
// it is the whole text.
func (s *Tree) ListSpan(id ListID) jsontext.Span {
	if above, ok := id.Holder(); ok {
		return s.ChildrenSpan(above)
	}
	return s.Groups[id.Parent].Array
}

// OfKind returns all items of a level.
func (s *Tree) OfKind(kind format.Level) List {
	return List{0, uint32(len(s.rows[kind].entries)), uint16(kind), kind}
}

// Entry returns where an item lies.
func (s *Tree) Entry(n Node) *Entry { return &s.rows[n.Row].entries[n.Index] }

// Entries returns where the items of a list lie.
func (s *Tree) Entries(l List) []Entry { return s.rows[l.row].entries[l.First:l.End] }

// Parent returns the item above, false at the top.
func (s *Tree) Parent(n Node) (Node, bool) {
	if n.Row == 0 {
		return Node{}, false
	}
	return Node{s.Entry(n).parent, n.Row - 1, n.Kind - 1}, true
}

// Children returns the items below.
func (s *Tree) Children(n Node) List {
	if s.format.Leaf(n.Kind) {
		return List{}
	}
	kids := s.rows[n.Row].kids
	out := List{First: kids[n.Index] >> 1, row: n.Row + 1, Kind: n.Kind + 1}
	if int(n.Index)+1 < len(kids) {
		out.End = kids[n.Index+1] >> 1
	} else {
		out.End = uint32(len(s.rows[n.Row+1].entries))
	}
	return out
}

// Descendants returns the items of a level below an item, or the item itself if it
// is of that.
func (s *Tree) Descendants(n Node, of format.Level) List {
	l := n.Alone()
	for l.Kind < of && l.First < l.End {
		first, last := s.Children(l.At(0)), s.Children(l.Last())
		l = List{first.First, last.End, first.row, first.Kind}
	}
	return l
}

// Siblings returns the items that share a parent with an item, which is one of
// them.
func (s *Tree) Siblings(n Node) List { return s.List(s.Within(n)) }

// Group returns the group an item is in.
func (s *Tree) Group(n Node) uint32 {
	for {
		above, ok := s.Parent(n)
		if !ok {
			return s.Entry(n).parent
		}
		n = above
	}
}

// InSet reports whether the number of an item, or of one above it, is in a set.
func (s *Tree) InSet(set map[int]bool, n Node) bool {
	_, in := s.FirstInSet(set, n)
	return in
}

// FirstInSet returns the number that inSet finds.
func (s *Tree) FirstInSet(set map[int]bool, n Node) (int, bool) {
	for {
		if number := s.Number(n); set[number] {
			return number, true
		}
		above, ok := s.Parent(n)
		if !ok {
			return 0, false
		}
		n = above
	}
}

// Items returns how many there are.
func (s *Tree) Items() int {
	last := &s.rows[len(s.rows)-1]
	return last.number + len(last.entries)
}

// Number returns the number of an item in the whole document.
func (s *Tree) Number(n Node) int { return s.rows[n.Row].number + int(n.Index) }

// At is the inverse of number.
func (s *Tree) At(number int) Node {
	for row := len(s.rows) - 1; ; row-- {
		if first := s.rows[row].number; number >= first {
			return Node{uint32(number - first), uint16(row), format.Level(row)}
		}
	}
}

// NumbersOf returns the numbers of a list, one past the last too.
func (s *Tree) NumbersOf(l List) (first, end int) {
	number := s.rows[l.row].number
	return number + int(l.First), number + int(l.End)
}

// Level returns the level of an item.
func (s *Tree) Level(n Node) *compiled.Level { return &s.format.Levels[n.Kind] }
