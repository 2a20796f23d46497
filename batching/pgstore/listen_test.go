package pgstore_test

import (
	"context"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/internal/pgtest"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// TestWatchLeavesNoListeners checks that what Watch has used goes back to the
// pool as it was, however Watch ends.
func TestWatchLeavesNoListeners(t *testing.T) {
	pool, url := newDatabase(t)
	s := pgstore.New(pool, "plan", pgstore.WithLogger(quiet), pgstore.WithPollEvery(time.Hour))
	if err := s.Create(t.Context(), plantest.Parse(plantest.Text(1, 1, 3)).Document); err != nil {
		t.Fatal(err)
	}
	_, base, err := s.Load(t.Context(), plantest.Type())
	if err != nil {
		t.Fatal(err)
	}
	for name, watch := range map[string]func() error{
		"a change was there": func() error { return s.Watch(t.Context(), "0.x") },
		"a change is notified": func() error {
			done := make(chan error)
			go func() { done <- s.Watch(t.Context(), base) }()
			other := pgtest.Pool(t, url)
			for {
				if _, err := other.Exec(t.Context(), "SELECT pg_notify('backlog', 'plan') FROM generate_series(1, 3)"); err != nil {
					return err
				}
				select {
				case err := <-done:
					return err
				case <-time.After(time.Millisecond):
				}
			}
		},
		"the caller gives up": func() error {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			_ = s.Watch(ctx, base)
			return nil
		},
		"the document is not there": func() error {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			_ = pgstore.New(pool, "other", pgstore.WithPollEvery(time.Millisecond)).Watch(ctx, base)
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			if err := watch(); err != nil {
				t.Fatal(err)
			}
			for _, c := range pool.AcquireAllIdle(t.Context()) {
				var channels int
				if err := c.QueryRow(t.Context(), "SELECT count(*) FROM pg_listening_channels()").Scan(&channels); err != nil || channels != 0 {
					t.Errorf("a connection of the pool listens to %d channels, %v", channels, err)
				}
				now, cancel := context.WithCancel(t.Context())
				cancel()
				if note, err := c.Conn().WaitForNotification(now); err == nil {
					t.Errorf("a notification is left: %v", note)
				}
				c.Release()
			}
		})
	}
}
