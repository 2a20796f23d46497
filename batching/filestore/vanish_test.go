package filestore_test

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile/faultfs"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/internal/reliability"
)

// These tests remove what lies beside the file under running programs, as
// git clean -fdX does: .gitignore is to name exactly these files.

// tidyUp removes all files beside the plan.
func tidyUp(fsys *faultfs.FS) {
	for _, name := range fsys.Names("/d") {
		if name != filepath.Base(planFile) {
			fsys.Delete(filepath.Join("/d", name))
		}
	}
}

// TestFilesVanishUnderAFlush tidies up before each operation of a flush, and has
// another program flush right after that. Both updates are there in the end.
func TestFilesVanishUnderAFlush(t *testing.T) {
	tried, lost := 0, 0
	defer func() {
		reliability.Record(t, tried, "removals of all files beside the data, one at each operation of a flush", lost, reliability.NoLoss)
	}()
	for at := range 100 {
		fsys := faultfs.New("/d")
		fsys.Put(planFile, []byte(plantest.Text(1, 1, 3)))
		other := openStore(t, filestore.New(planFile, filestore.WithFS(fsys)))
		update(t, other, plantest.TaskID(1, 1, 2), plantest.Active)
		intruder := &intruder{FS: fsys, at: -1}
		b := openStore(t, filestore.New(planFile, filestore.WithFS(intruder)))
		update(t, b, plantest.TaskID(1, 1, 3), plantest.Active)
		flush(t, b) // so that nothing is left to reserve in the background
		update(t, b, plantest.TaskID(1, 1, 1), plantest.Active)
		intruder.count, intruder.at = 0, at
		intruder.do = func() {
			tidyUp(fsys)
			if fsys.Locked(planFile + ".lock") {
				t.Errorf("operation %d: the new lock is taken already", at)
			}
			flush(t, other)
		}
		flush(t, b)
		if !intruder.done {
			if at < 8 {
				t.Errorf("only %d moments to remove files at", at)
			}
			break
		}
		got, _ := fsys.Get(planFile)
		p := plantest.Parse(string(got))
		for task := range 2 {
			tried++
			if p.Status(plantest.TaskID(1, 1, task+1)) != plantest.Active {
				lost++
				t.Errorf("operation %d: the update of task %d is lost", at, task+1)
			}
		}
	}
}

// TestRecoveryFileVanishes checks that a failing flush never names a file that is
// not there, and that what it names leads to all pending updates.
func TestRecoveryFileVanishes(t *testing.T) {
	for _, moment := range []string{"after the update", "after a failed flush", "after two failed flushes"} {
		t.Run(moment, func(t *testing.T) {
			name := newFile(t, 1, 1, 3)
			store := &fullStore{Store: filestore.New(name), full: true}
			b := openStore(t, store)
			failing := func() {
				t.Helper()
				var failure *batching.FlushError
				if _, err := b.Flush(t.Context()); !errors.As(err, &failure) || failure.PreserveErr != nil {
					t.Fatal(err)
				}
				if !exists(failure.Preserved) {
					t.Errorf("%v, and it does not exist", failure)
				}
			}
			update(t, b, plantest.TaskID(1, 1, 1), plantest.Active)
			switch moment {
			case "after a failed flush":
				failing()
			case "after two failed flushes":
				failing()
				failing()
			}
			for _, file := range recoveryFiles(t, name) {
				if err := os.Remove(file); err != nil {
					t.Fatal(err)
				}
			}
			failing()
			update(t, b, plantest.TaskID(1, 1, 2), plantest.Active)
			failing()
			if err := b.Close(t.Context()); err == nil {
				t.Error("closed although nothing can be saved")
			}
			c := openStore(t, filestore.New(name))
			if _, err := c.Recover(t.Context()); err != nil {
				t.Fatal(err)
			}
			for task := range 2 {
				if c.Snapshot().Status(plantest.TaskID(1, 1, task+1)) != plantest.Active {
					t.Errorf("the update of task %d is lost", task+1)
				}
			}
		})
	}
}

// TestCloseWhileTheLockIsHeld ends programs while somebody else keeps the lock:
// what is pending is preserved, and recovered later.
func TestCloseWhileTheLockIsHeld(t *testing.T) {
	const programs = 9
	name := newFile(t, 1, 1, programs)
	lock, err := atomicfile.TryLock(atomicfile.OS{}, name+".lock", name)
	if err != nil || lock == nil {
		t.Fatal(lock, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for n := range programs {
		b, err := openPlain(name)
		if err != nil {
			t.Fatal(err)
		}
		update(t, b, plantest.TaskID(1, 1, n+1), plantest.Active)
		var failure *batching.FlushError
		if err := b.Close(ended); !errors.As(err, &failure) || failure.PreserveErr != nil || !exists(failure.Preserved) {
			t.Errorf("Close: %v", err)
		}
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	b := openStore(t, filestore.New(name))
	if _, err := b.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	lost := strings.Count(readFile(t, name), `"Open"`) - strings.Count(plantest.Text(1, 1, 0), `"Open"`)
	reliability.Record(t, programs, "programs that end while another one keeps the lock", lost, reliability.NoLoss, reliability.Pending)
	if lost != 0 {
		t.Errorf("%d updates are lost", lost)
	}
}

// TestReserveAfterTheFileVanished checks that space is reserved in a file that is
// there.
func TestReserveAfterTheFileVanished(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	r := filestore.New(name).NewRecovery()
	defer r.Close()
	if err := r.Reserve(t.Context(), 1000); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(r.Name()); err != nil {
		t.Fatal(err)
	}
	if err := r.Reserve(t.Context(), 1000); err != nil || !exists(r.Name()) {
		t.Errorf("%v, the file %s is there: %v", err, r.Name(), exists(r.Name()))
	}
}

// TestReserveEndsWithItsContext ends before the first step, and while space is
// written.
func TestReserveEndsWithItsContext(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	for _, looks := range []int{0, 3} {
		r := filestore.New(name).NewRecovery()
		if err := r.Reserve(&endingContext{Context: t.Context(), left: looks}, 1<<20); !errors.Is(err, context.Canceled) {
			t.Errorf("done after %d looks: %v", looks, err)
		}
		if err := r.Reserve(t.Context(), 1<<20); err != nil {
			t.Errorf("again: %v", err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

// endingContext is done when somebody has looked so many times.
type endingContext struct {
	context.Context
	left int
}

func (c *endingContext) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestLeasesVanish removes the file of leases: who claims next gets the items, and
// what the first worker does is not saved then.
func TestLeasesVanish(t *testing.T) {
	name := newFile(t, 1, 1, 2)
	first, second := openStore(t, filestore.New(name)), openStore(t, filestore.New(name))
	claim(t, first, "first", 2, hour, 1, 2)
	if err := os.Remove(leasesFile(name)); err != nil {
		t.Fatal(err)
	}
	claim(t, second, "second", 1, hour, 1)
	set(t, first, plantest.Done, 1, 2)
	_, err := first.Flush(t.Context())
	var conflict *batching.ConflictError
	if !errors.Is(err, batching.ErrLeaseLost) || !errors.As(err, &conflict) || len(conflict.Groups) != 1 {
		t.Errorf("error %v", err)
	}
	p := plantest.Parse(readFile(t, name))
	if p.Status(plantest.TaskID(1, 1, 1)) != plantest.Active || p.Status(plantest.TaskID(1, 1, 2)) != plantest.Done {
		t.Errorf("stored\n%s", p)
	}
}

// TestFilesVanishUnderManyFlushes has batchers flush while everything beside the
// file is removed again and again: each time that one of them has flushed, so that
// the others are somewhere in between, and each flush ends some time.
func TestFilesVanishUnderManyFlushes(t *testing.T) {
	const batchers, rounds = 3, 40
	name := newPlan(t, plantest.Text(1, batchers, rounds))
	flushed := make(chan struct{}, batchers*rounds)
	var removing, working sync.WaitGroup
	removing.Go(func() {
		for range flushed {
			time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond) // hits them elsewhere each time
			entries, err := os.ReadDir(filepath.Dir(name))
			if err != nil {
				t.Error(err)
				return
			}
			for _, entry := range entries {
				if entry.Name() != filepath.Base(name) {
					_ = os.Remove(filepath.Join(filepath.Dir(name), entry.Name()))
				}
			}
		}
	})
	policy := batching.RetryPolicy{Attempts: 4 * batchers * rounds, Delay: time.Millisecond, MaxDelay: time.Millisecond}
	for n := range batchers {
		b := openStore(t, filestore.New(name), batching.WithRetry(policy))
		working.Go(func() {
			for round := range rounds {
				if _, err := b.UpdateStatus(t.Context(), plantest.TaskID(1, n+1, round+1), plantest.Active); err != nil {
					t.Error(err)
				}
				if _, err := b.Flush(t.Context()); err != nil {
					t.Error(err)
				}
				flushed <- struct{}{}
			}
		})
	}
	working.Wait()
	close(flushed)
	removing.Wait()
	p := plantest.Parse(readFile(t, name))
	lost := strings.Count(p.String(), `"Open"`) - strings.Count(plantest.Text(1, batchers, rounds), `"Open"`) + batchers*rounds
	reliability.Record(t, batchers*rounds, "updates while all files beside the data are removed again and again", lost, reliability.NoLoss)
	if lost != 0 {
		t.Errorf("%d updates are lost", lost)
	}
}

// lockRemover removes a lock once, at the moment when new leases are written to
// a temporary file.
type lockRemover struct {
	atomicfile.OS
	lock  string
	armed bool
}

func (r *lockRemover) OpenFile(name string, flag int, perm fs.FileMode) (atomicfile.File, error) {
	if r.armed && strings.HasSuffix(name, ".tmp") && strings.Contains(name, ".leases.") {
		r.armed = false
		if err := os.Remove(r.lock); err != nil {
			return nil, err
		}
	}
	return r.OS.OpenFile(name, flag, perm)
}

// TestLockVanishesWhileLeasesAreWritten checks that the work begins anew with
// nothing: what is returned is what is written down.
func TestLockVanishesWhileLeasesAreWritten(t *testing.T) {
	name := newFile(t, 1, 1, 3)
	fsys := &lockRemover{lock: name + ".lock"}
	s := filestore.New(name, filestore.WithFS(fsys))
	d, revision, err := s.Load(t.Context(), plantest.Type())
	if err != nil {
		t.Fatal(err)
	}
	var candidates []batching.Candidate
	var ids []document.ID
	for task := range 3 {
		id := plantest.TaskID(1, 1, task+1).Document()
		ids = append(ids, id)
		candidates = append(candidates, batching.Candidate{ID: id, Status: document.Status(plantest.Open)})
	}
	wantWritten := func(what string, got []batching.Lease, err error) {
		t.Helper()
		if err != nil || fsys.armed {
			t.Fatalf("%s: %v, the lock is still to be removed: %v", what, err, fsys.armed)
		}
		written, err := s.Leases(t.Context())
		if err != nil || len(got) != 2 {
			t.Errorf("%s: %d leases, want 2; %v", what, len(got), err)
		}
		if diff := cmp.Diff(written, got, cmp.Comparer(func(a, b document.ID) bool { return a == b })); diff != "" {
			t.Errorf("%s returns what is not written (-written +returned):\n%s", what, diff)
		}
	}
	if _, err := s.Acquire(t.Context(), batching.Acquire{Base: revision, Stored: d, Worker: "one", N: 1, Duration: hour}); err != nil {
		t.Fatal(err) // which makes the lock
	}
	fsys.armed = true
	got, err := s.Acquire(t.Context(), batching.Acquire{Base: revision, Stored: d, Worker: "one", Candidates: candidates, N: 2, Duration: hour})
	wantWritten("Acquire", got, err)
	fsys.armed = true
	got, err = s.Renew(t.Context(), "one", ids, 2*hour)
	wantWritten("Renew", got, err)
}

// newLockIntruder has another program take a new lock right after the first look
// at the file, once the temporary file is there. That program saves at the last
// moment: when the file is replaced, or, if that is not done, when the lock is
// taken again.
type newLockIntruder struct {
	*faultfs.FS
	mu                    sync.Mutex // space is reserved in the background
	staged, started, done bool
	save                  func()
}

func (i *newLockIntruder) OpenFile(name string, flag int, perm fs.FileMode) (atomicfile.File, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.staged = i.staged || strings.HasSuffix(name, ".tmp")
	return i.FS.OpenFile(name, flag, perm)
}

func (i *newLockIntruder) Lstat(name string) (fs.FileInfo, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	info, err := i.FS.Lstat(name)
	if name == planFile && i.staged && !i.started {
		i.started = true
		i.Delete(planFile + ".lock")
		i.Put(planFile+".lock", nil)
	}
	return info, err
}

func (i *newLockIntruder) finish() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.started && !i.done {
		i.done = true
		i.save()
	}
}

func (i *newLockIntruder) Rename(from, to string) error {
	i.finish()
	return i.FS.Rename(from, to)
}

func (i *newLockIntruder) TryLock(name string, flag int) (atomicfile.Locked, error) {
	i.finish()
	return i.FS.TryLock(name, flag)
}

// TestAnotherProgramSavesWithANewLock removes only the lock while a flush compares the
// file, and has another program save with a new one. Both updates are there in the
// end.
func TestAnotherProgramSavesWithANewLock(t *testing.T) {
	fsys := faultfs.New("/d")
	fsys.Put(planFile, []byte(plantest.Text(1, 1, 2)))
	other := openStore(t, filestore.New(planFile, filestore.WithFS(fsys)))
	update(t, other, plantest.TaskID(1, 1, 2), plantest.Active)
	i := &newLockIntruder{FS: fsys, save: func() { flush(t, other) }}
	b := openStore(t, filestore.New(planFile, filestore.WithFS(i)))
	update(t, b, plantest.TaskID(1, 1, 1), plantest.Active)
	flush(t, b)
	got, _ := fsys.Get(planFile)
	p := plantest.Parse(string(got))
	if p.Status(plantest.TaskID(1, 1, 1)) != plantest.Active || p.Status(plantest.TaskID(1, 1, 2)) != plantest.Active || !i.done {
		t.Errorf("the other has saved: %v; stored\n%s", i.done, got)
	}
}
