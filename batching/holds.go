package batching

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/backlog-gen/backlog-gen/document"
)

// holds are the leases that were got with a Batcher, as far as it knows. It is
// safe for concurrent use.
type holds struct {
	mu sync.Mutex
	of map[document.ID]hold
}

// hold is a lease as far as we can tell: it was asked for at a moment, so that
// the store's lasts no less.
type hold struct {
	worker   string
	asked    instant
	duration time.Duration
}

// left is how long the lease still lasts, negative when it is over.
func (h hold) left(now instant) time.Duration { return h.duration - now.since(h.asked) }

// instant is a moment by two clocks. The monotonic one is never set, but it may
// stand still while the machine sleeps. The one on the wall goes on, as the
// store's does, and is set with it.
type instant struct{ monotonic, wall time.Time }

// since returns the time between two moments: by the clock that says more, since
// a lease that may be over has to be looked at.
func (i instant) since(earlier instant) time.Duration {
	return max(i.monotonic.Sub(earlier.monotonic), i.wall.Sub(earlier.wall))
}

func (c *core) now() instant {
	return instant{monotonic: time.Now(), wall: c.options.wall().Round(0)} // without its monotonic part
}

// add keeps leases that were asked for at a moment.
func (h *holds) add(leases []Lease, asked instant, d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.of == nil {
		h.of = map[document.ID]hold{}
	}
	for _, l := range leases {
		h.of[l.ID] = hold{l.Worker, asked, d}
	}
}

// remove forgets leases of a worker.
func (h *holds) remove(worker string, ids []document.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range ids {
		if h.of[id].worker == worker {
			delete(h.of, id)
		}
	}
}

// where returns the holds of the items that pass, by worker, in the order of
// ids.
func (h *holds) where(passes func(document.ID, hold) bool) map[string][]document.ID {
	h.mu.Lock()
	defer h.mu.Unlock()
	var found map[string][]document.ID
	for id, held := range h.of {
		if !passes(id, held) {
			continue
		}
		if found == nil {
			found = map[string][]document.ID{}
		}
		found[held.worker] = append(found[held.worker], id)
	}
	for _, ids := range found {
		slices.SortFunc(ids, document.ID.Compare)
	}
	return found
}

// doubt has all leases be past the half of their time, so that they are renewed
// before they are relied on again: the store knows of one that has ended.
func (h *holds) doubt(now instant) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for id, held := range h.of {
		half := held.duration / 2
		if held.left(now) > half {
			held.asked = instant{now.monotonic.Add(-half), now.wall.Add(-half)}
			h.of[id] = held
		}
	}
}

// none reports whether there are no leases.
func (h *holds) none() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.of) == 0
}

// duration returns how long the lease on an item was to last.
func (h *holds) duration(id document.ID) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.of[id].duration
}

// renew prolongs leases. It does not wait for a flush, but for leases that are
// being given back: else what it keeps might have ended meanwhile.
func (c *core) renew(ctx context.Context, s LeaseStore, worker string, ids []document.ID, d time.Duration) ([]Lease, error) {
	if err := takeToken(ctx, c.leaseTurn); err != nil {
		return nil, err
	}
	defer func() { <-c.leaseTurn }()
	asked := c.now()
	leases, err := s.Renew(ctx, worker, ids, d)
	c.holds.add(leases, asked, d)
	return leases, err
}

// giveBack ends leases.
func (c *core) giveBack(ctx context.Context, s LeaseStore, worker string, ids []document.ID) error {
	err := takeToken(ctx, c.leaseTurn)
	c.holds.remove(worker, ids)
	if err != nil {
		return err
	}
	defer func() { <-c.leaseTurn }()
	return s.Release(ctx, worker, ids)
}

// releaseDone ends the leases on items that are stored in another status than
// that of taken work. The caller has the turn.
func (c *core) releaseDone(ctx context.Context) {
	s := c.extras.Leases
	if s == nil {
		return
	}
	done := c.holds.where(func(id document.ID, _ hold) bool {
		item, ok := c.state.stored.Find(id)
		return !ok || item.Status() != item.ClaimStatus()
	})
	for worker, ids := range done {
		// If it fails they expire.
		if err := c.giveBack(ctx, s, worker, ids); err != nil {
			c.log.LogAttrs(ctx, slog.LevelWarn, "Leases not released", slog.String("worker", worker), slog.Any("error", err))
		}
	}
}
