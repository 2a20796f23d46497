package pgstore_test

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/pgtest"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// waitingPlan returns a plan of so many tasks, each tenth of which waits for the
// nine before it.
func waitingPlan(tasks int) string {
	after := make([][]int, tasks)
	for n := range after {
		if n%10 == 9 {
			for before := n - 8; before <= n; before++ {
				after[n] = append(after[n], before)
			}
		}
	}
	return plantest.Waiting(after...)
}

// wantAllDone checks that each task is stored as done, and that programs have
// said so once of each: of those in which none was killed exactly once.
func wantAllDone(t *testing.T, s *pgstore.Store, outputs []*output, killed bool) {
	t.Helper()
	d := stored(t, s).Document
	if done, all := d.Count(plantest.TaskLevel, document.Status(plantest.Done)), d.Len(plantest.TaskLevel); done != all {
		t.Errorf("%d of %d tasks are done", done, all)
	}
	said := map[string]int{}
	for _, out := range outputs {
		for line := range strings.Lines(out.text.String()) {
			if id, did := strings.CutPrefix(strings.TrimSpace(line), "did "); did {
				said[id]++
			}
		}
	}
	for id, times := range said {
		if times != 1 {
			t.Errorf("%s was done %d times", id, times)
		}
	}
	if !killed && len(said) != d.Len(plantest.TaskLevel) {
		t.Errorf("%d tasks were done, of %d", len(said), d.Len(plantest.TaskLevel))
	}
	leases, err := s.Leases(t.Context())
	if err != nil || !killed && len(leases) > 0 {
		t.Errorf("leases left: %v, %v", leases, err)
	}
}

// output is what a program prints. begun is closed with its first line.
type output struct {
	text  bytes.Buffer
	once  sync.Once
	begun chan struct{}
}

func newOutput() *output { return &output{begun: make(chan struct{})} }

func (o *output) Write(p []byte) (int, error) {
	defer o.once.Do(func() { close(o.begun) })
	return o.text.Write(p)
}

// startWorker starts a worker that waits with what it has claimed first until
// its input is closed, if it is to be held, and returns where it says how it has
// ended.
func startWorker(t *testing.T, role, url, name string, out *output, held bool) (cmd *exec.Cmd, release func(), ended chan error) {
	t.Helper()
	cmd = program(t, role, url, name)
	cmd.Stdout = out
	release = func() {}
	if held {
		input, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		release = func() { _ = input.Close() }
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended = make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	return cmd, release, ended
}

// TestWorkersOfManyProcesses has 8 processes claim and complete 10,000 tasks. They
// go on when all of them have claimed some.
func TestWorkersOfManyProcesses(t *testing.T) {
	t.Parallel()
	const workers, tasks = 8, 10_000
	_, url := newDatabase(t)
	s := pgstore.New(pgtest.Pool(t, url), "plan")
	if _, err := s.Save(t.Context(), batching.Save{Document: plantest.Parse(waitingPlan(tasks)).Document}); err != nil {
		t.Fatal(err)
	}
	outputs := make([]*output, workers)
	var releases []func()
	var ends []chan error
	started := time.Now()
	for n := range workers {
		outputs[n] = newOutput()
		_, release, ended := startWorker(t, "worker", url, workerName(n), outputs[n], true)
		releases, ends = append(releases, release), append(ends, ended)
	}
	for n, out := range outputs {
		select {
		case <-out.begun:
		case err := <-ends[n]:
			t.Errorf("program %d ends with nothing claimed: %v", n, err)
			ends[n] <- nil
		}
	}
	for _, release := range releases {
		release()
	}
	for n, ended := range ends {
		if err := <-ended; err != nil {
			t.Errorf("program %d: %v", n, err)
		}
	}
	t.Logf("%d tasks in %v", tasks, time.Since(started).Round(time.Millisecond))
	wantAllDone(t, s, outputs, false)
}

// TestWorkersAreKilled kills workers, and starts others: those of every other life
// while they hold what they have claimed, the others at any moment. Their leases
// end, and the work goes on.
func TestWorkersAreKilled(t *testing.T) {
	t.Parallel()
	const workers, kills = 3, 8
	_, url := newDatabase(t)
	s := pgstore.New(pgtest.Pool(t, url), "plan")
	if _, err := s.Save(t.Context(), batching.Save{Document: plantest.Parse(waitingPlan(1500)).Document}); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var outputs []*output
	var running sync.WaitGroup
	for n := range workers {
		running.Go(func() {
			for life := 0; ; life++ {
				out := newOutput()
				mu.Lock()
				outputs = append(outputs, out)
				mu.Unlock()
				held := life < kills && life%2 == 0
				cmd, release, ended := startWorker(t, "hastyWorker", url, fmt.Sprint(workerName(n), ".", life), out, held)
				if life < kills {
					select {
					case <-out.begun:
						if !held {
							time.Sleep(time.Duration(17*((life*7+n*3)%11)) * time.Millisecond)
						}
						_ = cmd.Process.Kill() // it may have ended
					case err := <-ended:
						ended <- err
					}
				}
				err := <-ended
				release()
				switch {
				case err == nil && life == 0:
					t.Errorf("program %d: not killed", n)
					return
				case err == nil:
					return // all was done
				case life >= kills:
					t.Errorf("program %d: %v", n, err)
					return
				}
			}
		})
	}
	running.Wait()
	wantAllDone(t, s, outputs, true)
}

// TestServerIsKilled kills the server in the middle of flushes, again and again.
// What a flush has acknowledged is there afterwards, and what it has not is
// stored later, once. The server is killed after so many flushes, and comes back
// when one has failed: how fast it is does not matter.
func TestServerIsKilled(t *testing.T) {
	t.Parallel()
	const writers, kills, between = 4, 6, 20
	server := pgtest.New(t)
	url := server.Database(t)
	pool := pgtest.Pool(t, url)
	if err := pgstore.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	s := pgstore.New(pool, "plan", pgstore.WithLogger(quiet))
	if _, err := s.Save(t.Context(), batching.Save{Document: plantest.Parse(plantest.Text(1, writers, 1)).Document}); err != nil {
		t.Fatal(err)
	}
	ctx, giveUp := context.WithCancel(t.Context())
	var stop atomic.Bool
	var total, failed atomic.Int64
	acknowledged := make([]int, writers)
	var running sync.WaitGroup
	defer running.Wait()
	defer giveUp()
	for n := range writers {
		// Nobody waits for the server to come back: flushes fail, and are tried
		// again by hand.
		b := open(t, pgstore.New(pool, "plan", pgstore.WithLogger(quiet), pgstore.AskFor(20*time.Millisecond)),
			batching.WithRetry(batching.RetryPolicy{Attempts: 1}))
		story := document.NewID("", fmt.Sprintf("E1.S%d", n+1))
		running.Go(func() {
			for !stop.Load() {
				if _, err := b.Edit(ctx, func(p plantest.Plan) (plantest.Plan, error) { return p.Apply(newTask(p, story)) }); err != nil {
					t.Error(err)
					giveUp()
					return
				}
				for {
					if _, err := b.Flush(ctx); err == nil {
						break
					}
					if ctx.Err() != nil {
						return
					}
					failed.Add(1)
					time.Sleep(10 * time.Millisecond) // the server needs time to start
				}
				acknowledged[n]++
				total.Add(1)
			}
		})
	}
	await := func(flushes *atomic.Int64, more int) {
		for enough := flushes.Load() + int64(more); flushes.Load() < enough && ctx.Err() == nil; {
			time.Sleep(time.Millisecond)
		}
	}
	for kill := range kills {
		await(&total, between+kill)
		if err := server.Kill(); err != nil {
			t.Fatal(err)
		}
		await(&failed, 1)
		if err := server.Restart(); err != nil {
			t.Fatal(err)
		}
	}
	await(&total, between)
	stop.Store(true)
	running.Wait()
	now := stored(t, s)
	for n := range writers {
		item, _ := now.Document.Find(document.NewID("", fmt.Sprintf("E1.S%d", n+1)))
		if got, want := item.ChildCount(), 1+acknowledged[n]; got != want {
			t.Errorf("writer %d: %d tasks stored, want %d", n, got, want)
		}
	}
	t.Logf("%d flushes acknowledged, %d failed", total.Load(), failed.Load())
}

// newTask adds a task to a story.
func newTask(p plantest.Plan, story document.ID) document.Change {
	id, _ := p.Document.NextID(story)
	return document.Change{Op: document.OpAdd, ID: id, Edit: &document.Edit{
		Parent: story, Item: fmt.Sprintf(`{"id":%q,"title":"added","status":"Open"}`, id.Text())}}
}
