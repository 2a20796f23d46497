package pgstore_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/storetest"
)

// row is a document of a database.
type row struct {
	pool *pgxpool.Pool
	name string
}

func (r row) Store() batching.Store {
	return pgstore.New(r.pool, r.name, pgstore.WithLogger(quiet))
}

func (r row) rename(t testing.TB, from, to string) {
	t.Helper()
	if _, err := r.pool.Exec(t.Context(), "UPDATE backlog.document SET name = $2 WHERE name = $1", from, to); err != nil {
		t.Fatal(err)
	}
	if _, err := r.pool.Exec(t.Context(), "DELETE FROM backlog.document WHERE name = $1 AND name <> $2", from, to); err != nil {
		t.Fatal(err)
	}
}

func (r row) Hide(t testing.TB) {
	r.rename(t, r.name, fmt.Sprintf("%s.hidden%d", r.name, hidden.Add(1)))
}

func (r row) Restore(t testing.TB) {
	r.rename(t, fmt.Sprintf("%s.hidden%d", r.name, hidden.Load()), r.name)
}

var hidden atomic.Int64

// TestStore runs what every store has to do.
func TestStore(t *testing.T) {
	server(t)
	storetest.Run(t, func(t testing.TB) storetest.Place {
		pool, _ := newDatabase(t)
		return row{pool, "team/plan"}
	})
}

// TestLeases runs what every store of leases has to do. Time passes by what is
// left of the leases.
func TestLeases(t *testing.T) {
	storetest.Leases(t, func(t testing.TB, d *document.Document) storetest.LeaseFixture {
		pool, _ := newDatabase(t)
		newStore := func() *pgstore.Store { return pgstore.New(pool, "plan", pgstore.WithLogger(quiet)) }
		if err := newStore().Create(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		return storetest.LeaseFixture{
			Open: func(testing.TB) batching.Store { return newStore() },
			Pass: func(d time.Duration) {
				_, err := pool.Exec(t.Context(), "UPDATE backlog.item SET expires = expires - $1::bigint * INTERVAL '1 microsecond'", d.Microseconds())
				if err != nil {
					t.Error(err)
				}
			},
		}
	})
}
