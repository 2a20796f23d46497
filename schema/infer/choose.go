package infer

import (
	"slices"

	"github.com/backlog-gen/backlog-gen/schema/infer/internal/survey"
)

// work is what the objects of a table are if they are items: they say how far
// they are, or hold others that do.
type work struct {
	table    *survey.Table
	progress *survey.Finding
	// below are the lists of items that they hold, the likelier before the others.
	below []*branch
}

// branch is a list of items that others hold.
type branch struct {
	column *survey.Column
	keyed  bool
	*work
}

// judge returns what makes work of a table, nil if nothing does.
func judge(t *survey.Table, depth int) *work {
	const deepest = 40
	if depth > deepest || len(t.Rows) == 0 {
		return nil
	}
	w := &work{table: t, progress: t.Progress()}
	for _, c := range t.Columns {
		if b := judgeColumn(c, depth); b != nil {
			w.below = append(w.below, b)
		}
	}
	slices.SortStableFunc(w.below, func(a, b *branch) int { return b.rank() - a.rank() })
	if w.progress.Status == nil && len(w.below) == 0 {
		return nil
	}
	return w
}

func judgeColumn(c *survey.Column, depth int) *branch {
	if survey.IsAside(c.Key) {
		return nil
	}
	switch {
	case c.Kinds[survey.List] > 0 && c.Only(survey.List, survey.Null) && c.Elements().OnlyObjects():
		if w := judge(c.Elements(), depth+1); w != nil {
			return &branch{column: c, work: w}
		}
	case survey.IsWork(c.Key) && c.Kinds[survey.Object] > 0 && c.Only(survey.Object, survey.Null) && c.Members().OnlyObjects():
		if w := judge(c.Members(), depth+1); w != nil && w.progress.Status != nil {
			return &branch{c, true, w}
		}
	}
	return nil
}

// rank says how likely a branch holds the work: by its key, by whether its items
// have a status themselves, by how many they are.
func (b *branch) rank() int {
	r := min(len(b.table.Rows), 999)
	if survey.IsWork(b.column.Key) {
		r += 2000
	}
	if b.progress.Status != nil {
		r += 1000
	}
	return r
}

// choice is the place of the work.
type choice struct {
	place *survey.Place
	root  *survey.Value
	*work
	// others are the places beside it that are work as well.
	others []*survey.Place
}

// choose returns the place that is most likely the work, nil if none says how far
// it is.
func choose(root *survey.Value, places []*survey.Place) *choice {
	var best *choice
	var all []*survey.Place
	for _, p := range places {
		if survey.IsAside(p.Key()) {
			continue
		}
		w := judge(p.Table, 0)
		if w == nil && p.Shape == survey.Columns {
			w = &work{table: p.Table, progress: p.Table.Progress()}
		}
		if w == nil || !fits(p, w) {
			continue
		}
		all = append(all, p)
		if c := (&choice{place: p, root: root, work: w}); best == nil || c.rank() > best.rank() {
			best = c
		}
	}
	if best != nil {
		for _, p := range all {
			if p != best.place && p.Shape != survey.Item && p.Shape != survey.Keyed && !isWithin(p, best.place) {
				best.others = append(best.others, p)
			}
		}
	}
	return best
}

// fits reports whether a place can be of its shape. Objects that are no list are
// items only if they say so themselves.
func fits(p *survey.Place, w *work) bool {
	s := w.progress.Status
	switch p.Shape {
	case survey.Keyed:
		return s != nil && 2*s.Missing <= len(p.Table.Rows) && (len(p.Table.Rows) > 1 || survey.IsWork(p.Key()))
	case survey.Item:
		return s != nil && w.isTree()
	case survey.Columns:
		return s == nil && len(w.below) == 0
	}
	return true
}

// isTree reports whether an item is like those that it holds. One that has no
// status and holds items that have is not: it groups them.
func (w *work) isTree() bool {
	if len(w.below) == 0 || w.progress.Status == nil {
		return false
	}
	id, status := w.table.IDs().Unique, w.progress.Status
	below := w.below[0]
	return id != nil && below.table.Column(id.Key) != nil && below.table.Column(below.column.Key) != nil &&
		below.progress.Status != nil && slices.Equal(below.progress.Status.Path, status.Path)
}

// isWithin reports whether a place is one of the lists of another.
func isWithin(p, q *survey.Place) bool {
	return len(p.Path) > len(q.Path) && slices.Equal(p.Path[:len(q.Path)], q.Path)
}

func (c *choice) rank() int {
	r := min(len(c.table.Rows), 999)
	if survey.IsWork(c.place.Key()) || c.place.Key() == "" {
		r += 10_000
	}
	if s := c.progress.Status; s != nil {
		r += 3000
		if s.Form == survey.Words {
			r += 1000
		}
	}
	if c.place.Shape == survey.Item {
		r += 20_000
	}
	return r
}
