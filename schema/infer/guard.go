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
	// where is what the object around a reference says if it holds an item up,
	// "" for all of them.
	where   string
	dropped bool
}

// path leads to the references.
func (g *guard) path() []string {
	if g.field.object != nil {
		return []string{g.field.key, g.field.object.reference.key}
	}
	return []string{g.field.key}
}

// isOut reports whether the schema does not have the guard.
func (g *guard) isOut() bool {
	return g.dropped || g.field.dropped || g.field.object == nil && g.field.kind != "reference" ||
		g.field.object != nil && g.field.object.reference.dropped
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
			if (f.kind == "reference" || f.object != nil) && !f.dropped && survey.IsDependency(f.key) && l.progress.Status != nil {
				d.findGuard(l, f, items, of)
			}
		}
	}
}

// waits is a reference of an item to what it waits for.
type waits struct {
	row  *survey.Row
	text string
}

// waitsOf returns the references of a field.
func (g *guard) waitsOf() []waits {
	var all []waits
	if o := g.field.object; o != nil {
		for _, c := range o.reference.column.Cells {
			if mark := c.Row.Value.Get(o.mark); g.where == "" || mark != nil && mark.Text == g.where {
				all = append(all, waits{c.Row.Parent, c.Value.Text})
			}
		}
		return all
	}
	for _, c := range g.field.column.Cells {
		values := c.Value.Elements
		if c.Value.Kind != survey.List {
			values = []*survey.Value{c.Value}
		}
		for _, v := range values {
			all = append(all, waits{c.Row, v.Text})
		}
	}
	return all
}

// findWhere looks for the word by which objects say that they hold an item up. It
// returns false if they say what they are, and none says that.
func (g *guard) findWhere() bool {
	o := g.field.object
	if o == nil || o.mark == "" {
		return true
	}
	for _, c := range o.of.column.Elements().Column(o.mark).Counts() {
		if survey.IsBlocking(c.Text) {
			g.where = c.Text
			return true
		}
	}
	return false
}

func (d *draft) findGuard(l *level, f *field, items *index, of map[*survey.Row]*status) {
	g := &guard{field: f, categories: []string{"done"}}
	if !g.findWhere() {
		mark := f.object.mark // the field may lose its object until this is said
		d.leave(func() string {
			return fmt.Sprintf("a guard on %s of %s: no %s says that an item waits", shorten(f.key), l.name, shorten(mark))
		})
		return
	}
	broken := make(map[string]int)
	references := 0
	for _, w := range g.waitsOf() {
		s, target := of[w.row], items.target(w.row, w.text)
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
