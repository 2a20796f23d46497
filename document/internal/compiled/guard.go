package compiled

import (
	"fmt"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// Guard is a guard of a level, with what it demands in words.
type Guard struct {
	format.Guard
	Demand string
	// References are what a guard on dependencies looks at, nil for others.
	References *References
}

func (c *compiler) guards(n format.Level) {
	l := &c.t.Levels[n]
	for _, g := range l.Guards {
		switch {
		case g.Kind < format.ChildrenIn || g.Kind > format.CustomGuard:
			c.problem("level %s: unknown kind of guard", l.Name)
		case g.Kind == format.DependenciesIn:
			if r := c.references(l, g.References, "a guard"); r != nil {
				l.GuardList = append(l.GuardList, Guard{g, demand(g), r})
			}
		case g.Kind == format.ChildrenIn && !c.t.Leaf(n) && c.t.Descriptor.Levels[n+1].NoStatus:
			c.problem("level %s: guard on children, which have no status", l.Name)
		case g.Kind == format.ParentIn && n > 0 && c.t.Descriptor.Levels[n-1].NoStatus:
			c.problem("level %s: guard on the parent, which has no status", l.Name)
		case g.Kind == format.ChildrenIn && l.Children == "":
			c.problem("level %s: guard on children, but it has none", l.Name)
		case g.Kind == format.CustomGuard && g.Name == "":
			c.problem("level %s: custom guard without a name", l.Name)
		default:
			l.GuardList = append(l.GuardList, Guard{g, demand(g), nil})
		}
	}
	l.Dependencies = c.dependencies(l)
	if r := l.Rollup; r != nil && (l.Children == "" || l.StateMachine != nil && !l.StateMachine.Has(r.To)) {
		c.problem("level %s: rollup to a status it does not have, or without children", l.Name)
	}
	if l.Rollup != nil && !c.t.Leaf(n) && c.t.Descriptor.Levels[n+1].NoStatus {
		c.problem("level %s: rollup of children, which have no status", l.Name)
	}
	c.claim(l)
}

// claim checks how items of a level are handed out.
func (c *compiler) claim(l *Level) {
	if l.Claim == nil || l.StateMachine == nil {
		return
	}
	if to := l.Claim.To; !l.StateMachine.Has(to) || c.t.Category(to) != format.CategorySet(format.Active) {
		c.problem("level %s: the status of taken work is not active", l.Name)
		return
	}
	for _, from := range l.Claim.From {
		switch {
		case !l.StateMachine.Has(from) || c.t.Category(from)&format.CategorySet(format.Done, format.Dropped) != 0:
			c.problem("level %s: work in status %d cannot be taken", l.Name, from)
		default:
			if _, err := l.StateMachine.EventTo(from, l.Claim.To); err != nil {
				c.problem("level %s: work cannot be taken: %v", l.Name, err)
			}
		}
	}
}

// demand is what a guard wants, in words that continue "that needs".
func demand(g format.Guard) string {
	var words string
	switch g.Kind {
	case format.ChildrenIn:
		words = "all its children " + g.Categories.String()
	case format.DependenciesIn:
		words = "its dependencies " + g.Categories.String()
	case format.ParentIn:
		words = "its parent " + g.Categories.String()
	default:
		words = fmt.Sprintf("the guard %q to pass", g.Name)
	}
	if g.Doc != "" {
		words += " (" + g.Doc + ")"
	}
	return words
}
