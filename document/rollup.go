package document

// rollup advances the parents of items that changed or went, from the bottom
// up, where all their children are in the categories that the level names. A
// parent that is done or dropped, or whose machine or guards refuse, stays as it
// is.
func (g *gate) rollup() {
	lastLevel, lastParent := Level(0), uint32(0)
	for n := 0; n < g.hops.n; n++ {
		h := g.hops.at(n)
		if h.level == 0 {
			continue
		}
		s, level := g.to.shape, h.level-1
		r := s.typ.levels[level].Rollup
		if r == nil || !g.to.in(h.level, h.i, r.When) {
			continue // not all of the children, then
		}
		parent := s.levels[h.level].nodes[h.i].parent
		if n > 0 && level == lastLevel && parent == lastParent {
			continue // nothing has changed since it was looked at
		}
		lastLevel, lastParent = level, parent
		g.roll(level, parent, r)
	}
}

// roll advances one parent, if it may.
func (g *gate) roll(level Level, i uint32, r *Rollup) {
	first, end := g.to.shape.children(level, i)
	from := g.to.status(level, i)
	if from == r.To || g.to.in(level, i, settled) || !g.to.allIn(level+1, first, end, r.When) {
		return
	}
	trial := gate{base: g.to, to: g.to}
	if _, err := trial.advance(g.to.shape.typ.levels[level].machine, hop{level: level, i: i, from: from}, r.To); err != nil {
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
		changes = append(changes, Fire(g.to.shape.id(h.level, h.i), h.event))
	}
	return changes
}
