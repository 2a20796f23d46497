package schema

import (
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// categorySet is a set of categories, one bit each.
type categorySet uint

func setOf(categories []format.Category) categorySet {
	var s categorySet
	for _, c := range categories {
		s |= 1 << c
	}
	return s
}

// categoriesOf returns the categories that the items of levels can be in, those
// without a status aside, and false if a machine is not known well enough to say.
func (l *loader) categoriesOf(levels ...*Level) (categorySet, bool) {
	var s categorySet
	for _, level := range levels {
		if !level.hasStatus() {
			continue
		}
		if level.Machine == nil || l.incomplete[level.Machine] {
			return 0, false
		}
		for _, state := range level.Machine.States {
			if state.Category == 0 {
				return 0, false
			}
			s |= 1 << state.Category
		}
	}
	return s, true
}

func (l *loader) checkGuards() {
	for _, level := range l.model.Levels {
		// What the guards on an event leave possible, together.
		left := make(map[guarded]categorySet)
		for _, g := range level.Guards {
			possible, ok := l.possible(level, g)
			if !ok || len(g.Categories) == 0 {
				continue
			}
			for _, event := range g.Events {
				key := guarded{event, g.Kind, ""}
				if g.References != nil {
					key.references = g.References.String()
				}
				if _, ok := left[key]; !ok {
					left[key] = possible
				}
				left[key] &= setOf(g.Categories)
				if left[key] == 0 {
					l.refuse(l.spanOf(g.Pos), ruleImpossibleGuard, "the guard on %q can never be met: %s", event.Name, g.whyImpossible(possible))
					break
				}
			}
		}
	}
}

// guarded is what a guard looks at for one event.
type guarded struct {
	event *Event
	kind  format.GuardKind
	// references are those of a guard on dependencies, in words.
	references string
}

// possible returns the categories in which the items that a guard looks at can
// be. It reports a guard that looks at nothing.
func (l *loader) possible(level *Level, g *Guard) (categorySet, bool) {
	switch g.Kind {
	case format.ChildrenIn:
		children := level.below()
		if len(children) == 0 {
			l.refuse(l.spanOf(g.Pos), rulePointlessGuard, "the guard can never say no: items of the level %s have no children", level.Name)
			return 0, false
		}
		return l.possibleOf(g, "children", children)
	case format.ParentIn:
		parents := l.above(level)
		if len(parents) == 0 {
			l.refuse(l.spanOf(g.Pos), rulePointlessGuard, "the guard can never say no: items of the level %s have no parent", level.Name)
			return 0, false
		}
		return l.possibleOf(g, "parents", parents)
	case format.DependenciesIn:
		if g.References == nil || len(g.References.Field().Targets) == 0 {
			return 0, false
		}
		return l.possibleOf(g, "dependencies", g.References.Field().Targets)
	default:
		return 0, false
	}
}

// possibleOf returns the categories that the items of levels can be in. It reports
// a guard whose items have no status.
func (l *loader) possibleOf(g *Guard, what string, levels []*Level) (categorySet, bool) {
	if !slices.ContainsFunc(levels, (*Level).hasStatus) {
		l.refuse(l.spanOf(g.Pos), rulePointlessGuard, "the guard can never say no: %s have no status", what)
		return 0, false
	}
	return l.categoriesOf(levels...)
}

func (g *Guard) whyImpossible(possible categorySet) string {
	what := map[format.GuardKind]string{format.ChildrenIn: "children", format.DependenciesIn: "dependencies", format.ParentIn: "the parent"}[g.Kind]
	if setOf(g.Categories)&possible != 0 {
		return "an earlier guard on the same event wants " + what + " in other categories"
	}
	names := make([]string, len(g.Categories))
	for i, c := range g.Categories {
		names[i] = c.String()
	}
	return "no status of " + what + " is " + listOr(names)
}

func (l *loader) checkRollups() {
	for _, level := range l.model.Levels {
		if r := level.Rollup; r != nil {
			if why := l.whyNoRollup(level, r); why != "" {
				l.refuse(l.spanOf(r.Pos), ruleImpossibleRollup, "the rollup can never happen: %s", why)
			}
		}
	}
}

// whyNoRollup says why a rollup can never happen, "" if it can.
func (l *loader) whyNoRollup(level *Level, r *Rollup) string {
	children := level.below()
	if len(children) == 0 {
		return "items of the level " + level.Name + " have no children"
	}
	if !slices.ContainsFunc(children, (*Level).hasStatus) {
		return "the children have no status"
	}
	if possible, ok := l.categoriesOf(children...); ok && len(r.When) > 0 && possible&setOf(r.When) == 0 {
		return "no status of children is in these categories"
	}
	m := level.Machine
	if r.To == nil || m == nil || l.incomplete[m] {
		return ""
	}
	if !slices.Contains(m.States, r.To) {
		return "the machine " + m.Name + " has no state " + r.To.Name
	}
	entering := m.entering(r.To)
	if len(entering) == 0 {
		return "no event leads to " + r.To.Name
	}
	for _, event := range entering {
		if !level.forbids(event, r.When) {
			return ""
		}
	}
	return "the guards on every event that leads to " + r.To.Name + " want children in other categories"
}

func (m *Machine) entering(to *Status) []*Event {
	var list []*Event
	for _, t := range m.Transitions {
		if t.To == to {
			list = append(list, t.Event)
		}
	}
	return list
}

// forbids reports whether a guard refuses the event while all children, at
// least one, are in the categories.
func (level *Level) forbids(event *Event, when []format.Category) bool {
	return slices.ContainsFunc(level.Guards, func(g *Guard) bool {
		return g.Kind == format.ChildrenIn && slices.Contains(g.Events, event) && setOf(g.Categories)&setOf(when) == 0
	})
}
