package pgstore_test

import (
	"errors"
	"io/fs"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/internal/pgtest"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// readOnly makes every connection of a pool one to a server that has become
// read-only, as a failover may leave them: those that are made later are not.
func readOnly(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	var held []*pgxpool.Conn
	for range pool.Config().MaxConns {
		conn, err := pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), "SET default_transaction_read_only = on"); err != nil {
			t.Fatal(err)
		}
		held = append(held, conn)
	}
	for _, conn := range held {
		conn.Release()
	}
}

// TestServerBecomesReadOnly does all that writes over connections that no longer
// can: each thing is done over a new one, and no old one is left in the pool.
func TestServerBecomesReadOnly(t *testing.T) {
	t.Parallel()
	other := plantest.Parse(plantest.Text(1, 1, 2)).Document
	tests := map[string]func(t *testing.T, s *pgstore.Store, b *plantest.Batcher) error{
		"Flush": func(t *testing.T, _ *pgstore.Store, b *plantest.Batcher) error {
			update(t, b, 1, plantest.Active)
			_, err := b.Flush(t.Context())
			return err
		},
		"Claim": func(t *testing.T, _ *pgstore.Store, b *plantest.Batcher) error {
			claims, err := b.Claim(t.Context(), "worker", 1, time.Hour)
			if err == nil && len(claims) != 1 {
				t.Errorf("claimed %v", claims)
			}
			return err
		},
		"Replace": func(t *testing.T, s *pgstore.Store, _ *plantest.Batcher) error { return s.Replace(t.Context(), other) },
		"Create": func(t *testing.T, s *pgstore.Store, _ *plantest.Batcher) error {
			if err := s.Create(t.Context(), other); !errors.Is(err, fs.ErrExist) {
				t.Errorf("got %v", err)
			}
			return nil
		},
		"Release": func(t *testing.T, s *pgstore.Store, b *plantest.Batcher) error {
			return s.Release(t.Context(), "worker", nil)
		},
	}
	for name, do := range tests {
		t.Run(name, func(t *testing.T) {
			_, url := newDatabase(t)
			pool := pgtest.Pool(t, pgtest.WithParameters(t, url, "pool_max_conns", "4"))
			s := pgstore.New(pool, "plan", pgstore.WithLogger(quiet))
			if err := s.Create(t.Context(), plantest.Parse(plantest.Text(1, 1, 3)).Document); err != nil {
				t.Fatal(err)
			}
			b := open(t, s, batching.WithRetry(batching.RetryPolicy{Attempts: 1}))
			readOnly(t, pool)
			if err := do(t, s, b); err != nil {
				t.Error(err)
			}
			if name == "Create" {
				return // it only reads
			}
			for range 4 {
				var mode string
				if err := pool.QueryRow(t.Context(), "SHOW default_transaction_read_only").Scan(&mode); err != nil || mode != "off" {
					t.Errorf("a connection of the pool is read-only: %s, %v", mode, err)
				}
			}
		})
	}
}

// TestOtherConnectionsStay has some connections of a pool become read-only: those
// that can write, and one that the program is using, are not closed.
func TestOtherConnectionsStay(t *testing.T) {
	t.Parallel()
	_, url := newDatabase(t)
	pool := pgtest.Pool(t, pgtest.WithParameters(t, url, "pool_max_conns", "4"))
	s := pgstore.New(pool, "plan", pgstore.WithLogger(quiet))
	if err := s.Create(t.Context(), plantest.Parse(plantest.Text(1, 1, 3)).Document); err != nil {
		t.Fatal(err)
	}
	b := open(t, s, batching.WithRetry(batching.RetryPolicy{Attempts: 1}))
	take := func() (conns []*pgxpool.Conn, pids []uint32) {
		for range 4 {
			conn, err := pool.Acquire(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			conns = append(conns, conn)
			pids = append(pids, conn.Conn().PgConn().PID())
		}
		return conns, pids
	}
	conns, before := take()
	used := conns[3]
	for i, conn := range conns[:3] { // the pool gives out first what it got last
		if i > 0 {
			if _, err := conn.Exec(t.Context(), "SET default_transaction_read_only = on"); err != nil {
				t.Fatal(err)
			}
		}
		conn.Release()
	}
	update(t, b, 1, plantest.Active)
	if _, err := b.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	used.Release()
	conns, after := take()
	for _, conn := range conns {
		conn.Release()
	}
	for i, pid := range before {
		stays, want := slices.Contains(after, pid), i == 0 || i == 3
		if stays != want {
			t.Errorf("connection %d is in the pool: %v, want %v", i, stays, want)
		}
	}
}

// TestServerStaysReadOnly has no server that writes: the flush fails, keeps what
// is pending, and succeeds once there is one.
func TestServerStaysReadOnly(t *testing.T) {
	t.Parallel()
	admin, url := newDatabase(t)
	pool := pgtest.Pool(t, pgtest.WithParameters(t, url, "default_transaction_read_only", "on"))
	s := pgstore.New(admin, "plan", pgstore.WithLogger(quiet))
	if err := s.Create(t.Context(), plantest.Parse(plantest.Text(1, 1, 3)).Document); err != nil {
		t.Fatal(err)
	}
	b := open(t, pgstore.New(pool, "plan", pgstore.WithLogger(quiet)), batching.WithRetry(batching.RetryPolicy{Attempts: 1}))
	update(t, b, 1, plantest.Active)
	_, err := b.Flush(t.Context())
	if !errors.Is(err, batching.ErrTransient) || len(b.Pending()) != 1 {
		t.Errorf("got %v, %d pending", err, len(b.Pending()))
	}
	wantStatus(t, stored(t, s), 1, plantest.Open)
}
