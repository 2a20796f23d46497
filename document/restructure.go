package document

import (
	"errors"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// restructure applies a run of additions, removals and moves. As long as they
// do not build on each other they cost one rebuild together.
func (g *gate) restructure(changes []Change) {
	g.to.build()
	g.openLists(changes)
	begin, b := g.to, newRebuild(g.to)
	for i := 0; i < len(changes); i++ {
		err := b.change(&changes[i])
		if b.updates > 0 && errors.Is(err, errEntangled) {
			if n := additionsAhead(changes); i < n && g.to == begin && len(g.errs) == 0 && g.addTogether(changes[:n]) {
				g.openLists(changes[n:])
				i, b = n-1, newRebuild(g.to)
				continue
			}
			if !g.rebuilt(b) {
				return
			}
			g.openLists(changes[i:])
			b = newRebuild(g.to)
			err = b.change(&changes[i])
		}
		if err != nil {
			g.refuse(err)
		}
	}
	if len(g.errs) == 0 && b.updates > 0 {
		g.rebuilt(b)
	}
}

// additionsAhead returns how many additions a run begins with.
func additionsAhead(changes []Change) int {
	if n := slices.IndexFunc(changes, func(c Change) bool { return c.Op != OpAdd }); n >= 0 {
		return n
	}
	return len(changes)
}

// addTogether takes additions through the gate as a group of their own, which takes
// few rebuilds however they build on each other. It reports false, and does nothing,
// where that does not accept them.
func (g *gate) addTogether(additions []Change) bool {
	next, known, err := g.to.add(additions)
	if err != nil || !known {
		return false
	}
	next.build()
	g.moveHops(next, g.to.shape.id)
	g.base, g.to = next, next
	g.updates += len(additions)
	return true
}

// enterAll puts additions that were judged into the document. What builds on
// others of one rebuild waits for the next: that takes as many as new items are
// nested, not as there are items.
func (g *gate) enterAll(judged []addition) {
	for len(judged) > 0 {
		changes := make([]Change, len(judged))
		for i := range judged {
			changes[i] = judged[i].Change
		}
		g.openLists(changes)
		b := newRebuild(g.to)
		var waiting []addition
		for _, a := range judged {
			err := b.addJudged(a)
			switch {
			case b.updates > 0 && errors.Is(err, errEntangled):
				waiting = append(waiting, a)
				b.note(a)
			case err != nil:
				g.refuse(err)
			}
		}
		if len(g.errs) > 0 || !g.rebuilt(b) {
			return
		}
		judged = waiting
	}
}

// errEntangled says that a change builds on others of the same rebuild.
var errEntangled = errors.New("document: a rebuild must come first")

// rebuilt takes over what a rebuild makes. It reports false where that is not
// accepted.
func (g *gate) rebuilt(b *rebuild) bool {
	next, err := b.finish()
	if err != nil {
		g.refuse(err)
		return false
	}
	g.moveHops(next, b.now)
	for _, at := range append(b.thinned(), b.joined...) {
		g.lookAbove(next, at, b.now)
	}
	g.base, g.to = next, next
	g.updates += b.updates
	return true
}

// moveHops finds the items of the hops in a document of another shape, by the
// ids that they have there.
func (g *gate) moveHops(next *Document, now func(tree.Node) ID) {
	var kept hopList
	for n := range g.hops.n {
		h := g.hops.at(n)
		var ok bool
		if h.Node, ok = next.shape.find(now(h.Node)); ok {
			kept.add(h)
		}
	}
	g.hops = kept
}

// lookAbove has the rollup look at an item that children have left or joined.
func (g *gate) lookAbove(next *Document, at tree.ListID, now func(tree.Node) ID) {
	above, ok := at.Holder()
	if !ok {
		return
	}
	n, ok := next.shape.find(now(above))
	if !ok {
		return
	}
	if below := next.shape.Children(n); below.Len() > 0 {
		first := below.At(0)
		g.hops.add(hop{Node: first, from: next.status(first)})
	}
}
