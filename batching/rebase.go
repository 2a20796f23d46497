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
		saved = c.unsure + theirs.Saved
		c.stored, c.unsure = theirs.SavedAs, saved
	}
	contained, applied, conflicts := c.rebaseJournal(theirs.Document, saved, lost)
	c.base, c.stored, c.unsure = theirs.Revision, theirs.Document, contained
	if contained == 0 {
		c.origin = theirs.Document
	}
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
		Stored: theirs, Ours: ours, Groups: changesOf(groups), Saved: saved, Known: c.known(),
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

// known returns the versions that the groups of the journal know of.
func (c *core) known() []merge.Known {
	if c.unsure == 0 {
		return []merge.Known{{Version: merge.Whole(c.stored)}}
	}
	saved := merge.Known{Groups: c.unsure, Version: merge.Whole(c.stored)}
	if c.origin == nil {
		return []merge.Known{saved}
	}
	return []merge.Known{{Version: merge.Whole(c.origin)}, saved}
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
