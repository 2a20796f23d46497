package infer

import (
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
	if references == 0 {
		d.leave("a guard on %s of %s: no item waits for another here", f.key, l.name)
		return
	}
	if n := broken["done"]; n > 0 {
		d.leave("a guard on %s of %s: %s done before what it refers to", f.key, l.name, agree(n, "item was", "items were"))
		return
	}
	begins := broken["active"] == 0
	if !begins {
		d.leave("a guard on %s of %s before work begins: %s before what it refers to is done", f.key, l.name,
			agree(broken["active"], "item has begun", "items have begun"))
	}
	for _, s := range d.statuses {
		if s.category == "done" || s.category == "active" && begins {
			g.events = append(g.events, s.event)
		}
	}
	l.guards = append(l.guards, g)
}
