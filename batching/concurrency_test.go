package batching_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/internal/reliability"
)

// TestConcurrentUpdatesAndFlushes updates from several goroutines, each its own
// tasks, while others flush and read. The file must end as the union.
func TestConcurrentUpdatesAndFlushes(t *testing.T) {
	const updaters, rounds, flushers = 8, 150, 3
	name := newFile(t, 1, updaters, rounds)
	b := open(t, filestore.New(name), batching.WithFlushEvery(40, time.Millisecond))
	var updating, flushing sync.WaitGroup
	var written, stop atomic.Int64
	for range flushers {
		flushing.Go(func() {
			for stop.Load() == 0 {
				stats, err := b.Flush(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				written.Add(int64(stats.ItemsWritten))
				for range b.Snapshot().Document.All() {
				}
			}
		})
	}
	for u := range updaters {
		updating.Go(func() {
			for r := range rounds {
				id := plantest.TaskID(1, u+1, r+1)
				p, err := b.UpdateStatus(t.Context(), id, plantest.Active)
				if err == nil && rand.IntN(2) == 0 {
					p, err = b.Apply(t.Context(), batching.Set(id, plantest.Failed), batching.Set(id, plantest.Active))
				}
				if err != nil || p.Status(id) != plantest.Active {
					t.Errorf("%v: %v", p.Status(id), err)
					return
				}
			}
		})
	}
	updating.Wait()
	stop.Store(1)
	flushing.Wait()
	flush(t, b)
	p := stored(t, name)
	lost := 0
	for u := range updaters {
		for r := range rounds {
			if p.Status(plantest.TaskID(1, u+1, r+1)) != plantest.Active {
				lost++
			}
		}
	}
	t.Logf("%d of the items were written by Flush, the others by themselves", written.Load())
	reliability.Record(t, updaters*rounds, fmt.Sprintf("updates by %d goroutines, while others flush", updaters), lost,
		reliability.NoLoss)
	if lost > 0 || p.String() != b.Snapshot().String() {
		t.Errorf("%d updates lost", lost)
	}
}

// TestTwoBatchersOnOneFile has two batchers in one process take turns and race.
// Both have something to flush before one of them does, so that they meet.
func TestTwoBatchersOnOneFile(t *testing.T) {
	const rounds = 60
	name := newFile(t, 1, 2, rounds)
	one, two := open(t, filestore.New(name)), open(t, filestore.New(name))
	var both, updated sync.WaitGroup
	updated.Add(2)
	var rebased atomic.Int64
	for story, b := range map[int]*plantest.Batcher{1: one, 2: two} {
		both.Go(func() {
			for r := range rounds {
				if _, err := b.UpdateStatus(t.Context(), plantest.TaskID(1, story, r+1), plantest.Active); err != nil {
					t.Error(err)
				}
				if r == 0 {
					updated.Done()
					updated.Wait()
				}
				stats, err := b.Flush(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				rebased.Add(int64(stats.Rebased))
			}
		})
	}
	both.Wait()
	p := stored(t, name)
	lost := 0
	for story := range 2 {
		for r := range rounds {
			if p.Status(plantest.TaskID(1, story+1, r+1)) != plantest.Active {
				lost++
			}
		}
	}
	t.Logf("%d groups were rebased", rebased.Load())
	reliability.Record(t, 2*rounds, "updates of two batchers on one file", lost, reliability.NoLoss)
	if lost > 0 {
		t.Errorf("%d updates lost", lost)
	}
	if rebased.Load() == 0 {
		t.Error("they have never met")
	}
}

// TestReadersNeverWait reads while a writer is inside Edit and a flush inside
// the store.
func TestReadersNeverWait(t *testing.T) {
	saving, goOn := make(chan struct{}), make(chan struct{})
	store := &faultyStore{Store: filestore.New(newFile(t, 1, 1, 2)), before: func(int) error {
		close(saving)
		<-goOn
		return nil
	}}
	b := open(t, store)
	update(t, b, 1, plantest.Active)
	var busy sync.WaitGroup
	busy.Go(func() { _, _ = b.Flush(t.Context()) })
	<-saving
	editing := make(chan struct{})
	busy.Go(func() {
		_, _ = b.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) {
			close(editing)
			<-goOn
			return p, nil
		})
	})
	<-editing
	wantStatus(t, b.Snapshot(), plantest.TaskID(1, 1, 1), plantest.Active)
	if !b.Dirty() {
		t.Error("not dirty")
	}
	close(goOn)
	busy.Wait()
}
