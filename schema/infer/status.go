package infer

import (
	"cmp"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema"
)

// meaning is what the name of a status usually means.
type meaning struct{ category, event string }

// meaningOf returns what a status means by its name, false if the name is none
// of those that are common.
func meaningOf(name string) (meaning, bool) {
	switch strings.ToLower(strings.Map(letterOrDrop, name)) {
	case "planned", "pending", "todo", "open", "new", "backlog", "notstarted", "proposed", "queued", "created":
		return meaning{"todo", "reset"}, true
	case "ready", "approved":
		return meaning{"todo", "ready"}, true
	case "deferred", "postponed", "onhold", "paused", "blocked", "waiting":
		return meaning{"todo", "defer"}, true
	case "inprogress", "active", "doing", "started", "working", "wip", "ongoing", "running":
		return meaning{"active", "start"}, true
	case "researching":
		return meaning{"active", "research"}, true
	case "implementing":
		return meaning{"active", "implement"}, true
	case "retrying":
		return meaning{"active", "retry"}, true
	case "review", "inreview", "reviewing", "testing", "qa":
		return meaning{"active", "submit"}, true
	case "done", "complete", "completed", "closed", "finished", "resolved", "merged", "shipped", "released":
		return meaning{"done", "complete"}, true
	case "failed", "error", "broken":
		return meaning{"failed", "fail"}, true
	case "cancelled", "canceled", "dropped", "wontfix", "wontdo", "rejected", "abandoned", "skipped":
		return meaning{"dropped", "cancel"}, true
	case "obsolete", "archived", "deprecated", "duplicate":
		return meaning{"dropped", "retire"}, true
	}
	return meaning{"active", ""}, false
}

func letterOrDrop(r rune) rune {
	if strings.ContainsRune("-_ '’", r) {
		return -1
	}
	return r
}

var categoryOrder = []string{"todo", "active", "done", "failed", "dropped"}

// findStatuses collects the statuses of all levels. Spellings that make the same
// Go name are one status.
func (d *draft) findStatuses() {
	for _, l := range d.levels {
		l.status = statusKey{key: cmp.Or(findStatusKey(l.values()), "status")}
		for _, it := range l.items {
			v := it.value.get(l.status.key)
			if v == nil {
				l.status.optional = true
				continue
			}
			if v.kind == text {
				d.addStatus(v.text)
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

func (d *draft) addStatus(name string) {
	for _, s := range d.statuses {
		switch {
		case s.name == name || slices.Contains(s.aliases, name):
			return
		case schema.GoName(name) != "" && schema.GoName(s.name) == schema.GoName(name):
			s.aliases = append(s.aliases, name)
			return
		}
	}
	m, known := meaningOf(name)
	d.statuses = append(d.statuses, &status{name: name, category: m.category, event: m.event, known: known})
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
	d.added = append(d.added, name)
	d.addStatus(name)
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
		if m, _ := meaningOf(s.name); m.event == "reset" {
			return s
		}
	}
	return d.statuses[0]
}
