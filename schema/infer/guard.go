package infer

import (
	"fmt"

	"github.com/backlog-gen/backlog-gen/schema/infer/internal/survey"
)

// guard lets items go on only when what they wait for is over.
type guard struct {
	field      *field
	events     []string
	categories []string
	dropped    bool
}

func (g *guard) giveWay() bool {
	was := g.dropped
	g.dropped = true
	return !was
}

// findGuards guesses that a field of what items wait for holds them up, as far as
// the items of the document keep to that.
func (d *draft) findGuards() {
	items := d.indexItems()
	of := make(map[*survey.Row]*status)
	for _, l := range d.levels {
		if l.progress.Status == nil {
			continue
		}
		for _, r := range l.table.Rows {
			of[r] = d.statusOf(l, r)
		}
	}
	for _, l := range d.levels {
		for _, f := range l.fields {
			if f.kind == "reference" && !f.dropped && survey.IsDependency(f.key) && l.progress.Status != nil {
				d.findGuard(l, f, items, of)
			}
		}
	}
}

func (d *draft) findGuard(l *level, f *field, items *index, of map[*survey.Row]*status) {
	g := &guard{field: f, categories: []string{"done"}}
	broken := make(map[string]int)
	references := 0
	for _, c := range f.column.Cells {
		values := c.Value.Elements
		if c.Value.Kind != survey.List {
			values = []*survey.Value{c.Value}
		}
		s := of[c.Row]
		for _, v := range values {
			target := items.target(c.Row, v.Text)
			if target == nil {
				continue
			}
			references++
			switch t := of[target]; {
			case s == nil || s.category != "active" && s.category != "done":
			case t != nil && t.category == "done":
			case t != nil && t.category == "dropped":
				g.categories = []string{"done", "dropped"}
			default:
				broken[s.category]++
			}
		}
	}
	begins := broken["active"] == 0
	switch {
	case references == 0:
		d.leave(func() string {
			return fmt.Sprintf("a guard on %s of %s: no item waits for another here", shorten(f.key), l.name)
		})
		return
	case broken["done"] > 0:
		d.leave(func() string {
			return fmt.Sprintf("a guard on %s of %s: %s done before what it refers to", shorten(f.key), l.name, agree(broken["done"], "item was", "items were"))
		})
		return
	case !begins:
		d.leave(func() string {
			return fmt.Sprintf("a guard on %s of %s before work begins: %s before what it refers to is done", shorten(f.key), l.name,
				agree(broken["active"], "item has begun", "items have begun"))
		})
	}
	for _, s := range d.statusesOf(l) {
		if s.category == "done" || s.category == "active" && begins {
			g.events = append(g.events, s.event)
		}
	}
	l.guards = append(l.guards, g)
}
