package document

import (
	"cmp"
	"slices"
	"sync"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/persistent"
)

// shape is the structure of a document: where everything lies in the source
// text. It holds no pointers per item, never changes, and is shared by all
// snapshots that have the same items.
//
// Items are numbered row by row, in document order within a row. So the children
// of an item are a range of the next row, and their statuses lie side by side in
// the column.
type shape struct {
	typ    *Type
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
	// What follows is worked out when it is first asked for.
	layoutOnce sync.Once
	lay        jsontext.Layout
	numbers    nextNumbers
	rootOnce   sync.Once
	rootKeys   map[string]bool
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

// MaxSize is the size in bytes of the largest document.
const MaxSize = 1<<31 - 1

func newShape(t *Type, source []byte) *shape {
	s := &shape{typ: t, source: source, rows: make([]row, len(t.format.Levels))}
	for i := range s.rows {
		s.rows[i].stride = len(t.format.Levels[i].Record.Fields)
		s.rows[i].cached = new(dependencyCache)
		if t.format.Leaf(Level(i)) {
			continue
		}
		s.rows[i].stride++
	}
	return s
}

// slot returns where the value of a member begins in the source, 0 if it is
// missing.
func (s *shape) slot(n node, slot int) uint32 {
	r := &s.rows[n.row]
	relative := r.slots[int(n.index)*r.stride+slot]
	if relative == 0 {
		return 0
	}
	return r.entries[n.index].start + relative
}

// value returns the raw text of a member, nil if it is missing.
func (s *shape) value(n node, slot int) []byte {
	at := s.slot(n, slot)
	if at == 0 {
		return nil
	}
	return jsontext.ValueAt(s.source, int(at))
}

// childrenSpan returns where the value of the children lies, empty if missing.
func (s *shape) childrenSpan(n node) jsontext.Span {
	if s.typ.format.Leaf(n.kind) {
		return jsontext.Span{}
	}
	stride := s.rows[n.row].stride
	at := s.slot(n, stride-2)
	if at == 0 {
		return jsontext.Span{}
	}
	return jsontext.Span{Start: at, End: s.slot(n, stride-1)}
}

// find returns the item with an id.
func (s *shape) find(id ID) (node, bool) {
	g, ok := s.findGroup(id.group)
	if !ok {
		return node{}, false
	}
	if s.ids != nil {
		return s.ids.find(s, uint32(g), id.text)
	}
	return s.findPath(uint32(g), id.text)
}

// findGroup spares documents without groups the look into a map.
func (s *shape) findGroup(name string) (int, bool) {
	if len(s.groups) == 1 {
		return 0, s.groups[0].name == name
	}
	g, ok := s.groupNames[name]
	return g, ok
}

// findPath walks down the tree along a path id.
func (s *shape) findPath(g uint32, text string) (node, bool) {
	in := top(g)
	for {
		number, rest, ok := compiled.CutSegment(text, s.typ.format.Levels[in.kind].ID.Prefix)
		if !ok {
			return node{}, false
		}
		n, ok := s.child(in, number)
		if !ok || rest == "" {
			return n, ok
		}
		if rest[0] != '.' || s.typ.format.Leaf(n.kind) {
			return node{}, false
		}
		text, in = rest[1:], n.below()
	}
}

// child finds the item of a list that has a number: at the position before it
// where nothing was ever removed, else by binary search.
func (s *shape) child(in listID, number uint32) (node, bool) {
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
func (s *shape) sparse(in listID) bool {
	if above, ok := in.holder(); ok {
		return s.rows[above.row].kids[above.index]&1 != 0
	}
	return s.groups[in.parent].sparse
}

// id returns the id of an item.
func (s *shape) id(n node) ID {
	group := s.groups[s.group(n)].name
	if s.ids != nil {
		return ID{group, s.ids.text(s.number(n))}
	}
	return ID{group, s.ownID(n)}
}

// ownID returns the id as the item spells it.
func (s *shape) ownID(n node) string {
	return compiled.IDText(s.value(n, compiled.IDSlot))
}
