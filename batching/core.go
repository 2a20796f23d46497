package batching

import (
	"context"
	"log/slog"

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

	buffer buffer

	// turn is for operations that talk to the store. It guards what follows.
	// Only who has it takes groups out of the buffer, so that the first ones
	// stay the first ones during a flush.
	turn  *turn
	state syncState
	// preserved is the snapshot that the recovery file leads to, if there is
	// one.
	preserved *document.Document
	// conflicts are the groups left out that no Flush has reported yet.
	conflicts conflictList

	records   *recovery.Records
	abandoned abandoned
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
		conflicts: conflictList{log: o.logger},
		records:   recovery.New(extras.Recovery, o.logger),
		abandoned: abandoned{store: extras.Recovery, typ: t, log: o.logger},
	}
	if extras.Leases != nil {
		c.leases = &leaseCheck{core: c, store: extras.Leases, held: &c.held, turn: make(chan struct{}, 1), wall: o.wall}
		c.hook = c.leases
	}
	c.buffer.current.Store(d)
	c.abandoned.find(ctx)
	c.auto = startAutoFlush(o.count, o.delay, c.flushBySelf, o.onFlush)
	return c, nil
}

// apply accepts a group, or refuses it. It returns the snapshot after it.
func (c *core) apply(ctx context.Context, changes []document.Change) (*document.Document, error) {
	if err := ctx.Err(); err != nil {
		return c.buffer.current.Load(), err
	}
	a, err := c.buffer.apply(changes)
	if err == nil && a.after != a.before {
		c.accepted(ctx, a)
	}
	return a.after, err
}

// edit accepts what edit changes as a group.
func (c *core) edit(ctx context.Context, edit func(*document.Document) (*document.Document, error)) (*document.Document, error) {
	if err := ctx.Err(); err != nil {
		return c.buffer.current.Load(), err
	}
	a, err := c.buffer.edit(edit)
	if err == nil && a.after != a.before {
		c.accepted(ctx, a)
	}
	return a.after, err
}

// accepted does what follows from an accepted group, outside of the mutex.
func (c *core) accepted(ctx context.Context, a acceptance) {
	a.logForces(ctx, c.log)
	if c.log.Enabled(ctx, slog.LevelDebug) {
		c.log.LogAttrs(ctx, slog.LevelDebug, "Status update batched",
			slog.String("item", about(&a.changes[0])),
			slog.Int("updates", a.updates), slog.Int("pending", a.pending))
	}
	c.records.Reserve(ctx, a.space)
	c.auto.accepted(a.updates)
}

// logForces logs every force of a group that was accepted.
func (a *acceptance) logForces(ctx context.Context, log *slog.Logger) {
	t := a.before.Type()
	for i := range a.changes {
		change := &a.changes[i]
		if change.Op != document.OpForce {
			continue
		}
		from := "none"
		if item, ok := a.before.Find(change.ID); ok {
			from = t.StatusName(item.Status())
		}
		log.LogAttrs(ctx, slog.LevelWarn, "Status forced",
			slog.String("item", change.ID.String()), slog.String("from", from),
			slog.String("to", t.StatusName(change.To)), slog.String("reason", change.Reason))
	}
}

// pending returns copies of the groups that are accepted and not saved yet.
func (c *core) pending() []Group {
	groups, _, _ := c.buffer.pending()
	groups = cloneAll(groups)
	for i := range groups {
		groups[i] = groups[i].Of(c.typ)
	}
	return groups
}
