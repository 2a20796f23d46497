package document

import (
	"errors"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

// Applied says what Apply did.
type Applied struct {
	// Updates counts the changes that did something: one that sets a status
	// to what it is, or a field to the value it has, is accepted and does not
	// count.
	Updates int
}

// Apply is the only way from one snapshot to the next. It takes a group of
// changes in order and either accepts all of them or none: fields must obey
// their rules, ids and parents must exist, the machine must agree to each status
// change, and every guard must hold on the document that the whole group would
// produce. Last, parents whose level has a rollup are advanced where the group
// completed their children.
//
// If nothing changes, Apply returns d itself. The error is a *NotFoundError, a
// *statemachine.TransitionError or a *ChangeError, or several of them joined.
func (d *Document) Apply(changes ...Change) (*Document, Applied, error) {
	to, applied, rolledUp, err := d.apply(changes)
	if err == nil && to != d {
		to.history = d.history.next(changes, rolledUp)
	}
	return to, applied, err
}

// apply also returns what the rollup did, if the document has a history.
func (d *Document) apply(changes []Change) (*Document, Applied, []Change, error) {
	if len(changes) > 0 && !slices.ContainsFunc(changes, func(c Change) bool { return c.Op != OpAdd }) {
		if to, known, err := d.add(changes); err != nil {
			return nil, Applied{}, nil, err
		} else if known {
			return to, Applied{Updates: len(changes)}, nil, nil
		}
	}
	g := gate{base: d, to: d}
	if d.typ.format.Positions {
		g.start = d
		for i := range changes {
			if err := d.checkSeen(&changes[i]); err != nil {
				g.refuse(err)
			}
		}
		if len(g.errs) > 0 {
			return nil, Applied{}, nil, joined(g.errs)
		}
	}
	for i := 0; i < len(changes); i++ {
		if err := g.shifts.refusal(g.start, g.to, &changes[i]); err != nil {
			g.refuse(err)
			continue
		}
		switch changes[i].Op {
		case OpAdd, OpRemove, OpMove:
			end := i + 1
			if g.start != nil {
				g.place(&changes[i])
			}
			for end < len(changes) && g.start == nil && changes[end].Op.structural() {
				end++
			}
			g.restructure(changes[i:end])
			i = end - 1
		case OpEdit:
			if changes[i].ID == (ID{}) {
				g.editDocument(&changes[i])
			} else {
				g.edit(&changes[i])
			}
		case OpSet, OpAdvance, OpFire, OpForce:
			g.status(&changes[i])
		default:
			g.refuse(changeError(changes[i].ID, "operation", "unknown operation "+changes[i].Op.String()))
		}
	}
	if len(g.errs) == 0 {
		g.errs = unwritable(d.typ, changes)
	}
	if len(g.errs) == 0 {
		g.judge()
	}
	if len(g.errs) > 0 {
		return nil, Applied{}, nil, joined(g.errs)
	}
	asked := g.hops.n
	g.rollup()
	if g.to == d {
		return d, Applied{Updates: g.updates}, nil, nil
	}
	if err := g.to.tooLarge(changes[0].ID); err != nil {
		return nil, Applied{}, nil, err
	}
	if d.history == nil {
		return g.to, Applied{Updates: g.updates}, nil, nil
	}
	return g.to, Applied{Updates: g.updates}, g.fired(asked), nil
}

// unwritable refuses changes that cannot be written down.
func unwritable(t *Type, changes []Change) (errs []error) {
	for i := range changes {
		if err := t.unwritable(&changes[i]); err != nil {
			errs = append(errs, changeError(changes[i].ID, "operation", err.Error()))
		}
	}
	return errs
}

func (o Op) structural() bool { return o == OpAdd || o == OpRemove || o == OpMove }

// joined returns a single error as it is.
func joined(errs []error) error {
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

// gate is one group on its way through Apply.
type gate struct {
	// to is the document being made: base itself until something changes.
	// It shares with base whatever it has not copied.
	base, to *Document
	hops     hopList
	updates  int
	errs     []error
	// start is the document before the group, where items are known by their places,
	// and shifts are those of them that are not what they were.
	start  *Document
	shifts shifts
}

// hop is one event that was fired, still to be judged by the guards. A hop
// without an event was forced: the guards have no say, but parents are looked at.
type hop struct {
	tree.Node
	event    Event
	from, to Status
}

// hopList is a list whose first elements need no allocation: most groups are
// one change.
type hopList struct {
	few  [2]hop
	n    int
	more []hop
}

func (l *hopList) add(h hop) {
	if l.n < len(l.few) {
		l.few[l.n] = h
	} else {
		l.more = append(l.more, h)
	}
	l.n++
}

func (l *hopList) at(i int) hop {
	if i < len(l.few) {
		return l.few[i]
	}
	return l.more[i-len(l.few)]
}

// place notes which places a change is about to shift.
func (g *gate) place(c *Change) {
	if g.shifts == nil {
		g.shifts = shifts{}
	}
	g.to.build()
	g.shifts.note(g.to, c)
}

func (g *gate) refuse(err error) { g.errs = append(g.errs, err) }

// find returns the item with an id. What is not there does not make the gate build
// the document.
func (g *gate) find(id ID) (tree.Node, bool) {
	if o := g.to.unbuilt(); o != nil {
		if _, ok := o.level(id); !ok {
			return tree.Node{}, false
		}
	}
	g.to.build()
	return g.to.shape.find(id)
}

// writable makes g.to a document of its own.
func (g *gate) writable() *Document {
	if g.to == g.base {
		g.to = g.base.copied()
	}
	return g.to
}

// status takes one change of a status through the machine.
func (g *gate) status(c *Change) {
	n, ok := g.find(c.ID)
	if !ok {
		g.refuse(g.to.notFound(c.ID))
		return
	}
	level := g.to.shape.Level(n)
	if level.StateMachine == nil {
		g.refuse(changeError(c.ID, "status", statusless(level)))
		return
	}
	from := g.to.status(n)
	if c.Op == OpForce {
		g.force(c, n, from)
		return
	}
	if from == c.To && c.Op != OpFire {
		return
	}
	changed, err := g.fire(c, level.StateMachine, hop{Node: n, from: from})
	if err != nil {
		var refusal *statemachine.TransitionError
		if errors.As(err, &refusal) {
			g.advise(refusal, hop{Node: n, from: from})
		}
		g.refuse(err)
		return
	}
	if changed {
		g.updates++
	}
}

// advise completes a machine's refusal. Custom guards may keep the document that
// they are asked about, so that what follows is written into another one.
func (g *gate) advise(refusal *statemachine.TransitionError, h hop) {
	g.to.advise(refusal, h)
	g.base = g.to
}

// fire asks the machine for each event that the change needs.
func (g *gate) fire(c *Change, m *statemachine.Machine[Status, Event], h hop) (changed bool, err error) {
	switch c.Op {
	case OpSet:
		h.event, err = m.EventTo(h.from, c.To)
	case OpFire:
		h.event = c.Event
	case OpAdvance:
		return g.advance(m, h, c.To)
	}
	if err != nil {
		return false, err
	}
	to, err := m.Fire(h.from, h.event)
	if err != nil {
		return false, err
	}
	g.take(h, to)
	return to != h.from, nil
}

// advance fires the events of the shortest path.
func (g *gate) advance(m *statemachine.Machine[Status, Event], h hop, to Status) (changed bool, err error) {
	path, err := m.Path(h.from, to)
	if err != nil {
		return false, err
	}
	for _, step := range path {
		h.event = step.Event
		next, err := m.Fire(h.from, h.event)
		if err != nil {
			return false, err
		}
		g.take(h, next)
		h.from = next
	}
	return true, nil
}

// take records a hop and gives the item its status. An event that leads back to
// where it comes from is judged, and changes nothing.
func (g *gate) take(h hop, to Status) {
	h.to = to
	g.hops.add(h)
	if to != h.from {
		g.set(h.Node, h.from, to)
	}
}

// force gives an item a status that its level has, and asks nobody.
func (g *gate) force(c *Change, n tree.Node, from Status) {
	level := g.to.shape.Level(n)
	if c.Reason == "" {
		g.refuse(changeError(c.ID, "reason", "a force needs a reason"))
	}
	if !level.StateMachine.Has(c.To) {
		_, err := level.StateMachine.EventTo(from, c.To)
		var refusal *statemachine.TransitionError
		if errors.As(err, &refusal) {
			g.advise(refusal, hop{Node: n, from: from})
		}
		g.refuse(err)
	}
	if len(g.errs) > 0 || from == c.To {
		return
	}
	g.take(hop{Node: n, from: from}, c.To)
	g.updates++
}

func changeError(id ID, rule, message string) error {
	return &ChangeError{ID: id, Problems: []Problem{{Severity: Refusal, Item: id.String(), Rule: rule, Message: message}}}
}

// set writes a status into the document being made.
func (g *gate) set(n tree.Node, from, to Status) {
	d := g.writable()
	t := d.shape.typ
	number := d.shape.Number(n)
	if t.format.Levels[n.Kind].StatusOptional {
		g.spellStatus(n, to)
	}
	t.format.Packing.Set(&d.statuses, g.base.statuses, number, uint8(to))
	counts := d.counts[int(n.Kind)*len(t.format.Statuses):]
	counts[from]--
	counts[to]++
}

// spellStatus gives an item that has no status in its text one, so that there
// is a place to write it to.
func (g *gate) spellStatus(n tree.Node, to Status) {
	d, number := g.to, g.to.shape.Number(n)
	if d.value(n, compiled.StatusSlot) != nil {
		return
	}
	old := d.recordOf(n)
	d.setRecord(g.base, number, old, d.shape.withStatus(n, old, to))
}
