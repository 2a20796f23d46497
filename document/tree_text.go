package document

import (
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/persistent"
)

// tree is the structure of a document: where everything lies in the source text.
// It holds no pointers per item and never changes.
//
// Items are numbered row by row, in document order within a row. So the children
// of an item are a range of the next row, and their statuses lie side by side in
// the column.
type tree struct {
	format *compiled.Format
	source []byte
	root   format.Root
	groups []group // one without a name where the root has no groups
	rows   []row
	// statuses and counts are those of the source text.
	statuses persistent.Column
	counts   []uint32
	// groupNames finds groups, ids text and local ids; paths finds the children of
	// parents whose path ids do not ascend.
	groupNames map[string]int
	ids        *idIndex
	paths      map[pathKey]uint32
}

func newTree(f *compiled.Format, source []byte) *tree {
	s := &tree{format: f, source: source, rows: make([]row, len(f.Levels))}
	for i := range s.rows {
		s.rows[i].stride = len(f.Levels[i].Record.Fields)
		s.rows[i].cached = new(dependencyCache)
		if !f.Leaf(format.Level(i)) {
			s.rows[i].stride++
		}
	}
	return s
}

// find returns the item of a group that has an id.
func (s *tree) find(group, id string) (node, bool) {
	g, ok := s.findGroup(group)
	if !ok {
		return node{}, false
	}
	if s.ids != nil {
		return s.ids.find(s, uint32(g), id)
	}
	return s.findPath(uint32(g), id)
}

// idOf returns the id of an item and the name of its group.
func (s *tree) idOf(n node) (group, id string) {
	group = s.groups[s.group(n)].name
	if s.ids != nil {
		return group, s.ids.text(s.number(n))
	}
	return group, s.ownID(n)
}

// group is an array of top items.
type group struct {
	name string
	// first item of the top row, and one past the last.
	first, end uint32
	// array is the span of the array in the source; empty where it is missing
	// or null.
	array  jsontext.Span
	sparse bool // as for kids
}

// row is the items of one depth, which are of one level.
type row struct {
	number  int // of the first item
	entries []entry
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

// entry is the place of one item.
type entry struct {
	start, end uint32 // of its text
	parent     uint32 // position in the row above, or the group
	number     uint32 // the number at the end of a path id
}

type pathKey struct {
	row            uint16
	parent, number uint32
}

// slot returns where the value of a member begins in the source, 0 if it is
// missing.
func (s *tree) slot(n node, slot int) uint32 {
	r := &s.rows[n.row]
	relative := r.slots[int(n.index)*r.stride+slot]
	if relative == 0 {
		return 0
	}
	return r.entries[n.index].start + relative
}

// value returns the raw text of a member, nil if it is missing.
func (s *tree) value(n node, slot int) []byte {
	at := s.slot(n, slot)
	if at == 0 {
		return nil
	}
	return jsontext.ValueAt(s.source, int(at))
}

// childrenSpan returns where the value of the children lies, empty if missing.
func (s *tree) childrenSpan(n node) jsontext.Span {
	if s.format.Leaf(n.kind) {
		return jsontext.Span{}
	}
	stride := s.rows[n.row].stride
	at := s.slot(n, stride-2)
	if at == 0 {
		return jsontext.Span{}
	}
	return jsontext.Span{Start: at, End: s.slot(n, stride-1)}
}

// whole is the span of the text.
func (s *tree) whole() jsontext.Span { return jsontext.Span{Start: 0, End: uint32(len(s.source))} }
