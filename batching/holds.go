package batching

import (
	"context"
	"errors"
	"log/slog"
	"maps"
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

// hold is a lease by our own clock, which only ever goes forwards: the store's
// lease lasts at least until then.
type hold struct {
	worker   string
	until    time.Time
	duration time.Duration
}

// add keeps leases that were asked for at a time.
func (h *holds) add(leases []Lease, asked time.Time, d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.of == nil {
		h.of = map[document.ID]hold{}
	}
	for _, l := range leases {
		h.of[l.ID] = hold{l.Worker, asked.Add(d), d}
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

// duration returns how long the lease on an item was to last.
func (h *holds) duration(id document.ID) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.of[id].duration
}

// renew prolongs leases.
func (c *core) renew(ctx context.Context, s LeaseStore, worker string, ids []document.ID, d time.Duration) ([]Lease, error) {
	asked := time.Now()
	leases, err := s.Renew(ctx, worker, ids, d)
	c.holds.add(leases, asked, d)
	return leases, err
}

// giveBack ends leases.
func (c *core) giveBack(ctx context.Context, s LeaseStore, worker string, ids []document.ID) error {
	err := s.Release(ctx, worker, ids)
	if err == nil {
		c.holds.remove(worker, ids)
	}
	return err
}

// releaseDone ends the leases on items that are stored in another status than
// that of taken work. The caller has acquired the store.
func (c *core) releaseDone(ctx context.Context) {
	s, ok := c.store.(LeaseStore)
	if !ok {
		return
	}
	done := c.holds.where(func(id document.ID, _ hold) bool {
		item, ok := c.stored.Find(id)
		return !ok || item.Status() != item.ClaimStatus()
	})
	for worker, ids := range done {
		// If it fails they are tried again after the next flush, or expire.
		if err := c.giveBack(ctx, s, worker, ids); err != nil {
			c.log.LogAttrs(ctx, slog.LevelWarn, "Leases not released", slog.String("worker", worker), slog.Any("error", err))
		}
	}
}

// secure makes sure that workers still hold the items that they have claimed and
// whose status a generation changes, and that they do until it is saved: leases
// that are past the half of their time are renewed, and those that have expired
// are taken again. Updates of items that somebody else holds are left out. The
// caller has acquired the store.
func (c *core) secure(ctx context.Context, g *generation) error {
	s, ok := c.store.(LeaseStore)
	if !ok {
		return nil
	}
	now := time.Now()
	old := c.holds.where(func(id document.ID, held hold) bool {
		if held.until.Sub(now) > held.duration/2 {
			return false
		}
		before, ok := c.stored.Find(id)
		after, still := g.document.Find(id)
		return ok && (!still || before.Status() != after.Status())
	})
	lost := map[document.ID]error{}
	for _, worker := range slices.Sorted(maps.Keys(old)) {
		if err := c.secureOf(ctx, s, worker, old[worker], lost); err != nil {
			return err
		}
	}
	if len(lost) == 0 {
		return nil
	}
	c.leaveOutLost(ctx, lost)
	*g = c.generation()
	return nil
}

// secureOf secures the items of one worker, and tells which are lost.
func (c *core) secureOf(ctx context.Context, s LeaseStore, worker string, ids []document.ID, lost map[document.ID]error) error {
	d := MinLease
	for _, id := range ids {
		d = max(d, c.holds.duration(id))
	}
	leases, err := c.renew(ctx, s, worker, ids, d)
	if err != nil {
		return err
	}
	expired := without(ids, leases)
	if len(expired) == 0 {
		return nil
	}
	var candidates []Candidate
	for _, id := range expired {
		item, _ := c.stored.Find(id)
		candidates = append(candidates, Candidate{ID: id, Status: item.Status()})
	}
	asked := time.Now()
	leases, err = s.Acquire(ctx, Acquire{
		Base: c.base, Stored: c.stored, Worker: worker,
		Candidates: candidates, N: len(candidates), Duration: d,
	})
	if err != nil {
		return c.withStored(ctx, err)
	}
	for _, id := range without(expired, leases) {
		lost[id] = &LeaseLostError{ID: id, Worker: worker, Holder: c.holder(ctx, s, id)}
	}
	c.holds.remove(worker, expired)
	c.holds.add(leases, asked, d)
	return nil
}

// without returns the ids of which there is no lease.
func without(ids []document.ID, leases []Lease) []document.ID {
	return slices.DeleteFunc(slices.Clone(ids), func(id document.ID) bool {
		return slices.ContainsFunc(leases, func(l Lease) bool { return l.ID == id })
	})
}

// holder returns who has an item, "" if that cannot be told.
func (c *core) holder(ctx context.Context, s LeaseStore, id document.ID) string {
	leases, _ := s.Leases(ctx)
	for _, l := range leases {
		if l.ID == id {
			return l.Worker
		}
	}
	return ""
}

// withStored returns an error of ErrConflict as a *Conflict, with what is stored
// now, and any other as it is.
func (c *core) withStored(ctx context.Context, err error) error {
	var conflict *Conflict
	if !errors.Is(err, ErrConflict) || errors.As(err, &conflict) {
		return err
	}
	d, revision, err := c.load(ctx)
	if err != nil {
		return err
	}
	return &Conflict{Document: d, Revision: revision}
}

// leaveOutLost takes the groups that concern lost items off the journal.
func (c *core) leaveOutLost(ctx context.Context, lost map[document.ID]error) {
	c.leaveOut(ctx, c.dropLost(lost))
	c.rebase(ctx, &Conflict{Document: c.stored, Revision: c.base})
}

func (c *core) dropLost(lost map[document.ID]error) (out []GroupConflict) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var kept journal
	ours := c.current.Load()
	for g := range c.journal.all() {
		if err := g.concerns(lost); err != nil && kept.groups >= c.unsure {
			out = append(out, newGroupConflict(g, ours, c.stored, err))
		} else {
			kept.add(g)
		}
	}
	c.journal = kept
	return out
}

// concerns returns the reason why an item of the group is lost, nil if none is.
func (g Group) concerns(lost map[document.ID]error) error {
	for i := range g.Changes {
		if err := lost[g.Changes[i].ID]; err != nil {
			return err
		}
	}
	return nil
}
