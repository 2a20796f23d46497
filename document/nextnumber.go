package document

import "sync"

// nextNumbers remembers which number comes next below a parent: with ids that
// need not ascend, finding it takes a look at all siblings.
type nextNumbers struct {
	mu   sync.Mutex
	next map[nest]uint32
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
		return 0, 1, s.typ.levels[0].ID.numbered()
	}
	s.numbers.mu.Lock()
	defer s.numbers.mu.Unlock()
	if n, ok := s.numbers.next[at]; ok {
		return at.level, n, true
	}
	first, end := s.below(at.level, at.parent)
	n, ok := s.highestNumber(at.level, first, end)
	if !ok {
		return at.level, 0, false
	}
	for n++; n <= maxNumber; n++ {
		if _, _, taken := s.find(s.typ.numberedID(at.level, parent, n)); !taken {
			break
		}
	}
	if s.numbers.next == nil {
		s.numbers.next = map[nest]uint32{}
	}
	s.numbers.next[at] = n
	return at.level, n, true
}

// nowhere is where the items of a group are that does not exist yet.
var nowhere = nest{level: MaxLevels}

// childrenOf returns where the children of a parent are, nowhere for those of a
// group that may be added. It reports false where nothing can have that parent.
func (s *shape) childrenOf(parent ID) (nest, bool) {
	if parent.text == "" {
		g, ok := s.groupNames[parent.group]
		if !ok {
			return nowhere, s.root.Kind == RootGroups
		}
		return nest{0, uint32(g)}, true
	}
	l, i, ok := s.find(parent)
	if !ok || s.typ.leaf(l) {
		return nest{}, false
	}
	return nest{l + 1, i}, true
}
