package document

import (
	"slices"

	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// Cycles returns the cycles of dependencies: for each set of items that wait
// for each other, directly or not, a shortest way round from the first of them.
// It looks at every item of the document.
func (d *Document) Cycles() [][]ID {
	d.build()
	total := d.shape.Items()
	w := cycleWalk{doc: d, order: make([]int, total), low: make([]int, total), set: make([]int, total)}
	for n := range total {
		if w.order[n] == 0 {
			w.from(n)
		}
	}
	return w.found()
}

// cycleWalk finds the sets of items that reach each other (Tarjan's strongly
// connected components), without recursion: a chain may be as long as the
// document.
type cycleWalk struct {
	doc   *Document
	seen  int
	order []int // by item: when it was first seen, from 1
	low   []int // the earliest item of its set that it is known to reach
	set   []int // the number of its set, from 1; 0 while that is open
	open  []int // items whose set is not known yet
	path  []pathStep
	sets  int // so far
	// firsts are the first items of the sets that go round.
	firsts []int
}

type pathStep struct {
	number int
	rest   []int // dependencies not looked at yet
}

func (w *cycleWalk) from(start int) {
	w.enter(start)
	for len(w.path) > 0 {
		top := &w.path[len(w.path)-1]
		if len(top.rest) == 0 {
			w.leave(top.number)
			continue
		}
		next := top.rest[0]
		top.rest = top.rest[1:]
		switch {
		case w.order[next] == 0:
			w.enter(next)
		case w.set[next] == 0:
			w.low[top.number] = min(w.low[top.number], w.order[next])
		}
	}
}

func (w *cycleWalk) enter(n int) {
	w.seen++
	w.order[n], w.low[n] = w.seen, w.seen
	w.open = append(w.open, n)
	w.path = append(w.path, pathStep{n, w.doc.dependencyNumbers(n)})
}

// leave goes back from an item that has no dependencies left. If it reaches
// none that was seen earlier, it and the open items since are a set.
func (w *cycleWalk) leave(n int) {
	w.path = w.path[:len(w.path)-1]
	if len(w.path) > 0 {
		above := w.path[len(w.path)-1].number
		w.low[above] = min(w.low[above], w.low[n])
	}
	if w.low[n] != w.order[n] {
		return
	}
	w.sets++
	first, size := n, 0
	for last := -1; last != n; size++ {
		last = w.open[len(w.open)-1]
		w.open = w.open[:len(w.open)-1]
		w.set[last] = w.sets
		first = min(first, last)
	}
	if size > 1 || slices.Contains(w.doc.dependencyNumbers(n), n) {
		w.firsts = append(w.firsts, first)
	}
}

// found returns a way round each set, in the order of their first items.
func (w *cycleWalk) found() [][]ID {
	slices.Sort(w.firsts)
	var cycles [][]ID
	for _, first := range w.firsts {
		cycles = append(cycles, w.round(first))
	}
	return cycles
}

// round returns a shortest way from an item back to itself. It does not leave
// the item's set: from outside there is no way back.
func (w *cycleWalk) round(first int) []ID {
	before := map[int]int{}
	for queue := []int{first}; ; queue = queue[1:] {
		at := queue[0]
		for _, next := range w.doc.dependencyNumbers(at) {
			if next == first {
				return w.way(first, at, before)
			}
			if _, seen := before[next]; !seen && w.set[next] == w.set[first] {
				before[next] = at
				queue = append(queue, next)
			}
		}
	}
}

func (w *cycleWalk) way(first, last int, before map[int]int) []ID {
	var ids []ID
	for at := last; ; at = before[at] {
		ids = append(ids, w.doc.shape.id(w.doc.shape.At(at)))
		if at == first {
			slices.Reverse(ids)
			return ids
		}
	}
}

// dependencyNumbers returns the numbers of the items that an item waits for.
func (d *Document) dependencyNumbers(n int) []int {
	var numbers []int
	for _, target := range d.dependenciesOf(d.shape.At(n)) {
		if target != tree.NoItem {
			numbers = append(numbers, int(target))
		}
	}
	return numbers
}
