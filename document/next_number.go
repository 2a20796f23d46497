package document

import (
	"strconv"
	"sync"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// nextNumbers remembers which number comes next below a parent: with ids that
// need not ascend, finding it takes a look at all siblings.
type nextNumbers struct {
	mu   sync.Mutex
	next map[tree.ListID]uint32
}

// nextNumber returns the level of the children of a parent, and the number after
// the highest of their ids or the next after that which nobody has. It reports
// false where there is no such parent, or where ids of its children are not
// numbers.
func (s *shape) nextNumber(parent ID) (l Level, next uint32, ok bool) {
	at, ok := s.childrenOf(parent)
	if !ok {
		return 0, 0, false
	}
	if at == nowhere { // a group that does not exist yet
		return 0, 1, s.typ.format.Levels[0].ID.Numbered()
	}
	if !s.typ.format.Levels[at.Kind].ID.Numbered() {
		return at.Kind, 0, false
	}
	return at.Kind, s.next(at.Kind, parent, at), true
}

// next returns the number that nextNumber finds for a list of a level.
func (s *shape) next(l Level, parent ID, at tree.ListID) uint32 {
	if s.typ.format.Levels[l].ID.CountsAll() {
		at = tree.ListID{Row: tree.NoRow, Kind: l}
		if g, ok := s.FindGroup(parent.group); ok {
			at.Parent = uint32(g)
		}
	}
	s.numbers.mu.Lock()
	defer s.numbers.mu.Unlock()
	if n, ok := s.numbers.next[at]; ok {
		return n
	}
	highest := uint32(0)
	if at.Row == tree.NoRow {
		highest = s.highestOfAll(l, parent.group)
	} else {
		highest = s.highestNumber(s.List(at))
	}
	_, n, ok := s.typ.nextID(l, parent, highest+1, s.taken)
	if !ok {
		n = compiled.MaxNumber + 1
	}
	if s.numbers.next == nil {
		s.numbers.next = map[tree.ListID]uint32{}
	}
	s.numbers.next[at] = n
	return n
}

// highestNumber returns the highest number among the ids of a list.
func (s *shape) highestNumber(l tree.List) uint32 {
	if s.typ.format.Levels[l.Kind].ID.Kind == format.PathID && s.Ascending() && l.Len() > 0 {
		return s.Entry(l.Last()).Number // they ascend
	}
	highest := uint32(0)
	for n := range l.Nodes() {
		if number, ok := s.typ.format.NumberOf(n.Kind, s.OwnID(n)); ok {
			highest = max(highest, number)
		}
	}
	return highest
}

// highestOfAll returns the highest number among the ids of a group that are unique
// there, of those that are made as the ids of a level are.
func (s *shape) highestOfAll(l Level, group string) uint32 {
	highest := uint32(0)
	g, ok := s.FindGroup(group)
	for kind := range s.typ.format.Levels {
		if !ok || s.typ.format.Levels[kind].ID.Kind != format.TextID {
			continue
		}
		for n := range s.OfKind(Level(kind)).Nodes() {
			if number, ok := s.typ.format.NumberOf(l, s.OwnID(n)); ok && number > highest && s.Group(n) == uint32(g) {
				highest = number
			}
		}
	}
	return highest
}

// counter is what the next id of a level is counted by: of the children of a parent,
// or of a whole group, which the zero text stands for.
type counter struct {
	parent ID
	level  Level
}

func (t *Type) counterOf(l Level, parent ID) counter {
	if t.format.Levels[l].ID.CountsAll() {
		parent.text = ""
	}
	return counter{parent, l}
}

// counted calls f with each counter that an item counts in, and its number there.
func (t *Type) counted(it newItem, f func(counter, uint32)) {
	if n, ok := t.format.NumberOf(it.level, it.id.text); ok {
		f(t.counterOf(it.level, it.parent), n)
	}
	if t.format.Levels[it.level].ID.Kind != format.TextID {
		return
	}
	for l := range t.format.Levels {
		if Level(l) == it.level || !t.format.Levels[l].ID.CountsAll() {
			continue
		}
		if n, ok := t.format.NumberOf(Level(l), it.id.text); ok {
			f(t.counterOf(Level(l), it.parent), n)
		}
	}
}

// nextID returns the first id of a level that is free, with a number from n on, and
// the number; false where none is left.
func (t *Type) nextID(l Level, parent ID, n uint32, taken func(ID) bool) (ID, uint32, bool) {
	digits := t.digits(l, parent, n, taken)
	for ; n <= compiled.MaxNumber; n++ {
		id, ok := t.numberedID(l, parent, n, digits)
		if !ok { // the pattern of ids may want a longer number
			for longer := uint32(10); ; longer *= 10 {
				if longer > n || longer > compiled.MaxNumber {
					n = longer - 1
					break
				}
			}
			continue
		}
		if !taken(id) {
			return id, n, true
		}
	}
	return ID{}, 0, false
}

// digits returns how many digits the number before n has in its id: with leading
// zeros, the next one has as many.
func (t *Type) digits(l Level, parent ID, n uint32, taken func(ID) bool) int {
	level := &t.format.Levels[l]
	if level.ID.Next == "" {
		return 1
	}
	for digits := 1; digits <= compiled.MaxDigits; digits++ {
		if own, ok := level.Counted(n-1, digits); ok && taken(t.below(l, parent, own)) {
			return digits
		}
	}
	return 1
}

// numberedID returns the id of a level that has a number, of so many digits or as
// many more as its pattern wants; false where that takes none.
func (t *Type) numberedID(l Level, parent ID, number uint32, digits int) (ID, bool) {
	level := &t.format.Levels[l]
	switch {
	case level.ID.Kind == format.PathID:
		return t.PathID(l, parent, number), true
	case level.ID.Next == "":
		return t.below(l, parent, string(strconv.AppendUint(nil, uint64(number), 10))), true
	}
	for ; digits <= compiled.MaxDigits; digits++ {
		if own, ok := level.Counted(number, digits); ok {
			return t.below(l, parent, own), true
		}
	}
	return ID{}, false
}

// below returns the full id of a level for an item's own id below a parent.
func (t *Type) below(l Level, parent ID, own string) ID {
	if t.format.Levels[l].ID.Kind == format.LocalID && l > 0 {
		own = parent.text + "." + own
	}
	return ID{parent.group, own}
}

// nowhere is where the items of a group are that does not exist yet.
var nowhere = tree.ListID{Kind: format.MaxLevels}

// childrenOf returns where the children of a parent are, nowhere for those of a
// group that may be added. It reports false where nothing can have that parent.
func (s *shape) childrenOf(parent ID) (tree.ListID, bool) {
	if parent.text == "" {
		g, ok := s.FindGroup(parent.group)
		if !ok {
			return nowhere, s.Root.Kind == format.RootGroups
		}
		return tree.Top(uint32(g)), true
	}
	n, ok := s.find(parent)
	if !ok || s.typ.format.Leaf(n.Kind) {
		return tree.ListID{}, false
	}
	return n.Below(), true
}
