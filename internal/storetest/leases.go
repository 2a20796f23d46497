package storetest

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// LeaseFixture is one stored document.
type LeaseFixture struct {
	// Open opens one more store on the document, as another process would.
	Open func(t testing.TB) batching.Store
	// Pass lets so much time go by for the leases, without waiting for it.
	Pass func(d time.Duration)
}

// Leases checks that stores keep leases as batching.LeaseStore promises. create
// stores a document, of the format of package plantest, where nothing is yet.
func Leases(t *testing.T, create func(t testing.TB, d *document.Document) LeaseFixture) {
	newFixture := func(t testing.TB, tasks int) LeaseFixture {
		return create(t, plantest.Parse(plantest.Text(1, 1, tasks)).Document)
	}
	t.Run("Acquire", func(t *testing.T) { testAcquire(t, newFixture(t, 6)) })
	t.Run("Expiry", func(t *testing.T) { testExpiry(t, newFixture(t, 6)) })
	t.Run("Renew", func(t *testing.T) { testRenew(t, newFixture(t, 6)) })
	t.Run("Release", func(t *testing.T) { testRelease(t, newFixture(t, 6)) })
	t.Run("SaveReliesOnLeases", func(t *testing.T) { testSaveReliesOnLeases(t, newFixture(t, 6)) })
	t.Run("StaleBase", func(t *testing.T) { testStaleBase(t, newFixture(t, 6)) })
	t.Run("Concurrent", func(t *testing.T) { testConcurrent(t, newFixture(t, 60)) })
	t.Run("Random", func(t *testing.T) { testRandom(t, newFixture(t, 12)) })
}

// long is more than a test takes; brief is over as soon as the test wants it.
const (
	long  = time.Hour
	brief = batching.MinLease
)

// client is a store, and what its user knows of the document.
type client struct {
	batching.LeaseStore
	store    batching.Store
	document *document.Document
	base     batching.Revision
}

func newClient(t testing.TB, f LeaseFixture) *client {
	t.Helper()
	s := f.Open(t)
	c := &client{LeaseStore: s.Extras().Leases, store: s}
	if c.LeaseStore == nil {
		t.Fatal("the store keeps no leases")
	}
	c.load(t)
	return c
}

func (c *client) load(t testing.TB) {
	t.Helper()
	var err error
	if c.document, c.base, err = c.store.Load(t.Context(), plantest.Type()); err != nil {
		t.Fatal(err)
	}
}

// save sets the status of a task.
func (c *client) save(t testing.TB, task int, to plantest.Status) {
	t.Helper()
	if err := c.trySave(t, task, to, nil); err != nil {
		t.Fatal(err)
	}
}

// trySave does the same, and relies on leases.
func (c *client) trySave(t testing.TB, task int, to plantest.Status, leases []batching.Lease) error {
	t.Helper()
	changes := []document.Change{document.Force(taskID(task), document.Status(to), "test")}
	after, applied, err := c.document.Apply(changes...)
	if err != nil {
		t.Fatal(err)
	}
	base, err := c.store.Save(t.Context(), batching.Save{
		Base: c.base, Stored: c.document, Document: after,
		Groups: []batching.Group{{Changes: changes, Updates: applied.Updates}},
		Leases: leases,
	})
	if err == nil {
		c.document, c.base = after, base
	}
	return err
}

func (c *client) acquire(ctx context.Context, worker string, candidates []batching.Candidate, n int, d time.Duration) ([]batching.Lease, error) {
	return c.Acquire(ctx, batching.Acquire{
		Base: c.base, Stored: c.document, Worker: worker, Candidates: candidates, N: n, Duration: d,
	})
}

// wantAcquired acquires, and checks which tasks are leased.
func (c *client) wantAcquired(t testing.TB, worker string, candidates []batching.Candidate, n int, d time.Duration, want ...int) []batching.Lease {
	t.Helper()
	leases, err := c.acquire(t.Context(), worker, candidates, n, d)
	if err != nil {
		t.Fatal(err)
	}
	wantTasks(t, leases, worker, want...)
	return leases
}

func (c *client) wantLeases(t testing.TB, worker string, want ...int) {
	t.Helper()
	leases, err := c.Leases(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantTasks(t, leases, worker, want...)
}

func wantTasks(t testing.TB, leases []batching.Lease, worker string, want ...int) {
	t.Helper()
	var got, wanted []string
	for _, l := range leases {
		got = append(got, l.ID.String()+" "+l.Worker)
	}
	for _, task := range want {
		wanted = append(wanted, taskID(task).String()+" "+worker)
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Fatalf("leases (-want +got):\n%s", diff)
	}
}

func taskID(task int) document.ID { return plantest.TaskID(1, 1, task).Document() }

func taskIDs(tasks ...int) []document.ID {
	var ids []document.ID
	for _, task := range tasks {
		ids = append(ids, taskID(task))
	}
	return ids
}

// in returns candidates that are to have a status.
func in(status plantest.Status, tasks ...int) []batching.Candidate {
	var list []batching.Candidate
	for _, task := range tasks {
		list = append(list, batching.Candidate{ID: taskID(task), Status: document.Status(status)})
	}
	return list
}

func testAcquire(t *testing.T, f LeaseFixture) {
	a, b := newClient(t, f), newClient(t, f)
	before := time.Now()
	leases := a.wantAcquired(t, "one", in(plantest.Open, 3, 1, 2), 2, long, 3, 1)
	for _, l := range leases {
		// The clock of the store may be another, but not by a day.
		if d := l.Expires.Sub(before); d < long-24*time.Hour || d > long+24*time.Hour {
			t.Errorf("a lease of %v expires after %v", long, d)
		}
	}
	b.wantLeases(t, "one", 1, 3)
	b.wantAcquired(t, "two", in(plantest.Open, 1, 2, 3), 3, long, 2)
	// A lease of one's own is held, too; what is in another status is none.
	b.wantAcquired(t, "two", in(plantest.Open, 1, 2, 3), 3, long)
	b.wantAcquired(t, "two", in(plantest.Active, 4, 5), 3, long)
	b.wantAcquired(t, "two", append(in(plantest.Active, 4), in(plantest.Open, 5)...), 3, long, 5)
	b.wantAcquired(t, "two", nil, 3, long)
	missing := []batching.Candidate{{ID: plantest.MakeID("E9.S1.T1").Document(), Status: document.Status(plantest.Open)}}
	b.wantAcquired(t, "two", append(missing, in(plantest.Open, 4)...), 1, long, 4)
}

func testExpiry(t *testing.T, f LeaseFixture) {
	a, b := newClient(t, f), newClient(t, f)
	a.wantAcquired(t, "one", in(plantest.Open, 1, 2), 2, brief, 1, 2)
	f.Pass(brief)
	a.wantLeases(t, "one")
	b.wantAcquired(t, "two", in(plantest.Open, 1, 2), 1, long, 1)
	// The one that was there first has lost it.
	renewed, err := a.Renew(t.Context(), "one", taskIDs(1, 2), long)
	if err != nil || len(renewed) > 0 {
		t.Errorf("renewed %v, %v, want nothing", renewed, err)
	}
	if err := a.Release(t.Context(), "one", taskIDs(1, 2)); err != nil {
		t.Error(err)
	}
	b.wantLeases(t, "two", 1)
}

func testRenew(t *testing.T, f LeaseFixture) {
	a, b := newClient(t, f), newClient(t, f)
	a.wantAcquired(t, "one", in(plantest.Open, 1, 2, 3), 3, long, 1, 2, 3)
	b.wantAcquired(t, "two", in(plantest.Open, 4), 1, long, 4)
	renewed, err := b.Renew(t.Context(), "one", taskIDs(3, 4, 5, 1), 3*long)
	if err != nil {
		t.Fatal(err)
	}
	wantTasks(t, renewed, "one", 3, 1)
	f.Pass(long)
	leases, err := a.Leases(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantTasks(t, slices.DeleteFunc(leases, func(l batching.Lease) bool { return l.Worker != "one" }), "one", 1, 3)
}

func testRelease(t *testing.T, f LeaseFixture) {
	a, b := newClient(t, f), newClient(t, f)
	a.wantAcquired(t, "one", in(plantest.Open, 1, 2), 2, long, 1, 2)
	for _, worker := range []string{"two", "on", "one "} {
		if err := b.Release(t.Context(), worker, taskIDs(1, 2, 3)); err != nil {
			t.Fatal(err)
		}
	}
	b.wantLeases(t, "one", 1, 2)
	if err := b.Release(t.Context(), "one", taskIDs(2, 3)); err != nil {
		t.Fatal(err)
	}
	b.wantLeases(t, "one", 1)
	b.wantAcquired(t, "two", in(plantest.Open, 1, 2), 2, long, 2)
	if err := errors.Join(a.Release(t.Context(), "one", taskIDs(1)), a.Release(t.Context(), "two", taskIDs(2))); err != nil {
		t.Fatal(err)
	}
	a.wantLeases(t, "")
}

// A save that relies on a lease is refused when that has ended, whoever has the
// item by then, and stores nothing.
func testSaveReliesOnLeases(t *testing.T, f LeaseFixture) {
	a, b := newClient(t, f), newClient(t, f)
	a.wantAcquired(t, "one", in(plantest.Open, 1, 2, 3), 3, brief, 1, 2, 3)
	f.Pass(brief)
	b.wantAcquired(t, "two", in(plantest.Open, 1, 3), 2, long, 1, 3)
	if err := b.Release(t.Context(), "two", taskIDs(3)); err != nil {
		t.Fatal(err)
	}
	for what, tasks := range map[string][]int{"claimed by another": {1}, "expired": {2}, "released by another": {3}, "some of them": {1, 4}} {
		if err := a.trySave(t, 1, plantest.Done, relyOn("one", tasks...)); !errors.Is(err, batching.ErrLeaseLost) {
			t.Errorf("%s: saved with %v", what, err)
		}
	}
	now := newClient(t, f)
	if diff := cmp.Diff(string(b.document.AppendJSON(nil)), string(now.document.AppendJSON(nil))); diff != "" {
		t.Errorf("stored (-before +now):\n%s", diff)
	}
	if err := b.trySave(t, 1, plantest.Done, relyOn("two", 1)); err != nil {
		t.Errorf("a lease that is held: %v", err)
	}
}

// relyOn returns the leases that a save relies on.
func relyOn(worker string, tasks ...int) []batching.Lease {
	var leases []batching.Lease
	for _, id := range taskIDs(tasks...) {
		leases = append(leases, batching.Lease{ID: id, Worker: worker})
	}
	return leases
}

// What another writer has changed since the candidates were chosen is not leased,
// whether the store notices by the item or by the revision.
func testStaleBase(t *testing.T, f LeaseFixture) {
	a, b := newClient(t, f), newClient(t, f)
	b.save(t, 1, plantest.Done)
	leases, err := a.acquire(t.Context(), "one", in(plantest.Open, 1), 1, long)
	if len(leases) > 0 || err != nil && !errors.Is(err, batching.ErrConflict) {
		t.Fatalf("leased %v, %v", leases, err)
	}
	var conflict *batching.Conflict
	if errors.As(err, &conflict) && conflict.Document != nil {
		if diff := cmp.Diff(string(b.document.AppendJSON(nil)), string(conflict.Document.AppendJSON(nil))); diff != "" {
			t.Errorf("the conflict's document (-want +got):\n%s", diff)
		}
	}
	a.load(t)
	a.wantAcquired(t, "one", in(plantest.Open, 1), 1, long)
	a.wantAcquired(t, "one", in(plantest.Done, 1), 1, long, 1)
}

// Many who ask at the same time are never given the same item, and in the end
// every item is somebody's.
func testConcurrent(t *testing.T, f LeaseFixture) {
	const workers, tasks = 8, 60
	var all []int
	for task := range tasks {
		all = append(all, task+1)
	}
	var mu sync.Mutex
	holders := map[document.ID]string{}
	var wg sync.WaitGroup
	for w := range workers {
		c := newClient(t, f)
		worker := string(rune('a' + w))
		wg.Go(func() {
			for {
				// Fewer than there are may be given while others ask, but then
				// these get some.
				leases, err := c.acquire(t.Context(), worker, in(plantest.Open, all...), 3, long)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				for _, l := range leases {
					if other, taken := holders[l.ID]; taken {
						t.Errorf("%s is leased to %s and to %s", l.ID, other, worker)
					}
					holders[l.ID] = worker
				}
				done := len(holders) == tasks
				mu.Unlock()
				if done || t.Failed() {
					return
				}
			}
		})
	}
	wg.Wait()
	leases, err := newClient(t, f).Leases(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	listed := map[document.ID]string{}
	for _, l := range leases {
		listed[l.ID] = l.Worker
	}
	if diff := cmp.Diff(holders, listed, cmp.Comparer(func(a, b document.ID) bool { return a == b })); diff != "" {
		t.Errorf("leases (-given +listed):\n%s", diff)
	}
}

// testRandom compares random steps with a model of what is to come of them.
func testRandom(t *testing.T, f LeaseFixture) {
	const seed, steps, tasks = 1, 250, 12
	m := &leaseModel{
		random: rand.New(rand.NewPCG(seed, seed)), tasks: tasks,
		clients: []*client{newClient(t, f), newClient(t, f)},
		pass:    f.Pass, held: map[int]string{}, status: map[int]plantest.Status{}, stale: map[*client]bool{},
	}
	for task := range tasks {
		m.status[task+1] = plantest.Open
	}
	for step := range steps {
		what := m.step(t)
		if t.Failed() {
			t.Fatalf("in step %d: %s", step, what)
		}
		m.check(t, what)
	}
}
