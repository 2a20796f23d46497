package schema

import (
	"cmp"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
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
		s.Category, _ = category(o.choice("category", categoryNames()...))
		if l.documentName(e.key, "the status") {
			s.GoName = l.derivedName(o, e.key, "the status "+s.Name)
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

func category(name string) (format.Category, bool) {
	i := slices.Index(categoryNames(), name)
	return format.Category(i + 1), i >= 0 // Todo is 1
}

func categoryNames() []string {
	var names []string
	for c := format.Todo; c <= format.Dropped; c++ {
		names = append(names, c.String())
	}
	return names
}

func (l *loader) loadEvents(root *object) {
	for _, e := range root.named("events", maxEvents) {
		o := l.object(e.value, e.key.span, &eventConstruct)
		event := &Event{Index: len(l.model.Events), Name: e.key.text, Pos: l.pos(e.key.span)}
		event.Doc = o.doc()
		if l.documentName(e.key, "the event") {
			event.GoName = l.derivedName(o, e.key, "the event "+event.Name)
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
	problems := len(l.diagnostics)
	m.States = l.states(o)
	l.partial[m] = len(l.diagnostics) > problems
	if n := o.get("initial"); n != nil {
		m.Initial = l.state(m, n)
	}
	r := transitionReader{loader: l, machine: m, leads: make(map[hop]*Transition)}
	for _, n := range o.list("transitions", maxTransitions) {
		r.read(n)
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
		if l.partial[m] {
			return nil // it may well be the one that is misspelt there
		}
		l.refuse(n.span, ruleUnknownName, "the status %q is not among the states of the machine %s", s.Name, m.Name)
		return nil
	}
	return s
}
