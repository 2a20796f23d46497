package filestore_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile/faultfs"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/internal/reliability"
)

const faultTasks = 5

// claimTrial is one run of a worker on a file system with a fault.
type claimTrial struct {
	t     *testing.T
	fsys  *faultfs.FS
	fault faultfs.Fault
	clock *clock
	// held are the tasks that a worker was told it has, done those that it was
	// told are stored as done.
	held map[document.ID]string
	done map[document.ID]bool
}

func (tr *claimTrial) fatalf(format string, args ...any) {
	tr.t.Helper()
	tr.t.Fatalf("%v %v at operation %d (%s): %s\n%v", tr.fault.Mode, tr.fault.Err, tr.fault.At, tr.fsys.Fired(),
		fmt.Sprintf(format, args...), strings.Join(tr.fsys.Trace(), "\n"))
}

// open opens a batcher, which a fault may keep from working once. It returns nil
// if the system has crashed.
func (tr *claimTrial) open() *plantest.Batcher {
	store := filestore.New(planFile, filestore.WithFS(tr.fsys), filestore.WithClock(tr.clock.time), filestore.WithLogger(quiet))
	var err error
	for range 2 {
		var b *plantest.Batcher
		b, err = batching.Open(tr.t.Context(), plantest.Format(), store, batching.WithLogger(quiet), batching.WithRetry(batching.RetryPolicy{Attempts: 1}))
		if err == nil {
			return b
		}
		if errors.Is(err, faultfs.ErrStopped) {
			return nil
		}
	}
	tr.fatalf("Open fails for ever: %v", err)
	return nil
}

// claim claims, and checks that nothing is handed out that another worker has.
func (tr *claimTrial) claim(b *plantest.Batcher, worker string, n int) ([]batching.Claim[plantest.ID], error) {
	claims, err := b.Claim(tr.t.Context(), worker, n, hour)
	if err != nil && len(claims) > 0 {
		tr.fatalf("claims %v, and the error %v", claims, err)
	}
	for _, c := range claims {
		id := c.ID.Document()
		if other := tr.held[id]; other != "" || tr.done[id] {
			tr.fatalf("%s is handed to %s; done: %v, held by %q", id, worker, tr.done[id], other)
		}
		tr.held[id] = worker
	}
	return claims, err
}

// finish finishes what was claimed. It reports false if that is not stored.
func (tr *claimTrial) finish(b *plantest.Batcher, claims []batching.Claim[plantest.ID]) bool {
	for _, c := range claims {
		if _, err := b.UpdateStatus(tr.t.Context(), c.ID, plantest.Done); err != nil {
			tr.fatalf("UpdateStatus: %v", err)
		}
	}
	if _, err := b.Flush(tr.t.Context()); err != nil {
		return false
	}
	for _, c := range claims {
		tr.done[c.ID.Document()] = true
		delete(tr.held, c.ID.Document())
	}
	return true
}

// work is what a worker does until the system stops: every operation of leases
// is among it. Whatever fails is tried once more, and must not fail again.
func (tr *claimTrial) work() {
	b := tr.open()
	if b == nil {
		return
	}
	stopped := func(err error) bool { return errors.Is(err, faultfs.ErrStopped) }
	claims, err := tr.claim(b, "one", 2)
	if err != nil && !stopped(err) {
		claims, err = tr.claim(b, "one", 2)
	}
	if err != nil {
		tr.mayFail(err)
		return
	}
	if len(claims) == 0 {
		return // all that is left are leases that the first attempt has left
	}
	ids := make([]plantest.ID, len(claims))
	for i, c := range claims {
		ids[i] = c.ID
	}
	if _, err := b.Renew(tr.t.Context(), "one", hour, ids...); err != nil && !stopped(err) {
		if _, err := b.Renew(tr.t.Context(), "one", hour, ids...); err != nil {
			tr.mayFail(err)
		}
	}
	if !tr.finish(b, claims[:1]) && !tr.finish(b, nil) {
		return
	}
	for _, c := range claims[1:] {
		delete(tr.held, c.ID.Document()) // perhaps also if it fails
		if err := b.Release(tr.t.Context(), "one", c.ID); err != nil && !stopped(err) {
			if err := b.Release(tr.t.Context(), "one", c.ID); err != nil {
				tr.mayFail(err)
			}
		}
	}
}

// mayFail accepts only errors of a system that has stopped.
func (tr *claimTrial) mayFail(err error) {
	if !errors.Is(err, faultfs.ErrStopped) {
		tr.fatalf("the cause is gone, and it fails again: %v", err)
	}
}

// TestClaimUnderEveryFault lets each operation of a worker fail in each way, and
// the system stop there. Nothing that somebody was told to have is handed to
// others, nothing that was acknowledged is lost, and once the leases have
// expired others finish everything.
func TestClaimUnderEveryFault(t *testing.T) {
	var total atomic.Int64
	t.Cleanup(func() {
		reliability.Record(t, int(total.Load()), "faults, one at each operation of a worker that claims items", 0, reliability.NoLoss)
	})
	for kind, fault := range faults() {
		if errors.Is(fault.Err, syscall.ENOSPC) || errors.Is(fault.Err, syscall.EACCES) {
			continue // are treated like EIO here
		}
		t.Run(fmt.Sprint(fault.Mode, fault.Err), func(t *testing.T) {
			t.Parallel()
			injected := 0
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
					met = claimUnderFault(t, fault, how)
				}
				if !met {
					break
				}
				injected++
			}
			total.Add(int64(injected))
			if injected*step < 40 {
				t.Errorf("%d faults are too few for the test to mean something", injected)
			}
		})
	}
}

// claimUnderFault reports whether the worker has met the fault.
func claimUnderFault(t *testing.T, fault faultfs.Fault, how stop) bool {
	tr := &claimTrial{
		t: t, fsys: faultfs.New("/d"), fault: fault, clock: newClock(),
		held: map[document.ID]string{}, done: map[document.ID]bool{},
	}
	tr.fsys.Clock = tr.clock.time
	tr.fsys.Put(planFile, []byte(plantest.Text(1, 1, faultTasks)))
	tr.fsys.Plant(fault)
	tr.work()
	met := tr.fsys.Fired() != ""
	how(tr.fsys)

	second := tr.open()
	if _, err := tr.claim(second, "two", faultTasks); err != nil {
		tr.fatalf("Claim: %v", err)
	}
	tr.clock.pass(hour)
	tr.held = map[document.ID]string{}
	third := tr.open()
	claims, err := tr.claim(third, "three", faultTasks)
	if err != nil {
		tr.fatalf("Claim: %v", err)
	}
	if !tr.finish(third, claims) {
		tr.fatalf("Flush fails")
	}
	content, _ := tr.fsys.Get(planFile)
	if p := plantest.Parse(string(content)); !allDone(p) {
		tr.fatalf("left: %+v; claimed %v", p.Document.Progress(plantest.TaskLevel), claims)
	}
	names := slices.DeleteFunc(tr.fsys.Names("/d"), func(name string) bool {
		return name == "plan.json" || name == "plan.json.lock" || strings.HasSuffix(name, ".recovery")
	})
	if len(names) > 0 {
		tr.fatalf("left: %v", names)
	}
	return met
}
