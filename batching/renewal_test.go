package batching_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// slowRenewals is a store whose answer to Renew takes its time.
type slowRenewals struct {
	*filestore.Store
	renewed, answer, released chan struct{}
}

func (s *slowRenewals) Extras() batching.Extras {
	extras := s.Store.Extras()
	extras.Leases = s
	return extras
}

func (s *slowRenewals) Renew(ctx context.Context, worker string, ids []document.ID, d time.Duration) ([]batching.Lease, error) {
	leases, err := s.Store.Renew(ctx, worker, ids, d)
	s.renewed <- struct{}{}
	<-s.answer
	return leases, err
}

func (s *slowRenewals) Release(ctx context.Context, worker string, ids []document.ID) error {
	err := s.Store.Release(ctx, worker, ids)
	s.released <- struct{}{}
	return err
}

// TestRenewalDuringTheLastFlush has a worker renew its lease while a flush saves
// what has become of the item. The lease ends with that, and later updates are
// nobody's: they must not be taken for late ones of that worker.
func TestRenewalDuringTheLastFlush(t *testing.T) {
	name, clock := newFile(t, 1, 1, 2), &wallClock{}
	store := &slowRenewals{filestore.New(name), make(chan struct{}, 1), make(chan struct{}), make(chan struct{}, 1)}
	b := open(t, store, batching.WithWallClock(clock.now))
	handOut(t, b, "one")
	renewal, flushed := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := b.Renew(t.Context(), "one", time.Hour, plantest.TaskID(1, 1, 1))
		renewal <- err
	}()
	<-store.renewed
	update(t, b, 1, plantest.Done)
	go func() {
		_, err := b.Flush(t.Context())
		flushed <- err
	}()
	select {
	case <-store.released: // before the answer to the renewal
	case <-time.After(300 * time.Millisecond):
	}
	close(store.answer)
	for _, ended := range []chan error{renewal, flushed} {
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	}
	clock.set(2 * time.Hour)
	update(t, b, 1, plantest.Open)
	flush(t, b)
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), plantest.Open)
}

// TestFlushWithNothingPendingReleases ends the lease on an item that somebody
// else has put into another status.
func TestFlushWithNothingPendingReleases(t *testing.T) {
	name := newFile(t, 1, 1, 2)
	b := open(t, filestore.New(name))
	handOut(t, b, "one")
	rewrite(t, name, plantest.TaskID(1, 1, 1), plantest.Open, true)
	if _, err := b.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	flush(t, b)
	if leases, err := b.Leases(t.Context()); err != nil || len(leases) > 0 {
		t.Errorf("held: %v, %v", leases, err)
	}
}

// TestRecoverLeavesOutWhatWasLost kills a program after a flush has replaced the
// file, and before it has removed the record of an earlier, failed one. What that
// flush has left out since the lease was lost must not come back.
func TestRecoverLeavesOutWhatWasLost(t *testing.T) {
	name, clock := newFile(t, 1, 1, 3), &wallClock{}
	store := &faultyStore{Store: filestore.New(name)}
	b := open(t, store, batching.WithWallClock(clock.now))
	handOut(t, b, "slow")
	update(t, b, 1, plantest.Failed)
	update(t, b, 2, plantest.Active)
	store.before = func(int) error { return os.ErrPermission }
	if _, err := b.Flush(t.Context()); err == nil {
		t.Fatal("no error")
	}
	store.before = nil
	clock.set(2 * time.Hour)
	release(t, name, "slow")
	other := open(t, filestore.New(name))
	handOut(t, other, "other")
	var place string
	var record []byte
	store.after = func(_ int, err error) error {
		if err == nil && place == "" {
			place = recoveryFiles(t, name, true)[0]
			record, err = os.ReadFile(place)
		}
		return err
	}
	if err := b.Close(t.Context()); err == nil {
		t.Fatal("no lease was lost")
	}
	if err := os.WriteFile(place, record, 0o600); err != nil {
		t.Fatal(err)
	}
	release(t, name, "other")
	if _, err := other.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), plantest.Active)
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 2), plantest.Active)
}

// refusingRenewals is a store that renews no leases of one worker.
type refusingRenewals struct {
	*filestore.Store
	worker string
	err    error
}

func (s *refusingRenewals) Extras() batching.Extras {
	extras := s.Store.Extras()
	extras.Leases = s
	return extras
}

func (s *refusingRenewals) Renew(ctx context.Context, worker string, ids []document.ID, d time.Duration) ([]batching.Lease, error) {
	if worker == s.worker && s.err != nil {
		return nil, s.err
	}
	return s.Store.Renew(ctx, worker, ids, d)
}

// TestLostLeasesLeaveNothingToSave: a group is about the items of two workers. The
// one has lost its item, and the lease of the other cannot be renewed, which does
// not matter any more: there is no update left that could not be saved.
func TestLostLeasesLeaveNothingToSave(t *testing.T) {
	name, clock := newFile(t, 1, 1, 2), &wallClock{}
	store := &refusingRenewals{Store: filestore.New(name), worker: "two"}
	b := open(t, store, batching.WithWallClock(clock.now))
	for _, worker := range []string{"one", "two"} {
		if _, err := b.Claim(t.Context(), worker, 1, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	// Worker "one" gives its item back behind the batcher's back, and somebody
	// else takes it.
	if err := store.Store.Release(t.Context(), "one", []document.ID{plantest.TaskID(1, 1, 1).Document()}); err != nil {
		t.Fatal(err)
	}
	other := open(t, filestore.New(name))
	if got, err := other.Claim(t.Context(), "other", 1, time.Hour); err != nil || len(got) != 1 {
		t.Fatalf("%v, %v", got, err)
	}
	if _, err := b.Apply(t.Context(), batching.Set(plantest.TaskID(1, 1, 1), plantest.Done), batching.Set(plantest.TaskID(1, 1, 2), plantest.Done)); err != nil {
		t.Fatal(err)
	}
	clock.set(40 * time.Minute) // past the half of the leases
	store.err = errors.New("the store is out of reach")
	_, err := b.Flush(t.Context())
	var failure *batching.FlushError
	if errors.As(err, &failure) || !errors.Is(err, batching.ErrLeaseLost) || b.Dirty() {
		t.Errorf("Flush: %v", err)
	}
}
