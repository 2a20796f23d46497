package filestore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

// Acquire leases candidates to a worker, under the lock of the file; see
// [batching.LeaseStore]. Leases are kept in .NAME.leases beside the file, and
// expire by the clock of this machine. If that clock is set back, leases last
// longer by as much, but never more than [batching.MaxLease] from then on. If
// it is set forward, they end sooner, and two workers may be handed one item:
// only the second can save its work then.
func (s *Store) Acquire(ctx context.Context, a batching.Acquire) ([]batching.Lease, error) {
	if a.Stored == nil {
		return nil, errors.New("no document is stored, so there are no items to hand out")
	}
	var leases []batching.Lease
	err := s.changeLeases(ctx, func(target string, l *leaseList) error {
		leases = nil // it may begin anew
		if err := s.unchanged(target, batching.Save{Base: a.Base, Stored: a.Stored, Document: a.Stored}); err != nil {
			return err
		}
		for _, candidate := range a.Candidates {
			if len(leases) == a.N {
				break
			}
			item, ok := a.Stored.Find(candidate.ID)
			if !ok || item.Status() != candidate.Status || l.held(candidate.ID) {
				continue
			}
			leases = append(leases, l.set(candidate.ID, a.Worker, a.Duration))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return leases, nil
}

// Renew prolongs leases of a worker; see [batching.LeaseStore].
func (s *Store) Renew(ctx context.Context, worker string, ids []document.ID, d time.Duration) ([]batching.Lease, error) {
	var leases []batching.Lease
	err := s.changeLeases(ctx, func(_ string, l *leaseList) error {
		leases = nil // it may begin anew
		for _, id := range ids {
			if l.heldBy(id, worker) {
				leases = append(leases, l.set(id, worker, d))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return leases, nil
}

// Release ends leases of a worker; see [batching.LeaseStore].
func (s *Store) Release(ctx context.Context, worker string, ids []document.ID) error {
	return s.changeLeases(ctx, func(_ string, l *leaseList) error {
		for _, id := range ids {
			if l.heldBy(id, worker) {
				l.remove(id)
			}
		}
		return nil
	})
}

// Leases lists the leases that have not expired. It does not wait for the lock:
// the file is replaced as a whole.
func (s *Store) Leases(ctx context.Context) ([]batching.Lease, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	target, err := s.target()
	if err != nil {
		return nil, err
	}
	l, err := s.readLeases(target)
	if err != nil {
		return nil, err
	}
	return l.list(), nil
}

// checkHeld returns an error of batching.ErrLeaseLost that names the leases which
// their workers do not hold any more. The caller has the lock.
func (s *Store) checkHeld(target string, leases []batching.Lease) error {
	if len(leases) == 0 {
		return nil
	}
	l, err := s.readLeases(target)
	if err != nil {
		return err
	}
	var errs []error
	for _, lease := range leases {
		if !l.heldBy(lease.ID, lease.Worker) {
			errs = append(errs, fmt.Errorf("%s of worker %q: %w", lease.ID, lease.Worker, batching.ErrLeaseLost))
		}
	}
	return errors.Join(errs...)
}

// changeLeases passes the leases to change, under the lock, and writes them down
// if it has changed any.
func (s *Store) changeLeases(ctx context.Context, change func(target string, l *leaseList) error) error {
	return s.locked(ctx, func(target string, lock *atomicfile.Lock) error {
		l, err := s.readLeases(target)
		if err != nil {
			return err
		}
		if err := change(target, l); err != nil || !l.changed {
			return err
		}
		return s.writeLeases(target, l, lock)
	})
}

// leaseList are the leases on a file that have not expired at some time.
type leaseList struct {
	now     time.Time
	of      map[document.ID]batching.Lease
	changed bool
}

func (l *leaseList) held(id document.ID) bool {
	_, ok := l.of[id]
	return ok
}

func (l *leaseList) heldBy(id document.ID, worker string) bool {
	lease, ok := l.of[id]
	return ok && lease.Worker == worker
}

func (l *leaseList) set(id document.ID, worker string, d time.Duration) batching.Lease {
	lease := batching.Lease{ID: id, Worker: worker, Expires: l.now.Add(d)}
	l.of[id] = lease
	l.changed = true
	return lease
}

func (l *leaseList) remove(id document.ID) {
	delete(l.of, id)
	l.changed = true
}

// list returns the leases ordered by id.
func (l *leaseList) list() []batching.Lease {
	list := make([]batching.Lease, 0, len(l.of))
	for _, lease := range l.of {
		list = append(list, lease)
	}
	slices.SortFunc(list, func(a, b batching.Lease) int { return a.ID.Compare(b.ID) })
	return list
}
