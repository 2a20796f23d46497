package schema

import (
	"cmp"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// loadClaim reads how the items of a level are handed out. Statuses that the
// level's machine does not have are reported here, all else by checkClaims.
func (l *loader) loadClaim(level *Level, n *node, at span) *Claim {
	o := l.object(n, at, &claimConstruct)
	c := &Claim{Pos: l.pos(at)}
	for _, n := range o.texts("from", maxStatuses) {
		if s := l.levelState(level, n); s != nil {
			c.From = append(c.From, s)
		}
	}
	slices.SortFunc(c.From, func(a, b *Status) int { return cmp.Compare(a.Index, b.Index) })
	if to := o.get("to"); to != nil {
		c.To = l.levelState(level, to)
	}
	if o.get("field") != nil {
		level.Dependencies = l.loadReferences(level, o)
		level.NamesDependencies = level.Dependencies != nil
	} else {
		o.refuseKey("where", "it goes with the key field, which leads into an object")
	}
	return c
}

// levelState returns the status that a node names, nil if items of the level
// cannot have it.
func (l *loader) levelState(level *Level, n *node) *Status {
	if level.Machine != nil {
		return l.state(level.Machine, n)
	}
	s, _ := find(l, &l.statuses, n, "status")
	return s
}

// checkClaims finds levels whose items can never be claimed as they say.
func (l *loader) checkClaims() {
	for _, level := range l.model.Levels {
		if level.Claim == nil {
			continue
		}
		for _, why := range l.whyNoClaim(level) {
			l.refuse(l.spanOf(level.Claim.Pos), ruleImpossibleClaim, "items can never be claimed like this: %s", why)
		}
	}
}

// whyNoClaim says what is wrong with a claim.
func (l *loader) whyNoClaim(level *Level) []string {
	c, m := level.Claim, level.Machine
	if c.To == nil || c.To.Category == 0 {
		return nil // reported already
	}
	if c.To.Category != format.Active {
		return []string{"taken work is active, and " + c.To.Name + " is " + c.To.Category.String()}
	}
	var problems []string
	if l.byPlace(level) {
		problems = append(problems, "what has no id is nobody's when others move it")
	}
	for _, from := range c.From {
		switch {
		case from == c.To:
			problems = append(problems, "what is "+from.Name+" is taken already")
		case from.Category == format.Done || from.Category == format.Dropped:
			problems = append(problems, "what is "+from.Name+" is "+from.Category.String())
		case m != nil && !l.incomplete[m] && !m.leads(from, c.To):
			problems = append(problems, "no event leads from "+from.Name+" to "+c.To.Name)
		}
	}
	return problems
}

// byPlace reports whether items of a level are known by their places, or by those of
// what is above them.
func (l *loader) byPlace(level *Level) bool {
	switch level.ID.Kind {
	case format.PositionID:
		return true
	case format.LocalID:
		return slices.ContainsFunc(l.above(level), func(above *Level) bool { return above != level && l.byPlace(above) })
	}
	return false
}

// leads reports whether an event leads from one state to another.
func (m *Machine) leads(from, to *Status) bool {
	return slices.ContainsFunc(m.Transitions, func(t *Transition) bool {
		return t.To == to && slices.Contains(t.From, from)
	})
}
