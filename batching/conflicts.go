package batching

import (
	"context"
	"log/slog"
	"slices"

	"github.com/backlog-gen/backlog-gen/document"
)

// maxConflicts is how many groups left out are kept for the next report. A
// program that only flushes by itself may never ask for one.
const maxConflicts = 1000

// conflictList holds the groups left out that no Flush has reported yet.
type conflictList struct {
	log *slog.Logger
	// newest are the last of them, omitted is how many there were before.
	newest  []GroupConflict
	omitted int
}

// add logs groups that were left out, and keeps them until they are reported.
func (l *conflictList) add(ctx context.Context, out []GroupConflict) {
	for _, g := range out {
		l.log.LogAttrs(ctx, slog.LevelWarn, "Update left out because of another writer's change",
			slog.String("item", about(&g.Group.Changes[0])), slog.Any("error", g.Err))
	}
	l.newest = append(l.newest, out...)
	if n := len(l.newest) - maxConflicts; n > 0 {
		l.newest = slices.Clone(l.newest[n:])
		l.omitted += n
	}
}

// count is how many there are in all.
func (l *conflictList) count() int { return l.omitted + len(l.newest) }

// since returns those after the first n as an error, nil if there are none.
func (l *conflictList) since(n int) error {
	switch n -= l.omitted; {
	case l.count() == l.omitted+n:
		return nil
	case n < 0:
		return &ConflictError{Groups: slices.Clone(l.newest), Omitted: -n}
	}
	return &ConflictError{Groups: slices.Clone(l.newest[n:])}
}

// take returns all as an error, nil if there are none, and forgets them.
func (l *conflictList) take() error {
	err := l.since(0)
	l.newest, l.omitted = nil, 0
	return err
}

// forget takes the groups that match off the list, but for the first n of all.
func (l *conflictList) forget(n int, match func(Group) bool) {
	known := min(max(n-l.omitted, 0), len(l.newest))
	rest := slices.Clone(l.newest[:known])
	for _, g := range l.newest[known:] {
		if !match(g.Group) {
			rest = append(rest, g)
		}
	}
	l.newest = rest
}

// newGroupConflict shows every item of a group on both sides. Ours may be nil.
func newGroupConflict(g Group, ours, theirs *document.Document, err error) GroupConflict {
	conflict := GroupConflict{Group: clone(g).Of(theirs.Type()), Err: err}
	type named struct {
		id   document.ID
		name string
	}
	seen := map[named]bool{}
	for i := range g.Changes {
		id, name := g.Changes[i].ID, about(&g.Changes[i])
		if seen[named{id, name}] {
			continue
		}
		seen[named{id, name}] = true
		item := ItemConflict{ID: id, about: name, typ: theirs.Type()}
		if ours != nil {
			item.Ours = detached(ours, id)
		}
		item.Theirs = detached(theirs, id)
		conflict.Items = append(conflict.Items, item)
	}
	return conflict
}

// about names what a change is about.
func about(c *document.Change) string {
	switch {
	case c.ID.Text() != "":
		return c.ID.String()
	case c.Op == document.OpEdit:
		return "the document"
	}
	return "a new item"
}

// detached returns a copy of an item that does not keep its document in memory,
// the zero Item if there is none.
func detached(d *document.Document, id document.ID) document.Item {
	item, ok := d.Find(id)
	if !ok {
		return document.Item{}
	}
	t := d.Type()
	out := t.NewItem(item.Level(), id).WithStatus(item.Status())
	for f := range t.Descriptor().Levels[item.Level()].Fields {
		value := document.Absent()
		if raw, ok := item.Raw(f); ok {
			value = document.RawValue(raw)
		}
		out = out.With(f, value)
	}
	return out
}
