package batching_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// wallClock is a clock that is set by hand.
type wallClock struct{ ahead atomic.Int64 }

func (c *wallClock) set(d time.Duration) { c.ahead.Add(int64(d)) }
func (c *wallClock) now() time.Time      { return time.Now().Add(time.Duration(c.ahead.Load())) }

// handOut has a worker claim the first task.
func handOut(t *testing.T, b *plantest.Batcher, worker string) {
	t.Helper()
	claims, err := b.Claim(t.Context(), worker, 1, time.Hour)
	if err != nil || len(claims) != 1 || claims[0].ID != plantest.TaskID(1, 1, 1) {
		t.Fatalf("claimed %v, error %v", claims, err)
	}
}

// release ends a worker's lease behind the back of its batcher, as the store
// does when it is over.
func release(t *testing.T, name, worker string) {
	t.Helper()
	if err := open(t, filestore.New(name)).Release(t.Context(), worker, plantest.TaskID(1, 1, 1)); err != nil {
		t.Fatal(err)
	}
}

// TestClockSetForwardEndsALease has the clock on the wall go on while a worker has an item, by
// more than its lease: it was set forward, or the machine has slept. The store
// has given the item to another worker, and the first one must notice.
func TestClockSetForwardEndsALease(t *testing.T) {
	name, clock := newFile(t, 1, 1, 2), &wallClock{}
	slow := open(t, filestore.New(name), batching.WithWallClock(clock.now))
	handOut(t, slow, "slow")
	clock.set(2 * time.Hour)
	release(t, name, "slow")
	handOut(t, open(t, filestore.New(name)), "other")
	update(t, slow, 1, plantest.Done)
	if _, err := slow.Flush(t.Context()); !errors.Is(err, batching.ErrLeaseLost) {
		t.Errorf("Flush: %v, want the lease to be lost", err)
	}
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), plantest.Active)
}

// TestLeaseLastsLongerByTheStore: by the clocks of the batcher the lease of a
// worker is over, by that of the store it is not, since that was set back. The
// worker has the item, and what it does counts, whoever has touched the status.
func TestLeaseLastsLongerByTheStore(t *testing.T) {
	name, clock := newFile(t, 1, 1, 2), &wallClock{}
	id := plantest.TaskID(1, 1, 1)
	b := open(t, filestore.New(name), batching.WithWallClock(clock.now))
	handOut(t, b, "one")
	if _, err := b.Advance(t.Context(), id, plantest.Done); err != nil {
		t.Fatal(err)
	}
	clock.set(2 * time.Hour)
	rewrite(t, name, id, plantest.Open, true)
	if _, err := b.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	flush(t, b)
	wantStatus(t, stored(t, name), id, plantest.Done)
}

// renewals is a store that counts them.
type renewals struct {
	*filestore.Store
	n int
}

func (s *renewals) Extras() batching.Extras {
	extras := s.Store.Extras()
	extras.Leases = s
	return extras
}

func (s *renewals) Renew(ctx context.Context, worker string, ids []document.ID, d time.Duration) ([]batching.Lease, error) {
	s.n++
	return s.Store.Renew(ctx, worker, ids, d)
}

// TestClockSetBackMakesALeaseNoYounger has the clock on the wall set back: that makes a lease no
// younger than it is.
func TestClockSetBackMakesALeaseNoYounger(t *testing.T) {
	name, clock := newFile(t, 1, 1, 2), &wallClock{}
	store := &renewals{Store: filestore.New(name)}
	b := open(t, store, batching.WithWallClock(clock.now))
	handOut(t, b, "one")
	if _, err := b.Renew(t.Context(), "one", batching.MinLease, plantest.TaskID(1, 1, 1)); err != nil {
		t.Fatal(err)
	}
	time.Sleep(batching.MinLease / 2)
	clock.set(-time.Hour)
	update(t, b, 1, plantest.Done)
	flush(t, b)
	if store.n < 2 { // more if the lease has ended before the flush
		t.Errorf("%d renewals, want ours and one of a lease past its half", store.n)
	}
}
