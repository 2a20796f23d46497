package batching

import (
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/merge"
)

// buffer is what a Batcher has in memory: the newest snapshot, and the journal of
// the groups that lead there from what is stored. It does no I/O.
type buffer struct {
	// current is the newest snapshot. Whoever stores one holds mu.
	current atomic.Pointer[document.Document]
	// dirty is whether the journal holds groups.
	dirty atomic.Bool

	// mu is for writers: it guards what follows.
	mu      sync.Mutex
	journal journal
	closed  bool
}

// acceptance is what happened to a group.
type acceptance struct {
	before, after *document.Document
	// changes of the group, and how many of them did something.
	changes []document.Change
	updates int
	// pending is the number of updates after it, space what they may take.
	pending int
	space   int64
}

// apply accepts a group, or refuses it.
func (b *buffer) apply(changes []document.Change) (acceptance, error) {
	b.mu.Lock()
	defer b.mu.Unlock() // also if a custom guard panics
	if b.closed {
		return b.unchanged(), ErrClosed
	}
	return b.accept(changes)
}

// edit accepts what edit changes as a group, or refuses it.
func (b *buffer) edit(edit func(*document.Document) (*document.Document, error)) (acceptance, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.unchanged()
	if b.closed {
		return a, ErrClosed
	}
	changes, err := a.before.Track(func(d *document.Document) (*document.Document, error) {
		edited, err := edit(d)
		if err == nil {
			err = differentType(a.before, edited)
		}
		return edited, err
	})
	if err != nil {
		return a, err
	}
	return b.accept(changes)
}

// differentType refuses what an edit has returned if there are no changes that lead
// there.
func differentType(before, edited *document.Document) error {
	if edited == nil {
		return errors.New("the edit has returned the zero value: return what it was given, changed or not, or a new document to begin from nothing")
	}
	a, b := before.Type(), edited.Type()
	if a != b && !reflect.DeepEqual(a.Descriptor(), b.Descriptor()) {
		return fmt.Errorf("the edit has returned a document of another type: %q, want %q", b.Descriptor().Name, a.Descriptor().Name)
	}
	return nil
}

func (b *buffer) unchanged() acceptance {
	d := b.current.Load()
	return acceptance{before: d, after: d}
}

// accept passes a group through the gate and into the journal. The caller holds
// mu.
func (b *buffer) accept(changes []document.Change) (acceptance, error) {
	a := b.unchanged()
	if len(changes) == 0 {
		return a, nil
	}
	staged := b.journal.stage(changes)
	after, applied, err := a.before.Apply(staged...)
	if err != nil || after == a.before {
		return a, err
	}
	a.before.See(staged)
	b.journal.keep(staged, applied.Updates)
	b.journal.countOrders(staged, a.before, after)
	b.current.Store(after)
	b.dirty.Store(true)
	a.after, a.changes, a.updates = after, staged, applied.Updates
	a.pending, a.space = b.journal.updates, b.journal.space
	return a, nil
}

// close refuses groups from now on.
func (b *buffer) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
}

func (b *buffer) isClosed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.closed
}

// pending returns all groups, how many updates they make, and what they lead to.
func (b *buffer) pending() (groups []Group, updates int, d *document.Document) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.journal.between(0, b.journal.groups), b.journal.updates, b.current.Load()
}

// generation is what one flush saves: the first groups of the journal, and the
// document that they lead to. Groups that come later belong to the next one.
type generation struct {
	groups, updates int
	document        *document.Document
}

func (b *buffer) generation() generation {
	b.mu.Lock()
	defer b.mu.Unlock()
	return generation{b.journal.groups, b.journal.updates, b.current.Load()}
}

// between returns the groups after the first from ones, up to the one with the
// number to.
func (b *buffer) between(from, to int) []Group {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.journal.between(from, to)
}

// drop forgets the first groups.
func (b *buffer) drop(groups int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.journal.drop(groups)
	b.dirty.Store(b.journal.groups > 0)
}

// rebase applies the journal anew to what another writer has stored. The first
// groups, so many as were saved, are part of that. It returns how many groups
// the document of the other writer contains, which are the first ones then, how
// many are applied, and which are left out.
func (b *buffer) rebase(theirs *document.Document, saved int, known []merge.Known, lost map[document.ID]error) (contained, applied int, out []GroupConflict) {
	b.mu.Lock()
	defer b.mu.Unlock()
	ours := b.current.Load()
	groups := b.journal.between(0, b.journal.groups)
	merged, outcomes := merge.Merge(merge.Input{
		Stored: theirs, Ours: ours, Groups: changesOf(groups), Saved: saved, Known: known,
		Refuse: refuseLost(lost),
	})
	var journal journal
	keep := func(i int) {
		journal.add(groups[i])
		journal.countOrders(groups[i].Changes, outcomes[i].Before, outcomes[i].After)
	}
	for i, o := range outcomes {
		if o.Contained { // saved before, though perhaps not durable, and still there
			keep(i)
		}
	}
	contained = journal.groups
	for i, o := range outcomes {
		switch {
		case o.Contained:
		case o.Err != nil:
			out = append(out, newGroupConflict(groups[i], ours, theirs, o.Err))
		default:
			keep(i)
			applied++
		}
	}
	b.journal = journal
	b.current.Store(merged)
	b.dirty.Store(journal.groups > 0)
	return contained, applied, out
}

// adopt applies the groups of a record on top of what is pending. The first ones,
// so many as were reached, are part of what is stored. If nothing is pending, it
// keeps those, and returns how many: they might not survive a power cut, so the
// next save has to see to it. It also returns what it has applied, and which
// groups are left out.
func (b *buffer) adopt(groups []Group, stored *document.Document, reached int, known []merge.Known, lost map[document.ID]error) (contained int, applied []acceptance, out []GroupConflict) {
	b.mu.Lock()
	defer b.mu.Unlock()
	merged, outcomes := merge.Merge(merge.Input{
		Stored: stored, Onto: b.current.Load(), Groups: changesOf(groups), Saved: reached, Known: known,
		Refuse: refuseLost(lost),
	})
	if b.journal.groups == 0 {
		for contained < len(outcomes) && outcomes[contained].Contained {
			b.journal.add(groups[contained])
			b.journal.countOrders(groups[contained].Changes, stored, merged)
			contained++
		}
	}
	for i, o := range outcomes {
		switch {
		case o.Err != nil:
			out = append(out, newGroupConflict(groups[i], nil, stored, o.Err))
		case o.After != o.Before:
			b.journal.add(Group{Changes: groups[i].Changes, Updates: o.Updates})
			b.journal.countOrders(groups[i].Changes, o.Before, o.After)
			applied = append(applied, acceptance{before: o.Before, after: o.After, changes: groups[i].Changes, updates: o.Updates})
		}
	}
	b.current.Store(merged)
	b.dirty.Store(b.journal.groups > 0)
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
