package filestore_test

import (
	"context"
	"errors"
	"fmt"
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
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/internal/storetest"
)

const hour = time.Hour

// newPlan writes a plan to a file of its own.
func newPlan(t testing.TB, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "plan.json")
	writeFile(t, name, text)
	return name
}

// openAt opens a batcher on a file, with a clock of its own for leases.
func openAt(t testing.TB, name string, c *clock, opts ...batching.Option) *plantest.Batcher {
	t.Helper()
	return openStore(t, filestore.New(name, filestore.WithClock(c.time)), opts...)
}

// claim claims, and checks which tasks of the first story are handed out.
func claim(t testing.TB, b *plantest.Batcher, worker string, n int, lease time.Duration, want ...int) {
	t.Helper()
	claims, err := b.Claim(t.Context(), worker, n, lease)
	if err != nil {
		t.Fatal(err)
	}
	storetest.WantClaims(t, claims, worker, want...)
	stored := b.Snapshot()
	for _, c := range claims {
		if got := stored.Status(c.ID); got != plantest.Active {
			t.Errorf("%s is claimed, but %v", c.ID.Document(), got)
		}
	}
}

// wantHeld checks which tasks are in the hands of a worker, and that no others
// are in anybody's.
func wantHeld(t testing.TB, b *plantest.Batcher, worker string, want ...int) {
	t.Helper()
	claims, err := b.Leases(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	storetest.WantClaims(t, claims, worker, want...)
}

func set(t testing.TB, b *plantest.Batcher, to plantest.Status, tasks ...int) {
	t.Helper()
	for _, task := range tasks {
		update(t, b, plantest.TaskID(1, 1, task), to)
	}
}

func TestClaimsAreStoredWhenTheyAreReturned(t *testing.T) {
	name, c := newFile(t, 1, 1, 5), newClock()
	b := openAt(t, name, c)
	claim(t, b, "one", 2, hour, 1, 2)
	other := openAt(t, name, c)
	wantHeld(t, other, "one", 1, 2)
	if got := other.Snapshot().Status(plantest.TaskID(1, 1, 2)); got != plantest.Active {
		t.Errorf("task 2 is stored as %v", got)
	}
	if b.Dirty() {
		t.Error("something is pending")
	}
	claim(t, other, "two", 9, hour, 3, 4, 5)
	claim(t, b, "one", 1, hour)
}

func TestNothingIsHandedOutBeforeWhatItWaitsFor(t *testing.T) {
	b := openAt(t, newPlan(t, plantest.Waiting(nil, []int{1}, nil, []int{2, 3})), newClock())
	claim(t, b, "one", 9, hour, 1, 3)
	claim(t, b, "two", 9, hour)
	set(t, b, plantest.Done, 1)
	// What is pending counts, and is saved with the claim.
	claim(t, b, "two", 9, hour, 2)
	wantHeldBy(t, b, map[int]string{2: "two", 3: "one"})
	set(t, b, plantest.Done, 2)
	claim(t, b, "two", 9, hour)
	set(t, b, plantest.Done, 3)
	claim(t, b, "three", 9, hour, 4)
}

func wantHeldBy(t testing.TB, b *plantest.Batcher, want map[int]string) {
	t.Helper()
	claims, err := b.Leases(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got, wanted := map[string]string{}, map[string]string{}
	for _, c := range claims {
		got[c.ID.Document().String()] = c.Worker
	}
	for task, worker := range want {
		wanted[plantest.TaskID(1, 1, task).Document().String()] = worker
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("held (-want +got):\n%s", diff)
	}
}

func TestLeaseEnds(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(t *testing.T, b *plantest.Batcher, c *clock)
		// next is what can be claimed then.
		next []int
	}{
		{"when it expires", func(_ *testing.T, _ *plantest.Batcher, c *clock) { c.pass(hour) }, []int{1, 2}},
		{"when it is released", func(t *testing.T, b *plantest.Batcher, _ *clock) {
			ids := []plantest.ID{plantest.TaskID(1, 1, 1), plantest.TaskID(1, 1, 2)}
			if err := errors.Join(b.Release(t.Context(), "two", ids...), b.Release(t.Context(), "one", ids[1])); err != nil {
				t.Fatal(err)
			}
			wantHeld(t, b, "one", 1)
			if err := b.Release(t.Context(), "one", ids...); err != nil {
				t.Fatal(err)
			}
		}, []int{1, 2}},
		{"when the work is done", func(t *testing.T, b *plantest.Batcher, _ *clock) {
			set(t, b, plantest.Done, 1)
			wantHeld(t, b, "one", 1, 2) // until it is saved
			set(t, b, plantest.Failed, 2)
			flush(t, b)
		}, []int{2}},
		{"when the work is taken back", func(t *testing.T, b *plantest.Batcher, _ *clock) {
			set(t, b, plantest.Open, 1, 2)
			if err := b.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
		}, []int{1, 2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			name, c := newFile(t, 1, 1, 2), newClock()
			b := openAt(t, name, c)
			claim(t, b, "one", 2, hour, 1, 2)
			test.end(t, b, c)
			other := openAt(t, name, c)
			wantHeld(t, other, "")
			claim(t, other, "two", 3, hour, test.next...)
			c.pass(hour)
			if err := other.Release(t.Context(), "two"); err != nil {
				t.Fatal(err)
			}
			if claims, err := other.Renew(t.Context(), "two", hour, plantest.TaskID(1, 1, 2)); err != nil || len(claims) > 0 {
				t.Errorf("renewed %v after it has expired: %v", claims, err)
			}
		})
	}
}

func TestRenew(t *testing.T) {
	name, c := newFile(t, 1, 1, 3), newClock()
	b := openAt(t, name, c)
	claim(t, b, "one", 2, hour, 1, 2)
	c.pass(hour / 2)
	claims, err := b.Renew(t.Context(), "one", hour, plantest.TaskID(1, 1, 2), plantest.TaskID(1, 1, 3))
	if err != nil {
		t.Fatal(err)
	}
	storetest.WantClaims(t, claims, "one", 2)
	if want := c.time().Add(hour); !claims[0].Expires.Equal(want) {
		t.Errorf("expires at %v, want %v", claims[0].Expires, want)
	}
	c.pass(hour / 2)
	wantHeld(t, b, "one", 2)
	claim(t, openAt(t, name, c), "two", 9, hour, 1, 3)
}

func TestTheFileOfLeasesGoesWithTheLastOne(t *testing.T) {
	name, c := newFile(t, 1, 1, 3), newClock()
	b := openAt(t, name, c)
	claim(t, b, "one", 2, hour, 1, 2)
	if !exists(leasesFile(name)) {
		t.Fatalf("no %s", leasesFile(name))
	}
	set(t, b, plantest.Done, 1, 2)
	flush(t, b)
	if exists(leasesFile(name)) {
		t.Errorf("left: %s", readFile(t, leasesFile(name)))
	}
}

func TestClaimFollowsLinks(t *testing.T) {
	name, c := newFile(t, 1, 1, 3), newClock()
	link := filepath.Join(t.TempDir(), "link.json")
	if err := os.Symlink(name, link); err != nil {
		t.Skip(err)
	}
	claim(t, openAt(t, link, c), "one", 1, hour, 1)
	claim(t, openAt(t, name, c), "two", 1, hour, 2)
	if !exists(leasesFile(name)) || exists(leasesFile(link)) {
		t.Error("the leases are not beside the file that the link leads to")
	}
}

func TestClaimRefuses(t *testing.T) {
	name := newFile(t, 1, 1, 3)
	good := openAt(t, name, newClock())
	closed := openAt(t, name, newClock())
	if err := closed.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	leaseless := openStore(t, storetest.Plain(filestore.New(name)))
	format := plantest.Format()
	d := format.Type.Descriptor()
	for i := range d.Levels {
		d.Levels[i].Claim = nil
	}
	format.Type = document.MustNewType(d)
	unclaimed, err := batching.Open(t.Context(), format, filestore.New(name))
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, test := range []struct {
		name   string
		b      *plantest.Batcher
		ctx    context.Context
		worker string
		n      int
		lease  time.Duration
		want   string
		is     error
	}{
		{"no items", good, t.Context(), "one", 0, hour, "cannot claim 0 items", nil},
		{"no worker", good, t.Context(), "", 1, hour, `"" cannot be the name of a worker`, nil},
		{"long worker", good, t.Context(), strings.Repeat("é", 101), 1, hour, "1 to 200 bytes", nil},
		{"control character", good, t.Context(), "one\n", 1, hour, `"one\n" cannot be the name`, nil},
		{"direction of writing", good, t.Context(), "one\u202e", 1, hour, "printable text", nil},
		{"joiner in a Latin word", good, t.Context(), "o\u200dne", 1, hour, "printable text", nil},
		{"no UTF-8", good, t.Context(), "one\xff", 1, hour, "printable text", nil},
		{"short lease", good, t.Context(), "one", 1, batching.MinLease - 1, "want 100ms to 24h0m0s", nil},
		{"long lease", good, t.Context(), "one", 1, batching.MaxLease + 1, "want 100ms to 24h0m0s", nil},
		{"no leases", leaseless, t.Context(), "one", 1, hour, "keeps no leases", errors.ErrUnsupported},
		{"no claims", unclaimed, t.Context(), "one", 1, hour, "plantest: no level", batching.ErrNoClaims},
		{"closed", closed, t.Context(), "one", 1, hour, "closed", batching.ErrClosed},
		{"context", good, ended, "one", 1, hour, "canceled", context.Canceled},
	} {
		t.Run(test.name, func(t *testing.T) {
			claims, err := test.b.Claim(test.ctx, test.worker, test.n, test.lease)
			if err == nil || len(claims) > 0 || !strings.Contains(err.Error(), test.want) || test.is != nil && !errors.Is(err, test.is) {
				t.Errorf("claimed %v, error %v, want %q", claims, err, test.want)
			}
			if exists(leasesFile(name)) {
				t.Error("something is leased")
			}
		})
	}
	claim(t, good, strings.Repeat("é", 100), 1, batching.MaxLease, 1)
	claim(t, good, "می\u200cروم 👩\u200d🚀", 1, batching.MaxLease, 2)
}

// Many workers with one batcher each, and many with the same, finish everything
// exactly once.
func TestManyWorkersInOneProcess(t *testing.T) {
	const tasks, batchers, workers = 48, 2, 4
	name := newFile(t, 1, 1, tasks)
	var mu sync.Mutex
	done := map[document.ID]string{}
	var running sync.WaitGroup
	for i := range batchers {
		b := openStore(t, filestore.New(name))
		for j := range workers {
			worker := fmt.Sprintf("worker %d.%d", i, j)
			running.Go(func() {
				for {
					claims, err := b.Claim(t.Context(), worker, 2, hour)
					if err != nil {
						t.Error(err)
						return
					}
					if len(claims) == 0 {
						return // all are in somebody's hands
					}
					for _, c := range claims {
						mu.Lock()
						if other, twice := done[c.ID.Document()]; twice {
							t.Errorf("%s is handed to %s and to %s", c.ID.Document(), other, worker)
						}
						done[c.ID.Document()] = worker
						mu.Unlock()
						if _, err := b.UpdateStatus(t.Context(), c.ID, plantest.Done); err != nil {
							t.Error(err)
						}
					}
					if _, err := b.Flush(t.Context()); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
	}
	running.Wait()
	if len(done) != tasks {
		t.Errorf("%d tasks handed out, want %d", len(done), tasks)
	}
	p := plantest.Parse(readFile(t, name))
	if got := p.Document.Count(plantest.TaskLevel, document.Status(plantest.Done)); got != tasks {
		t.Errorf("%d tasks done, want %d", got, tasks)
	}
	if exists(leasesFile(name)) {
		t.Errorf("leases left: %s", readFile(t, leasesFile(name)))
	}
}
