package pgstore_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// roleVariable makes the test binary play a program that uses the store.
const roleVariable = "PGSTORE_TEST_ROLE"

// roles are the programs that the test binary can play: each is given how to
// connect to the database, and a name.
func roles() map[string]func(ctx context.Context, url, name string) error {
	return map[string]func(ctx context.Context, url, name string) error{
		"worker":      func(ctx context.Context, url, name string) error { return work(ctx, url, name, time.Minute) },
		"hastyWorker": func(ctx context.Context, url, name string) error { return work(ctx, url, name, 2*time.Second) },
	}
}

// program returns the test binary in a role.
func program(t testing.TB, role, url, name string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, url, name)
	// The race detector would let each program sleep for a second in the end.
	cmd.Env = append(os.Environ(), roleVariable+"="+role, "GORACE=atexit_sleep_ms=0")
	cmd.Stderr = os.Stderr
	return cmd
}

// perClaim is how many tasks a worker takes at once.
const perClaim = 25

// work claims and completes tasks until all are done. When it has claimed some, it
// says so, and waits until its input ends. It says "did ID" of each task once that
// is stored.
func work(ctx context.Context, url, name string, lease time.Duration) error {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return err
	}
	defer pool.Close()
	b, err := batching.Open(ctx, plantest.Format(), pgstore.New(pool, "plan", pgstore.WithLogger(quiet)),
		batching.WithLogger(quiet), batching.WithRetry(batching.RetryPolicy{Attempts: 50, Delay: 10 * time.Millisecond, MaxDelay: time.Second}))
	if err != nil {
		return err
	}
	defer b.Close(ctx)
	for begun := false; ; {
		claims, err := b.Claim(ctx, name, perClaim, lease)
		if err != nil {
			return err
		}
		if len(claims) > 0 && !begun {
			begun = true
			fmt.Println("claimed", len(claims))
			if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
				return err
			}
		}
		for _, c := range claims {
			if _, err := b.UpdateStatus(ctx, c.ID, plantest.Done); err != nil {
				return err
			}
		}
		var conflict *batching.ConflictError
		if _, err := b.Flush(ctx); err != nil && !errors.As(err, &conflict) {
			return err
		}
		for _, c := range claims {
			if !lost(conflict, c.ID) {
				fmt.Println("did", c.ID.Document())
			}
		}
		if len(claims) > 0 {
			continue
		}
		d := b.Snapshot().Document
		if d.Count(plantest.TaskLevel, document.Status(plantest.Done)) == d.Len(plantest.TaskLevel) {
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// lost reports whether a conflict is about an item.
func lost(conflict *batching.ConflictError, id plantest.ID) bool {
	if conflict == nil {
		return false
	}
	for _, g := range conflict.Groups {
		for _, item := range g.Items {
			if item.ID == id.Document() {
				return true
			}
		}
	}
	return false
}

func workerName(n int) string { return "worker " + strconv.Itoa(n) }
