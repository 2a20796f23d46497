package batching

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/backlog-gen/backlog-gen/document"
)

// saveHook takes part in every save of a generation. Its methods are called by
// whoever has the turn.
type saveHook interface {
	// before is called before each attempt to save. It may take groups off the
	// journal, and changes the generation then.
	before(ctx context.Context, g *generation) error
	// needs returns the leases that the store has to check in the step that
	// saves.
	needs(g *generation) []Lease
	// refused is called when the store has found that one of them has ended.
	refused()
	// after is called when nothing is left to save.
	after(ctx context.Context)
}

// noHook is for stores that keep no leases.
type noHook struct{}

func (noHook) before(context.Context, *generation) error { return nil }
func (noHook) needs(*generation) []Lease                 { return nil }
func (noHook) refused()                                  {}
func (noHook) after(context.Context)                     {}

// leaseCheck is the saveHook of stores that keep leases: what a worker does to an
// item that it has claimed is saved only if nobody else has the item.
type leaseCheck struct {
	core  *core
	store LeaseStore
	held  *heldLeases
	// turn holds a token while leases are renewed or given back. Whoever has
	// the turn of the core may take it, and not the other way round.
	turn chan struct{}
	// wall is the clock on the wall.
	wall func() time.Time
}

func (l *leaseCheck) now() instant {
	return instant{monotonic: time.Now(), wall: l.wall().Round(0)} // without its monotonic part
}

// before makes sure that workers still hold the items that they have claimed and
// whose status a generation changes, and that they do until it is saved: leases
// that are past the half of their time are renewed, and those that have expired
// are taken again. Updates of items that somebody else holds, or has dealt with
// since, are left out.
func (l *leaseCheck) before(ctx context.Context, g *generation) error {
	c := l.core
	if err := l.resolveDoubt(ctx, g); err != nil {
		return err
	}
	now := l.now()
	lost, err := l.lostToOthers(ctx, g, now)
	if err != nil {
		return err
	}
	due := l.held.byWorker(func(id document.ID, held heldLease) bool {
		return lost[id] == nil && held.left(now) <= held.duration/2 && l.changesStatus(g, id)
	})
	for _, worker := range slices.Sorted(maps.Keys(due)) {
		if err = l.renewOrAcquire(ctx, worker, due[worker], lost); err != nil {
			break
		}
	}
	if len(lost) > 0 { // also with an error: they are not found again
		c.rebaseTo(ctx, &Conflict{Document: c.state.stored, Revision: c.state.revision}, lost)
		*g = c.buffer.generation()
	}
	return err
}

// changesStatus reports whether a generation changes the status of a stored item,
// or removes it.
func (l *leaseCheck) changesStatus(g *generation, id document.ID) bool {
	before, ok := l.core.state.stored.Find(id)
	after, still := g.document.Find(id)
	return ok && (!still || before.Status() != after.Status())
}

// needs returns the leases without which a generation must not be saved.
func (l *leaseCheck) needs(g *generation) []Lease {
	var leases []Lease
	held := l.held.byWorker(func(id document.ID, _ heldLease) bool { return l.changesStatus(g, id) })
	for _, worker := range slices.Sorted(maps.Keys(held)) {
		for _, id := range held[worker] {
			leases = append(leases, Lease{ID: id, Worker: worker})
		}
	}
	return leases
}

// refused has every lease renewed before the next attempt.
func (l *leaseCheck) refused() { l.held.renewAllNext(l.now()) }

// resolveDoubt asks a store that can tell whether the last Save has happened: what
// it has saved is not to be left out.
func (l *leaseCheck) resolveDoubt(ctx context.Context, g *generation) error {
	c := l.core
	if c.extras.Refresher == nil || !c.state.inDoubt || l.held.empty() {
		return nil
	}
	if err := c.reload(ctx); err != nil {
		return err
	}
	c.state.doubtEnded()
	*g = c.buffer.generation()
	return nil
}

// lostToOthers returns the items with pending updates whose lease has expired, and
// that somebody else has put into another status since. By our clocks a lease may
// have expired; whether it has, the store says, whose clock may have been set back.
func (l *leaseCheck) lostToOthers(ctx context.Context, g *generation, now instant) (map[document.ID]error, error) {
	lost := map[document.ID]error{}
	gone := l.held.byWorker(func(id document.ID, held heldLease) bool {
		item, ok := l.core.state.stored.Find(id)
		return held.left(now) < 0 && (!ok || item.Status() != item.ClaimStatus())
	})
	if len(gone) == 0 {
		return lost, nil
	}
	leases, err := l.store.Leases(ctx)
	if err != nil {
		return nil, err
	}
	pending := map[document.ID]bool{}
	for _, group := range l.core.buffer.between(l.core.state.contained, g.groups) {
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
		l.held.remove(worker, ids)
	}
	return lost, nil
}

// leasesOf returns the leases of a worker.
func leasesOf(worker string, leases []Lease) []Lease {
	return slices.DeleteFunc(slices.Clone(leases), func(l Lease) bool { return l.Worker != worker })
}

// renewOrAcquire renews the leases of one worker, takes those that have expired
// again, and tells which are lost.
func (l *leaseCheck) renewOrAcquire(ctx context.Context, worker string, ids []document.ID, lost map[document.ID]error) error {
	d := MinLease
	for _, id := range ids {
		d = max(d, l.held.duration(id))
	}
	leases, err := l.renew(ctx, worker, ids, d)
	if err != nil {
		return err
	}
	expired := without(ids, leases)
	if len(expired) == 0 {
		return nil
	}
	var candidates []Candidate
	for _, id := range expired {
		item, _ := l.core.state.stored.Find(id)
		candidates = append(candidates, Candidate{ID: id, Status: item.Status()})
	}
	leases, err = l.acquire(ctx, worker, candidates, len(candidates), d)
	if err != nil {
		return err
	}
	over := without(expired, leases)
	for _, id := range over {
		lost[id] = &LeaseLostError{ID: id, Worker: worker, Holder: l.holder(ctx, id)}
	}
	l.held.remove(worker, over)
	return nil
}

// acquire leases up to n candidates to a worker. If they were chosen from a
// document that is no longer stored, the error is a *Conflict with the one that is.
func (l *leaseCheck) acquire(ctx context.Context, worker string, candidates []Candidate, n int, d time.Duration) ([]Lease, error) {
	c, asked := l.core, l.now()
	leases, err := l.store.Acquire(ctx, Acquire{
		Base: c.state.revision, Stored: c.state.stored, Worker: worker, Candidates: candidates, N: n, Duration: d,
	})
	l.held.add(leases, asked, d)
	var conflict *Conflict
	if !errors.Is(err, ErrConflict) || errors.As(err, &conflict) {
		return leases, err
	}
	stored, revision, err := c.load(ctx)
	if err != nil {
		return leases, err
	}
	return leases, &Conflict{Document: stored, Revision: revision}
}

// without returns the ids of which there is no lease.
func without(ids []document.ID, leases []Lease) []document.ID {
	return slices.DeleteFunc(slices.Clone(ids), func(id document.ID) bool {
		return slices.ContainsFunc(leases, func(l Lease) bool { return l.ID == id })
	})
}

// holder returns who has an item, "" if that cannot be told.
func (l *leaseCheck) holder(ctx context.Context, id document.ID) string {
	leases, _ := l.store.Leases(ctx)
	for _, lease := range leases {
		if lease.ID == id {
			return lease.Worker
		}
	}
	return ""
}

// renew prolongs leases. It does not wait for a flush, but for leases that are
// being given back: else what it keeps might have ended meanwhile.
func (l *leaseCheck) renew(ctx context.Context, worker string, ids []document.ID, d time.Duration) ([]Lease, error) {
	if err := takeToken(ctx, l.turn); err != nil {
		return nil, err
	}
	defer func() { <-l.turn }()
	asked := l.now()
	leases, err := l.store.Renew(ctx, worker, ids, d)
	l.held.add(leases, asked, d)
	return leases, err
}

// giveBack ends leases.
func (l *leaseCheck) giveBack(ctx context.Context, worker string, ids []document.ID) error {
	err := takeToken(ctx, l.turn)
	l.held.remove(worker, ids)
	if err != nil {
		return err
	}
	defer func() { <-l.turn }()
	return l.store.Release(ctx, worker, ids)
}

// after ends the leases on items that are stored in another status than that of
// taken work.
func (l *leaseCheck) after(ctx context.Context) {
	done := l.held.byWorker(func(id document.ID, _ heldLease) bool {
		item, ok := l.core.state.stored.Find(id)
		return !ok || item.Status() != item.ClaimStatus()
	})
	for worker, ids := range done {
		// If it fails they expire.
		if err := l.giveBack(ctx, worker, ids); err != nil {
			l.core.log.LogAttrs(ctx, slog.LevelWarn, "Leases not released", slog.String("worker", worker), slog.Any("error", err))
		}
	}
}
