package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

const hour = time.Hour

// claim claims, and checks which tasks of the first story are handed out.
func claim(t testing.TB, b *plantest.Batcher, worker string, n int, lease time.Duration, want ...int) {
	t.Helper()
	got, err := b.Claim(t.Context(), worker, n, lease)
	if err != nil {
		t.Fatal(err)
	}
	WantClaims(t, got, worker, want...)
}

// WantClaims checks which tasks of the first story are in the hands of a worker.
func WantClaims(t testing.TB, got []batching.Claim[plantest.ID], worker string, want ...int) {
	t.Helper()
	var have, wanted []string
	for _, c := range got {
		have = append(have, c.ID.Document().String()+" "+c.Worker)
	}
	for _, n := range want {
		wanted = append(wanted, fmt.Sprintf("E1.S1.T%d %s", n, worker))
	}
	if diff := cmp.Diff(wanted, have); diff != "" {
		t.Fatalf("claims (-want +got):\n%s", diff)
	}
}

func claims(t *testing.T, p Place) {
	put(t, p, plantest.Text(1, 1, 6))
	a, b := open(t, p), open(t, p)
	claim(t, a, "one", 2, hour, 1, 2)
	claim(t, b, "two", 3, hour, 3, 4, 5)
	wantStatuses(t, stored(t, p), plantest.Active, plantest.Active, plantest.Active, plantest.Active, plantest.Active, plantest.Open)
	leases, err := a.Leases(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(leases) != 5 || leases[4].Worker != "two" || leases[4].ID != task(5) {
		t.Errorf("leases %v", leases)
	}
	update(t, a, 1, plantest.Done)
	flush(t, a)
	renewed, err := a.Renew(t.Context(), "one", hour, task(1), task(2), task(3))
	if err != nil {
		t.Fatal(err)
	}
	WantClaims(t, renewed, "one", 2) // 1 is done, 3 is not theirs
	if err := b.Release(t.Context(), "two", task(4), task(2)); err != nil {
		t.Fatal(err)
	}
	claim(t, a, "one", 9, hour, 4, 6)
	claim(t, b, "two", 9, hour)
	// What is removed is in nobody's hands.
	change(t, a, document.Remove(task(6).Document()))
	flush(t, a)
	if leases, err = b.Leases(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, l := range leases {
		if l.ID == task(6) {
			t.Errorf("leases %v", leases)
		}
	}
}

func claimsWait(t *testing.T, p Place) {
	put(t, p, plantest.Waiting(nil, []int{1}, nil, []int{2, 3}))
	a, b := open(t, p), open(t, p)
	claim(t, a, "one", 9, hour, 1, 3)
	claim(t, b, "two", 9, hour)
	update(t, a, 1, plantest.Done)
	claim(t, a, "one", 9, hour, 2) // what is pending is saved first
	update(t, a, 2, plantest.Done)
	update(t, a, 3, plantest.Done)
	flush(t, a)
	claim(t, b, "two", 9, hour, 4)
}

// leasesEnd has a worker vanish. How long that takes to notice decides nothing
// but how often the other one asks.
func leasesEnd(t *testing.T, p Place) {
	put(t, p, plantest.Text(1, 1, 2))
	a, b := open(t, p), open(t, p)
	// A claim for so short a time might be over before it is saved.
	claim(t, a, "one", 2, hour, 1, 2)
	if _, err := a.Renew(t.Context(), "one", batching.MinLease, task(1), task(2)); err != nil {
		t.Fatal(err)
	}
	var got []batching.Claim[plantest.ID]
	for len(got) < 2 {
		more, err := b.Claim(t.Context(), "two", 2, hour)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, more...)
	}
	WantClaims(t, got, "two", 1, 2)
	// The first worker is too slow, and is told so.
	update(t, a, 1, plantest.Done)
	_, err := a.Flush(t.Context())
	var lost *batching.LeaseLostError
	if !errors.As(err, &lost) || lost.Worker != "one" || lost.Holder != "two" {
		t.Errorf("error %v", err)
	}
	wantStatuses(t, stored(t, p), plantest.Active, plantest.Active)
	update(t, b, 1, plantest.Done)
	flush(t, b)
}

// claimsOfMany has workers claim and complete until nothing is left.
func claimsOfMany(t *testing.T, p Place) {
	const workers, tasks = 4, 60
	put(t, p, plantest.Text(1, 1, tasks))
	var mu sync.Mutex
	done := map[plantest.ID]int{}
	var running sync.WaitGroup
	for n := range workers {
		b := open(t, p)
		running.Go(func() {
			if err := work(t.Context(), b, fmt.Sprintf("worker %d", n), func(id plantest.ID) {
				mu.Lock()
				defer mu.Unlock()
				done[id]++
			}); err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
	if len(done) != tasks {
		t.Errorf("%d tasks done, want %d", len(done), tasks)
	}
	for id, times := range done {
		if times != 1 {
			t.Errorf("%s done %d times", id.Document(), times)
		}
	}
	now := stored(t, p)
	if got := now.Document.Count(plantest.TaskLevel, document.Status(plantest.Done)); got != tasks {
		t.Errorf("%d tasks stored as done, want %d", got, tasks)
	}
}

// work claims and completes tasks until all are done.
func work(ctx context.Context, b *plantest.Batcher, worker string, did func(plantest.ID)) error {
	for {
		got, err := b.Claim(ctx, worker, 3, hour)
		if err != nil {
			return err
		}
		for _, c := range got {
			did(c.ID)
			if _, err := b.UpdateStatus(ctx, c.ID, plantest.Done); err != nil {
				return err
			}
		}
		if _, err := b.Flush(ctx); err != nil {
			return err
		}
		d := b.Snapshot().Document
		if d.Count(plantest.TaskLevel, document.Status(plantest.Done)) == d.Len(plantest.TaskLevel) {
			return nil
		}
	}
}
