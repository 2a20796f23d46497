package document

import (
	"fmt"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/statemachine"
)

// compiledGuard is a guard of a level, with what it demands in words.
type compiledGuard struct {
	Guard
	demand string
}

func (c *typeCompiler) guards(n Level) {
	l := &c.t.levels[n]
	for _, g := range l.Guards {
		switch {
		case g.Kind < ChildrenIn || g.Kind > CustomGuard:
			c.problem("level %s: unknown kind of guard", l.Name)
		case g.Kind == DependenciesIn && (g.Field < 0 || g.Field >= len(l.Fields) || l.Fields[g.Field].Kind != ReferenceField):
			c.problem("level %s: guard on field %d, which is no reference", l.Name, g.Field)
		case g.Kind == ChildrenIn && l.Children == "":
			c.problem("level %s: guard on children, but it has none", l.Name)
		case g.Kind == CustomGuard && g.Name == "":
			c.problem("level %s: custom guard without a name", l.Name)
		default:
			l.guardList = append(l.guardList, compiledGuard{g, g.demand()})
		}
	}
	l.dependencies = l.dependencyField()
	if r := l.Rollup; r != nil && (l.Children == "" || l.machine != nil && !l.machine.Has(r.To)) {
		c.problem("level %s: rollup to a status it does not have, or without children", l.Name)
	}
}

// demand continues "that needs".
func (g Guard) demand() string {
	switch g.Kind {
	case ChildrenIn:
		return "all its children " + g.Categories.words()
	case DependenciesIn:
		return "its dependencies " + g.Categories.words()
	case ParentIn:
		return "its parent " + g.Categories.words()
	}
	return fmt.Sprintf("the guard %q to pass", g.Name)
}

var categoryNames = [...]string{Todo: "todo", Active: "active", Done: "done", Failed: "failed", Dropped: "dropped"}

// String returns the category's name: "todo", "active", "done", "failed" or
// "dropped".
func (c Category) String() string {
	if int(c) >= len(categoryNames) || c == 0 {
		return "none"
	}
	return categoryNames[c]
}

// words lists the categories: "done or dropped".
func (s Categories) words() string {
	var names []string
	for c := Todo; c <= Dropped; c++ {
		if s.Has(c) {
			names = append(names, c.String())
		}
	}
	if len(names) > 1 {
		last := len(names) - 1
		names = append(names[:last-1], names[last-1]+" or "+names[last])
	}
	return strings.Join(names, ", ")
}

// judge asks the guards about every hop, on the document that the group would
// produce.
func (g *gate) judge() {
	for n := range g.hops.n {
		if err := g.to.guard(g.hops.at(n)); err != nil {
			g.refuse(err)
		}
	}
}

// guard returns the refusal of the first guard that does not hold.
func (d *Document) guard(h hop) error {
	level := &d.shape.typ.levels[h.level]
	for n := range level.guardList {
		guard := &level.guardList[n]
		if !slices.Contains(guard.Events, h.event) {
			continue
		}
		if err := d.ask(guard, h); err != nil {
			return err
		}
	}
	return nil
}

func (d *Document) ask(guard *compiledGuard, h hop) error {
	var cause error
	if guard.Kind == CustomGuard {
		if cause = d.custom(guard, h); cause == nil {
			return nil
		}
	}
	blocking := d.blocking(guard, h)
	if blocking == nil && cause == nil {
		return nil
	}
	refusal := d.shape.typ.levels[h.level].machine.RefuseByGuard(h.from, h.event, guard.demand, blocking, cause)
	refusal.Item = d.shape.id(h.level, h.i).String()
	refusal.Legal = slices.DeleteFunc(refusal.Legal, func(a statemachine.Alternative) bool {
		return d.guarded(hop{level: h.level, i: h.i, event: d.shape.typ.eventNamed(a.Event), from: h.from})
	})
	return refusal
}

// guarded reports whether a guard other than a custom one stands before an
// event.
func (d *Document) guarded(h hop) bool {
	guards := d.shape.typ.levels[h.level].guardList
	for n := range guards {
		if slices.Contains(guards[n].Events, h.event) && d.blocking(&guards[n], h) != nil {
			return true
		}
	}
	return false
}

// blocking lists the items that a guard finds in the way, nil for none.
func (d *Document) blocking(guard *compiledGuard, h hop) []string {
	switch guard.Kind {
	case ChildrenIn:
		if first, end := d.shape.children(h.level, h.i); first < end {
			return d.blockingChildren(h.level+1, first, end, guard.Categories)
		}
	case DependenciesIn:
		return d.blockingDependencies(h, guard)
	case ParentIn:
		if h.level == 0 {
			return nil
		}
		parent := d.shape.levels[h.level].nodes[h.i].parent
		if !d.in(h.level-1, parent, guard.Categories) {
			return []string{d.shape.id(h.level-1, parent).String()}
		}
	}
	return nil
}

func (d *Document) custom(guard *compiledGuard, h hop) error {
	ask := d.shape.typ.guards[guard.Name]
	if ask == nil {
		return &missingGuardError{guard.Name}
	}
	return ask(d, d.item(h.level, h.i), h.event)
}

// missingGuardError refuses events whose guard the program has not supplied.
type missingGuardError struct{ name string }

func (e *missingGuardError) Error() string {
	return "the program has not supplied the guard " + e.name
}

// in reports whether an item's category is in the set.
func (d *Document) in(l Level, i uint32, set Categories) bool {
	return d.shape.typ.category(d.status(l, i))&set != 0
}

// allIn reports whether all items of a range have a category of the set. It
// looks at summaries, so a wide range costs little more than a narrow one.
func (d *Document) allIn(l Level, first, end uint32, set Categories) bool {
	number := d.shape.levels[l].number
	_, found := d.shape.typ.packing().outside(d.statuses, number+int(first), number+int(end), set)
	return !found
}

// blockingChildren lists the items of a range whose category is not in the set.
func (d *Document) blockingChildren(l Level, first, end uint32, set Categories) []string {
	var ids []string
	pack, number := d.shape.typ.packing(), d.shape.levels[l].number
	for n := number + int(first); n < number+int(end); n++ {
		var found bool
		if n, found = pack.outside(d.statuses, n, number+int(end), set); !found {
			break
		}
		ids = append(ids, d.shape.id(l, uint32(n-number)).String())
		if len(ids) > 10*statemachine.MaxBlocking {
			break
		}
	}
	return ids
}

// blockingDependencies lists the references of an item that name nothing, or an
// item whose category is not in the set.
func (d *Document) blockingDependencies(h hop, guard *compiledGuard) []string {
	var ids []string
	raw := d.value(h.level, h.i, firstField+guard.Field)
	it := d.item(h.level, h.i)
	eachReference(raw, func(ref []byte) bool {
		l, i, ok := it.target(ref)
		if !ok || !d.in(l, i, guard.Categories) {
			ids = append(ids, it.resolve(ref).String())
		}
		return true
	})
	return ids
}

// rollup advances the parents of items that changed, from the bottom up, where
// all their children are in the categories that the level names. A parent whose
// machine or guards refuse stays as it is.
func (g *gate) rollup() {
	for n := 0; n < g.hops.n; n++ {
		h := g.hops.at(n)
		if h.level == 0 {
			continue
		}
		s := g.to.shape
		parent, level := s.levels[h.level].nodes[h.i].parent, h.level-1
		r := s.typ.levels[level].Rollup
		if r == nil {
			continue
		}
		first, end := s.children(level, parent)
		from := g.to.status(level, parent)
		if from == r.To || !g.to.allIn(level+1, first, end, r.When) {
			continue
		}
		g.roll(level, parent, from, r.To)
	}
}

// roll advances one parent, if it may.
func (g *gate) roll(level Level, i uint32, from, to Status) {
	m := g.to.shape.typ.levels[level].machine
	trial := gate{base: g.to, to: g.to}
	if _, err := trial.advance(m, hop{level: level, i: i, from: from}, to); err != nil {
		return
	}
	trial.judge()
	if len(trial.errs) == 0 {
		g.to = trial.to
		for n := range trial.hops.n {
			g.hops.add(trial.hops.at(n))
		}
	}
}
