package infer

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/infer/internal/survey"
)

var categoryOrder = []string{"todo", "active", "done", "failed", "dropped"}

// spelling is how a level writes a status, where that is not its name.
type spelling struct {
	status *status
	// literals are JSON, the one that is written before the others.
	literals []string
}

// findStatuses collects the statuses of all levels. Spellings that make the same
// Go name are one status.
func (d *draft) findStatuses() {
	begin := "open"
	for _, l := range d.levels {
		if s := l.progress.Status; s != nil && s.Form == survey.Words {
			begin = "pending"
			for _, c := range s.Column.Counts() {
				if c.Kind == survey.Text {
					d.addStatus(c.Text, c.N)
				}
			}
		}
	}
	d.ensure("todo", "Planned", begin)
	todo := d.initial()
	done := d.ensure("done", "Complete", "done")
	for _, l := range d.levels {
		switch s := l.progress.Status; {
		case s == nil:
		case s.Form == survey.Flag:
			l.spellings = []spelling{flagged(todo, s, "false", "0"), flagged(done, s, "true", "1")}
		case s.Form == survey.Numbers:
			l.spellings = d.numbered(s, todo, done)
		}
	}
	for _, s := range d.statuses {
		if s.count == 0 {
			d.added = append(d.added, s)
		}
	}
	slices.SortStableFunc(d.statuses, func(a, b *status) int {
		return cmp.Compare(slices.Index(categoryOrder, a.category), slices.Index(categoryOrder, b.category))
	})
	d.nameEvents()
}

// flagged is one of the two statuses of a flag, with all texts that it has in the
// document, the most common before the others.
func flagged(s *status, at *survey.Status, word, digit string) spelling {
	words, digits := at.Column.CountOf(word), at.Column.CountOf(digit)
	s.count += words + digits
	switch {
	case digits == 0 && at.Column.Kinds[survey.Integer] == 0:
		return spelling{s, []string{word}}
	case digits > words:
		return spelling{s, []string{digit, word}}
	}
	return spelling{s, []string{word, digit}}
}

// numbered makes the least number the status of new items, and the greatest that
// of items that are done.
func (d *draft) numbered(at *survey.Status, todo, done *status) []spelling {
	counts := slices.Clone(at.Column.Counts())
	counts = slices.DeleteFunc(counts, func(c survey.Count) bool { return c.Kind != survey.Integer })
	slices.SortFunc(counts, func(a, b survey.Count) int { return cmp.Compare(number(a.Text), number(b.Text)) })
	var all []spelling
	for i, c := range counts {
		s := todo
		switch {
		case i == len(counts)-1:
			s = done
		case i > 0:
			s = d.addStatus(fmt.Sprintf("active-%s", strings.Replace(c.Text, "-", "minus-", 1)), 0)
		}
		s.count += c.N
		all = append(all, spelling{s, []string{c.Text}})
	}
	return all
}

func number(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64) // an Integer is one
	return n
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

// ensure returns the first status of a category, and adds one where the document
// shows none: a machine begins somewhere and leads somewhere.
func (d *draft) ensure(category, capitalized, small string) *status {
	if i := slices.IndexFunc(d.statuses, func(s *status) bool { return s.category == category }); i >= 0 {
		return d.statuses[i]
	}
	name := small
	if len(d.statuses) > 0 && strings.ToLower(d.statuses[0].name) != d.statuses[0].name {
		name = capitalized
	}
	return d.addStatus(name, 0)
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
	return d.ensure("todo", "", "")
}

// statusOf returns the status of an item, nil if the item says none.
func (d *draft) statusOf(l *level, row *survey.Row) *status {
	v := row.Value
	for _, key := range l.progress.Status.Path {
		if v = v.Get(key); v == nil {
			return nil
		}
	}
	for _, p := range l.spellings {
		if slices.Contains(p.literals, v.Text) {
			return p.status
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

// statusesOf returns the statuses that items of a level can have.
func (d *draft) statusesOf(l *level) []*status {
	if l.spellings == nil {
		return d.statuses
	}
	var list []*status
	for _, s := range d.statuses {
		if slices.ContainsFunc(l.spellings, func(p spelling) bool { return p.status == s }) {
			list = append(list, s)
		}
	}
	return list
}

// machineOf names the machine of a level: its own where it knows fewer statuses than
// others.
func (d *draft) machineOf(l *level) string {
	switch {
	case len(d.statusesOf(l)) == len(d.statuses):
		return "work"
	case l.progress.Status.Form == survey.Flag:
		return "flag"
	}
	return "number"
}

// machines names the machines, in the order of the levels.
func (d *draft) machines() []string {
	var names []string
	for _, l := range d.levels {
		if l.progress.Status == nil {
			continue
		}
		if name := d.machineOf(l); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
