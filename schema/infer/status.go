package infer

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/infer/internal/survey"
)

var categoryOrder = []string{"todo", "active", "done", "failed", "dropped"}

// findStatuses collects the statuses of all levels. Spellings that make the same
// Go name are one status.
func (d *draft) findStatuses() {
	for _, l := range d.levels {
		if s := l.progress.Status; s != nil {
			for _, c := range s.Column.Counts() {
				if c.Kind == survey.Text {
					d.addStatus(c.Text, c.N)
				}
			}
		}
	}
	d.addMissing("todo", "Planned", "pending")
	d.addMissing("done", "Complete", "done")
	slices.SortStableFunc(d.statuses, func(a, b *status) int {
		return cmp.Compare(slices.Index(categoryOrder, a.category), slices.Index(categoryOrder, b.category))
	})
	d.nameEvents()
}

func (d *draft) addStatus(name string, count int) *status {
	for _, s := range d.statuses {
		switch {
		case s.name == name || slices.Contains(s.aliases, name):
			s.count += count
			return s
		case schema.GoName(name) != "" && schema.GoName(s.name) == schema.GoName(name):
			s.aliases = append(s.aliases, name)
			s.count += count
			return s
		}
	}
	m, known := survey.MeaningOf(name)
	s := &status{name: name, category: cmp.Or(m.Category, "active"), event: m.Event, known: known, count: count}
	d.statuses = append(d.statuses, s)
	return s
}

// addMissing adds a status of a category that the document shows none of: a
// machine begins somewhere and leads somewhere.
func (d *draft) addMissing(category, capitalized, small string) {
	if slices.ContainsFunc(d.statuses, func(s *status) bool { return s.category == category }) {
		return
	}
	name := small
	if len(d.statuses) > 0 && strings.ToLower(d.statuses[0].name) != d.statuses[0].name {
		name = capitalized
	}
	d.added = append(d.added, d.addStatus(name, 0))
}

// nameEvents names the event that leads to each status.
func (d *draft) nameEvents() {
	taken := make(map[string]bool)
	for i, s := range d.statuses {
		s.index = i
		if s.event == "" || taken[s.event] {
			s.event = "set-" + s.name
		}
		taken[s.event] = true
	}
}

// initial returns the status of new items: the first to do whose name says that
// nothing has happened yet, else the first to do.
func (d *draft) initial() *status {
	for _, s := range d.statuses {
		if m, _ := survey.MeaningOf(s.name); m.Event == "reset" {
			return s
		}
	}
	return d.statuses[0]
}

// statusOf returns the status of an item, nil if the item says none.
func (d *draft) statusOf(l *level, row *survey.Row) *status {
	v := row.Value
	for _, key := range l.progress.Status.Path {
		if v = v.Get(key); v == nil {
			return nil
		}
	}
	i := slices.IndexFunc(d.statuses, func(s *status) bool {
		return v.Kind == survey.Text && (s.name == v.Text || slices.Contains(s.aliases, v.Text))
	})
	if i < 0 {
		return nil
	}
	return d.statuses[i]
}

func itoa(n int) string { return strconv.Itoa(n) }
