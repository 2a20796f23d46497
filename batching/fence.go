package batching

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/backlog-gen/backlog-gen/document"
)

// secure makes sure that workers still hold the items that they have claimed and
// whose status a generation changes, and that they do until it is saved: leases
// that are past the half of their time are renewed, and those that have expired
// are taken again. Updates of items that somebody else holds, or has dealt with
// since, are left out. The caller has the turn.
func (c *core) secure(ctx context.Context, g *generation) error {
	s := c.extras.Leases
	if s == nil {
		return nil
	}
	if err := c.findOut(ctx, g); err != nil {
		return err
	}
	now := c.now()
	lost, err := c.overtaken(ctx, s, g, now)
	if err != nil {
		return err
	}
	old := c.holds.where(func(id document.ID, held hold) bool {
		return lost[id] == nil && held.left(now) <= held.duration/2 && c.changesStatus(g, id)
	})
	for _, worker := range slices.Sorted(maps.Keys(old)) {
		if err = c.secureOf(ctx, s, worker, old[worker], lost); err != nil {
			break
		}
	}
	if len(lost) > 0 { // also with an error: they are not found again
		c.rebaseTo(ctx, &Conflict{Document: c.state.stored, Revision: c.state.revision}, lost)
		*g = c.generation()
	}
	return err
}

// changesStatus reports whether a generation changes the status of a stored item,
// or removes it.
func (c *core) changesStatus(g *generation, id document.ID) bool {
	before, ok := c.state.stored.Find(id)
	after, still := g.document.Find(id)
	return ok && (!still || before.Status() != after.Status())
}

// reliesOn returns the leases without which a generation must not be saved.
func (c *core) reliesOn(g *generation) []Lease {
	var leases []Lease
	held := c.holds.where(func(id document.ID, _ hold) bool { return c.changesStatus(g, id) })
	for _, worker := range slices.Sorted(maps.Keys(held)) {
		for _, id := range held[worker] {
			leases = append(leases, Lease{ID: id, Worker: worker})
		}
	}
	return leases
}

// findOut asks a store that can tell whether the last Save has happened: what it
// has saved is not to be left out.
func (c *core) findOut(ctx context.Context, g *generation) error {
	if c.extras.Refresher == nil || !c.state.inDoubt || c.holds.none() {
		return nil
	}
	if err := c.reload(ctx); err != nil {
		return err
	}
	c.state.doubtEnded()
	*g = c.generation()
	return nil
}

// overtaken returns the items with pending updates whose lease has expired, and
// that somebody else has put into another status since. By our clocks a lease may
// have expired; whether it has, the store says, whose clock may have been set back.
func (c *core) overtaken(ctx context.Context, s LeaseStore, g *generation, now instant) (map[document.ID]error, error) {
	lost := map[document.ID]error{}
	gone := c.holds.where(func(id document.ID, held hold) bool {
		item, ok := c.state.stored.Find(id)
		return held.left(now) < 0 && (!ok || item.Status() != item.ClaimStatus())
	})
	if len(gone) == 0 {
		return lost, nil
	}
	leases, err := s.Leases(ctx)
	if err != nil {
		return nil, err
	}
	pending := map[document.ID]bool{}
	for _, group := range c.groupsSince(g) {
		for i := range group.Changes {
			pending[group.Changes[i].ID] = true
		}
	}
	for worker, ids := range gone {
		ids = without(ids, leasesOf(worker, leases))
		for _, id := range ids {
			if pending[id] {
				lost[id] = &LeaseLostError{ID: id, Worker: worker}
			}
		}
		c.holds.remove(worker, ids)
	}
	return lost, nil
}

// leasesOf returns the leases of a worker.
func leasesOf(worker string, leases []Lease) []Lease {
	return slices.DeleteFunc(slices.Clone(leases), func(l Lease) bool { return l.Worker != worker })
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
		item, _ := c.state.stored.Find(id)
		candidates = append(candidates, Candidate{ID: id, Status: item.Status()})
	}
	asked := c.now()
	leases, err = s.Acquire(ctx, Acquire{
		Base: c.state.revision, Stored: c.state.stored, Worker: worker,
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
