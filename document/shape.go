package document

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
	"weak"
)

// shape is the structure of a document: where everything lies in the source
// text. It holds no pointers per item, never changes, and is shared by all
// snapshots that have the same items.
//
// Items are numbered level by level, in document order within a level. So the
// children of an item are a range of the next level, and their statuses lie side
// by side in the column.
type shape struct {
	typ    *Type
	source []byte
	root   Root
	groups []group // one without a name where the root has no groups
	levels []levelShape
	// statuses and counts are those of the source text.
	statuses column
	counts   []uint32
	// names finds groups and text and local ids; paths finds the children of
	// parents whose path ids do not ascend.
	groupNames map[string]int
	names      *nameIndex
	paths      map[pathKey]uint32
	// What follows is worked out when it is first asked for.
	layoutOnce sync.Once
	lay        layout
	numbers    nextNumbers
	rootOnce   sync.Once
	rootKeys   map[string]bool
	encoded    atomic.Pointer[weak.Pointer[encoding]] // the snapshot that was encoded last
}

// group is an array of top items.
type group struct {
	name string
	// first item of level 0, and one past the last.
	first, end uint32
	// array is the span of the array in the source; empty where it is missing
	// or null.
	array  span
	sparse bool // as for kids
}

// span is a range of bytes.
type span struct{ start, end uint32 }

// levelShape is the items of one level.
type levelShape struct {
	number int // of the first item
	nodes  []node
	// kids has for each item the position of its first child in the level
	// below, times two, plus one where its children are not numbered 1, 2, 3:
	// where they are, a child is found without looking at it. It is apart from
	// the nodes because finding an item looks at nothing else.
	kids []uint32
	// slots holds for each item where the values of its known members begin,
	// relative to the item; 0 where a member is missing. The last two are the
	// span of the children's value.
	slots  []uint32
	stride int
	// waits has a bit for each item whose text names something that it waits
	// for. It spares updates of the others a look into the text.
	waits   []uint64
	awaited *awaited
}

// node is the place of one item.
type node struct {
	start, end uint32 // of its text
	parent     uint32 // position in the level above, or the group
	number     uint32 // the number at the end of a path id
}

type pathKey struct {
	level          Level
	parent, number uint32
}

// MaxSize is the size in bytes of the largest document.
const MaxSize = 1<<31 - 1

func newShape(t *Type, source []byte) *shape {
	s := &shape{typ: t, source: source, levels: make([]levelShape, len(t.levels))}
	for i := range s.levels {
		s.levels[i].stride = len(t.levels[i].record.fields)
		s.levels[i].awaited = new(awaited)
		if t.leaf(Level(i)) {
			continue
		}
		s.levels[i].stride++
	}
	return s
}

// slot returns where the value of a member begins in the source, 0 if it is
// missing.
func (s *shape) slot(l Level, i uint32, slot int) uint32 {
	ls := &s.levels[l]
	relative := ls.slots[int(i)*ls.stride+slot]
	if relative == 0 {
		return 0
	}
	return ls.nodes[i].start + relative
}

// value returns the raw text of a member, nil if it is missing.
func (s *shape) value(l Level, i uint32, slot int) []byte {
	at := s.slot(l, i, slot)
	if at == 0 {
		return nil
	}
	return valueAt(s.source, int(at))
}

// childrenSpan returns where the value of the children lies, empty if missing.
func (s *shape) childrenSpan(l Level, i uint32) span {
	if s.typ.leaf(l) {
		return span{}
	}
	ls := &s.levels[l]
	at := s.slot(l, i, ls.stride-2)
	if at == 0 {
		return span{}
	}
	return span{at, s.slot(l, i, ls.stride-1)}
}

// children returns the range of positions in the level below.
func (s *shape) children(l Level, i uint32) (first, end uint32) {
	if s.typ.leaf(l) {
		return 0, 0
	}
	kids := s.levels[l].kids
	if int(i)+1 < len(kids) {
		return kids[i] >> 1, kids[i+1] >> 1
	}
	return kids[i] >> 1, uint32(len(s.levels[l+1].nodes))
}

// siblings returns the range of positions that share a parent with item i.
func (s *shape) siblings(l Level, i uint32) (first, end uint32) {
	return s.below(l, s.levels[l].nodes[i].parent)
}

// below returns the range of positions in level l that have the given parent:
// a group, or an item of the level above.
func (s *shape) below(l Level, parent uint32) (first, end uint32) {
	if l == 0 {
		return s.groups[parent].first, s.groups[parent].end
	}
	return s.children(l-1, parent)
}

// number returns the number of an item in the whole document.
func (s *shape) number(l Level, i uint32) int { return s.levels[l].number + int(i) }

// at is the inverse of number.
func (s *shape) at(number int) (Level, uint32) {
	for l := len(s.levels) - 1; ; l-- {
		if first := s.levels[l].number; number >= first {
			return Level(l), uint32(number - first)
		}
	}
}

// group returns the group an item is in.
func (s *shape) group(l Level, i uint32) uint32 {
	for ; l > 0; l-- {
		i = s.levels[l].nodes[i].parent
	}
	return s.levels[0].nodes[i].parent
}

// find returns the item with an id.
func (s *shape) find(id ID) (Level, uint32, bool) {
	g, ok := s.findGroup(id.group)
	if !ok {
		return 0, 0, false
	}
	if s.names != nil {
		return s.names.find(s, uint32(g), id.text)
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
func (s *shape) findPath(g uint32, text string) (Level, uint32, bool) {
	first, end := s.groups[g].first, s.groups[g].end
	parent := g
	for l := range s.levels {
		n, rest, ok := cutSegment(text, s.typ.levels[l].ID.Prefix)
		if !ok {
			return 0, 0, false
		}
		i, ok := s.child(Level(l), parent, first, end, n)
		if !ok {
			return 0, 0, false
		}
		if rest == "" {
			return Level(l), i, true
		}
		if rest[0] != '.' {
			return 0, 0, false
		}
		text, parent = rest[1:], i
		first, end = s.children(Level(l), i)
	}
	return 0, 0, false
}

// child finds the item of [first, end) that has the number n: at position n-1
// where nothing was ever removed, else by binary search.
func (s *shape) child(l Level, parent, first, end, n uint32) (uint32, bool) {
	if !s.sparse(l, parent) {
		return first + n - 1, n > 0 && n <= end-first
	}
	nodes := s.levels[l].nodes
	if i, ok := s.paths[pathKey{l, parent, n}]; ok {
		return i, true
	}
	i, ok := slices.BinarySearchFunc(nodes[first:end], n, func(nd node, n uint32) int {
		return cmp.Compare(nd.number, n)
	})
	return first + uint32(i), ok
}

// sparse reports whether the items of level l below a parent are not numbered
// 1, 2, 3.
func (s *shape) sparse(l Level, parent uint32) bool {
	if l == 0 {
		return s.groups[parent].sparse
	}
	return s.levels[l-1].kids[parent]&1 != 0
}

// cutSegment reads the prefix and the number that text begins with.
func cutSegment(text, prefix string) (n uint32, rest string, ok bool) {
	if len(text) <= len(prefix) {
		return 0, "", false
	}
	for i := range len(prefix) { // prefixes are a letter or two: no call
		if text[i] != prefix[i] {
			return 0, "", false
		}
	}
	text = text[len(prefix):]
	i := 0
	for i < len(text) && text[i] >= '0' && text[i] <= '9' && i < maxDigits {
		n = 10*n + uint32(text[i]-'0')
		i++
	}
	if i == 0 || i > 1 && text[0] == '0' {
		return 0, "", false
	}
	return n, text[i:], true
}

// maxDigits and maxNumber bound the numbers in path ids.
const (
	maxDigits = 9
	maxNumber = 999_999_999
)

// id returns the id of an item.
func (s *shape) id(l Level, i uint32) ID {
	group := s.groups[s.group(l, i)].name
	if s.names != nil {
		return ID{group, s.names.text(s.number(l, i))}
	}
	return ID{group, s.ownID(l, i)}
}

// ownID returns the id as the item spells it.
func (s *shape) ownID(l Level, i uint32) string {
	return idText(s.value(l, i, idSlot))
}

// idText returns the text of an id that is a JSON string or number.
func idText(raw []byte) string {
	if len(raw) > 0 && raw[0] == '"' {
		return unquote(raw)
	}
	return sharedString(raw)
}
