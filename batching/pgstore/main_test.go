package pgstore_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/goleak"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/internal/pgtest"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// server returns the server that the tests share.
var server, removeServer = pgtest.Shared()

func TestMain(m *testing.M) {
	if role := roles()[os.Getenv(roleVariable)]; role != nil {
		if err := role(context.Background(), os.Args[1], os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := m.Run()
	removeServer()
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

var quiet = slog.New(slog.DiscardHandler)

// newDatabase returns connections to a database of the test's own, with tables.
func newDatabase(t testing.TB) (pool *pgxpool.Pool, url string) {
	t.Helper()
	url = server(t).Database(t)
	pool = pgtest.Pool(t, url)
	if err := pgstore.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	return pool, url
}

// newStore returns a store in a database of its own that holds a document.
func newStore(t testing.TB, text string, opts ...pgstore.Option) *pgstore.Store {
	t.Helper()
	pool, _ := newDatabase(t)
	s := pgstore.New(pool, "plan", append([]pgstore.Option{pgstore.WithLogger(quiet)}, opts...)...)
	if _, err := s.Save(t.Context(), batching.Save{Document: plantest.Parse(text).Document}); err != nil {
		t.Fatal(err)
	}
	return s
}

// open opens a batcher that is closed with the test.
func open(t testing.TB, store batching.Store, opts ...batching.Option) *plantest.Batcher {
	t.Helper()
	b, err := batching.Open(t.Context(), plantest.Format(), store, append([]batching.Option{batching.WithLogger(quiet)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close(context.Background()) })
	return b
}

func update(t testing.TB, b *plantest.Batcher, task int, to plantest.Status) {
	t.Helper()
	if _, err := b.UpdateStatus(t.Context(), plantest.TaskID(1, 1, task), to); err != nil {
		t.Fatal(err)
	}
}

func flush(t testing.TB, b *plantest.Batcher) batching.Stats {
	t.Helper()
	stats, err := b.Flush(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return stats
}

// stored returns what is stored, as a program sees it that starts now.
func stored(t testing.TB, s batching.Store) plantest.Plan {
	t.Helper()
	d, _, err := s.Load(t.Context(), plantest.Type())
	if err != nil {
		t.Fatal(err)
	}
	return plantest.Plan{Document: d}
}

func wantStatus(t testing.TB, p plantest.Plan, task int, want plantest.Status) {
	t.Helper()
	if got := p.Status(plantest.TaskID(1, 1, task)); got != want {
		t.Errorf("task %d is %v, want %v", task, got, want)
	}
}
