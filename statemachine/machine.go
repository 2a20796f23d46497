package statemachine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/looplab/fsm"
)

// Machine decides which state may follow which. It holds no state of its own:
// the current one is an argument of every question. A Machine never changes
// after [New] and is safe for concurrent use. Do not copy it.
type Machine[S, E ~uint8] struct {
	definition Definition[S, E]

	// stateNames and eventNames are indexed by state and event and hold "" for
	// what is not part of this machine.
	stateNames []string
	eventNames []string

	// destination[from][event] is where the event leads, as looplab says; 0 where
	// looplab refuses it.
	destination [][]S
	// legal[from] lists the steps out of a state, in schema order.
	legal [][]Step[S, E]
	// paths[from][to] is the shortest path; empty where there is none.
	paths [][][]Step[S, E]

	// pools holds for each state looplab machines that are in it, without
	// callbacks. They are only asked, so they stay in it. Asking takes a lock of
	// the machine, so each goroutine takes one of its own.
	pools []sync.Pool
}

// New builds a machine. It takes copies of the definition's slices. The error
// is a [*DefinitionError] that lists everything wrong with the definition.
func New[S, E ~uint8](d Definition[S, E]) (*Machine[S, E], error) {
	if problems := check(d); len(problems) > 0 {
		return nil, &DefinitionError{Machine: d.Name, Problems: problems}
	}
	m := &Machine[S, E]{definition: d.clone()}
	m.stateNames, m.eventNames = usedNames(d)
	events := looplabEvents(d)
	if problems := m.fireAll(fsm.NewFSM(m.stateNames[d.Initial], events, nil)); len(problems) > 0 {
		return nil, &DefinitionError{Machine: d.Name, Problems: problems}
	}
	m.paths = shortestPaths(d.States, m.legal)

	m.pools = make([]sync.Pool, len(m.stateNames))
	for _, state := range d.States {
		m.pools[state].New = func() any { return fsm.NewFSM(m.stateNames[state], events, nil) }
	}
	return m, nil
}

// Name returns the machine's name.
func (m *Machine[S, E]) Name() string { return m.definition.Name }

// Initial returns the state of new items.
func (m *Machine[S, E]) Initial() S { return m.definition.Initial }

// States returns the states in schema order. The slice is the caller's own.
func (m *Machine[S, E]) States() []S { return slices.Clone(m.definition.States) }

// Definition returns what the machine was built from. Its slices are the
// caller's own.
func (m *Machine[S, E]) Definition() Definition[S, E] { return m.definition.clone() }

// Has reports whether s is a state of this machine.
func (m *Machine[S, E]) Has(s S) bool {
	return int(s) < len(m.stateNames) && m.stateNames[s] != ""
}

// hasEvent reports whether any transition of this machine is named e.
func (m *Machine[S, E]) hasEvent(e E) bool {
	return int(e) < len(m.eventNames) && m.eventNames[e] != ""
}

// Fire returns the state that event e leads to from the given one. When the
// machine refuses, it returns from and a [*TransitionError]. It does not
// allocate when it accepts.
func (m *Machine[S, E]) Fire(from S, e E) (S, error) {
	if !m.can(from, e) {
		return from, m.refuseEvent(from, e)
	}
	return m.destination[from][e], nil
}

// can asks looplab whether e is legal in the given state.
func (m *Machine[S, E]) can(from S, e E) bool {
	if !m.Has(from) || !m.hasEvent(e) {
		return false
	}
	f := m.pools[from].Get().(*fsm.FSM)
	ok := f.Can(m.eventNames[e])
	m.pools[from].Put(f)
	return ok
}

// EventTo returns the event that leads from one state to another in one hop:
// the first in schema order where there are several, a [*TransitionError] where
// there is none. It reads the definition; the verdict on the hop is Fire's.
func (m *Machine[S, E]) EventTo(from, to S) (E, error) {
	for _, step := range m.Legal(from) {
		if step.To == to {
			return step.Event, nil
		}
	}
	return 0, m.refuseDestination(from, to)
}

// Legal returns the steps that lead out of a state, in schema order; none if
// the state is not part of the machine. The slice is shared: do not modify it.
func (m *Machine[S, E]) Legal(from S) []Step[S, E] {
	if !m.Has(from) {
		return nil
	}
	return m.legal[from]
}

// Path returns the shortest sequence of events that leads from one state to
// another; among several equally short ones the first in schema order, compared
// event by event. It is nil for from == to, and a [*TransitionError] says that
// there is no way. The slice is shared: do not modify it. The path is read from
// the definition; the verdict on each hop is Fire's.
func (m *Machine[S, E]) Path(from, to S) ([]Step[S, E], error) {
	if !m.Has(from) || !m.Has(to) {
		return nil, m.refuseDestination(from, to)
	}
	if from == to {
		return nil, nil
	}
	path := m.paths[from][to]
	if len(path) == 0 {
		return nil, m.refuseDestination(from, to)
	}
	return path, nil
}

func (d Definition[S, E]) clone() Definition[S, E] {
	d.States = slices.Clone(d.States)
	d.StateNames = slices.Clone(d.StateNames)
	d.EventNames = slices.Clone(d.EventNames)
	d.Transitions = slices.Clone(d.Transitions)
	for i := range d.Transitions {
		d.Transitions[i].From = slices.Clone(d.Transitions[i].From)
	}
	return d
}

// usedNames returns the definition's names by state and by event, with ""
// for those that the machine does not use.
func usedNames[S, E ~uint8](d Definition[S, E]) (states, events []string) {
	states = make([]string, len(d.StateNames))
	for _, s := range d.States {
		states[s] = d.StateNames[s]
	}
	events = make([]string, len(d.EventNames))
	for _, t := range d.Transitions {
		events[t.Event] = d.EventNames[t.Event]
	}
	return states, events
}

// fireAll fires every event of the definition for real, in each state that it
// leads from, and reads where looplab goes: that is the destination, whatever the
// definition says. Only the order is the definition's. The problems are events
// that looplab refuses.
func (m *Machine[S, E]) fireAll(f *fsm.FSM) (problems []string) {
	byName := make(map[string]S, len(m.definition.States))
	for _, s := range m.definition.States {
		byName[m.stateNames[s]] = s
	}
	m.destination = make([][]S, len(m.stateNames))
	for i := range m.destination {
		m.destination[i] = make([]S, len(m.eventNames))
	}
	m.legal = make([][]Step[S, E], len(m.stateNames))
	for _, t := range m.definition.Transitions {
		for _, from := range t.From {
			f.SetState(m.stateNames[from])
			err := f.Event(context.Background(), m.eventNames[t.Event])
			// So looplab says that an event leads to where it was.
			if same := (fsm.NoTransitionError{}); errors.As(err, &same) && same.Err == nil {
				err = nil
			}
			if err != nil {
				problems = append(problems, fmt.Sprintf("%s in %s: %v", m.eventNames[t.Event], m.stateNames[from], err))
				continue
			}
			to := byName[f.Current()]
			m.destination[from][t.Event] = to
			m.legal[from] = append(m.legal[from], Step[S, E]{t.Event, to})
		}
	}
	for i := range m.legal {
		m.legal[i] = slices.Clip(m.legal[i])
	}
	return problems
}

// looplabEvents translates the definition.
func looplabEvents[S, E ~uint8](d Definition[S, E]) fsm.Events {
	var events fsm.Events
	for _, t := range d.Transitions {
		sources := make([]string, len(t.From))
		for i, from := range t.From {
			sources[i] = d.StateNames[from]
		}
		events = append(events, fsm.EventDesc{
			Name: d.EventNames[t.Event],
			Src:  sources,
			Dst:  d.StateNames[t.To],
		})
	}
	return events
}
