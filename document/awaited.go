package document

import (
	"sync"
	"sync/atomic"
)

// awaited remembers which items those of one level wait for, by number, as the
// source text has it. It learns of an item when it is first asked, so that a
// document that is only read pays nothing, and holds no pointers. It is safe for
// concurrent use.
type awaited struct {
	once sync.Once
	// at holds for each item where its numbers lie in lists: 0 while they are
	// not known. Index 0 of lists is unused.
	at    []atomic.Uint32
	lists atomic.Pointer[[]uint32]
	mu    sync.Mutex // for who learns
}

// noItem stands in a list for a reference that names none.
const noItem = ^uint32(0)

// list returns the numbers of what an item waits for.
func (a *awaited) list(i uint32, items int, learn func() []uint32) []uint32 {
	a.once.Do(func() { a.at = make([]atomic.Uint32, items) })
	at := a.at[i].Load()
	if at == 0 {
		return a.learn(i, learn())
	}
	lists := *a.lists.Load()
	return lists[at+1:][:lists[at]]
}

// learn remembers a list. Readers see its place only after it.
func (a *awaited) learn(i uint32, list []uint32) []uint32 {
	a.mu.Lock()
	defer a.mu.Unlock()
	lists := []uint32{0}
	if known := a.lists.Load(); known != nil {
		lists = *known
	}
	if a.at[i].Load() != 0 {
		return list // somebody else was faster
	}
	at := uint32(len(lists))
	lists = append(append(lists, uint32(len(list))), list...)
	a.lists.Store(&lists)
	a.at[i].Store(at)
	return list
}

// waits reports whether an item may wait for others: it does not if its text
// names none.
func (d *Document) waits(l Level, i uint32) bool {
	return d.shape.levels[l].waits[i/64]>>(i%64)&1 != 0 || d.edits.of(d.shape.number(l, i)) != nil
}

// waitsOnlyFor reports whether everything that an item waits for exists and has
// a category of the set. It does not know of edited items: for them it says no.
func (d *Document) waitsOnlyFor(l Level, i uint32, set Categories) bool {
	s := d.shape
	if d.edits.of(s.number(l, i)) != nil {
		return false
	}
	pack := &s.typ.packing
	for _, n := range s.levels[l].awaited.list(i, len(s.levels[l].nodes), func() []uint32 { return d.awaitedNumbers(l, i) }) {
		if n == noItem || s.typ.category(pack.status(d.statuses, int(n)))&set == 0 {
			return false
		}
	}
	return true
}

// awaitedNumbers reads from an item's text what it waits for.
func (d *Document) awaitedNumbers(l Level, i uint32) []uint32 {
	it := d.item(l, i)
	var numbers []uint32
	it.eachDependency(func(ref []byte) bool {
		n := noItem
		if tl, ti, ok := it.target(ref); ok {
			n = uint32(d.shape.number(tl, ti))
		}
		numbers = append(numbers, n)
		return true
	})
	return numbers
}
