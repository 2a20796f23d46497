package filestore_test

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile/faultfs"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/internal/reliability"
)

var quiet = slog.New(slog.DiscardHandler)

const planFile = "/d/plan.json"

// faults returns every way in which one operation can fail.
func faults() []faultfs.Fault {
	all := []faultfs.Fault{
		{Mode: faultfs.Lie}, {Mode: faultfs.CrashBefore}, {Mode: faultfs.CrashTorn}, {Mode: faultfs.CrashAfter},
	}
	for _, mode := range []faultfs.Mode{faultfs.Before, faultfs.After, faultfs.Torn} {
		for _, err := range []error{syscall.EIO, syscall.ENOSPC, syscall.EACCES, syscall.EINTR} {
			all = append(all, faultfs.Fault{Mode: mode, Err: err})
		}
	}
	return all
}

// faultPoints returns at which operations a kind of fault happens: the first, and how
// many on the next one is. It is each operation, or with the race detector, which
// takes its time, some of them, and others for the next kind.
func faultPoints(kind int) (first, step int) {
	step = 1
	if raceEnabled {
		step = 7
	}
	return 1 + kind%step, step
}

// tally counts what the loops have tried.
type tally struct{ injected, crashed, retried, lost int }

func (c *tally) add(other tally) {
	c.injected += other.injected
	c.crashed += other.crashed
	c.retried += other.retried
	c.lost += other.lost
}

// trial is one run of some work on a file system with a fault.
type trial struct {
	t     *testing.T
	fsys  *faultfs.FS
	fault faultfs.Fault
	b     *plantest.Batcher
	tally *tally
	// flushed is the newest snapshot that a Flush has acknowledged, and states
	// are all that a flush has tried to write since then.
	flushed string
	states  []string
	// preserved is the newest snapshot that a recovery file is to lead to.
	preserved *plantest.Plan
}

// underEveryFault repeats the work with a fault at one operation after the other until a
// run meets none, for each way of failing. After a crash the system is stopped
// in each way; other faults take them in turn.
func underEveryFault(t *testing.T, what string, work func(*trial, stop)) {
	var mu sync.Mutex
	var sum tally
	t.Cleanup(func() { // after the parallel subtests
		t.Logf("%d faults, %d of them crashes; %d flushes failed and were repeated", sum.injected, sum.crashed, sum.retried)
		reliability.Record(t, sum.injected, "faults, one at each operation, "+what, sum.lost,
			reliability.Durable, reliability.Whole, reliability.Pending, reliability.NoLoss)
	})
	for kind, fault := range faults() {
		t.Run(fmt.Sprint(fault.Mode, fault.Err), func(t *testing.T) {
			t.Parallel()
			var total tally
			at, step := faultPoints(kind)
			for ; ; at += step {
				fault.At = at
				ways := stops[:]
				if !fault.Mode.Crashes() {
					i := at % len(stops)
					ways = stops[i : i+1]
				}
				met := false
				for _, how := range ways {
					met = underFault(t, fault, how, &total, work)
				}
				if !met {
					break
				}
			}
			mu.Lock()
			sum.add(total)
			mu.Unlock()
			if total.injected*step < 40 {
				t.Error("too few faults for the test to mean something")
			}
		})
	}
}

// underFault reports whether the work has met the fault.
func underFault(t *testing.T, fault faultfs.Fault, how stop, total *tally, work func(*trial, stop)) bool {
	tr := &trial{t: t, fsys: faultfs.New("/d"), fault: fault, tally: total}
	tr.fsys.Put(planFile, []byte(plantest.Text(1, 1, 6)))
	tr.fsys.Plant(fault)
	tr.flushed = plantest.Text(1, 1, 6)
	work(tr, how)
	if tr.fsys.Fired() == "" {
		return false
	}
	total.injected++
	if fault.Mode.Crashes() {
		total.crashed++
	}
	return true
}

func (tr *trial) fatalf(format string, args ...any) {
	tr.t.Helper()
	tr.t.Fatalf("%v %v at operation %d (%s): %s\n%v", tr.fault.Mode, tr.fault.Err, tr.fault.At, tr.fsys.Fired(),
		fmt.Sprintf(format, args...), strings.Join(tr.fsys.Trace(), "\n"))
}

// open opens the batcher. It reports false if the system has crashed. Any other
// fault may make Open fail once.
func (tr *trial) open() bool {
	policy := batching.RetryPolicy{Attempts: 3, Delay: time.Nanosecond, MaxDelay: time.Nanosecond}
	var err error
	for range 2 {
		tr.b, err = batching.Open(tr.t.Context(), plantest.Format(), filestore.New(planFile, filestore.WithFS(tr.fsys), filestore.WithLogger(quiet)),
			batching.WithLogger(quiet), batching.WithRetry(policy))
		if err == nil || errors.Is(err, faultfs.ErrStopped) {
			return err == nil
		}
	}
	tr.fatalf("Open fails for ever: %v", err)
	return false
}

func (tr *trial) advance(task int, to plantest.Status) {
	if _, err := tr.b.Advance(tr.t.Context(), plantest.TaskID(1, 1, task), to); err != nil {
		tr.fatalf("Advance: %v", err)
	}
}

// note records what the file may become from now on.
func (tr *trial) note() {
	if s := tr.b.Snapshot().String(); !slices.Contains(tr.states, s) {
		tr.states = append(tr.states, s)
	}
}

// flush flushes and records what is promised. It reports false after a crash.
func (tr *trial) flush() bool {
	tr.note()
	snapshot := tr.b.Snapshot()
	_, err := tr.b.Flush(tr.t.Context())
	tr.checkWhole()
	var failure *batching.FlushError
	switch {
	case err == nil:
		tr.flushed, tr.states, tr.preserved = snapshot.String(), nil, nil
		if tr.b.Dirty() {
			tr.fatalf("dirty after a flush")
		}
	case errors.Is(err, faultfs.ErrStopped):
		return false
	case !errors.As(err, &failure):
		tr.fatalf("Flush: %v", err)
	default:
		tr.tally.retried++
		if !tr.b.Dirty() || failure.Pending == 0 {
			tr.fatalf("nothing pending after %v", err)
		}
		if failure.Preserved != "" && failure.PreserveErr == nil {
			tr.preserved = &snapshot
		}
	}
	return true
}

// checkWhole checks that the file is one whole snapshot that somebody flushed,
// and not older than the last that was acknowledged.
func (tr *trial) checkWhole() {
	tr.t.Helper()
	content, ok := tr.fsys.Get(planFile)
	if !ok || string(content) != tr.flushed && !slices.Contains(tr.states, string(content)) {
		tr.fatalf("the file (%d bytes) is neither what was last acknowledged nor what was tried since:\n%s", len(content), content)
	}
}

// finish flushes until all is well, which must be at once, and closes.
func (tr *trial) finish() {
	if !tr.b.Dirty() {
		tr.close()
		return
	}
	want := tr.b.Snapshot().String()
	for range 2 {
		if !tr.flush() {
			return
		}
		if !tr.b.Dirty() {
			break
		}
	}
	if tr.flushed != want {
		tr.fatalf("the cause is gone, and Flush fails again")
	}
	tr.close()
}

func (tr *trial) close() {
	err := tr.b.Close(tr.t.Context())
	if err != nil && !errors.Is(err, faultfs.ErrStopped) && !errors.Is(err, tr.fault.Err) {
		tr.fatalf("Close: %v", err)
	}
}

// stop is a way in which the system stops.
type stop func(*faultfs.FS)

// stops are the end of the process, and each kind of power cut.
var stops = [...]stop{
	(*faultfs.FS).Kill,
	func(f *faultfs.FS) { f.PowerCut(faultfs.DropAll) },
	func(f *faultfs.FS) { f.PowerCut(faultfs.KeepNames) },
	func(f *faultfs.FS) { f.PowerCut(faultfs.KeepHalf) },
}

// restart stops the system, and checks what is left.
func (tr *trial) restart(how stop) {
	how(tr.fsys)
	tr.checkWhole()
	if tr.fsys.Resynced() > 0 {
		tr.fatalf("a file whose sync had failed was synced again")
	}
}

// TestFlushUnderEveryFault updates and flushes a few times.
func TestFlushUnderEveryFault(t *testing.T) {
	underEveryFault(t, "in updates and flushes", func(tr *trial, how stop) {
		flushes(tr)
		tr.restart(how)
		if !tr.open() {
			tr.fatalf("cannot open again")
		}
		tr.advance(6, plantest.Done)
		tr.finish()
		tr.restart(how)
		tr.tidy()
	})
}

// flushes is the work of TestFlushUnderEveryFault, up to a crash.
func flushes(tr *trial) {
	if !tr.open() {
		return
	}
	tr.advance(1, plantest.Active)
	tr.advance(2, plantest.Done)
	if !tr.flush() {
		return
	}
	tr.advance(1, plantest.Done)
	tr.advance(3, plantest.Active)
	if !tr.flush() {
		return
	}
	tr.advance(1, plantest.Open)
	tr.advance(4, plantest.Failed)
	tr.finish()
}

// tidy opens and closes, and checks that nothing is left beside the file but its
// lock.
func (tr *trial) tidy() {
	if tr.open() {
		tr.close()
	}
	for _, name := range tr.fsys.Names("/d") {
		if name != "plan.json" && name != "plan.json.lock" {
			tr.fatalf("left behind: %s", name)
		}
	}
}

// TestRecoveryUnderEveryFault fills the disk, so that flushes fail and updates
// go to the recovery file, then stops the system and recovers.
func TestRecoveryUnderEveryFault(t *testing.T) {
	underEveryFault(t, "with a full disk, in preserving and recovering", func(tr *trial, how stop) {
		fillAndFlush(tr)
		tr.restart(how)
		tr.fsys.SetFull(false)
		if !tr.open() {
			tr.fatalf("cannot open again")
		}
		tr.recover()
		tr.restart(how)
	})
}

// fillAndFlush leaves updates in a recovery file, up to a crash.
func fillAndFlush(tr *trial) {
	if !tr.open() {
		return
	}
	tr.advance(1, plantest.Active)
	if !tr.flush() {
		return
	}
	tr.advance(2, plantest.Active) // reserves, if the first could not
	tr.fsys.SetFull(true)
	for task := range 3 {
		tr.advance(1, plantest.Done)
		tr.advance(task+3, plantest.Done)
		if !tr.flush() {
			return
		}
		tr.advance(1, plantest.Open)
	}
}

// recover recovers, once more if need be, and checks that all that was
// preserved is there.
func (tr *trial) recover() {
	preserved := tr.preserved
	if preserved != nil {
		tr.states = append(tr.states, preserved.String())
	}
	for i := range 2 {
		_, err := tr.b.Recover(tr.t.Context())
		var recovery *batching.RecoveryError
		if errors.As(err, &recovery) && preserved == nil && tr.fault.Mode == faultfs.CrashTorn {
			// The very first record was cut short: it was never acknowledged.
			tr.fsys.Delete(recovery.Name)
			if !tr.open() {
				tr.fatalf("cannot open")
			}
			continue
		}
		if err == nil {
			break
		}
		if i == 1 {
			tr.fatalf("Recover fails for ever: %v", err)
		}
	}
	// A record that was being written when the system stopped may be whole:
	// then the file becomes what it leads to.
	tr.note()
	tr.checkWhole()
	if tr.b.Dirty() || len(tr.b.Recoverable()) > 0 {
		tr.fatalf("Recover has left something: %v %v", tr.b.Pending(), tr.b.Recoverable())
	}
	if preserved == nil {
		return
	}
	for task := range 6 {
		id := plantest.TaskID(1, 1, task+1)
		if preserved.Status(id) == plantest.Done && task > 0 && tr.b.Snapshot().Status(id) != plantest.Done {
			tr.tally.lost++
			tr.fatalf("%v was preserved and is lost", id.Document())
		}
	}
	tr.flushed, tr.states = tr.b.Snapshot().String(), nil
}
