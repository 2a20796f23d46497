package document

import (
	"errors"

	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// restructure applies a run of additions, removals and moves. As long as they
// do not build on each other they cost one rebuild together. Each is taken by do,
// by its position.
func (g *gate) restructure(changes []Change, do func(b *rebuild, i int) error) {
	g.to.build()
	g.openLists(changes)
	b := newRebuild(g.to)
	for i := range changes {
		err := do(b, i)
		if b.updates > 0 && errors.Is(err, errEntangled) {
			if !g.rebuilt(b) {
				return
			}
			g.openLists(changes[i:])
			b = newRebuild(g.to)
			err = do(b, i)
		}
		if err != nil {
			g.refuse(err)
		}
	}
	if len(g.errs) == 0 && b.updates > 0 {
		g.rebuilt(b)
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
