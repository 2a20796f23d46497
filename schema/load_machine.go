package schema

import (
	"cmp"
	"slices"
)

func (l *loader) loadStatuses(root *object) {
	taken := make(map[string]int) // names and aliases to lines
	entries := root.named("statuses", maxStatuses)
	for _, e := range entries {
		taken[e.key.text] = e.key.span.line
	}
	for _, e := range entries {
		o := l.object(e.value, e.key.span, &statusConstruct)
		s := &Status{Index: len(l.model.Statuses), Name: e.key.text, Pos: l.pos(e.key.span)}
		s.Doc = o.doc()
		s.Category, _ = category(o.choice("category", categoryNames[1:]...))
		if l.documentName(e.key, "the status") {
			s.GoName = l.derivedName(o, e.key, "the status "+s.Name)
			l.refuseLooplab(e.key, "status")
		}
		s.Aliases = l.aliases(o, taken)
		l.model.Statuses = append(l.model.Statuses, s)
		l.statuses.add(s.Name, s)
	}
}

// aliases returns other spellings of a status or an enum value. taken holds
// the spellings of its siblings.
func (l *loader) aliases(o *object, taken map[string]int) []string {
	var list []string
	for _, n := range o.texts("aliases", maxAliasesOf) {
		if !l.documentName(n, "the alias") {
			continue
		}
		if line, ok := taken[n.text]; ok {
			l.refuse(n.span, ruleRepeatedValue, "the alias %q is taken on line %d", n.text, line)
			continue
		}
		taken[n.text] = n.span.line
		list = append(list, n.text)
	}
	return list
}

func (l *loader) refuseLooplab(n *node, what string) {
	if problem := looplabProblem(n.text); problem != "" {
		l.refuse(n.span, ruleReservedName, "the %s %q %s: choose another name", what, n.text, problem)
	}
}

func category(name string) (Category, bool) {
	i := slices.Index(categoryNames[:], name)
	return Category(max(i, 0)), i > 0
}

func (l *loader) loadEvents(root *object) {
	for _, e := range root.named("events", maxEvents) {
		o := l.object(e.value, e.key.span, &eventConstruct)
		event := &Event{Index: len(l.model.Events), Name: e.key.text, Pos: l.pos(e.key.span)}
		event.Doc = o.doc()
		if l.documentName(e.key, "the event") {
			event.GoName = l.derivedName(o, e.key, "the event "+event.Name)
			l.refuseLooplab(e.key, "event")
		}
		l.model.Events = append(l.model.Events, event)
		l.events.add(event.Name, event)
	}
}

func (l *loader) loadMachines(root *object) {
	for _, e := range root.named("machines", maxMachines) {
		m := &Machine{Index: len(l.model.Machines), Name: e.key.text, Pos: l.pos(e.key.span)}
		l.model.Machines = append(l.model.Machines, m)
		l.machines.add(m.Name, m)
		problems := len(l.diagnostics)
		l.loadMachine(m, e)
		l.incomplete[m] = len(l.diagnostics) > problems
	}
}

func (l *loader) loadMachine(m *Machine, e entry) {
	o := l.object(e.value, e.key.span, &machineConstruct)
	if l.documentName(e.key, "the machine") {
		m.GoName = exportName(m.Name)
		if problem := exportedNameProblem(m.GoName); problem != "" {
			l.refuse(e.key.span, ruleInvalidName, "the name %q of a machine makes the Go name %q, which %s", m.Name, m.GoName, problem)
		}
	}
	m.Doc = o.doc()
	m.States = l.states(o)
	if n := o.get("initial"); n != nil {
		m.Initial = l.state(m, n)
	}
	for _, n := range o.list("transitions", maxTransitions) {
		l.loadTransition(m, n)
	}
	slices.SortStableFunc(m.Transitions, func(a, b *Transition) int {
		return cmp.Compare(a.Event.Index, b.Event.Index)
	})
}

// states returns the states of a machine: those it lists, else all statuses.
func (l *loader) states(o *object) []*Status {
	if o.get("states") == nil {
		return slices.Clone(l.model.Statuses)
	}
	var list []*Status
	for _, n := range o.texts("states", maxStatuses) {
		if s, ok := find(l, &l.statuses, n, "status"); ok {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b *Status) int { return cmp.Compare(a.Index, b.Index) })
	return list
}

// state returns the state of a machine that a node names, nil if there is none.
func (l *loader) state(m *Machine, n *node) *Status {
	s, ok := find(l, &l.statuses, n, "status")
	if !ok {
		return nil
	}
	if !slices.Contains(m.States, s) {
		l.refuse(n.span, ruleUnknownName, "the status %q is not among the states of the machine %s", s.Name, m.Name)
		return nil
	}
	return s
}

func (l *loader) loadTransition(m *Machine, n *node) {
	o := l.object(n, n.span, &transitionConstruct)
	t := &Transition{Pos: l.pos(n.span)}
	if n := o.get("event"); n != nil {
		t.Event, _ = find(l, &l.events, n, "event")
	}
	if n := o.get("to"); n != nil {
		t.To = l.state(m, n)
	}
	t.From = l.sources(m, o, t)
	if t.Event != nil && t.To != nil && len(t.From) > 0 {
		m.Transitions = append(m.Transitions, t)
	}
}

// sources returns the states a transition leads from. The word others stands
// for every state but the destination.
func (l *loader) sources(m *Machine, o *object, t *Transition) []*Status {
	if n := o.get("from"); n != nil && n.kind == textNode {
		if n.text != "others" {
			l.refuse(n.span, ruleInvalidValue, "from is a list of statuses, or the word others for all but the destination")
			return nil
		}
		var list []*Status
		for _, s := range m.States {
			if s != t.To && !l.ambiguous(m, t.Event, s, n) {
				list = append(list, s)
			}
		}
		return list
	}
	var list []*Status
	for _, n := range o.list("from", maxStatuses) {
		s := l.state(m, n)
		switch {
		case s == nil:
		case s == t.To:
			l.refuse(n.span, ruleSelfTransition, "the event leads from %q to itself: an item may stay as it is at any time, leave this out", s.Name)
		case slices.Contains(list, s):
			l.refuse(n.span, ruleRepeatedValue, "%q repeats in from", s.Name)
		case !l.ambiguous(m, t.Event, s, n):
			list = append(list, s)
		}
	}
	return list
}

// ambiguous reports and refuses an event that leads from the state elsewhere
// already.
func (l *loader) ambiguous(m *Machine, event *Event, from *Status, at *node) bool {
	for _, t := range m.Transitions {
		if t.Event == event && slices.Contains(t.From, from) {
			l.refuse(at.span, ruleAmbiguousTransition, "the event %q leads from %q to %q already, on line %d",
				event.Name, from.Name, t.To.Name, t.Pos.Line)
			return true
		}
	}
	return false
}
