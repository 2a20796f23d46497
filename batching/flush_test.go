package batching_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/internal/storetest"
)

// TestFailureKeepsEverything fails a flush in each phase, updates on, and
// flushes again once the cause is gone.
func TestFailureKeepsEverything(t *testing.T) {
	name := newFile(t, 1, 1, 5)
	full := true
	store := &faultyStore{Store: filestore.New(name), before: func(int) error {
		if full {
			return &os.PathError{Op: "write", Path: name, Err: syscall.ENOSPC}
		}
		return nil
	}}
	b := open(t, store)
	before := stored(t, name).String()
	for task := range 3 {
		update(t, b, task+1, plantest.Active)
		_, err := b.Flush(t.Context())
		var flushError *batching.FlushError
		if !errors.As(err, &flushError) || !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("error %v", err)
		}
		if flushError.Pending != task+1 || flushError.Attempts != 1 {
			t.Errorf("%+v", flushError)
		}
		if _, err := os.Stat(flushError.Preserved); err != nil {
			t.Errorf("preserved in %q: %v", flushError.Preserved, err)
		}
		if !strings.Contains(err.Error(), "no space left") || !strings.Contains(err.Error(), fmt.Sprintf("%d update", task+1)) {
			t.Errorf("message %q", err)
		}
		if len(b.Pending()) != task+1 || !b.Dirty() {
			t.Errorf("%d groups pending", len(b.Pending()))
		}
	}
	if got := stored(t, name).String(); got != before {
		t.Error("the file has changed")
	}
	full = false
	update(t, b, 4, plantest.Active)
	if stats := flush(t, b); stats.ItemsWritten != 4 {
		t.Errorf("stats %+v", stats)
	}
	for task := range 4 {
		wantStatus(t, stored(t, name), plantest.TaskID(1, 1, task+1), plantest.Active)
	}
	if left := recoveryFiles(t, name, true); len(left) != 0 {
		t.Errorf("recovery files left: %v", left)
	}
}

// recoveryFiles returns the recovery files beside a file: those that hold
// something, or all.
func recoveryFiles(t testing.TB, name string, holding bool) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(name), ".*.recovery"))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if !holding || strings.Contains(string(data), "backlog-gen") {
			found = append(found, f)
		}
	}
	return found
}

// TestUpdateDuringFlush updates in the middle of a slow flush.
func TestUpdateDuringFlush(t *testing.T) {
	name := newFile(t, 1, 1, 3)
	saving, goOn := make(chan struct{}), make(chan struct{})
	store := &faultyStore{Store: filestore.New(name), before: func(n int) error {
		if n == 1 {
			close(saving)
			<-goOn
		}
		return nil
	}}
	b := open(t, store)
	update(t, b, 1, plantest.Active)
	var stats batching.Stats
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		stats, err = b.Flush(t.Context())
	}()
	<-saving
	update(t, b, 1, plantest.Done)
	update(t, b, 2, plantest.Active)
	wantStatus(t, b.Snapshot(), plantest.TaskID(1, 1, 1), plantest.Done)
	close(goOn)
	<-done
	if err != nil || stats.ItemsWritten != 1 {
		t.Errorf("the flush: %+v, %v", stats, err)
	}
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), plantest.Active)
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 2), plantest.Open)
	if len(b.Pending()) != 2 || !b.Dirty() {
		t.Errorf("pending %v", b.Pending())
	}
	if stats := flush(t, b); stats.ItemsWritten != 2 {
		t.Errorf("the next flush: %+v", stats)
	}
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), plantest.Done)
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 2), plantest.Active)
}

func TestRetries(t *testing.T) {
	policy := batching.RetryPolicy{Attempts: 4, Delay: 10 * time.Millisecond, MaxDelay: 15 * time.Millisecond}
	own := fmt.Errorf("serialization failure: %w", batching.ErrTransient)
	tests := []struct {
		name     string
		errs     []error
		attempts int
		waits    time.Duration
		fails    bool
	}{
		{"none needed", nil, 1, 0, false},
		{"one", []error{syscall.EBUSY}, 2, 10 * time.Millisecond, false},
		{"each kind", []error{syscall.EAGAIN, syscall.ENFILE, syscall.EINTR}, 4, 40 * time.Millisecond, false},
		{"a store's own", []error{own}, 2, 10 * time.Millisecond, false},
		{"too many", []error{syscall.EBUSY, own, syscall.EBUSY, own}, 4, 40 * time.Millisecond, true},
		{"then a lasting one", []error{syscall.EBUSY, syscall.EIO}, 2, 10 * time.Millisecond, true},
		{"full disk", []error{syscall.ENOSPC}, 1, 0, true},
		{"missing", []error{syscall.ENOENT}, 1, 0, true},
		{"not permitted", []error{syscall.EACCES}, 1, 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			name := newFile(t, 1, 1, 1)
			synctest.Test(t, func(t *testing.T) {
				store := &faultyStore{Store: filestore.New(name), before: func(n int) error {
					if n <= len(tt.errs) {
						return tt.errs[n-1]
					}
					return nil
				}}
				b := open(t, store, batching.WithRetry(policy))
				update(t, b, 1, plantest.Active)
				started := time.Now()
				stats, err := b.Flush(t.Context())
				if (err != nil) != tt.fails || b.Dirty() != tt.fails {
					t.Errorf("error %v, dirty %v", err, b.Dirty())
				}
				if stats.Attempts != tt.attempts || time.Since(started) != tt.waits {
					t.Errorf("%d attempts in %v, want %d in %v", stats.Attempts, time.Since(started), tt.attempts, tt.waits)
				}
				if tt.fails && !errors.Is(err, tt.errs[len(tt.errs)-1]) {
					t.Errorf("error %v", err)
				}
			})
		})
	}
}

// TestContextEndsRetries gives up while waiting for the next attempt.
func TestContextEndsRetries(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		store := &faultyStore{Store: filestore.New(name), before: func(n int) error {
			if n == 2 {
				cancel()
			}
			if n <= 2 {
				return syscall.EBUSY
			}
			return nil
		}}
		b := open(t, store)
		update(t, b, 1, plantest.Active)
		if _, err := b.Flush(ctx); !errors.Is(err, context.Canceled) || !errors.Is(err, syscall.EBUSY) {
			t.Errorf("error %v", err)
		}
		if !b.Dirty() || store.count() != 2 {
			t.Errorf("dirty %v after %d attempts", b.Dirty(), store.count())
		}
		flush(t, b)
	})
}

// TestFlushWaitsItsTurn gives up waiting for another flush when the context is
// done.
func TestFlushWaitsItsTurn(t *testing.T) {
	saving, goOn := make(chan struct{}), make(chan struct{})
	store := &faultyStore{Store: filestore.New(newFile(t, 1, 1, 1)), before: func(int) error {
		close(saving)
		<-goOn
		return nil
	}}
	b := open(t, store)
	update(t, b, 1, plantest.Active)
	var running sync.WaitGroup
	running.Go(func() { _, _ = b.Flush(t.Context()) })
	<-saving
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := b.Flush(ctx)
	var flushError *batching.FlushError
	if !errors.As(err, &flushError) || !errors.Is(err, context.Canceled) || flushError.Pending != 1 {
		t.Errorf("error %v", err)
	}
	close(goOn)
	running.Wait()
}

// TestNotDurableStaysPending has a store that has saved but is not sure.
func TestNotDurableStaysPending(t *testing.T) {
	name := newFile(t, 1, 1, 2)
	doubt := fmt.Errorf("%w: directory: %w", batching.ErrNotDurable, syscall.EIO)
	store := &faultyStore{Store: filestore.New(name), after: func(n int, err error) error {
		if n == 1 && err == nil {
			return doubt
		}
		return err
	}}
	b := open(t, store)
	update(t, b, 1, plantest.Active)
	update(t, b, 1, plantest.Done)
	if _, err := b.Flush(t.Context()); !errors.Is(err, batching.ErrNotDurable) {
		t.Fatalf("error %v", err)
	}
	if len(b.Pending()) != 2 {
		t.Errorf("pending %v", b.Pending())
	}
	// Somebody else goes on from what they see. Our two updates would not be
	// legal on it, but it has them already.
	rewrite(t, name, plantest.TaskID(1, 1, 2), plantest.Failed, true)
	stats := flush(t, b)
	if stats.ItemsWritten != 2 || stats.Attempts != 2 {
		t.Errorf("stats %+v", stats)
	}
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), plantest.Done)
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 2), plantest.Failed)
}

func TestLogs(t *testing.T) {
	name := newFile(t, 1, 1, 3)
	store := &faultyStore{Store: filestore.New(name), before: func(n int) error {
		switch n {
		case 1:
			return syscall.EBUSY
		case 3:
			return syscall.ENOSPC
		}
		return nil
	}}
	var log logBuffer
	policy := batching.RetryPolicy{Attempts: 2, Delay: time.Microsecond, MaxDelay: time.Microsecond}
	b := open(t, store, batching.WithLogger(log.logger()), batching.WithRetry(policy))
	flush(t, b)
	for task := range 3 {
		update(t, b, task+1, plantest.Active)
	}
	flush(t, b)
	if _, err := b.Force(t.Context(), plantest.TaskID(1, 1, 1), plantest.Open, "because"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Flush(t.Context()); err == nil {
		t.Fatal("no error")
	}
	batched := func(item string, pending float64) map[string]any {
		return map[string]any{"level": "DEBUG", "msg": "Status update batched", "item": item, "updates": 1.0, "pending": pending}
	}
	want := []map[string]any{
		{"level": "DEBUG", "msg": "No pending updates to flush"},
		batched("E1.S1.T1", 1), batched("E1.S1.T2", 2), batched("E1.S1.T3", 3),
		{"level": "WARN", "msg": "Batch write failed, retrying", "attempt": 1.0, "delay": 1000.0, "error": "device or resource busy"},
		{"level": "INFO", "msg": "Batch write complete", "items_written": 3.0, "write_ops_saved": 2.0, "efficiency": 66.7, "attempts": 2.0},
		{"level": "WARN", "msg": "Status forced", "item": "E1.S1.T1", "from": "Active", "to": "Open", "reason": "because"},
		batched("E1.S1.T1", 1),
		{"level": "ERROR", "msg": "Batch write failed, pending updates preserved", "pending": 1.0, "attempts": 1.0,
			"error": "no space left on device", "recovery": recoveryFiles(t, name, true)[0]},
	}
	if diff := cmp.Diff(want, log.take(t)); diff != "" {
		t.Errorf("log (-want +got)\n%s", diff)
	}
}

func TestClose(t *testing.T) {
	name := newFile(t, 1, 1, 2)
	fails := true
	store := &faultyStore{Store: filestore.New(name), before: func(int) error {
		if fails {
			return syscall.EROFS
		}
		return nil
	}}
	b := open(t, store)
	update(t, b, 1, plantest.Active)
	var flushError *batching.FlushError
	if err := b.Close(t.Context()); !errors.As(err, &flushError) || !errors.Is(err, syscall.EROFS) {
		t.Fatalf("error %v", err)
	}
	// What could not be written is free for others to recover now.
	other := open(t, filestore.New(name))
	if found := other.Recoverable(); len(found) != 1 || found[0].Name != flushError.Preserved || len(found[0].Groups) != 1 {
		t.Errorf("recoverable %+v", found)
	}
	fails = false
	for range 3 {
		if err := b.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if store.count() != 2 {
		t.Errorf("%d saves", store.count())
	}
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), plantest.Active)
	if left := recoveryFiles(t, name, false); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	wantStatus(t, b.Snapshot(), plantest.TaskID(1, 1, 1), plantest.Active)
}

// TestLogSaysWhatTheErrorSays: updates are logged as preserved where they were,
// and nowhere else.
func TestLogSaysWhatTheErrorSays(t *testing.T) {
	failing := func(t *testing.T) batching.Store {
		return &faultyStore{Store: filestore.New(newFile(t, 1, 1, 1)), before: func(int) error { return syscall.EROFS }}
	}
	tests := []struct {
		name      string
		store     func(t *testing.T) batching.Store
		preserved bool
		message   string
	}{
		{"preserved", failing, true, "Batch write failed, pending updates preserved"},
		{"nowhere to preserve", func(t *testing.T) batching.Store { return storetest.Plain(failing(t)) },
			false, "Batch write failed, pending updates in memory only"},
		{"cannot be preserved", func(t *testing.T) batching.Store { return unpreserving{failing(t)} },
			false, "Batch write failed, pending updates in memory only"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var log logBuffer
			b := open(t, test.store(t), batching.WithLogger(log.logger()))
			update(t, b, 1, plantest.Active)
			log.take(t)
			_, err := b.Flush(t.Context())
			var failure *batching.FlushError
			if !errors.As(err, &failure) || (failure.Preserved != "") != test.preserved {
				t.Fatalf("Flush: %v", err)
			}
			if got := strings.Contains(err.Error(), "are preserved in"); got != test.preserved {
				t.Errorf("the error says %q", err)
			}
			var messages []string
			for _, record := range log.take(t) {
				if record["level"] == "ERROR" {
					messages = append(messages, fmt.Sprint(record["msg"]))
					if _, named := record["recovery"]; named != test.preserved {
						t.Errorf("logged %v", record)
					}
				}
			}
			if diff := cmp.Diff([]string{test.message}, messages); diff != "" {
				t.Errorf("log (-want +got)\n%s", diff)
			}
		})
	}
}

// unpreserving is a store that has places for recovery, and no room in them.
type unpreserving struct{ batching.Store }

func (s unpreserving) Extras() batching.Extras {
	extras := s.Store.Extras()
	extras.Recovery = fullRecovery{extras.Recovery}
	return extras
}

type fullRecovery struct{ batching.RecoveryStore }

func (s fullRecovery) NewRecovery() batching.Recovery {
	return fullPlace{s.RecoveryStore.NewRecovery()}
}

type fullPlace struct{ batching.Recovery }

func (fullPlace) Reserve(context.Context, int64) error { return syscall.ENOSPC }
func (fullPlace) Preserve([]byte) error                { return syscall.ENOSPC }

// waitingStore is a file store whose Save waits as it does for a lock that somebody
// else keeps.
type waitingStore struct {
	*filestore.Store
	waits, given chan struct{}
}

func (s *waitingStore) Save(ctx context.Context, save batching.Save) (batching.Revision, error) {
	s.waits <- struct{}{}
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case <-s.given:
		return s.Store.Save(ctx, save)
	}
}

// TestFlushWithADeadlineInterruptsAnAutomaticOne: a flush that nobody has asked for may
// wait for ever. One that has a deadline preserves what is pending all the same.
func TestFlushWithADeadlineInterruptsAnAutomaticOne(t *testing.T) {
	store := &waitingStore{Store: filestore.New(newFile(t, 1, 1, 1)), waits: make(chan struct{}, 100), given: make(chan struct{})}
	defer close(store.given)
	b := open(t, store, batching.WithFlushEvery(1, time.Hour))
	update(t, b, 1, plantest.Active)
	<-store.waits
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var failure *batching.FlushError
	if _, err := b.Flush(ctx); !errors.As(err, &failure) || failure.Pending != 1 || failure.Preserved == "" {
		t.Errorf("Flush: %v", err)
	}
	if _, err := os.Stat(failure.Preserved); err != nil {
		t.Error(err)
	}
	if err := b.Close(ctx); !errors.As(err, &failure) || failure.Preserved == "" {
		t.Errorf("Close: %v", err)
	}
}
