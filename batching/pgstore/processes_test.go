package pgstore_test

import (
	"bytes"
	"context"
	"fmt"
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
func wantAllDone(t *testing.T, s *pgstore.Store, outputs []*bytes.Buffer, killed bool) {
	t.Helper()
	d := stored(t, s).Document
	if done, all := d.Count(plantest.TaskLevel, document.Status(plantest.Done)), d.Len(plantest.TaskLevel); done != all {
		t.Errorf("%d of %d tasks are done", done, all)
	}
	said := map[string]int{}
	busy := 0
	for _, out := range outputs {
		if out.Len() > 0 {
			busy++
		}
		for line := range strings.Lines(out.String()) {
			said[strings.TrimPrefix(strings.TrimSpace(line), "did ")]++
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
	if busy < 2 {
		t.Errorf("only %d programs had something to do", busy)
	}
	leases, err := s.Leases(t.Context())
	if err != nil || !killed && len(leases) > 0 {
		t.Errorf("leases left: %v, %v", leases, err)
	}
}

// TestWorkersOfManyProcesses has 8 processes claim and complete 10,000 tasks.
func TestWorkersOfManyProcesses(t *testing.T) {
	t.Parallel()
	const workers, tasks = 8, 10_000
	_, url := newDatabase(t)
	s := pgstore.New(pgtest.Pool(t, url), "plan")
	if _, err := s.Save(t.Context(), batching.Save{Document: plantest.Parse(waitingPlan(tasks)).Document}); err != nil {
		t.Fatal(err)
	}
	outputs := make([]*bytes.Buffer, workers)
	started := time.Now()
	var running sync.WaitGroup
	for n := range workers {
		outputs[n] = &bytes.Buffer{}
		cmd := program(t, "worker", url, workerName(n))
		cmd.Stdout = outputs[n]
		running.Go(func() {
			if err := cmd.Run(); err != nil {
				t.Errorf("program %d: %v", n, err)
			}
		})
	}
	running.Wait()
	t.Logf("%d tasks in %v", tasks, time.Since(started).Round(time.Millisecond))
	wantAllDone(t, s, outputs, false)
}

// TestWorkersAreKilled kills workers at any moment, and starts others. Their
// leases end, and the work goes on.
func TestWorkersAreKilled(t *testing.T) {
	t.Parallel()
	const workers, kills = 3, 8
	_, url := newDatabase(t)
	s := pgstore.New(pgtest.Pool(t, url), "plan")
	if _, err := s.Save(t.Context(), batching.Save{Document: plantest.Parse(waitingPlan(1500)).Document}); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var outputs []*bytes.Buffer
	var running sync.WaitGroup
	for n := range workers {
		running.Go(func() {
			for life := 0; ; life++ {
				out := &bytes.Buffer{}
				mu.Lock()
				outputs = append(outputs, out)
				mu.Unlock()
				cmd := program(t, "hastyWorker", url, fmt.Sprint(workerName(n), ".", life))
				cmd.Stdout = out
				if err := cmd.Start(); err != nil {
					t.Error(err)
					return
				}
				if life < kills {
					time.Sleep(time.Duration(30+17*((life*7+n*3)%11)) * time.Millisecond)
					_ = cmd.Process.Kill()
				}
				if err := cmd.Wait(); err == nil {
					return // all was done
				} else if life >= kills {
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
