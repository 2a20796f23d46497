package pgstore_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/internal/pgtest"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// TestLeaseEndsWhileAFlushWaits has a flush wait for the document while the lease
// that it relies on ends. If somebody else has the item by then, it is theirs.
func TestLeaseEndsWhileAFlushWaits(t *testing.T) {
	for name, other := range map[string]bool{"somebody else claims the item": true, "nobody wants it": false} {
		t.Run(name, func(t *testing.T) {
			pool, url := newDatabase(t)
			s := pgstore.New(pool, "plan", pgstore.WithLogger(quiet))
			if err := s.Create(t.Context(), plantest.Parse(plantest.Text(1, 1, 1)).Document); err != nil {
				t.Fatal(err)
			}
			a, b := open(t, s), open(t, s)
			if got, err := a.Claim(t.Context(), "A", 1, time.Hour); err != nil || len(got) != 1 {
				t.Fatal(got, err)
			}
			admin := pgtest.Pool(t, url)
			tx, err := admin.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec(t.Context(), "SELECT 1 FROM backlog.document FOR UPDATE"); err != nil {
				t.Fatal(err)
			}
			update(t, a, 1, plantest.Done)
			flushed, claims := make(chan error, 1), make(chan int, 1)
			go func() { _, err := a.Flush(t.Context()); flushed <- err }()
			waitForLocks(t, admin, 1)
			if _, err := pool.Exec(t.Context(), "UPDATE backlog.item SET expires = expires - INTERVAL '1 hour'"); err != nil {
				t.Fatal(err)
			}
			if other {
				go func() {
					got, err := b.Claim(t.Context(), "B", 1, time.Hour)
					if err != nil {
						t.Error(err)
					}
					claims <- len(got)
				}()
				for leases, err := s.Leases(t.Context()); len(leases) == 0; leases, err = s.Leases(t.Context()) {
					if err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := tx.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
			err = <-flushed
			if other {
				if n := <-claims; n != 1 {
					t.Errorf("B has claimed %d items", n)
				}
				if !errors.Is(err, batching.ErrLeaseLost) {
					t.Errorf("A's flush: %v, want a lease lost", err)
				}
				wantStatus(t, stored(t, s), 1, plantest.Active)
				return
			}
			if err != nil {
				t.Error(err)
			}
			wantStatus(t, stored(t, s), 1, plantest.Done)
		})
	}
}

// waitForLocks waits until so many connections wait for a lock.
func waitForLocks(t *testing.T, pool *pgxpool.Pool, want int) {
	t.Helper()
	for got := -1; got < want; {
		err := pool.QueryRow(t.Context(), `
			SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`).Scan(&got)
		if err != nil {
			t.Fatal(err)
		}
	}
}
