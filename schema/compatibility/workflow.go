package compatibility

import (
	"fmt"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
)

// machines compares machines of the same name, or those in the same place whose
// names are both unknown to the other schema.
func (c *comparison) machines() {
	for _, old := range c.older.Machines {
		now := named(c.newer.Machines, old.Name, machineName)
		if now == nil && old.Index < len(c.newer.Machines) &&
			named(c.older.Machines, c.newer.Machines[old.Index].Name, machineName) == nil {
			now = c.newer.Machines[old.Index]
		}
		if now == nil || now.GoName != old.GoName {
			c.breaksGo(old.Pos, "the function %sMachine is gone", old.GoName)
		}
		if now != nil {
			c.machine(old, now)
		}
	}
}

func (c *comparison) machine(old, now *schema.Machine) {
	if old.Initial.Name != now.Initial.Name {
		c.changesWorkflow(now.Pos, "new items of the machine %s begin as %q instead of %q", now.Name, now.Initial.Name, old.Initial.Name)
	}
	before, after := hops(old), hops(now)
	for _, h := range before {
		other, ok := destination(after, h)
		switch {
		case !ok:
			c.changesWorkflow(now.Pos, "%s of %s does not lead from %q any more", h.event, now.Name, h.from)
		case other.to != h.to:
			c.changesWorkflow(other.pos, "%s of %s leads from %q to %q instead of %q", h.event, now.Name, h.from, other.to, h.to)
		}
	}
	for _, h := range after {
		if _, ok := destination(before, h); !ok {
			c.changesWorkflow(h.pos, "%s of %s leads from %q to %q now", h.event, now.Name, h.from, h.to)
		}
	}
}

// hop is one event in one status.
type hop struct {
	event, from, to string
	pos             schema.Pos
}

func hops(m *schema.Machine) []hop {
	var all []hop
	for _, t := range m.Transitions {
		for _, from := range t.From {
			all = append(all, hop{t.Event.Name, from.Name, t.To.Name, t.Pos})
		}
	}
	return all
}

// destination finds the hop of the same event from the same status.
func destination(all []hop, like hop) (hop, bool) {
	for _, h := range all {
		if h.event == like.event && h.from == like.from {
			return h, true
		}
	}
	return hop{}, false
}

// levelWorkflow compares what is asked of the items of a level beyond their
// machine.
func (c *comparison) levelWorkflow(old, now *schema.Level) {
	if old.Machine == nil || now.Machine == nil {
		return // that is told of the status
	}
	if old.Machine.Name != now.Machine.Name && named(c.newer.Machines, old.Machine.Name, machineName) != nil {
		c.changesWorkflow(now.Pos, "%s follow the machine %s instead of %s", now.Plural, now.Machine.Name, old.Machine.Name)
	}
	before, after := demands(old), demands(now)
	for _, d := range before {
		if !slices.ContainsFunc(after, d.same) {
			c.changesWorkflow(now.Pos, "%s does not need %s any more", d.event+" of "+now.Name, d.words)
		}
	}
	for _, d := range after {
		if !slices.ContainsFunc(before, d.same) {
			c.changesWorkflow(d.pos, "%s needs %s now", d.event+" of "+now.Name, d.words)
		}
	}
	c.rollup(old, now)
	c.claim(old, now)
	c.dependencies(old, now)
}

// demand is what one guard asks for one event.
type demand struct {
	event, words string
	pos          schema.Pos
}

func (d demand) same(other demand) bool { return d.event == other.event && d.words == other.words }

func demands(l *schema.Level) []demand {
	var all []demand
	for _, g := range l.Guards {
		for _, e := range g.Events {
			all = append(all, demand{e.Name, guardWords(g), g.Pos})
		}
	}
	return all
}

func guardWords(g *schema.Guard) string {
	switch g.Kind {
	case format.ChildrenIn:
		return "all children to be " + categoryWords(g.Categories)
	case format.ParentIn:
		return "the parent to be " + categoryWords(g.Categories)
	case format.DependenciesIn:
		return fmt.Sprintf("all %s to be %s", g.References, categoryWords(g.Categories))
	default:
		return "the guard " + g.Custom.Name
	}
}

func categoryWords(categories []format.Category) string {
	words := make([]string, len(categories))
	for i, c := range categories {
		words[i] = c.String()
	}
	return strings.Join(words, " or ")
}

func (c *comparison) rollup(old, now *schema.Level) {
	a, b := old.Rollup, now.Rollup
	switch {
	case a == nil && b == nil:
	case b == nil:
		c.changesWorkflow(a.Pos, "%s do not advance with their children any more", now.Plural)
	case a == nil:
		c.changesWorkflow(b.Pos, "%s advance to %q when all children are %s", now.Plural, b.To.Name, categoryWords(b.When))
	case a.To.Name != b.To.Name || !equalCategories(a.When, b.When):
		c.changesWorkflow(b.Pos, "%s advance to %q when all children are %s, instead of to %q when they are %s",
			now.Plural, b.To.Name, categoryWords(b.When), a.To.Name, categoryWords(a.When))
	}
}

func (c *comparison) claim(old, now *schema.Level) {
	a, b := old.Claim, now.Claim
	switch {
	case a == nil && b == nil:
	case b == nil:
		c.changesWorkflow(a.Pos, "%s cannot be claimed any more", now.Plural)
	case a == nil:
		c.changesWorkflow(b.Pos, "%s can be claimed %s", now.Plural, claimWords(b))
	case claimWords(a) != claimWords(b):
		c.changesWorkflow(b.Pos, "%s are claimed %s, instead of %s", now.Plural, claimWords(b), claimWords(a))
	}
}

// dependencies compares what has to be done before an item is claimed.
func (c *comparison) dependencies(old, now *schema.Level) {
	if old.Claim != nil && now.Claim != nil && waitWords(old) != waitWords(now) {
		c.changesWorkflow(now.Claim.Pos, "%s are claimed when %s are done, instead of %s", now.Plural, waitWords(now), waitWords(old))
	}
}

// waitWords say what has to be done before an item is claimed.
func waitWords(l *schema.Level) string {
	if l.Dependencies == nil {
		return "no dependencies"
	}
	return l.Dependencies.String()
}

// claimWords are the same for claims of the same statuses, in whatever order.
func claimWords(c *schema.Claim) string {
	from := make([]string, len(c.From))
	for i, s := range c.From {
		from[i] = fmt.Sprintf("%q", s.Name)
	}
	slices.Sort(from)
	return fmt.Sprintf("from %s to %q", strings.Join(from, " or "), c.To.Name)
}
