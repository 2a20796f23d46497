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

// handOut is one call of Claim.
type handOut struct {
	*core
	leasing  LeaseStore
	worker   string
	n        int
	duration time.Duration
	// leases are those we got.
	leases []Lease
}

// run leases items to a worker and puts them into the status of taken work.
func (h *handOut) run(ctx context.Context) ([]Lease, error) {
	ctx, err := h.turn.take(ctx)
	if err != nil {
		return nil, err
	}
	defer h.turn.give()
	h.mu.Lock()
	closed := h.closed
	h.mu.Unlock()
	if closed {
		return nil, ErrClosed
	}
	err = h.reload(ctx)
	if err == nil {
		err = h.lease(ctx)
	}
	if err == nil {
		err = h.take(ctx)
	}
	if err != nil {
		h.keep(ctx, func(document.ID) bool { return false })
		return nil, err
	}
	h.log.LogAttrs(ctx, slog.LevelDebug, "Items claimed", slog.String("worker", h.worker), slog.Int("items", len(h.leases)))
	return h.leases, nil
}

// lease asks the store for leases until there are enough, or nothing is left to
// ask for.
func (h *handOut) lease(ctx context.Context) error {
	for range maxRebases {
		err := h.withStored(ctx, h.leaseFrom(ctx, h.candidates()))
		var conflict *Conflict
		if !errors.As(err, &conflict) {
			return err
		}
		h.rebaseTo(ctx, conflict, nil)
	}
	return fmt.Errorf("other writers were faster %d times in a row: %w", maxRebases, ErrConflict)
}

func (h *handOut) leaseFrom(ctx context.Context, candidates iter.Seq[Candidate]) error {
	var lot []Candidate
	size := min(h.n+firstLot, lastLot)
	for candidate := range candidates {
		if lot = append(lot, candidate); len(lot) < size {
			continue
		}
		if err := h.ask(ctx, lot); err != nil || len(h.leases) == h.n {
			return err
		}
		lot, size = nil, lastLot
	}
	if len(lot) == 0 {
		return nil
	}
	return h.ask(ctx, lot)
}

func (h *handOut) ask(ctx context.Context, candidates []Candidate) error {
	asked := h.now()
	got, err := h.leasing.Acquire(ctx, Acquire{
		Base: h.state.revision, Stored: h.state.stored, Worker: h.worker,
		Candidates: candidates, N: h.n - len(h.leases), Duration: h.duration,
	})
	h.holds.add(got, asked, h.duration)
	h.leases = append(h.leases, got...)
	return err
}

// candidates returns the items that can be handed out as we know it, pending
// updates included, each in the status that is stored. Items that are not stored
// yet have to wait.
func (c *core) candidates() iter.Seq[Candidate] {
	current, stored := c.current.Load(), c.state.stored
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
func (h *handOut) take(ctx context.Context) error {
	if len(h.leases) == 0 {
		return nil
	}
	known := h.conflicts.count()
	for _, l := range h.leases {
		item, ok := h.current.Load().Find(l.ID)
		if !ok {
			continue // removed in the meantime
		}
		// An item that another goroutine has just changed stays as it is.
		if _, err := h.apply(ctx, []document.Change{document.Set(l.ID, item.ClaimStatus())}); err != nil {
			h.log.LogAttrs(ctx, slog.LevelDebug, "Item not claimed", slog.String("item", l.ID.String()), slog.Any("error", err))
		}
	}
	if _, err := h.save(ctx); err != nil {
		return err
	}
	h.forgetConflicts(known)
	h.keep(ctx, func(id document.ID) bool {
		item, ok := h.state.stored.Find(id)
		return ok && item.Status() == item.ClaimStatus() && item.Claimable()
	})
	return nil
}

// forgetConflicts takes the groups of take off the conflicts to report: nobody
// has asked for just these items.
func (h *handOut) forgetConflicts(known int) {
	leased := map[document.ID]bool{}
	for _, l := range h.leases {
		leased[l.ID] = true
	}
	h.conflicts.forget(known, func(g Group) bool {
		return len(g.Changes) == 1 && g.Changes[0].Op == document.OpSet && leased[g.Changes[0].ID]
	})
}

// keep gives back what does not pass.
func (h *handOut) keep(ctx context.Context, passes func(document.ID) bool) {
	var kept []Lease
	var rest []document.ID
	for _, l := range h.leases {
		if passes(l.ID) {
			kept = append(kept, l)
		} else {
			rest = append(rest, l.ID)
		}
	}
	h.leases = kept
	if len(rest) == 0 {
		return
	}
	// They expire in any case.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), min(maxGiveBack, h.duration))
	defer cancel()
	if err := h.giveBack(ctx, h.leasing, h.worker, rest); err != nil {
		h.log.LogAttrs(ctx, slog.LevelWarn, "Leases not released", slog.String("worker", h.worker), slog.Any("error", err))
	}
}
