package schema

import "slices"

// transitionReader reads the transitions of one machine.
type transitionReader struct {
	*loader
	machine *Machine
	// leads holds what has been read, to find an event that leads elsewhere.
	leads map[hop]*Transition
}

// hop is an event and a state it leads from.
type hop struct {
	event *Event
	from  *Status
}

func (r *transitionReader) read(n *node) {
	o := r.object(n, n.span, &transitionConstruct)
	t := &Transition{Pos: r.pos(n.span)}
	if n := o.get("event"); n != nil {
		t.Event, _ = find(r.loader, &r.events, n, "event")
	}
	if n := o.get("to"); n != nil {
		t.To = r.state(r.machine, n)
	}
	sources := r.sources(o, t)
	if t.Event == nil || t.To == nil {
		return
	}
	for _, s := range sources {
		r.add(t, s.status, s.at)
	}
	if len(t.From) > 0 {
		r.machine.Transitions = append(r.machine.Transitions, t)
	}
}

// source is a state that a transition leads from, and where it is written.
type source struct {
	status *Status
	at     span
}

// sources returns the states a transition leads from. The word others stands
// for every state but the destination.
func (r *transitionReader) sources(o *object, t *Transition) []source {
	var list []source
	if n := o.get("from"); n != nil && n.kind == textNode {
		if n.text != "others" {
			r.refuse(n.span, ruleInvalidValue, "from is a list of statuses, or the word others for all but the destination")
			return nil
		}
		for _, s := range r.machine.States {
			if s != t.To {
				list = append(list, source{s, n.span})
			}
		}
		return list
	}
	for _, n := range o.texts("from", maxStatuses) {
		s := r.state(r.machine, n)
		switch {
		case s == nil:
		case s == t.To:
			r.refuse(n.span, ruleSelfTransition, "the event leads from %q to itself: leave this out, an item may always stay as it is", s.Name)
		default:
			list = append(list, source{s, n.span})
		}
	}
	slices.SortStableFunc(list, func(a, b source) int { return a.status.Index - b.status.Index })
	return list
}

// add lets the transition lead from a state, unless the event leads from there
// already.
func (r *transitionReader) add(t *Transition, from *Status, at span) {
	if other, ok := r.leads[hop{t.Event, from}]; ok {
		r.refuse(at, ruleAmbiguousTransition, "the event %q leads from %q to %q already, on line %d",
			t.Event.Name, from.Name, other.To.Name, other.Pos.Line)
		return
	}
	r.leads[hop{t.Event, from}] = t
	t.From = append(t.From, from)
}
