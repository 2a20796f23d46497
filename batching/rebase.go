package batching

import (
	"context"

	"github.com/backlog-gen/backlog-gen/document"
)

// rebase applies what is pending to what another writer has stored, and returns
// the number of groups applied. Groups stay out that have become illegal, or
// that would overwrite what the other writer has changed: see merge.
func (c *core) rebase(ctx context.Context, theirs *Conflict) int {
	saved := 0
	if theirs.Saved > 0 {
		saved = c.unsure + theirs.Saved
		c.stored, c.unsure = theirs.SavedAs, saved
	}
	kept, conflicts := c.rebaseJournal(theirs.Document, saved)
	c.base, c.stored, c.unsure = theirs.Revision, theirs.Document, kept.contained
	if kept.contained == 0 {
		c.origin = theirs.Document
	}
	c.leaveOut(ctx, conflicts)
	return kept.applied
}

// rebased says how many groups are left after a rebase: those that the other
// writer's document contains come first.
type rebased struct{ contained, applied int }

// rebaseJournal applies the journal anew. The first groups, so many as were
// saved, are part of what is stored.
func (c *core) rebaseJournal(theirs *document.Document, saved int) (rebased, []GroupConflict) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ours := c.current.Load()
	m := newMerge(theirs, ours, c.past())
	var contained, applied journal
	var out []GroupConflict
	position := 0
	for group := range c.journal.all() {
		if position < saved || m.contained(position, group) {
			// Saved before, though perhaps not durable, and still there.
			contained.add(group)
		} else if err := m.apply(position, group); err != nil {
			out = append(out, newGroupConflict(group, ours, theirs, err))
		} else {
			applied.add(group)
		}
		position++
	}
	result := rebased{contained.groups, applied.groups}
	for group := range applied.all() {
		contained.add(group)
	}
	c.journal = contained
	c.current.Store(m.now)
	c.dirty.Store(c.journal.groups > 0)
	return result, out
}

// past returns the moments that the groups of the journal know of.
func (c *core) past() []moment {
	if c.unsure == 0 {
		return []moment{{0, documentVersion{c.stored}}}
	}
	saved := moment{c.unsure, documentVersion{c.stored}}
	if c.origin == nil {
		return []moment{saved}
	}
	return []moment{{0, documentVersion{c.origin}}, saved}
}
