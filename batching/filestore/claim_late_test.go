package filestore_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/internal/reliability"
	"github.com/backlog-gen/backlog-gen/internal/storetest"
)

// claimBriefly claims tasks for a time that is soon over. A claim for so short a
// time might be over before it is saved.
func claimBriefly(t *testing.T, b *plantest.Batcher, worker string, tasks ...int) {
	t.Helper()
	claim(t, b, worker, len(tasks), hour, tasks...)
	var ids []plantest.ID
	for _, task := range tasks {
		ids = append(ids, plantest.TaskID(1, 1, task))
	}
	claims, err := b.Renew(t.Context(), worker, batching.MinLease, ids...)
	if err != nil {
		t.Fatal(err)
	}
	storetest.WantClaims(t, claims, worker, tasks...)
}

// A worker that is too slow, whose item somebody else has by then, does not
// finish it; one whose item nobody has wanted does.
func TestLateUpdatesAreLeftOutIfSomebodyElseHasTheItem(t *testing.T) {
	name, c := newFile(t, 1, 1, 3), newClock()
	late := openAt(t, name, c)
	claimBriefly(t, late, "late", 1, 2)
	set(t, late, plantest.Done, 1, 2)
	set(t, late, plantest.Active, 3)
	c.pass(batching.MinLease)
	time.Sleep(batching.MinLease) // the batcher has a clock of its own
	other := openAt(t, name, c)
	claim(t, other, "other", 1, hour, 1)

	_, err := late.Flush(t.Context())
	var conflict *batching.ConflictError
	var lost *batching.LeaseLostError
	if !errors.As(err, &conflict) || !errors.As(err, &lost) || !errors.Is(err, batching.ErrLeaseLost) || len(conflict.Groups) != 1 {
		t.Fatalf("Flush: %v", err)
	}
	want := &batching.LeaseLostError{ID: plantest.TaskID(1, 1, 1).Document(), Worker: "late", Holder: "other"}
	if *lost != *want {
		t.Errorf("lost %v, want %v", lost, want)
	}
	if late.Dirty() {
		t.Error("something is pending")
	}
	if want := `the lease of worker "late" has expired, and worker "other" has claimed the item`; !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
	p := plantest.Parse(readFile(t, name))
	for task, want := range []plantest.Status{plantest.Active, plantest.Done, plantest.Active} {
		if got := p.Status(plantest.TaskID(1, 1, task+1)); got != want {
			t.Errorf("task %d is %v, want %v", task+1, got, want)
		}
	}
	wantHeld(t, other, "other", 1)
	set(t, other, plantest.Done, 1)
	flush(t, other)
	wantHeld(t, other, "")
}

// The same if the other has finished it already.
func TestLateUpdatesAreLeftOutIfSomebodyElseHasFinished(t *testing.T) {
	name, c := newFile(t, 1, 1, 1), newClock()
	late := openAt(t, name, c)
	claimBriefly(t, late, "late", 1)
	set(t, late, plantest.Done, 1)
	c.pass(batching.MinLease)
	time.Sleep(batching.MinLease)
	other := openAt(t, name, c)
	claim(t, other, "other", 1, hour, 1)
	set(t, other, plantest.Done, 1)
	flush(t, other)

	_, err := late.Flush(t.Context())
	if !errors.Is(err, batching.ErrLeaseLost) || !strings.Contains(err.Error(), "somebody else has changed the status") || late.Dirty() {
		t.Fatalf("Flush: %v", err)
	}
}

// The same if the other claims the item when the flush has already made sure of
// the lease, and only waits for the lock.
func TestLateUpdatesAreLeftOutIfTheLeaseEndsBeforeTheLockIsTaken(t *testing.T) {
	for _, finished := range []bool{false, true} {
		name, c := newFile(t, 1, 1, 2), newClock()
		other := openAt(t, name, c)
		hook := &saveHook{Store: filestore.New(name, filestore.WithClock(c.time)), before: func() error { return nil }}
		late := openStore(t, hook)
		claim(t, late, "late", 1, hour, 1)
		set(t, late, plantest.Done, 1)
		set(t, late, plantest.Active, 2)
		hook.before = func() error {
			hook.before = func() error { return nil }
			c.pass(hour)
			claim(t, other, "other", 1, hour, 1)
			if finished {
				set(t, other, plantest.Failed, 1)
				flush(t, other)
			}
			return nil
		}
		_, err := late.Flush(t.Context())
		var conflict *batching.ConflictError
		if !errors.As(err, &conflict) || len(conflict.Groups) != 1 || late.Dirty() {
			t.Errorf("Flush: %v", err)
		}
		if !finished && !errors.Is(err, batching.ErrLeaseLost) {
			t.Errorf("Flush: %v, want a lost lease", err)
		}
		want := plantest.Active
		if finished {
			want = plantest.Failed
		}
		if got := plantest.Parse(readFile(t, name)).Status(plantest.TaskID(1, 1, 1)); got != want {
			t.Errorf("the task is %v, want %v, which the other worker has stored", got, want)
		}
		if got := plantest.Parse(readFile(t, name)).Status(plantest.TaskID(1, 1, 2)); got != plantest.Active {
			t.Errorf("the task that nobody has claimed is %v", got)
		}
	}
	if !t.Failed() {
		reliability.Record(t, 2, "late updates whose lease ends while a flush waits for the lock", 0, reliability.NoLoss)
	}
}

func TestRenewalKeepsTheItemOfASlowWorker(t *testing.T) {
	name, c := newFile(t, 1, 1, 1), newClock()
	slow := openAt(t, name, c)
	claimBriefly(t, slow, "slow", 1)
	if _, err := slow.Renew(t.Context(), "slow", hour, plantest.TaskID(1, 1, 1)); err != nil {
		t.Fatal(err)
	}
	c.pass(batching.MinLease)
	time.Sleep(batching.MinLease)
	claim(t, openAt(t, name, c), "other", 1, hour)
	set(t, slow, plantest.Done, 1)
	flush(t, slow)
}

// saveHook is a store that lets something happen before each Save.
type saveHook struct {
	*filestore.Store
	before func() error
}

func (s *saveHook) Save(ctx context.Context, save batching.Save) (batching.Revision, error) {
	if err := s.before(); err != nil {
		return "", err
	}
	return s.Store.Save(ctx, save)
}

// What somebody else takes or finishes without asking, such as a person with an
// editor, is not handed out, and no conflict to report.
func TestClaimsThatAnEditorDefeatsAreGivenBack(t *testing.T) {
	name := newFile(t, 1, 1, 3)
	hook := &saveHook{Store: filestore.New(name), before: func() error {
		p := plantest.Parse(readFile(t, name))
		after, err := p.Apply(document.Force(plantest.TaskID(1, 1, 1).Document(), document.Status(plantest.Done), "by hand"))
		if err == nil {
			writeFile(t, name, after.String())
		}
		return err
	}}
	b := openStore(t, hook)
	claim(t, b, "one", 2, hour, 2)
	wantHeld(t, b, "one", 2)
	hook.before = func() error { return nil }
	flush(t, b)
	set(t, b, plantest.Done, 2)
	flush(t, b)
}

func TestClaimsThatCannotBeSavedAreGivenBack(t *testing.T) {
	name := newFile(t, 1, 1, 3)
	full := errors.New("disk full")
	hook := &saveHook{Store: filestore.New(name), before: func() error { return full }}
	b := openStore(t, hook)
	claims, err := b.Claim(t.Context(), "one", 2, hour)
	var failure *batching.FlushError
	if !errors.As(err, &failure) || !errors.Is(err, full) || len(claims) > 0 {
		t.Fatalf("claimed %v, error %v", claims, err)
	}
	wantHeld(t, b, "")
	hook.before = func() error { return nil }
	claim(t, b, "one", 2, hour, 1, 2)
}

// A conflict of updates that were pending is reported by the next Flush.
func TestClaimLeavesConflictsToFlush(t *testing.T) {
	name, c := newFile(t, 1, 1, 3), newClock()
	b, other := openAt(t, name, c), openAt(t, name, c)
	claim(t, other, "other", 1, hour, 1)
	set(t, other, plantest.Done, 1)
	set(t, b, plantest.Active, 1)
	set(t, b, plantest.Failed, 1)
	flush(t, other)
	claim(t, b, "one", 1, hour, 2)
	var conflict *batching.ConflictError
	if _, err := b.Flush(t.Context()); !errors.As(err, &conflict) || len(conflict.Groups) != 2 {
		t.Errorf("Flush: %v, want a conflict of two groups", err)
	}
}

// A claim ends with its context, also while another program keeps the lock: what
// it has leased is left to expire then, and others get their turn.
func TestClaimEndsWhileTheLockIsTaken(t *testing.T) {
	name, c := newFile(t, 1, 1, 3), newClock()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	taken := make(chan *atomicfile.Lock, 1)
	hook := &saveHook{Store: filestore.New(name, filestore.WithClock(c.time)), before: func() error {
		lock, err := atomicfile.TryLock(atomicfile.OS{}, name+".lock", name)
		if err != nil || lock == nil {
			t.Errorf("cannot take the lock: %v", err)
		}
		taken <- lock
		cancel()
		return nil
	}}
	b := openStore(t, hook)
	ended := make(chan error, 1)
	go func() {
		_, err := b.Claim(ctx, "one", 1, batching.MinLease)
		ended <- err
	}()
	lock := <-taken
	defer func() { _ = lock.Unlock() }()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("Claim: %v", err)
	}
	hook.before = func() error { return nil }
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	flush(t, b)
	claim(t, openAt(t, name, c), "other", 2, hour, 2, 3)
	c.pass(batching.MinLease)
	claim(t, b, "two", 1, hour, 1)
}
