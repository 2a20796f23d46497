package batching

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/backlog-gen/backlog-gen/batching/internal/recovery"
	"github.com/backlog-gen/backlog-gen/document"
)

// core is a Batcher without its types.
type core struct {
	typ     *document.Type
	store   Store
	extras  Extras
	log     *slog.Logger
	options options

	// current is the newest snapshot. Whoever stores one holds mu.
	current atomic.Pointer[document.Document]
	// dirty is whether the journal holds groups.
	dirty atomic.Bool

	// mu is for writers: it guards what follows.
	mu          sync.Mutex
	journal     journal
	closed      bool
	recoverable []Recoverable

	// turn is for operations that talk to the store. It guards what follows.
	// Only who has it takes groups out of the journal, so that the first ones
	// stay the first ones during a flush.
	turn  *turn
	state syncState
	// preserved is the snapshot that the recovery file leads to, if there is
	// one.
	preserved *document.Document
	// conflicts are the groups left out that no Flush has reported yet.
	conflicts conflictList

	records *recovery.Records
	// held are the leases of our workers, leases what watches over them: nil if
	// the store keeps none. hook is the part of it in every save.
	held   heldLeases
	leases *leaseCheck
	hook   saveHook
	auto   *autoFlush
}

func openCore(ctx context.Context, t *document.Type, s Store, o options) (*core, error) {
	d, revision, err := s.Load(ctx, t)
	if err != nil {
		return nil, err
	}
	extras := s.Extras()
	c := &core{
		typ: t, store: s, extras: extras, log: o.logger, options: o,
		turn: newTurn(), hook: noHook{}, state: opened(revision, d),
		records: recovery.New(extras.Recovery, o.logger),
	}
	if extras.Leases != nil {
		c.leases = &leaseCheck{core: c, store: extras.Leases, held: &c.held, turn: make(chan struct{}, 1), wall: o.wall}
		c.hook = c.leases
	}
	c.current.Store(d)
	c.findRecoverable(ctx)
	c.auto = startAutoFlush(o.count, o.delay, c.flushBySelf)
	return c, nil
}

// apply accepts a group, or refuses it. It returns the snapshot after it.
func (c *core) apply(ctx context.Context, changes []document.Change) (*document.Document, error) {
	if err := ctx.Err(); err != nil {
		return c.current.Load(), err
	}
	a, err := c.acceptGroup(changes)
	if err == nil && a.after != a.before {
		c.accepted(ctx, a)
	}
	return a.after, err
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

// acceptGroup accepts a group, or refuses it.
func (c *core) acceptGroup(changes []document.Change) (acceptance, error) {
	c.mu.Lock()
	defer c.mu.Unlock() // also if a custom guard panics
	if c.closed {
		d := c.current.Load()
		return acceptance{before: d, after: d}, ErrClosed
	}
	return c.accept(changes)
}

// accept passes a group through the gate and into the journal. The caller holds
// mu.
func (c *core) accept(changes []document.Change) (acceptance, error) {
	before := c.current.Load()
	a := acceptance{before: before, after: before}
	if len(changes) == 0 {
		return a, nil
	}
	staged := c.journal.stage(changes)
	after, applied, err := before.Apply(staged...)
	if err != nil || after == before {
		return a, err
	}
	c.journal.commit(staged, applied.Updates)
	c.current.Store(after)
	c.dirty.Store(true)
	a.after, a.changes, a.updates = after, staged, applied.Updates
	a.pending, a.space = c.journal.updates, c.journal.space
	return a, nil
}

// append puts a group into the journal that has passed the gate already. The
// caller holds mu.
func (c *core) append(changes []document.Change, before, after *document.Document, updates int) acceptance {
	c.journal.add(Group{Changes: changes, Updates: updates})
	c.current.Store(after)
	return acceptance{before: before, after: after, changes: changes, updates: updates}
}

// accepted does what follows from an accepted group, outside of mu.
func (c *core) accepted(ctx context.Context, a acceptance) {
	c.logForces(ctx, a.before, a.changes)
	if c.log.Enabled(ctx, slog.LevelDebug) {
		c.log.LogAttrs(ctx, slog.LevelDebug, "Status update batched",
			slog.String("item", a.changes[0].ID.String()),
			slog.Int("updates", a.updates), slog.Int("pending", a.pending))
	}
	c.records.Reserve(ctx, a.space)
	c.auto.accepted(a.updates)
}

// logForces logs every force of a group that was accepted.
func (c *core) logForces(ctx context.Context, before *document.Document, changes []document.Change) {
	for i := range changes {
		change := &changes[i]
		if change.Op != document.OpForce {
			continue
		}
		from := "none"
		if item, ok := before.Find(change.ID); ok {
			from = c.typ.StatusName(item.Status())
		}
		c.log.LogAttrs(ctx, slog.LevelWarn, "Status forced",
			slog.String("item", change.ID.String()), slog.String("from", from),
			slog.String("to", c.typ.StatusName(change.To)), slog.String("reason", change.Reason))
	}
}

// edit accepts what edit changes as a group.
func (c *core) edit(ctx context.Context, edit func(*document.Document) (*document.Document, error)) (*document.Document, error) {
	if err := ctx.Err(); err != nil {
		return c.current.Load(), err
	}
	a, err := c.acceptEdit(edit)
	if err == nil && a.after != a.before {
		c.accepted(ctx, a)
	}
	return a.after, err
}

func (c *core) acceptEdit(edit func(*document.Document) (*document.Document, error)) (acceptance, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.current.Load()
	a := acceptance{before: before, after: before}
	if c.closed {
		return a, ErrClosed
	}
	changes, err := before.Track(func(d *document.Document) (*document.Document, error) {
		edited, err := edit(d)
		if err == nil {
			err = differentType(before, edited)
		}
		return edited, err
	})
	if err != nil {
		return a, err
	}
	return c.accept(changes)
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

// pending returns copies of the groups of the journal.
func (c *core) pending() []Group {
	c.mu.Lock()
	defer c.mu.Unlock()
	groups := cloneAll(c.journal.list())
	for i := range groups {
		groups[i] = groups[i].Of(c.typ)
	}
	return groups
}
