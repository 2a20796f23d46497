package document

import (
	"fmt"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/persistent"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

// judge asks the guards about every hop, on the document that the group would
// produce. Of hops of an item in a row that one guard refuses it reports the
// first.
func (g *gate) judge() {
	var last hop
	var by *compiled.Guard
	for n := range g.hops.n {
		h := g.hops.at(n)
		guard, err := g.to.guard(h)
		if err == nil || guard == by && h.Node == last.Node {
			continue
		}
		last, by = h, guard
		g.refuse(err)
	}
}

// guard returns the first guard that does not hold, and its refusal.
func (d *Document) guard(h hop) (*compiled.Guard, error) {
	level := d.shape.Level(h.Node)
	for n := range level.GuardList {
		guard := &level.GuardList[n]
		if !slices.Contains(guard.Events, h.event) {
			continue
		}
		if err := d.ask(guard, h); err != nil {
			return guard, err
		}
	}
	return nil, nil
}

func (d *Document) ask(guard *compiled.Guard, h hop) error {
	var cause error
	if guard.Kind == format.CustomGuard {
		if cause = d.custom(guard, h); cause == nil {
			return nil
		}
	}
	blocking := d.blocking(guard, h)
	if blocking.count == 0 && cause == nil {
		return nil
	}
	refusal := d.shape.Level(h.Node).StateMachine.RefuseByGuard(h.from, h.event, guard.Demand, blocking.ids, cause)
	refusal.MoreBlocking = blocking.count - len(blocking.ids)
	d.advise(refusal, h)
	return refusal
}

// advise completes a machine's refusal: it names the item, and sees to it that
// nothing is recommended that a guard of the item refuses.
func (d *Document) advise(refusal *statemachine.TransitionError, h hop) {
	refusal.Item = d.shape.id(h.Node).String()
	refusal.Legal = slices.DeleteFunc(refusal.Legal, func(a statemachine.Alternative) bool {
		h.event = d.shape.typ.format.EventNamed(a.Event)
		guarded := d.refusingGuard(h) != nil
		if guarded {
			refusal.Guarded = append(refusal.Guarded, a)
		}
		return guarded
	})
	for _, a := range refusal.Way {
		h.event = d.shape.typ.format.EventNamed(a.Event)
		if guard := d.refusingGuard(h); guard != nil {
			refusal.WayGuard = guard.Demand
			refusal.WayEvent = a.Event
			return
		}
	}
}

// refusingGuard returns the first guard that does not hold for an event, nil if
// all do.
func (d *Document) refusingGuard(h hop) *compiled.Guard {
	guards := d.shape.Level(h.Node).GuardList
	for n := range guards {
		if g := &guards[n]; slices.Contains(g.Events, h.event) && !d.holds(g, h) {
			return g
		}
	}
	return nil
}

func (d *Document) holds(guard *compiled.Guard, h hop) bool {
	if guard.Kind == format.CustomGuard {
		return d.custom(guard, h) == nil
	}
	return d.blocking(guard, h).count == 0
}

// obstacles are the items that a guard finds in the way: the ids of the first,
// and how many there are.
type obstacles struct {
	ids   []string
	count int
}

func (o *obstacles) add(id func() string) {
	if o.count < statemachine.MaxBlocking {
		o.ids = append(o.ids, id())
	}
	o.count++
}

// blocking returns the items that a guard finds in the way.
func (d *Document) blocking(guard *compiled.Guard, h hop) obstacles {
	switch guard.Kind {
	case format.ChildrenIn:
		return d.blockingChildren(h.Node, guard.Categories)
	case format.DependenciesIn:
		return d.blockingDependencies(h, guard)
	case format.ParentIn:
		return d.blockingParent(h, guard.Categories)
	}
	return obstacles{}
}

func (d *Document) blockingParent(h hop, set format.Categories) obstacles {
	var found obstacles
	if parent, ok := d.shape.Parent(h.Node); ok && !d.in(parent, set) {
		found.add(func() string { return d.shape.id(parent).String() })
	}
	return found
}

func (d *Document) custom(guard *compiled.Guard, h hop) error {
	ask := d.shape.typ.guards[guard.Name]
	if ask == nil {
		return &MissingGuardsError{Format: d.shape.typ.format.Descriptor.Name, Guards: []string{guard.Name}}
	}
	return ask(d, d.item(h.Node), h.event)
}

// MissingGuardsError lists custom guards of a format that the program has not
// supplied.
type MissingGuardsError struct {
	Format string
	Guards []string
}

// Error names the guards.
func (e *MissingGuardsError) Error() string {
	if len(e.Guards) == 1 {
		return fmt.Sprintf("the program has not supplied the guard %s of the format %q", e.Guards[0], e.Format)
	}
	last := len(e.Guards) - 1
	return fmt.Sprintf("the program has not supplied the guards %s and %s of the format %q",
		strings.Join(e.Guards[:last], ", "), e.Guards[last], e.Format)
}

// in reports whether an item's category is in the set, or it is of a level without
// statuses: such items are in nobody's way.
func (d *Document) in(n tree.Node, set format.Categories) bool {
	pack := &d.shape.typ.format.Packing
	return pack.Class(pack.At(d.statuses, d.shape.Number(n)))&^persistent.Set(set) == 0
}

// allIn reports whether all items of a list are in the set.
func (d *Document) allIn(l tree.List, set format.Categories) bool {
	first, end := d.shape.NumbersOf(l)
	_, found := d.shape.typ.format.Packing.Outside(d.statuses, first, end, persistent.Set(set))
	return !found
}

// blockingChildren returns the items below one whose category is not in the set.
func (d *Document) blockingChildren(n tree.Node, set format.Categories) obstacles {
	var found obstacles
	for child := range d.outside(d.shape.Children(n), set) {
		found.add(func() string { return d.shape.id(child).String() })
	}
	return found
}

// blockingDependencies returns the references of an item that name nothing, or
// an item whose category is not in the set.
func (d *Document) blockingDependencies(h hop, guard *compiled.Guard) obstacles {
	var found obstacles
	if guard.References == d.shape.Level(h.Node).Dependencies &&
		(!d.waits(h.Node) || d.waitsOnlyFor(h.Node, guard.Categories)) {
		return found
	}
	raw := d.value(h.Node, guard.References.Slot)
	it := d.item(h.Node)
	guard.References.Each(raw, func(ref []byte) bool {
		n, ok := it.target(ref)
		if !ok || !d.in(n, guard.Categories) {
			found.add(func() string { return it.resolve(ref).String() })
		}
		return true
	})
	return found
}
