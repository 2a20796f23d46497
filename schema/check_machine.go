package schema

import (
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// checkMachines judges every machine that was read without a problem.
func (l *loader) checkMachines() {
	for _, m := range l.model.Machines {
		if l.incomplete[m] || m.Initial == nil {
			continue
		}
		graph := newGraph(m)
		reached := graph.reach(m.Initial)
		for _, s := range m.States {
			if !reached[s] {
				l.refuse(l.spanOf(s.Pos), ruleUnreachableState, "no events lead from %q to %q in the machine %s",
					m.Initial.Name, s.Name, m.Name)
				continue
			}
			l.checkWayOut(m, s, graph.reach(s))
		}
	}
}

// graph holds the states to which a single event leads.
type graph map[*Status][]*Status

func newGraph(m *Machine) graph {
	type edge struct{ from, to *Status }
	seen := make(map[edge]bool)
	g := make(graph)
	for _, t := range m.Transitions {
		for _, from := range t.From {
			if e := (edge{from, t.To}); !seen[e] {
				seen[e] = true
				g[from] = append(g[from], t.To)
			}
		}
	}
	return g
}

// reach returns the states that events lead to from one, itself among them.
func (g graph) reach(from *Status) map[*Status]bool {
	reached := map[*Status]bool{from: true}
	for queue := []*Status{from}; len(queue) > 0; queue = queue[1:] {
		for _, to := range g[queue[0]] {
			if !reached[to] {
				reached[to] = true
				queue = append(queue, to)
			}
		}
	}
	return reached
}

// checkWayOut finds states in which items get stuck, and finished ones that
// cannot be taken back.
func (l *loader) checkWayOut(m *Machine, s *Status, reached map[*Status]bool) {
	switch {
	case s.Category == 0:
	case s.Category != format.Done && s.Category != format.Dropped && len(reached) == 1:
		l.refuse(l.spanOf(s.Pos), ruleTrapState, "no event leads out of %q in the machine %s: a state without a way out is done or dropped",
			s.Name, m.Name)
	case s.Category == format.Done && !slices.ContainsFunc(m.States, func(to *Status) bool {
		return reached[to] && (to.Category == format.Todo || to.Category == format.Active || to.Category == 0)
	}):
		l.warn(l.spanOf(s.Pos), ruleNoReopen, "nothing leads from %q back to work in the machine %s: what was completed by mistake stays so",
			s.Name, m.Name)
	}
}

// checkUse finds what is declared and never used. Where it is not known which
// machines levels follow, nothing is said of these and their events.
func (l *loader) checkUse() {
	for _, s := range l.model.Statuses {
		held := slices.ContainsFunc(l.model.Machines, func(m *Machine) bool { return l.partial[m] || slices.Contains(m.States, s) })
		if !held && len(l.model.Machines) > 0 {
			l.refuse(l.spanOf(s.Pos), ruleUnreachableState, "the status %q is a state of no machine", s.Name)
		}
	}
	known := len(l.model.Levels) > 0 &&
		!slices.ContainsFunc(l.model.Levels, func(level *Level) bool { return level.hasStatus() && level.Machine == nil })
	for _, e := range l.model.Events {
		fired := slices.ContainsFunc(l.model.Machines, func(m *Machine) bool {
			return l.incomplete[m] || l.used[m] && m.fires(e)
		})
		if !fired && known {
			l.warn(l.spanOf(e.Pos), ruleUnusedEvent, "no level can fire the event %q", e.Name)
		}
	}
	for _, m := range l.model.Machines {
		if !l.used[m] && known {
			l.warn(l.spanOf(m.Pos), ruleUnusedMachine, "no level follows the machine %s", m.Name)
		}
	}
	if !l.unknownType {
		l.checkTypesUsed()
	}
}

func (l *loader) checkTypesUsed() {
	for _, e := range l.model.Enums {
		if !l.used[e] && e.Name != "" {
			l.warn(l.spanOf(e.Pos), ruleUnusedType, "no field has the type %s", e.Name)
		}
	}
	for _, o := range l.model.Objects {
		if !l.used[o] && o.Name != "" {
			l.warn(l.spanOf(o.Pos), ruleUnusedType, "no field has the type %s", o.Name)
		}
	}
}
