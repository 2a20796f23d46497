package pgstore_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/internal/pgtest"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// TestWatchEnds has Watch wait for what cannot come: it says why, and does not
// poll for ever.
func TestWatchEnds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		end  func(t *testing.T, pool *pgxpool.Pool)
		want func(error) bool
	}{
		"the document is removed": {func(t *testing.T, pool *pgxpool.Pool) {
			if _, err := pool.Exec(t.Context(), "DELETE FROM backlog.document"); err != nil {
				t.Error(err)
			}
		}, func(err error) bool { return errors.Is(err, fs.ErrNotExist) }},
		"the tables are removed": {func(t *testing.T, pool *pgxpool.Pool) {
			if _, err := pool.Exec(t.Context(), "DROP SCHEMA backlog CASCADE"); err != nil {
				t.Error(err)
			}
		}, func(err error) bool { return strings.Contains(err.Error(), "the tables are missing") }},
		"the pool is closed": {func(_ *testing.T, pool *pgxpool.Pool) { pool.Close() }, func(err error) bool { return strings.Contains(err.Error(), "closed pool") }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, url := newDatabase(t)
			pool := pgtest.Pool(t, url)
			s := pgstore.New(pool, "plan", pgstore.WithLogger(quiet), pgstore.WithPollEvery(10*time.Millisecond))
			revision, err := s.Save(t.Context(), batching.Save{Document: plantest.Parse(plantest.Text(1, 1, 3)).Document})
			if err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- s.Watch(t.Context(), revision) }()
			test.end(t, pool)
			err = <-ended
			var typed *pgstore.Error
			if !errors.As(err, &typed) || !test.want(err) || errors.Is(err, batching.ErrTransient) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// lines is what is logged.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// TestWatchSaysThatItWaits has no server: that is logged once, not each time that
// it asks.
func TestWatchSaysThatItWaits(t *testing.T) {
	config, err := pgxpool.ParseConfig("postgres://postgres@127.0.0.1:1/x")
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan struct{})
	config.BeforeConnect = func(ctx context.Context, _ *pgx.ConnConfig) error {
		select {
		case asked <- struct{}{}:
		case <-ctx.Done():
		}
		return nil
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	log := &lines{}
	s := pgstore.New(pool, "plan", pgstore.WithLogger(slog.New(slog.NewTextHandler(log, nil))), pgstore.WithPollEvery(time.Millisecond))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Watch(ctx, "1.x") }()
	for range 5 {
		<-asked
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if n := strings.Count(log.text.String(), "Watch waits for the server"); n != 1 {
		t.Errorf("logged %d times:\n%s", n, log.text.String())
	}
}
