package batching

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"github.com/backlog-gen/backlog-gen/document"
)

// The store is shown so many candidates at a time: at first a few more than are
// asked for, then larger lots.
const (
	firstLot = 64
	lastLot  = 4096
	// maxGiveBack is how long to try to give back what cannot be handed out,
	// also when the context is done. Others wait for the store meanwhile.
	maxGiveBack = time.Second
)

// claimRun is one call of Claim.
type claimRun struct {
	*core
	leases   *leaseCheck
	worker   string
	n        int
	duration time.Duration
	// got are the leases that the worker has got.
	got []Lease
}

// run leases items to a worker and puts them into the status of taken work.
func (r *claimRun) run(ctx context.Context) ([]Lease, error) {
	ctx, err := r.turn.take(ctx)
	if err != nil {
		return nil, err
	}
	defer r.turn.give()
	if r.buffer.isClosed() {
		return nil, ErrClosed
	}
	err = r.reload(ctx)
	if err == nil {
		err = r.lease(ctx)
	}
	if err == nil {
		err = r.take(ctx)
	}
	if err != nil {
		r.giveBackUnless(ctx, func(document.ID) bool { return false })
		return nil, err
	}
	r.log.LogAttrs(ctx, slog.LevelDebug, "Items claimed", slog.String("worker", r.worker), slog.Int("items", len(r.got)))
	return r.got, nil
}

// lease asks the store for leases until there are enough, or nothing is left to
// ask for.
func (r *claimRun) lease(ctx context.Context) error {
	for range maxRebases {
		err := r.leaseFrom(ctx, r.candidates())
		var conflict *Conflict
		if !errors.As(err, &conflict) {
			return err
		}
		r.rebaseTo(ctx, conflict, nil)
	}
	return fmt.Errorf("other writers were faster %d times in a row: %w", maxRebases, ErrConflict)
}

func (r *claimRun) leaseFrom(ctx context.Context, candidates iter.Seq[Candidate]) error {
	var lot []Candidate
	size := min(r.n+firstLot, lastLot)
	for candidate := range candidates {
		if lot = append(lot, candidate); len(lot) < size {
			continue
		}
		if err := r.ask(ctx, lot); err != nil || len(r.got) == r.n {
			return err
		}
		lot, size = nil, lastLot
	}
	if len(lot) == 0 {
		return nil
	}
	return r.ask(ctx, lot)
}

func (r *claimRun) ask(ctx context.Context, candidates []Candidate) error {
	leases, err := r.leases.acquire(ctx, r.worker, candidates, r.n-len(r.got), r.duration)
	r.got = append(r.got, leases...)
	return err
}

// candidates returns the items that can be handed out as we know it, pending
// updates included, each in the status that is stored. Items that are not stored
// yet have to wait.
func (r *claimRun) candidates() iter.Seq[Candidate] {
	current, stored := r.buffer.current.Load(), r.state.stored
	return func(yield func(Candidate) bool) {
		for item := range current.Claimable() {
			before, ok := item, true
			if current != stored {
				before, ok = stored.Find(item.ID())
			}
			if ok && !yield(Candidate{ID: item.ID(), Status: before.Status()}) {
				return
			}
		}
	}
}

// take puts the leased items into the status of taken work, and flushes. What
// cannot be taken is given back.
func (r *claimRun) take(ctx context.Context) error {
	if len(r.got) == 0 {
		return nil
	}
	known := r.conflicts.count()
	for _, l := range r.got {
		item, ok := r.buffer.current.Load().Find(l.ID)
		if !ok {
			continue // removed in the meantime
		}
		// An item that another goroutine has just changed stays as it is.
		if _, err := r.apply(ctx, []document.Change{document.Set(l.ID, item.ClaimStatus())}); err != nil {
			r.log.LogAttrs(ctx, slog.LevelDebug, "Item not claimed", slog.String("item", l.ID.String()), slog.Any("error", err))
		}
	}
	if _, err := r.save(ctx); err != nil {
		return err
	}
	r.forgetConflicts(known)
	r.giveBackUnless(ctx, func(id document.ID) bool {
		item, ok := r.state.stored.Find(id)
		return ok && item.Status() == item.ClaimStatus() && item.Claimable()
	})
	return nil
}

// forgetConflicts takes the groups of take off the conflicts to report: nobody
// has asked for just these items.
func (r *claimRun) forgetConflicts(known int) {
	leased := map[document.ID]bool{}
	for _, l := range r.got {
		leased[l.ID] = true
	}
	r.conflicts.forget(known, func(g Group) bool {
		return len(g.Changes) == 1 && g.Changes[0].Op == document.OpSet && leased[g.Changes[0].ID]
	})
}

// giveBackUnless gives back what does not pass.
func (r *claimRun) giveBackUnless(ctx context.Context, passes func(document.ID) bool) {
	var kept []Lease
	var rest []document.ID
	for _, l := range r.got {
		if passes(l.ID) {
			kept = append(kept, l)
		} else {
			rest = append(rest, l.ID)
		}
	}
	r.got = kept
	if len(rest) == 0 {
		return
	}
	// They expire in any case.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), min(maxGiveBack, r.duration))
	defer cancel()
	if err := r.leases.giveBack(ctx, r.worker, rest); err != nil {
		r.log.LogAttrs(ctx, slog.LevelWarn, "Leases not released", slog.String("worker", r.worker), slog.Any("error", err))
	}
}
