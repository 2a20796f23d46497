package statemachine

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// DefinitionError says why [New] refused a definition.
type DefinitionError struct {
	// Machine is the name of the machine, "" if it has none.
	Machine string
	// Problems are all that is wrong, one sentence each, in the order of the
	// definition.
	Problems []string
}

// Error returns the problems: on the line of the machine's name if there is
// only one, else one on a line.
func (e *DefinitionError) Error() string {
	subject := "state machine"
	if e.Machine != "" {
		subject += " " + e.Machine
	}
	if len(e.Problems) == 1 {
		return subject + ": " + e.Problems[0]
	}
	return fmt.Sprintf("%s: %d problems:\n\t%s", subject, len(e.Problems), strings.Join(e.Problems, "\n\t"))
}

// checker collects what is wrong with one definition.
type checker[S, E ~uint8] struct {
	definition Definition[S, E]
	isState    map[S]bool
	problems   []string
}

// check returns all that is wrong with a definition.
func check[S, E ~uint8](d Definition[S, E]) []string {
	c := &checker[S, E]{definition: d, isState: make(map[S]bool)}
	c.name("the machine", d.Name)
	c.states()
	c.initial()
	c.events()
	c.transitions()
	return c.problems
}

func (c *checker[S, E]) report(format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

func (c *checker[S, E]) states() {
	if len(c.definition.States) == 0 {
		c.report("the machine has no states")
	}
	byName := make(map[string]S)
	for _, s := range c.definition.States {
		if c.isState[s] {
			c.report("%s is listed twice", c.state(s))
			continue
		}
		c.isState[s] = true
		if s == 0 {
			c.report("state 0 means none and cannot be a state")
			continue
		}
		name := nameAt(c.definition.StateNames, int(s))
		c.name(fmt.Sprintf("state %d", s), name)
		if other, ok := byName[name]; ok && name != "" {
			c.report("states %d and %d are both named %q", other, s, name)
		}
		byName[name] = s
	}
}

func (c *checker[S, E]) initial() {
	if !c.isState[c.definition.Initial] {
		c.report("the initial state, %s, is not a state of the machine", c.state(c.definition.Initial))
	}
}

func (c *checker[S, E]) events() {
	seen := make(map[E]bool)
	byName := make(map[string]E)
	for _, t := range c.definition.Transitions {
		if seen[t.Event] {
			continue
		}
		seen[t.Event] = true
		if t.Event == 0 {
			c.report("event 0 means none and cannot be an event")
			continue
		}
		name := nameAt(c.definition.EventNames, int(t.Event))
		c.name(fmt.Sprintf("event %d", t.Event), name)
		if other, ok := byName[name]; ok && name != "" {
			c.report("events %d and %d are both named %q", other, t.Event, name)
		}
		byName[name] = t.Event
	}
}

// name reports a name that would spoil the line of text it is written in.
func (c *checker[S, E]) name(subject, name string) {
	switch {
	case name == "":
		c.report("%s has no name", subject)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		c.report("%s is named %q, which holds control characters or is not UTF-8", subject, name)
	case strings.TrimSpace(name) != name:
		c.report("%s is named %q, which begins or ends with a space", subject, name)
	}
}

func (c *checker[S, E]) transitions() {
	type hop struct {
		event E
		from  S
	}
	seen := make(map[hop]bool)
	for _, t := range c.definition.Transitions {
		event := written(c.definition.EventNames, int(t.Event), "event")
		if len(t.From) == 0 {
			c.report("%s leads from no state to %s", event, c.state(t.To))
		}
		for _, from := range t.From {
			if !c.isState[from] {
				c.report("%s leads from %s, which is not a state of the machine", event, c.state(from))
			}
			if seen[hop{t.Event, from}] {
				c.report("%s leads from %s twice: an event has one destination per state", event, c.state(from))
			}
			seen[hop{t.Event, from}] = true
		}
		if !c.isState[t.To] {
			c.report("%s leads to %s, which is not a state of the machine", event, c.state(t.To))
		}
	}
}

func (c *checker[S, E]) state(s S) string {
	return written(c.definition.StateNames, int(s), "state")
}

// nameAt returns the name of a state or an event, "" if it has none.
func nameAt(names []string, i int) string {
	if i == 0 || i >= len(names) {
		return ""
	}
	return names[i]
}

// written returns the name of a state or an event, or its kind and number if
// it has none.
func written(names []string, i int, kind string) string {
	if name := nameAt(names, i); name != "" {
		return name
	}
	return fmt.Sprintf("%s %d", kind, i)
}
