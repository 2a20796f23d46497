package batching

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/backlog-gen/backlog-gen/batching/store"
	"github.com/backlog-gen/backlog-gen/document"
)

// ErrNoClaims says that a format does not say how its items are handed out: its
// schema has no key claim.
var ErrNoClaims = errors.New("no level of this format has items that can be claimed")

// Claim is an item in the hands of a worker.
type Claim[ID comparable] struct {
	ID     ID
	Worker string
	// Expires is when the item is anybody's again, by the clock of the store:
	// that of this machine for files, that of the server for databases.
	Expires time.Time
}

// LeaseLostError says that updates of an item are left out since the worker that
// had claimed it was too slow: its lease has expired, and somebody else has the
// item, or has dealt with it. It is the Err of a GroupConflict.
type LeaseLostError struct {
	ID document.ID
	// Worker has lost the lease. Holder has one now, "" if nobody has any more.
	Worker, Holder string
}

// Error says who has lost what to whom.
func (e *LeaseLostError) Error() string {
	if e.Holder == "" {
		return fmt.Sprintf("%s: the lease of worker %q has expired, and somebody else has changed the status", e.ID, e.Worker)
	}
	return fmt.Sprintf("%s: the lease of worker %q has expired, and worker %q has claimed the item", e.ID, e.Worker, e.Holder)
}

// Is reports whether the target is ErrLeaseLost.
func (e *LeaseLostError) Is(target error) bool { return target == ErrLeaseLost }

// Claim hands up to n items to a worker, in document order, and puts them into
// the status of taken work, as the schema's key claim says. No other worker is
// given them until the lease ends: by Release, by a flush after which the item
// is in another status, or when its time is up, so that a worker that dies gives
// its items back. Nobody is given an item that waits for others.
//
// It refreshes first, and flushes everything pending if there is something to
// hand out: what it returns is durable. No items and no error mean that there is
// nothing to do at the moment. With an error nothing is handed out; after a
// *FlushError the new statuses stay pending, and the items can be claimed again.
//
// A worker's name is text of at most 200 bytes, and no two workers at work have
// the same. A lease lasts from MinLease to MaxLease; one that has ended before the
// claim is saved hands out nothing. The error satisfies
// errors.Is(err, errors.ErrUnsupported) if the store does not keep leases, and
// errors.Is(err, ErrNoClaims) if the schema says nothing of claims.
//
// An update does not say who makes it. But when a flush changes the status of an
// item that was claimed with this Batcher, it makes sure that the worker still has
// the item. If somebody else has it, or has changed its status after the lease
// had expired, all updates of the item are left out, and a *ConflictError with a
// *LeaseLostError reports them. A late update is saved if nobody else has claimed
// the item. A Batcher tells its workers apart when they claim, and not when they
// update: a worker that has lost an item must not update it with a Batcher that
// has claimed it again for another.
//
// A lease is on an id. Where ids say where an item is (path and local ids), an
// item that somebody moves has another id and can be claimed once more, while the
// first worker still has it under the old one: do not move what is being worked
// on.
func (b *Batcher[B, ID, S]) Claim(ctx context.Context, worker string, n int, lease time.Duration) ([]Claim[ID], error) {
	if n < 1 {
		return nil, fmt.Errorf("cannot claim %d items: want at least 1", n)
	}
	l, err := b.core.leasesFor(worker, lease)
	if err != nil {
		return nil, err
	}
	r := &claimRun{core: b.core, leases: l, worker: worker, n: n, duration: lease}
	leases, err := r.run(ctx)
	return b.claims(leases), err
}

// Renew prolongs leases of a worker, so that they end a lease from now. It
// returns those that the worker still has, in the order of ids. The others have
// expired: the worker should stop working on them.
func (b *Batcher[B, ID, S]) Renew(ctx context.Context, worker string, lease time.Duration, ids ...ID) ([]Claim[ID], error) {
	l, err := b.core.leasesFor(worker, lease)
	if err != nil {
		return nil, err
	}
	leases, err := l.renew(ctx, worker, b.untypedIDs(ids), lease)
	return b.claims(leases), err
}

// Release gives items of a worker back. Their status stays as it is: an item in
// the status of taken work that nobody holds can be claimed at once. Items that
// the worker does not hold are left as they are.
func (b *Batcher[B, ID, S]) Release(ctx context.Context, worker string, ids ...ID) error {
	l, err := b.core.leasesFor(worker, MinLease)
	if err != nil {
		return err
	}
	return l.giveBack(ctx, worker, b.untypedIDs(ids))
}

// Leases returns all items that are in the hands of workers, ordered by id.
func (b *Batcher[B, ID, S]) Leases(ctx context.Context) ([]Claim[ID], error) {
	s := b.core.extras.Leases
	if s == nil {
		return nil, errNoLeases
	}
	leases, err := s.Leases(ctx)
	return b.claims(leases), err
}

func (b *Batcher[B, ID, S]) claims(leases []Lease) []Claim[ID] {
	var claims []Claim[ID]
	for _, l := range leases {
		claims = append(claims, Claim[ID]{ID: b.format.WrapID(l.ID), Worker: l.Worker, Expires: l.Expires})
	}
	return claims
}

func (b *Batcher[B, ID, S]) untypedIDs(ids []ID) []document.ID {
	list := make([]document.ID, len(ids))
	for i, id := range ids {
		list[i] = b.format.ID(id)
	}
	return list
}

var errNoLeases = fmt.Errorf("this store keeps no leases: %w", errors.ErrUnsupported)

// leasesFor returns the leases, if the store keeps such and a worker may have one.
func (c *core) leasesFor(worker string, d time.Duration) (*leaseCheck, error) {
	switch {
	case c.leases == nil:
		return nil, errNoLeases
	case !c.typ.Claims():
		return nil, fmt.Errorf("%s: %w", c.typ.Descriptor().Name, ErrNoClaims)
	case !store.IsWorker(worker):
		return nil, fmt.Errorf("%.*q cannot be the name of a worker: want 1 to %d bytes of printable text", store.MaxWorker, worker, store.MaxWorker)
	case d < MinLease || d > MaxLease:
		return nil, fmt.Errorf("a lease cannot last %v: want %v to %v", d, MinLease, MaxLease)
	}
	return c.leases, nil
}
