package tree

import (
	"sync"
	"sync/atomic"
)

// dependencyCache remembers which items those of one row wait for, by number, as
// the source text has it. It learns of an item when it is first asked, so that a
// document that is only read pays nothing, and holds no pointers. It is safe for
// concurrent use.
type dependencyCache struct {
	once sync.Once
	// at holds for each item 0 while it is not known what it waits for; the
	// number of the only item it waits for, marked; or where its numbers lie in
	// lists, whose index 0 is unused.
	at    []atomic.Uint32
	lists atomic.Pointer[[]uint32]
	mu    sync.Mutex // for who learns
}

const (
	// NoItem stands in a list for a reference that names none.
	NoItem = ^uint32(0)
	// single marks a number in dependencyCache.at. Numbers are below it: a
	// document has fewer items than bytes.
	single = 1 << 31
)

// all reports whether ok holds for the number of everything that an item waits
// for.
func (c *dependencyCache) all(i uint32, items int, learn func() []uint32, ok func(number uint32) bool) bool {
	c.once.Do(func() { c.at = make([]atomic.Uint32, items) })
	at := c.at[i].Load()
	if at&single != 0 {
		return ok(at &^ single)
	}
	var list []uint32
	if at == 0 {
		list = c.learn(i, learn())
	} else {
		lists := *c.lists.Load()
		list = lists[at+1:][:lists[at]]
	}
	for _, n := range list {
		if !ok(n) {
			return false
		}
	}
	return true
}

// learn remembers a list. Readers see its place only after it.
func (c *dependencyCache) learn(i uint32, list []uint32) []uint32 {
	if len(list) == 1 && list[0] != NoItem {
		c.at[i].Store(list[0] | single)
		return list
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	lists := []uint32{0}
	if known := c.lists.Load(); known != nil {
		lists = *known
	}
	if c.at[i].Load() != 0 {
		return list // somebody else was faster
	}
	at := uint32(len(lists))
	lists = append(append(lists, uint32(len(list))), list...)
	c.lists.Store(&lists)
	c.at[i].Store(at)
	return list
}

// Waits reports whether the text of an item names others that it waits for.
func (s *Tree) Waits(n Node) bool { return s.rows[n.Row].waits[n.Index/64]>>(n.Index%64)&1 != 0 }

// Awaited reports whether ok holds for the number of everything that an item
// waits for, NoItem for what is not there. learn reads the numbers from its text,
// and is asked once.
func (s *Tree) Awaited(n Node, learn func() []uint32, ok func(number uint32) bool) bool {
	r := &s.rows[n.Row]
	return r.cached.all(n.Index, len(r.entries), learn, ok)
}
