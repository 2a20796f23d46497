package batching

import (
	"context"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/merge"
)

// rebaseTo applies what is pending to what another writer has stored, and returns
// the number of groups applied. Groups are left out that have become illegal, that
// would overwrite what the other writer has changed, or that are about lost items.
func (c *core) rebaseTo(ctx context.Context, theirs *Conflict, lost map[document.ID]error) int {
	saved := 0
	if theirs.Saved > 0 {
		c.state.ownSaveFound(theirs.SavedAs, theirs.Saved)
		saved = c.state.contained
	}
	contained, applied, conflicts := c.rebaseJournal(theirs.Document, saved, lost)
	c.state.rebasedTo(theirs.Revision, theirs.Document, contained)
	c.reportLater(ctx, conflicts)
	return applied
}

// rebaseJournal applies the journal anew. The first groups, so many as were
// saved, are part of what is stored. It returns how many groups the document of
// the other writer contains, which are the first ones then, and how many are
// applied.
func (c *core) rebaseJournal(theirs *document.Document, saved int, lost map[document.ID]error) (contained, applied int, out []GroupConflict) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ours := c.current.Load()
	groups := c.journal.list()
	merged, outcomes := merge.Merge(merge.Input{
		Stored: theirs, Ours: ours, Groups: changesOf(groups), Saved: saved, Known: c.state.known(),
		Refuse: refuseLost(lost),
	})
	var journal journal
	for i, o := range outcomes {
		if o.Contained { // saved before, though perhaps not durable, and still there
			journal.add(groups[i])
		}
	}
	contained = journal.groups
	for i, o := range outcomes {
		switch {
		case o.Contained:
		case o.Err != nil:
			out = append(out, newGroupConflict(groups[i], ours, theirs, o.Err))
		default:
			journal.add(groups[i])
			applied++
		}
	}
	c.journal = journal
	c.current.Store(merged)
	c.dirty.Store(journal.groups > 0)
	return contained, applied, out
}

func changesOf(groups []Group) [][]document.Change {
	changes := make([][]document.Change, len(groups))
	for i, g := range groups {
		changes[i] = g.Changes
	}
	return changes
}

// refuseLost refuses groups that are about lost items, with the reason why one is.
func refuseLost(lost map[document.ID]error) func([]document.Change) error {
	return func(changes []document.Change) error {
		for i := range changes {
			if err := lost[changes[i].ID]; err != nil {
				return err
			}
		}
		return nil
	}
}
