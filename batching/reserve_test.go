package batching_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// pausingHandler stops the goroutine that logs a force until it is told to go on.
type pausingHandler struct {
	slog.Handler
	reached, goOn chan struct{}
}

func (h pausingHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h pausingHandler) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "Status forced" {
		h.reached <- struct{}{}
		<-h.goOn
	}
	return nil
}

// TestUpdateThatOutlivesClose has an update accepted before Close, which gets to
// reserve space only after it: nothing may be left beside the file.
func TestUpdateThatOutlivesClose(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	handler := pausingHandler{slog.DiscardHandler, make(chan struct{}), make(chan struct{})}
	b, err := batching.Open(t.Context(), plantest.Format(), filestore.New(name), batching.WithLogger(slog.New(handler)))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		_, err := b.Force(t.Context(), plantest.TaskID(1, 1, 1), plantest.Done, "because")
		done <- err
	}()
	<-handler.reached
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	handler.goOn <- struct{}{}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), plantest.Done)
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(name), ".*")); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// slowReserve is a file store that reserves space for recovery when it is told
// to go on, and counts how often it is asked for anything.
type slowReserve struct {
	*filestore.Store
	goOn  chan struct{}
	calls atomic.Int64
	// err is what Reserve returns, and saveErr what Save does, if they are not nil.
	err, saveErr error

	mu        sync.Mutex
	sizes     []int64
	preserved int64 // length of the last record
}

func newSlowReserve(name string) *slowReserve {
	return &slowReserve{Store: filestore.New(name), goOn: make(chan struct{})}
}

func (s *slowReserve) Extras() batching.Extras {
	extras := s.Store.Extras()
	extras.Recovery = s
	return extras
}

func (s *slowReserve) NewRecovery() batching.Recovery {
	return slowPlace{s.Store.NewRecovery(), s}
}

func (s *slowReserve) Save(ctx context.Context, save batching.Save) (batching.Revision, error) {
	s.calls.Add(1)
	if s.saveErr != nil {
		return "", s.saveErr
	}
	return s.Store.Save(ctx, save)
}

func (s *slowReserve) reserved() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sizes
}

type slowPlace struct {
	batching.Recovery
	store *slowReserve
}

func (p slowPlace) Reserve(ctx context.Context, size int64) error {
	select {
	case <-p.store.goOn:
	case <-ctx.Done():
		return ctx.Err()
	}
	p.store.calls.Add(1)
	p.store.mu.Lock()
	p.store.sizes = append(p.store.sizes, size)
	p.store.mu.Unlock()
	if p.store.err != nil {
		return p.store.err
	}
	return p.Recovery.Reserve(ctx, size)
}

func (p slowPlace) Preserve(record []byte) error {
	p.store.mu.Lock()
	p.store.preserved = int64(len(record))
	p.store.mu.Unlock()
	return p.Recovery.Preserve(record)
}

// TestSpaceForOrders: a record of a move tells in what order all the siblings stood,
// and so does one of an addition beside it. There is room for that.
func TestSpaceForOrders(t *testing.T) {
	store := newSlowReserve(newFile(t, 1, 1, 6000))
	close(store.goOn)
	b := open(t, store)
	story := plantest.MakeID("E1.S1").Document()
	id := func(n int) document.ID { return plantest.TaskID(1, 1, n).Document() }
	edit := func(c document.Change) {
		t.Helper()
		if _, err := b.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) { return p.Apply(c) }); err != nil {
			t.Fatal(err)
		}
	}
	edit(document.Move(id(1), story, document.Last()))
	for n := range 10 {
		edit(document.Change{Op: document.OpAdd, ID: id(7000 + n), Edit: &document.Edit{
			Parent: story, Item: fmt.Sprintf(`{"id":%q,"title":"new","status":"Open"}`, id(7000+n))}})
	}
	store.saveErr = syscall.ENOSPC
	if _, err := b.Flush(t.Context()); !errors.Is(err, store.saveErr) {
		t.Fatal(err)
	}
	sizes := store.reserved()
	if reserved := sizes[len(sizes)-1]; reserved < store.preserved || reserved > 8*store.preserved {
		t.Errorf("%d bytes are reserved for a record of %d", reserved, store.preserved)
	}
	store.saveErr = nil
}

// TestUpdatesDoNoIO: no update waits for the store, neither the first one nor
// those that need more space than was reserved. A flush does, before it saves.
func TestUpdatesDoNoIO(t *testing.T) {
	const tasks = 2000
	store := newSlowReserve(newFile(t, 1, 1, tasks))
	b := open(t, store)
	for n := range tasks {
		update(t, b, n+1, plantest.Active) // the first would hang here
	}
	if n := store.calls.Load(); n != 0 {
		t.Errorf("the updates have called the store %d times", n)
	}
	flushed := make(chan error)
	go func() {
		_, err := b.Flush(t.Context())
		flushed <- err
	}()
	select {
	case err := <-flushed:
		t.Errorf("flushed before the space was reserved: %v", err)
	case store.goOn <- struct{}{}:
	}
	close(store.goOn)
	if err := <-flushed; err != nil {
		t.Error(err)
	}
	sizes := store.reserved()
	// At most the first piece, and one for all that came meanwhile.
	if len(sizes) == 0 || len(sizes) > 2 || sizes[len(sizes)-1] < tasks*100 {
		t.Errorf("reserved %v bytes", sizes)
	}
}

// TestFailingFlushFindsItsPlace has a flush fail while space is being reserved:
// that ends, and the updates are preserved there.
func TestFailingFlushFindsItsPlace(t *testing.T) {
	store := newSlowReserve(newFile(t, 1, 1, 1))
	b := open(t, store)
	update(t, b, 1, plantest.Active)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var failure *batching.FlushError
	if _, err := b.Flush(ctx); !errors.As(err, &failure) || !errors.Is(err, context.Canceled) || failure.Preserved == "" {
		t.Errorf("Flush: %v", err)
	}
	close(store.goOn) // for Close
}

// TestCloseEndsTheReservation: nothing is left beside the file, and no goroutine.
func TestCloseEndsTheReservation(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	store := newSlowReserve(name)
	b := open(t, store)
	update(t, b, 1, plantest.Active)
	closed := make(chan error)
	go func() { closed <- b.Close(t.Context()) }()
	close(store.goOn)
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(name), ".*")); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// TestReservationThatFails is logged once, and tried again after a flush.
func TestReservationThatFails(t *testing.T) {
	var log logBuffer
	store := newSlowReserve(newFile(t, 1, 1, 3))
	store.err = syscall.ENOSPC
	close(store.goOn)
	b := open(t, store, batching.WithLogger(log.logger()))
	warnings := func() (n int) {
		for _, record := range log.take(t) {
			if record["msg"] == "No space reserved for recovery" {
				n++
			}
		}
		return n
	}
	for _, n := range []int{1, 2} {
		update(t, b, n, plantest.Active)
	}
	flush(t, b)
	if n := warnings(); n != 1 {
		t.Errorf("%d warnings, want 1", n)
	}
	update(t, b, 3, plantest.Active)
	flush(t, b)
	if n := warnings(); n != 1 {
		t.Errorf("%d warnings after the next update, want 1", n)
	}
}
