package statemachine

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/looplab/fsm"
)

// ErrGuard is the cause of a [TransitionError] where the machine would have
// agreed but the condition on the event does not hold.
var ErrGuard = errors.New("guard not satisfied")

// TransitionError says why a change of state is refused and what would be
// legal. Machines return it without Item, which they know nothing of: whoever
// asked about an item sets the field.
type TransitionError struct {
	// Item is the full id of the item, "" if the question was not about one.
	Item string
	// Machine is the name of the machine.
	Machine string
	// From is the name of the current state.
	From string
	// Event is the name of the event asked for, "" if a destination was.
	Event string
	// To is the name of the destination asked for, or of the event's; "" if
	// the event has none from here.
	To string
	// Legal lists what is possible from From, in schema order: what the machine
	// allows, without what guards refuse. Only who judges guards knows of
	// those, and puts them into Guarded.
	Legal, Guarded []Alternative
	// Way is the shortest way to To, where one hop was asked for and several
	// are needed.
	Way []Alternative
	// WayEvent is the first event of Way that a guard refuses at the moment,
	// "" if none is, and WayGuard what that guard demands, as in Guard.
	WayEvent, WayGuard string
	// States are all states of the machine, where From or To is not one.
	States []string
	// Guard is what the guard demands, in words that continue "that needs":
	// "its dependencies done or dropped". It is "" if the machine refused.
	Guard string
	// Blocking are the ids of items that the guard found in the way, at most
	// MaxBlocking of them; MoreBlocking counts the others.
	Blocking     []string
	MoreBlocking int
	// UnknownEvent is set if the machine has no event named Event.
	UnknownEvent bool
	// Err is the cause that Unwrap returns.
	Err error
}

// MaxBlocking is how many items in the way a [TransitionError] names.
const MaxBlocking = 10

// Alternative is a legal event and where it leads.
type Alternative struct{ Event, To string }

// String returns the alternative as messages show it: ready (→ Ready).
func (a Alternative) String() string { return a.Event + " (→ " + a.To + ")" }

// Unwrap returns the cause: what the state machine library said, or the error of
// a guard which the program supplies, or ErrGuard.
func (e *TransitionError) Unwrap() error { return e.Err }

// Error returns one sentence: what is wrong and what would be legal.
func (e *TransitionError) Error() string {
	var b strings.Builder
	if e.Item != "" {
		b.WriteString(e.Item + ": ")
	}
	if e.Event != "" {
		b.WriteString("cannot " + e.Event + " from " + e.From)
	} else {
		b.WriteString("cannot go from " + e.From + " to " + e.To)
	}
	if len(e.Way) > 0 {
		b.WriteString(" in one step")
	}
	b.WriteString(": ")
	parts := slices.DeleteFunc([]string{e.reason(), e.alternatives()}, func(s string) bool { return s == "" })
	b.WriteString(strings.Join(parts, "; "))
	return b.String()
}

// reason returns why, or "" where what is legal says enough.
func (e *TransitionError) reason() string {
	if e.Guard != "" {
		return e.demand()
	}
	for _, name := range []string{e.From, e.To} {
		if e.isForeign(name) {
			return fmt.Sprintf("%s is not a state of machine %s, whose states are %s", name, e.Machine, list(e.States))
		}
	}
	if e.UnknownEvent {
		return fmt.Sprintf("%s is not an event of machine %s", e.Event, e.Machine)
	}
	switch {
	case e.Event != "":
		return ""
	case e.From == e.To:
		return "it is there already"
	case len(e.Way) > 0:
		if e.WayEvent != "" {
			return "it takes " + then(e.Way) + ", but " + e.WayEvent + " needs " + e.WayGuard
		}
		return "it takes " + then(e.Way)
	default:
		return "no events lead there"
	}
}

func (e *TransitionError) isForeign(state string) bool {
	return state != "" && len(e.States) > 0 && !slices.Contains(e.States, state)
}

// demand returns what the guard asks for and what is in its way.
func (e *TransitionError) demand() string {
	s := "that needs " + e.Guard
	if len(e.Blocking) > 0 {
		names := slices.Clone(e.Blocking)
		for i, name := range names {
			names[i] = cmp.Or(name, `""`)
		}
		if e.MoreBlocking > 0 {
			names = append(names, fmt.Sprintf("%d more", e.MoreBlocking))
		}
		verb := " stand in the way"
		if len(names) == 1 {
			verb = " stands in the way"
		}
		s += ", but " + list(names) + verb
	}
	if e.Err != nil && !errors.Is(e.Err, ErrGuard) {
		s += ": " + e.Err.Error()
	}
	return s
}

// alternatives returns what would be legal; "" where From is not even a state
// of the machine.
func (e *TransitionError) alternatives() string {
	if e.isForeign(e.From) {
		return ""
	}
	var names []string
	for _, a := range e.Legal {
		if e.Guard == "" || a.Event != e.Event {
			names = append(names, a.String())
		}
	}
	instead := ""
	if e.Guard != "" {
		instead = "instead "
	}
	switch len(names) {
	case 0:
		if e.Guard != "" {
			return "nothing else is legal from " + e.From
		}
		if len(e.Guarded) > 0 {
			return "guards refuse what the machine allows from " + e.From
		}
		return "nothing is legal from " + e.From
	case 1:
		return "legal " + instead + "from " + e.From + " is " + names[0]
	default:
		return "legal " + instead + "from " + e.From + " are " + list(names)
	}
}

// list joins names as in a sentence: a, b and c.
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// then joins the hops of a path.
func then(way []Alternative) string {
	names := make([]string, len(way))
	for i, a := range way {
		names[i] = a.String()
	}
	return strings.Join(names, ", then ")
}

// RefuseByGuard returns the error for an event that the machine allows but a
// guard does not. The demand continues "that needs": "all its children done or
// dropped". Blocking may hold any number of ids. A nil cause means [ErrGuard].
func (m *Machine[S, E]) RefuseByGuard(from S, e E, demand string, blocking []string, cause error) *TransitionError {
	if cause == nil {
		cause = ErrGuard
	}
	refusal := m.refusal(from)
	refusal.Event = m.writtenEvent(e)
	if m.Has(from) && m.hasEvent(e) && m.destination[from][e] != 0 {
		refusal.To = m.writtenState(m.destination[from][e])
	}
	refusal.Legal = slices.DeleteFunc(refusal.Legal, func(a Alternative) bool { return a.Event == refusal.Event })
	shown := min(len(blocking), MaxBlocking)
	refusal.Guard = demand
	refusal.Blocking = slices.Clone(blocking[:shown])
	refusal.MoreBlocking = len(blocking) - shown
	refusal.Err = cause
	return refusal
}

// refuseEvent returns the error for an event that is not legal in a state. Its
// cause is what looplab's Event returns.
func (m *Machine[S, E]) refuseEvent(from S, e E) *TransitionError {
	refusal := m.refusal(from)
	refusal.Event = m.writtenEvent(e)
	refusal.UnknownEvent = !m.hasEvent(e)
	refusal.Err = m.looplabError(from, e)
	return refusal
}

func (m *Machine[S, E]) looplabError(from S, e E) error {
	if m.hasEvent(e) {
		return fsm.InvalidEventError{Event: m.writtenEvent(e), State: m.writtenState(from)}
	}
	return fsm.UnknownEventError{Event: m.writtenEvent(e)}
}

// refuseDestination returns the error for a state that is not reached, be it
// in one hop or in several. Looplab is asked for events, not destinations, so
// the cause is its error for the first event that leads there at all.
func (m *Machine[S, E]) refuseDestination(from, to S) *TransitionError {
	refusal := m.refusal(from)
	refusal.To = m.writtenState(to)
	refusal.Err = fsm.UnknownEventError{Event: "to " + refusal.To}
	if !m.Has(to) {
		refusal.States = m.writtenStates()
		return refusal
	}
	for _, t := range m.definition.Transitions {
		if t.To == to {
			refusal.Err = m.looplabError(from, t.Event)
			break
		}
	}
	if m.Has(from) {
		refusal.Way = m.writtenSteps(m.paths[from][to])
	}
	return refusal
}

// refusal returns the part that all refusals share.
func (m *Machine[S, E]) refusal(from S) *TransitionError {
	refusal := &TransitionError{
		Machine: m.definition.Name,
		From:    m.writtenState(from),
		Legal:   m.writtenSteps(m.Legal(from)),
	}
	if !m.Has(from) {
		refusal.States = m.writtenStates()
	}
	return refusal
}

func (m *Machine[S, E]) writtenState(s S) string {
	return written(m.definition.StateNames, int(s), "state")
}

func (m *Machine[S, E]) writtenEvent(e E) string {
	return written(m.definition.EventNames, int(e), "event")
}

func (m *Machine[S, E]) writtenStates() []string {
	var names []string
	for _, s := range m.definition.States {
		names = append(names, m.writtenState(s))
	}
	return names
}

func (m *Machine[S, E]) writtenSteps(steps []Step[S, E]) []Alternative {
	var names []Alternative
	for _, step := range steps {
		names = append(names, Alternative{m.writtenEvent(step.Event), m.writtenState(step.To)})
	}
	return names
}
