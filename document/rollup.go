package document

import (
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// rollup advances the parents of items that changed or went, from the bottom
// up, where all their children are in the categories that the level names. A
// parent that is done or dropped, whose id does not name it, or whose machine or
// guards refuse, stays as it is.
func (g *gate) rollup() {
	if !g.to.typ.format.RollsUp {
		return // looking for a parent takes about an eighth of an update
	}
	var last tree.Node
	looked := false
	for n := 0; n < g.hops.n; n++ {
		h := g.hops.at(n)
		parent, ok := g.to.shape.Parent(h.Node)
		if !ok {
			continue
		}
		r := g.to.shape.Level(parent).Rollup
		if r == nil || g.to.shape.SharesID(parent) || !g.to.in(h.Node, r.When) {
			continue // not all of the children, then
		}
		if looked && parent == last {
			continue // nothing has changed since it was looked at
		}
		last, looked = parent, true
		g.roll(parent, r)
	}
}

// roll advances one parent, if it may.
func (g *gate) roll(n tree.Node, r *format.Rollup) {
	from := g.to.status(n)
	if from == r.To || g.to.in(n, closed) || !g.to.allIn(g.to.shape.Children(n), r.When) {
		return
	}
	trial := gate{base: g.to, to: g.to}
	if _, err := trial.advance(g.to.shape.Level(n).StateMachine, hop{Node: n, from: from}, r.To); err != nil {
		return
	}
	trial.judge()
	if len(trial.errs) > 0 {
		return
	}
	g.to = trial.to
	for n := range trial.hops.n {
		g.hops.add(trial.hops.at(n))
	}
}

// fired returns the events of the hops from one on.
func (g *gate) fired(from int) []Change {
	var changes []Change
	for n := from; n < g.hops.n; n++ {
		h := g.hops.at(n)
		changes = append(changes, Fire(g.to.shape.id(h.Node), h.event))
	}
	return changes
}
