// Package recovery keeps records of pending updates that cannot be saved, in
// places of a store: one of our own, and those of ended programs whose updates
// have become ours.
package recovery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/backlog-gen/backlog-gen/batching/store"
)

const (
	// firstReserve is the space reserved with the first update: enough for a
	// few hundred. It doubles when it becomes short.
	firstReserve = 64 << 10
	// lastReserve is as far as that goes. No store has to read a larger record.
	lastReserve = 512 << 20
	// overhead is what a record needs beyond its groups.
	overhead = 4 << 10
)

// Records are the records of one Batcher. They are safe for concurrent use.
//
// Space is reserved by a goroutine that ends when it has done so: whoever asks
// for it does not wait. Ready does.
type Records struct {
	// store is nil if there is no place for records. Then nothing is done.
	store store.RecoveryStore
	log   *slog.Logger
	// asked is the space that was asked for last. Less needs no more work.
	asked atomic.Int64

	// starting guards the start of the goroutine that reserves. reserving is
	// closed when it ends, nil while there is none. closed is set by Close: no
	// space is reserved from then on, though an update that was accepted before
	// may still ask for it.
	starting  sync.Mutex
	reserving chan struct{}
	interrupt context.CancelFunc // ends the goroutine's context; set while it runs
	closed    bool

	// holds is whether something is preserved in our own place. It changes under mu.
	holds atomic.Bool

	// mu guards what follows, and is held while a place works.
	mu sync.Mutex
	// own is our own place, nil until it is needed. What is preserved there is stale
	// once it has been saved.
	own   store.Recovery
	stale bool
	// short is set when space has to be reserved again: reserving has failed, or
	// the place was removed.
	short bool
	// adopted are those of ended programs whose updates are pending now.
	adopted []store.Recovery
	// left are the names of those of our own that Close has given up.
	left []string
}

// New returns records in the places of a store, which may be nil.
func New(s store.RecoveryStore, log *slog.Logger) *Records {
	return &Records{store: s, log: log}
}

// Store returns where the places are, nil if there are none.
func (r *Records) Store() store.RecoveryStore { return r.store }

// Reserve asks for room for so many bytes, and does not wait for it. A failure is
// logged once, and reserving is tried again when twice as much is needed, or
// after the next Clear. It does no work while there is room enough.
func (r *Records) Reserve(ctx context.Context, space int64) {
	if r.store == nil || space <= r.asked.Load() {
		return
	}
	r.starting.Lock()
	defer r.starting.Unlock()
	asked := r.asked.Load()
	if r.closed || space <= asked || asked >= lastReserve {
		return
	}
	size := max(asked, firstReserve)
	for size < space && size < lastReserve {
		size *= 2
	}
	r.asked.Store(size)
	if r.reserving == nil {
		ctx, r.interrupt = context.WithCancel(context.WithoutCancel(ctx))
		r.reserving = make(chan struct{})
		go r.reserve(ctx, r.reserving)
	}
}

// stopReserving ends the goroutine early that reserves, if there is one. It
// returns what is closed then, nil if there is none.
func (r *Records) stopReserving() <-chan struct{} {
	r.starting.Lock()
	defer r.starting.Unlock()
	if r.reserving == nil {
		return nil
	}
	r.interrupt()
	return r.reserving
}

// reserve reserves what is asked for, until nothing more is.
func (r *Records) reserve(ctx context.Context, done chan<- struct{}) {
	defer close(done)
	for {
		size := r.asked.Load()
		if size > 0 {
			if err := r.reserveNow(ctx, size); err != nil && ctx.Err() == nil {
				r.log.LogAttrs(ctx, slog.LevelWarn, "No space reserved for recovery", slog.Any("error", err))
			}
		}
		if r.idle(size) {
			return
		}
	}
}

func (r *Records) reserveNow(ctx context.Context, size int64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.place().Reserve(ctx, size+overhead)
	r.short = err != nil
	return err
}

// idle reports whether no more is asked for than size. Then nobody reserves any
// more, until Reserve asks again.
func (r *Records) idle(size int64) bool {
	r.starting.Lock()
	defer r.starting.Unlock()
	if r.asked.Load() > size && !r.closed {
		return false
	}
	r.interrupt()
	r.reserving, r.interrupt = nil, nil
	return true
}

// Ready waits until the space that was asked for is reserved, or cannot be. It
// returns the context's error if that is done first.
func (r *Records) Ready(ctx context.Context) error {
	r.starting.Lock()
	reserving := r.reserving
	r.starting.Unlock()
	if reserving == nil {
		return nil
	}
	select {
	case <-reserving:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// place returns our own place. The caller holds mu.
func (r *Records) place() store.Recovery {
	if r.own == nil {
		r.own = r.store.NewRecovery()
	}
	return r.own
}

// Preserve keeps a record of everything pending, and returns where: "" if it is
// not kept. The places that were adopted are part of it and not needed any more.
// After an error an older record may still be kept, which the error says. It does
// not wait for space that is being reserved: the record takes what it needs.
func (r *Records) Preserve(record []byte) (string, error) {
	r.stopReserving()
	r.mu.Lock()
	defer r.mu.Unlock()
	place := r.place()
	if err := place.Preserve(record); err != nil {
		name := place.Name()
		if name == "" { // the place is gone
			r.holds.Store(false)
			r.stale = false
		}
		if r.holds.Load() && !r.stale {
			err = fmt.Errorf("%w (%s still holds an older record)", err, name)
		}
		return "", err
	}
	r.holds.Store(true)
	r.stale = false
	// Those that stay are ours still, and tried again with the next ones.
	_ = r.removeAdopted()
	return place.Name(), nil
}

// Holds reports whether a record of ours is kept. It does not wait for a place that
// is at work.
func (r *Records) Holds() bool { return r.holds.Load() }

// Adopt makes a place ours whose updates are pending now.
func (r *Records) Adopt(place store.Recovery) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.adopted = append(r.adopted, place)
}

// Clear removes every record: what they hold is durable. One that cannot be
// removed stays ours until the next time, so that nobody recovers it meanwhile.
// Space stays reserved for what is pending next.
func (r *Records) Clear(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	errs := []error{r.removeAdopted()}
	if r.holds.Load() {
		err := r.own.Remove()
		r.holds.Store(err != nil)
		r.stale = err != nil
		r.short = true
		errs = append(errs, err)
	}
	if r.short {
		r.short = false
		r.askAnew()
	}
	var left []string
	for _, name := range r.left {
		if err := r.removeLeft(ctx, name); err != nil {
			left = append(left, name)
			errs = append(errs, err)
		}
	}
	r.left = left
	return errors.Join(errs...)
}

// askAnew has the next update reserve space, unless that is being done already.
func (r *Records) askAnew() {
	r.starting.Lock()
	defer r.starting.Unlock()
	if r.reserving == nil {
		r.asked.Store(0)
	}
}

func (r *Records) removeAdopted() error {
	var errs []error
	var left []store.Recovery
	for _, place := range r.adopted {
		if err := place.Remove(); err != nil {
			left = append(left, place)
			errs = append(errs, err)
			continue
		}
		errs = append(errs, place.Close())
	}
	r.adopted = left
	return errors.Join(errs...)
}

// removeLeft removes what Close has left, unless somebody else has it.
func (r *Records) removeLeft(ctx context.Context, name string) error {
	place, _, err := r.store.Claim(ctx, name)
	if err != nil || place == nil {
		return err
	}
	return errors.Join(place.Remove(), place.Close())
}

// Close gives up every place, and ends what reserves space there. What they hold
// stays for other programs to recover.
func (r *Records) Close() error {
	r.starting.Lock()
	r.closed = true
	r.starting.Unlock()
	if reserving := r.stopReserving(); reserving != nil {
		<-reserving
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for _, place := range r.adopted {
		errs = append(errs, place.Close())
	}
	r.adopted = nil
	if r.own != nil {
		if r.holds.Load() {
			r.left = append(r.left, r.own.Name())
		}
		errs = append(errs, r.own.Close())
	}
	r.holds.Store(false)
	r.own, r.stale, r.short = nil, false, false
	r.asked.Store(0)
	return errors.Join(errs...)
}
