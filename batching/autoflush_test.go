package batching_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// flushes collects what WithOnFlush is told.
type flushes struct {
	mu    sync.Mutex
	items []int
	errs  []error
}

func (f *flushes) option() batching.Option {
	return batching.WithOnFlush(func(s batching.Stats, err error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.items = append(f.items, s.ItemsWritten)
		f.errs = append(f.errs, err)
	})
}

func (f *flushes) want(t *testing.T, items ...int) {
	t.Helper()
	synctest.Wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	if diff := cmp.Diff(items, f.items); diff != "" {
		t.Errorf("flushes (-want +got)\n%s", diff)
	}
}

func TestFlushByCount(t *testing.T) {
	name := newFile(t, 1, 1, 20)
	synctest.Test(t, func(t *testing.T) {
		var f flushes
		b := open(t, filestore.New(name), batching.WithFlushEvery(5, 0), f.option())
		for task := range 12 {
			update(t, b, task+1, plantest.Active)
			synctest.Wait()
		}
		f.want(t, 5, 5)
		if len(b.Pending()) != 2 {
			t.Errorf("pending %v", b.Pending())
		}
		time.Sleep(time.Hour)
		f.want(t, 5, 5)
	})
}

func TestFlushByDelay(t *testing.T) {
	name := newFile(t, 1, 1, 20)
	synctest.Test(t, func(t *testing.T) {
		var f flushes
		b := open(t, filestore.New(name), batching.WithFlushEvery(0, time.Second), f.option())
		time.Sleep(time.Hour)
		f.want(t)
		for task := range 4 { // the first starts the clock
			update(t, b, task+1, plantest.Active)
			time.Sleep(300 * time.Millisecond)
			synctest.Wait()
		}
		f.want(t, 4)
		update(t, b, 5, plantest.Active)
		time.Sleep(999 * time.Millisecond)
		f.want(t, 4)
		time.Sleep(2 * time.Millisecond)
		f.want(t, 4, 1)
		if b.Dirty() {
			t.Error("dirty")
		}
	})
}

// TestAutoFlushFails goes on trying, by delay and by count.
func TestAutoFlushFails(t *testing.T) {
	name := newFile(t, 1, 1, 20)
	synctest.Test(t, func(t *testing.T) {
		var f flushes
		var full atomic.Bool
		full.Store(true)
		store := &faultyStore{Store: filestore.New(name), before: func(int) error {
			if full.Load() {
				return syscall.ENOSPC
			}
			return nil
		}}
		b := open(t, store, batching.WithFlushEvery(3, time.Second), f.option())
		update(t, b, 1, plantest.Active)
		time.Sleep(2500 * time.Millisecond) // tried twice
		for task := range 3 {
			update(t, b, task+2, plantest.Active)
		}
		synctest.Wait() // tried a third time
		f.want(t, 0, 0, 0)
		for _, err := range f.errs {
			if !errors.Is(err, syscall.ENOSPC) {
				t.Errorf("error %v", err)
			}
		}
		if _, err := b.Flush(t.Context()); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("Flush: %v", err)
		}
		full.Store(false)
		time.Sleep(time.Second)
		synctest.Wait()
		f.want(t, 0, 0, 0, 4)
		if _, err := b.Flush(t.Context()); err != nil {
			t.Errorf("Flush, once all is well: %v", err)
		}
	})
}

// TestAutoFlushConflict reports a group left out to WithOnFlush and to the next
// Flush or Close.
func TestAutoFlushConflict(t *testing.T) {
	name := newFile(t, 1, 1, 3)
	synctest.Test(t, func(t *testing.T) {
		var f flushes
		b := open(t, filestore.New(name), batching.WithFlushEvery(2, 0), f.option())
		update(t, b, 1, plantest.Active)
		rewrite(t, name, plantest.TaskID(1, 1, 1), plantest.Done, true)
		update(t, b, 2, plantest.Active)
		synctest.Wait()
		f.want(t, 1)
		if !errors.Is(f.errs[0], batching.ErrConflict) {
			t.Errorf("WithOnFlush: %v", f.errs[0])
		}
		if err := b.Close(t.Context()); !errors.Is(err, batching.ErrConflict) {
			t.Errorf("Close: %v", err)
		}
		if err := b.Close(t.Context()); err != nil {
			t.Errorf("second Close: %v", err)
		}
	})
}

// TestCloseStopsAutoFlush closes while a flush is under way and another is due.
func TestCloseStopsAutoFlush(t *testing.T) {
	name := newFile(t, 1, 1, 3)
	synctest.Test(t, func(t *testing.T) {
		var f flushes
		store := &faultyStore{Store: filestore.New(name), before: func(int) error {
			time.Sleep(10 * time.Second)
			return nil
		}}
		b := open(t, store, batching.WithFlushEvery(1, time.Second), f.option())
		update(t, b, 1, plantest.Active)
		synctest.Wait()
		update(t, b, 2, plantest.Active)
		if err := b.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 2), plantest.Active)
		if store.count() != 2 {
			t.Errorf("%d saves", store.count())
		}
		time.Sleep(time.Hour)
		if store.count() != 2 {
			t.Errorf("%d saves after Close", store.count())
		}
	})
}
