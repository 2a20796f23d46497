// Package tree has the structure of a document: where its items lie in the text, how
// they are found, and the parser that reads them. It knows text, nodes and findings;
// what an item, an id or a problem is for a program, document says.
package tree

import (
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/persistent"
)

// Tree is the structure of a document: where everything lies in the source text.
// It holds no pointers per item and never changes.
//
// Items are numbered row by row, in document order within a row. So the children
// of an item are a range of the next row, and their statuses lie side by side in
// the column.
type Tree struct {
	format *compiled.Format
	Source []byte
	Root   format.Root
	Groups []Group // one without a name where the root has no groups
	// Outer is the span of the root object that has fields of its own, and Fields
	// where the value of each begins, 0 where it is missing. Behind those of the
	// format is the list, or the object around it.
	Outer  jsontext.Span
	Fields []uint32
	rows   []row
	// Statuses and counts are those of the source text.
	Statuses persistent.Column
	Counts   []uint32
	// groupNames finds groups, ids text and local ids; paths finds the children of
	// parents whose path ids do not ascend.
	groupNames map[string]int
	ids        *idIndex
	paths      map[pathKey]uint32
	shared     *sharedIDs // what cannot be found, nil for nothing
}

func newTree(f *compiled.Format, source []byte) *Tree {
	s := &Tree{format: f, Source: source, rows: make([]row, len(f.Levels))}
	for i := range s.rows {
		s.rows[i].stride = len(f.Levels[i].Record.Fields)
		s.rows[i].cached = new(dependencyCache)
		if !f.Leaf(format.Level(i)) {
			s.rows[i].stride++
		}
	}
	return s
}

// Find returns the item of a group that an id names. One that items share names
// none.
func (s *Tree) Find(group, id string) (Node, bool) {
	if s.shared != nil && s.sharedID(group, id) != nil {
		return Node{}, false
	}
	g, ok := s.FindGroup(group)
	if !ok {
		return Node{}, false
	}
	if s.ids != nil {
		return s.ids.find(s, uint32(g), id)
	}
	return s.findPath(uint32(g), id)
}

// ID returns the id of an item and the name of its group.
func (s *Tree) ID(n Node) (group, id string) {
	group = s.Groups[s.Group(n)].Name
	if s.ids != nil {
		return group, s.ids.text(s.Number(n))
	}
	return group, s.OwnID(n)
}

// Group is an array of top items.
type Group struct {
	Name string
	// First item of the top row, and one past the last.
	First, End uint32
	// Array is the span of the array in the source; empty where it is missing
	// or null.
	Array  jsontext.Span
	sparse bool // as for kids
}

// row is the items of one depth, which are of one level.
type row struct {
	number  int // of the first item
	entries []Entry
	// kids has for each item the position of its first child in the row
	// below, times two, plus one where its children are not numbered 1, 2, 3:
	// where they are, a child is found without looking at it. It is apart from
	// the entries because finding an item looks at nothing else.
	kids []uint32
	// slots holds for each item where the values of its known members begin,
	// relative to the item; 0 where a member is missing. The last two are the
	// span of the children's value.
	slots  []uint32
	stride int
	// waits has a bit for each item whose text names something that it waits
	// for. It spares updates of the others a look into the text.
	waits  []uint64
	cached *dependencyCache
}

// Entry is the place of one item.
type Entry struct {
	Start, End uint32 // of its text
	parent     uint32 // position in the row above, or the group
	Number     uint32 // the number at the end of a path id
}

type pathKey struct {
	row            uint16
	parent, number uint32
}

// Slot returns where the value of a member begins in the source, 0 if it is
// missing.
func (s *Tree) Slot(n Node, slot int) uint32 {
	r := &s.rows[n.Row]
	relative := r.slots[int(n.Index)*r.stride+slot]
	if relative == 0 {
		return 0
	}
	return r.entries[n.Index].Start + relative
}

// Value returns the raw text of a member, nil if it is missing.
func (s *Tree) Value(n Node, slot int) []byte {
	at := s.Slot(n, slot)
	if at == 0 {
		return nil
	}
	return jsontext.ValueAt(s.Source, int(at))
}

// ChildrenSpan returns where the value of the children lies, empty if missing.
func (s *Tree) ChildrenSpan(n Node) jsontext.Span {
	if s.format.Leaf(n.Kind) {
		return jsontext.Span{}
	}
	stride := s.rows[n.Row].stride
	at := s.Slot(n, stride-2)
	if at == 0 {
		return jsontext.Span{}
	}
	return jsontext.Span{Start: at, End: s.Slot(n, stride-1)}
}

// Whole is the span of the text.
func (s *Tree) Whole() jsontext.Span { return jsontext.Span{Start: 0, End: uint32(len(s.Source))} }
