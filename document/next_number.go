package document

import (
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
	s.numbers.mu.Lock()
	defer s.numbers.mu.Unlock()
	if n, ok := s.numbers.next[at]; ok {
		return at.Kind, n, true
	}
	n, ok := s.highestNumber(s.List(at))
	if !ok {
		return at.Kind, 0, false
	}
	for n++; n <= compiled.MaxNumber; n++ {
		if !s.taken(s.typ.numberedID(at.Kind, parent, n)) {
			break
		}
	}
	if s.numbers.next == nil {
		s.numbers.next = map[tree.ListID]uint32{}
	}
	s.numbers.next[at] = n
	return at.Kind, n, true
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
