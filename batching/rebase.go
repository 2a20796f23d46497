package batching

import (
	"context"
	"log/slog"
	"slices"

	"github.com/backlog-gen/backlog-gen/document"
)

// rebase applies what is pending to what another writer has stored, and returns
// the number of groups applied. A group that has become illegal stays out.
func (c *core) rebase(ctx context.Context, theirs *Conflict) int {
	c.mu.Lock()
	ours, d := c.current.Load(), theirs.Document
	var kept journal
	var out []GroupConflict
	rebased, position := 0, 0
	for group := range c.journal.all() {
		position++
		if position <= c.unsure {
			kept.add(group) // their document was made from one that has it
			continue
		}
		next, _, err := d.Apply(group.Changes...)
		if err != nil {
			out = append(out, newGroupConflict(group, ours, theirs.Document, err))
			continue
		}
		d = next
		kept.add(group)
		rebased++
	}
	c.journal = kept
	c.current.Store(d)
	c.dirty.Store(kept.groups > 0)
	c.mu.Unlock()
	c.base, c.stored = theirs.Revision, theirs.Document
	c.leaveOut(ctx, out)
	return rebased
}

// leaveOut remembers conflicts until a Flush reports them.
func (c *core) leaveOut(ctx context.Context, out []GroupConflict) {
	for _, g := range out {
		c.log.LogAttrs(ctx, slog.LevelWarn, "Update left out, illegal after another writer's change",
			slog.String("item", g.Group.Changes[0].ID.String()), slog.Any("error", g.Err))
	}
	c.conflicts = append(c.conflicts, out...)
}

// takeConflicts returns the conflicts that no Flush has reported yet, if any.
func (c *core) takeConflicts() error {
	err := conflictError(c.conflicts)
	c.conflicts = nil
	return err
}

// conflictError returns nil if there are no conflicts.
func conflictError(groups []GroupConflict) error {
	if len(groups) == 0 {
		return nil
	}
	return &ConflictError{Groups: slices.Clone(groups)}
}

// newGroupConflict shows every item of a group on both sides. Ours may be nil.
func newGroupConflict(g Group, ours, theirs *document.Document, err error) GroupConflict {
	conflict := GroupConflict{Group: g, Err: err}
	seen := map[document.ID]bool{}
	for i := range g.Changes {
		id := g.Changes[i].ID
		if seen[id] {
			continue
		}
		seen[id] = true
		item := ItemConflict{ID: id}
		if ours != nil {
			item.Ours, _ = ours.Find(id)
		}
		item.Theirs, _ = theirs.Find(id)
		conflict.Items = append(conflict.Items, item)
	}
	return conflict
}
