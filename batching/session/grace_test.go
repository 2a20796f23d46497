package session_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/session"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

// holdLock is a program that holds the lock of a file until its input ends.
func holdLock(args []string) error {
	lock, err := atomicfile.TryLock(atomicfile.OS{}, args[0]+".lock", args[0])
	if err != nil {
		return err
	}
	if lock == nil {
		return errors.New("somebody else has the lock")
	}
	fmt.Println("ready")
	err = waitForEver()
	return errors.Join(err, lock.Unlock())
}

// lockTasks has another program hold the lock of a session's tasks.json, and
// returns a function that ends it.
func (p project) lockTasks(t *testing.T, id string) (unlock func()) {
	t.Helper()
	holder := start(t, "lock", p.path("plan", id, "tasks.json"))
	ended := false
	unlock = func() {
		if !ended {
			ended = true
			_ = holder.stdin.Close()
			if status, output := holder.wait(); status.ExitStatus() != 0 {
				t.Errorf("the program with the lock ended with %v\n%s", status, output)
			}
		}
	}
	t.Cleanup(unlock)
	return unlock
}

// wantRecovered checks that one update was preserved, and that the next program
// recovers it.
func (p project) wantRecovered(t *testing.T, id string) {
	t.Helper()
	wantStatus(t, p.stored(id), subtask1, backlog.StatusPlanned)
	next := p.load(id)
	if found := next.Recoverable(); len(found) != 1 || len(found[0].Groups) != 1 || found[0].Err != nil {
		t.Fatalf("recoverable: %+v", found)
	}
	if _, err := next.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, p.stored(id), subtask1, backlog.StatusImplementing)
}

// TestRunPreservesWhileTheLockIsHeld: a program that is told to stop while
// another holds the lock ends, and what was pending can be recovered.
func TestRunPreservesWhileTheLockIsHeld(t *testing.T) {
	p := newProject(t)
	id := p.withTasks().Metadata().ID
	unlock := p.lockTasks(t, id)
	r := p.run(t, "heed", "50ms")
	r.signal(syscall.SIGTERM)
	status, output := r.wait()
	if !status.Exited() || status.ExitStatus() != 1 {
		t.Errorf("the program ended with %v", status)
	}
	for _, want := range []string{`"msg":"Pending updates not flushed on shutdown"`, "and are preserved in ", "context deadline exceeded"} {
		if !strings.Contains(output, want) {
			t.Errorf("%s is not in:\n%s", want, output)
		}
	}
	unlock()
	p.wantRecovered(t, id)
}

// TestSecondSignalIsFatalInTheGracePeriod, also while the flush waits for a lock.
func TestSecondSignalIsFatalInTheGracePeriod(t *testing.T) {
	p := newProject(t)
	id := p.withTasks().Metadata().ID
	p.lockTasks(t, id)
	r := p.run(t, "tell", "1h")
	r.signal(syscall.SIGINT)
	if line, err := r.stdout.ReadString('\n'); line != "told\n" {
		t.Fatalf("%q, %v", line, err)
	}
	r.signal(syscall.SIGTERM)
	if status, output := r.wait(); !status.Signaled() || status.Signal() != syscall.SIGTERM {
		t.Errorf("the program ended with %v\n%s", status, output)
	}
}

// TestRunEndsWithItsContextWhileTheLockIsHeld: Run does not outlive its context by
// more than the grace period.
func TestRunEndsWithItsContextWhileTheLockIsHeld(t *testing.T) {
	p := newProject(t)
	s := p.withTasks(session.WithGrace(50 * time.Millisecond))
	id := s.Metadata().ID
	unlock := p.lockTasks(t, id)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Run(ctx, func(ctx context.Context) error {
		update(t, s, subtask1, backlog.StatusImplementing)
		cancel()
		return ctx.Err()
	})
	var failure *batching.FlushError
	if !errors.As(err, &failure) || failure.Preserved == "" || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Run: %v", err)
	}
	unlock()
	p.wantRecovered(t, id)
}

// TestCloseEndsAFlushThatWaits: a Close that has no more time ends the flush that
// waits for the lock without a deadline of its own, and the updates are preserved.
func TestCloseEndsAFlushThatWaits(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	id := s.Metadata().ID
	unlock := p.lockTasks(t, id)
	update(t, s, subtask1, backlog.StatusImplementing)
	flushed := make(chan error)
	go func() {
		_, err := s.Flush(context.Background())
		flushed <- err
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var failure *batching.FlushError
	if err := s.Close(ctx); !errors.As(err, &failure) || failure.Preserved == "" {
		t.Errorf("Close: %v", err)
	}
	if err := <-flushed; !errors.As(err, &failure) {
		t.Errorf("Flush: %v", err)
	}
	unlock()
	p.wantRecovered(t, id)
}
