package document

import (
	"sync"
	"sync/atomic"

	"github.com/backlog-gen/backlog-gen/document/format"
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
	// noItem stands in a list for a reference that names none.
	noItem = ^uint32(0)
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
	if len(list) == 1 && list[0] != noItem {
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

// waits reports whether an item may wait for others: it does not if its text
// names none.
func (d *Document) waits(n node) bool {
	return d.shape.rows[n.row].waits[n.index/64]>>(n.index%64)&1 != 0 || d.edits.of(d.shape.number(n)) != nil
}

// waitsOnlyFor reports whether everything that an item waits for exists and has
// a category of the set. It does not know of edited items: for them it says no.
func (d *Document) waitsOnlyFor(n node, set format.Categories) bool {
	s := d.shape
	if d.edits.of(s.number(n)) != nil {
		return false
	}
	pack := &s.typ.format.Packing
	return s.rows[n.row].cached.all(n.index, len(s.rows[n.row].entries),
		func() []uint32 { return d.dependenciesOf(n) },
		func(other uint32) bool {
			return other != noItem && format.Categories(pack.Class(pack.At(d.statuses, int(other))))&set != 0
		})
}

// dependenciesOf reads from an item's text what it waits for.
func (d *Document) dependenciesOf(n node) []uint32 {
	it := d.item(n)
	var numbers []uint32
	it.eachDependency(func(ref []byte) bool {
		number := noItem
		if target, ok := it.target(ref); ok {
			number = uint32(d.shape.number(target))
		}
		numbers = append(numbers, number)
		return true
	})
	return numbers
}
