package batching_test

import (
	"errors"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// TestRecoverOfClaimedItems recovers what has become of an item in the hands of a
// worker whose program has ended: somebody else may have the item by then.
func TestRecoverOfClaimedItems(t *testing.T) {
	tests := []struct {
		name string
		// then is what happens before the recovery with a batcher.
		then func(t *testing.T, name string, b *plantest.Batcher)
		// lost is what the group is left out for.
		lost error
		want plantest.Status
	}{
		{"the worker has it still", func(*testing.T, string, *plantest.Batcher) {}, nil, plantest.Failed},
		{"nobody has it", func(t *testing.T, name string, _ *plantest.Batcher) { release(t, name, "slow") }, nil, plantest.Failed},
		{"another worker has it", func(t *testing.T, name string, _ *plantest.Batcher) {
			release(t, name, "slow")
			handOut(t, open(t, filestore.New(name)), "other")
		}, batching.ErrLeaseLost, plantest.Active},
		{"another worker has claimed it with the batcher", func(t *testing.T, name string, b *plantest.Batcher) {
			release(t, name, "slow")
			handOut(t, b, "other")
		}, batching.ErrLeaseLost, plantest.Active},
		{"another worker is done with it", func(t *testing.T, name string, _ *plantest.Batcher) {
			release(t, name, "slow")
			other := open(t, filestore.New(name))
			handOut(t, other, "other")
			update(t, other, 1, plantest.Open)
			update(t, other, 1, plantest.Active)
			update(t, other, 1, plantest.Done)
			flush(t, other)
		}, batching.ErrConflict, plantest.Done},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			name := newFile(t, 1, 1, 3)
			store := failing(name)
			dead := open(t, store)
			broken := store.before
			store.before = nil
			handOut(t, dead, "slow")
			store.before = broken
			update(t, dead, 1, plantest.Failed)
			update(t, dead, 2, plantest.Active)
			abandon(t, dead)
			b := open(t, filestore.New(name))
			tt.then(t, name, b)
			before, err := b.Leases(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			_, err = b.Recover(t.Context())
			var conflict *batching.ConflictError
			if !errors.Is(err, tt.lost) || errors.As(err, &conflict) && len(conflict.Groups) != 1 {
				t.Errorf("lost: %v, want %v", err, tt.lost)
			}
			wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), tt.want)
			wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 2), plantest.Active)
			after, err := b.Leases(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if tt.lost == nil {
				before = nil // the lease ends with the work
			}
			if len(after) != len(before) {
				t.Errorf("held: %v, want %v", after, before)
			}
			if left := recoveryFiles(t, name, true); len(left) != 0 || b.Dirty() {
				t.Errorf("left: %v, dirty %v", left, b.Dirty())
			}
		})
	}
}

// TestRecoverOfAFailedClaim recovers the status of a claim that was never saved:
// no worker has been told that it has the item.
func TestRecoverOfAFailedClaim(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	dead := open(t, failing(name))
	if _, err := dead.Claim(t.Context(), "slow", 1, time.Hour); err == nil {
		t.Fatal("no error")
	}
	abandon(t, dead)
	b := open(t, filestore.New(name))
	if _, err := b.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), plantest.Active)
	handOut(t, b, "other")
}
