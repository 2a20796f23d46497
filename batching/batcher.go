package batching

import (
	"context"
	"errors"
	"time"

	"github.com/backlog-gen/backlog-gen/document"
)

// Batcher collects updates of one document and saves them together. It is safe
// for concurrent use.
type Batcher[B any, ID, S comparable] struct {
	format Format[B, ID, S]
	core   *core
}

// Open loads the document of a store. Recovery files that an ended program has
// left are logged and listed by Recoverable; none is applied. A format whose
// guards the program has not supplied is refused with a
// *document.MissingGuardsError.
//
// Close the Batcher in the end, or use Run, which does. A program that ends
// without it loses what is pending, unless a flush has failed and preserved it.
func Open[B any, ID, S comparable](ctx context.Context, f Format[B, ID, S], s Store, opts ...Option) (*Batcher[B, ID, S], error) {
	o, err := newOptions(opts)
	if err == nil && (f.Type == nil || s == nil) {
		err = errors.New("nothing to open: want a format with a type, and a store")
	}
	if err != nil {
		return nil, err
	}
	if missing := f.Type.MissingGuards(); len(missing) > 0 {
		return nil, &document.MissingGuardsError{Format: f.Type.Descriptor().Name, Guards: missing}
	}
	c, err := openCore(ctx, f.Type, s, o)
	if err != nil {
		return nil, err
	}
	return &Batcher[B, ID, S]{format: f, core: c}, nil
}

// Snapshot returns the document with all accepted updates. It never waits.
func (b *Batcher[B, ID, S]) Snapshot() B { return b.format.Wrap(b.core.buffer.current.Load()) }

// Dirty reports whether updates are pending. It never waits.
func (b *Batcher[B, ID, S]) Dirty() bool { return b.core.buffer.dirty.Load() }

// Pending returns the groups that are accepted and not saved yet, in order.
func (b *Batcher[B, ID, S]) Pending() []Group { return b.core.pending() }

// UpdateStatus changes the status of an item by the one event that leads there
// (see [Set]), in memory, and returns the new snapshot. Updates that the machine
// or a guard refuses are a *statemachine.TransitionError, ids that name nothing
// a *document.NotFoundError; with an error the snapshot is the current one.
func (b *Batcher[B, ID, S]) UpdateStatus(ctx context.Context, id ID, to S) (B, error) {
	return b.one(ctx, document.Set(b.format.ID(id), b.format.Status(to)))
}

// Advance changes the status of an item along the shortest legal path; see
// UpdateStatus.
func (b *Batcher[B, ID, S]) Advance(ctx context.Context, id ID, to S) (B, error) {
	return b.one(ctx, document.Advance(b.format.ID(id), b.format.Status(to)))
}

// Force gives an item a status whatever the machine and the guards say, and
// logs a warning with the reason; see UpdateStatus.
func (b *Batcher[B, ID, S]) Force(ctx context.Context, id ID, to S, reason string) (B, error) {
	return b.one(ctx, document.Force(b.format.ID(id), b.format.Status(to), reason))
}

func (b *Batcher[B, ID, S]) one(ctx context.Context, c document.Change) (B, error) {
	d, err := b.core.apply(ctx, []document.Change{c})
	return b.format.Wrap(d), err
}

// Apply accepts a group of changes: all of them or none. Guards are judged on
// the document that the whole group produces. See UpdateStatus for the result.
func (b *Batcher[B, ID, S]) Apply(ctx context.Context, changes ...Change[ID, S]) (B, error) {
	group := make([]document.Change, len(changes))
	for i, c := range changes {
		group[i] = b.format.untyped(c)
	}
	d, err := b.core.apply(ctx, group)
	return b.format.Wrap(d), err
}

// Edit accepts any change as one group: all that edit has applied to the
// snapshot that it is given, in order, so that an event that was fired or a
// force stays what it is. If what edit returns was not made from that snapshot,
// the group is what differs: a status that differs is an [Advance], and an empty
// document removes everything. An item whose id says where it is has another id
// once it has moved: its move is a removal, an addition and an Advance. An error
// of edit is returned as it is, and changes nothing.
//
// Other updates wait while edit runs, so it must not call the Batcher: but for
// Snapshot and Dirty, every method would wait for edit to return. It works on
// the snapshot that it is given. A document of another type is refused. After a
// panic in edit nothing has changed, and the Batcher works on.
func (b *Batcher[B, ID, S]) Edit(ctx context.Context, edit func(B) (B, error)) (B, error) {
	d, err := b.core.edit(ctx, func(d *document.Document) (*document.Document, error) {
		edited, err := edit(b.format.Wrap(d))
		if err != nil {
			return nil, err
		}
		return b.format.Unwrap(edited), nil
	})
	return b.format.Wrap(d), err
}

// Flush saves what is pending, in one atomic write, and does nothing if there is
// nothing. When it returns nil, everything accepted before the call survives a
// power cut. Updates accepted while it writes belong to the next flush.
//
// After a *FlushError everything stays pending, in a recovery file too where the
// store has such. Another writer's changes are taken in first. What both have
// changed is merged by field: a *ConflictError names the groups that are left
// out, because they have become illegal or would overwrite a value, an item or a
// place that the other writer has changed, or are about an item that was left
// out; all others are saved, unless it is joined with a *FlushError. A status
// goes from where the other writer has put it, if that is legal.
func (b *Batcher[B, ID, S]) Flush(ctx context.Context) (Stats, error) { return b.core.flush(ctx) }

// Refresh loads what is stored now and applies what is pending to it. Groups
// that are no longer legal are reported by the next Flush or Close.
func (b *Batcher[B, ID, S]) Refresh(ctx context.Context) (B, error) {
	err := b.core.refresh(ctx)
	return b.Snapshot(), err
}

// Watch refreshes whenever another writer has stored something, and then calls
// changed, if not nil, with the new snapshot. It returns the context's error
// when that is done, or one that satisfies errors.Is(err, errors.ErrUnsupported)
// if the store cannot watch. What cannot be loaded is logged and tried again.
func (b *Batcher[B, ID, S]) Watch(ctx context.Context, changed func(B)) error {
	return b.core.watch(ctx, func() {
		if changed != nil {
			changed(b.Snapshot())
		}
	})
}

// Recoverable lists what ended programs had preserved before Open, without what
// Recover has dealt with since.
func (b *Batcher[B, ID, S]) Recoverable() []Recoverable { return b.core.abandoned.recoverable() }

// Recover applies what ended programs have preserved, and flushes. Each
// recovery file is removed once its updates are durable. Updates that are there
// already, because they had been saved after all, are not applied again. Groups
// are left out and reported by a *ConflictError as by Flush, and also where a
// status is neither what it was before the group nor what it was after: it may
// have been set on top of ours. Files that cannot be used are reported by a
// *RecoveryError.
//
// If a worker had claimed an item with the program that has ended, its updates
// count as late ones: if somebody else has the item by now, they are left out
// with a *LeaseLostError. The program that recovers need not be that worker's.
// Updates of items that nobody had claimed need no lease.
//
// Recover cannot notice one case: the updates of a killed program had been saved
// after all, and somebody else has put back exactly what was there before. It
// applies them again.
func (b *Batcher[B, ID, S]) Recover(ctx context.Context) (Stats, error) { return b.core.recover(ctx) }

// Close flushes and ends the Batcher: updates are refused from then on, and it
// no longer flushes by itself. Give it a context that ends: when it is done,
// Close ends every flush that still waits for the store, and what is pending is
// preserved. If the flush fails, Close can be called again; once nothing is
// pending it does nothing and returns nil.
func (b *Batcher[B, ID, S]) Close(ctx context.Context) error { return b.core.close(ctx) }

// Recoverable is what an ended program has preserved.
type Recoverable struct {
	// Name of the recovery file.
	Name string
	// Saved is when it was preserved, by the clock of that program.
	Saved time.Time
	// Groups are the updates, in order.
	Groups []Group
	// Err is set if the file cannot be used.
	Err error
}
