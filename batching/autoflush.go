package batching

import (
	"sync"
	"sync/atomic"
	"time"
)

// autoFlush flushes by count and by delay, in one goroutine. A nil autoFlush
// does nothing.
type autoFlush struct {
	// count and delay say when, 0 for never.
	count int64
	delay time.Duration
	// flush says what it has done, which groups it has left out, and why updates
	// are still pending. onFlush, if not nil, is told afterwards, when others may
	// flush already.
	flush   func() (stats Stats, conflicts, err error)
	onFlush func(Stats, error)
	// since is the number of updates since the last flush began.
	since atomic.Int64
	// first and full each hold a signal: there is something to flush; there
	// is enough of it to flush now.
	first, full chan struct{}
	stop, done  chan struct{}
	stopOnce    sync.Once
}

// startAutoFlush returns nil if there is nothing to wait for.
func startAutoFlush(count int, delay time.Duration, flush func() (stats Stats, conflicts, err error), onFlush func(Stats, error)) *autoFlush {
	if count == 0 && delay == 0 {
		return nil
	}
	a := &autoFlush{
		count: int64(count), delay: delay, flush: flush, onFlush: onFlush,
		first: make(chan struct{}, 1), full: make(chan struct{}, 1),
		stop: make(chan struct{}), done: make(chan struct{}),
	}
	go a.run()
	return a
}

// accepted counts updates and wakes the goroutine when it has to know.
func (a *autoFlush) accepted(updates int) {
	if a == nil {
		return
	}
	since := a.since.Add(int64(updates))
	if since == int64(updates) {
		signal(a.first)
	}
	if a.count > 0 && since >= a.count {
		signal(a.full)
	}
}

// started starts counting anew.
func (a *autoFlush) started() {
	if a != nil {
		a.since.Store(0)
	}
}

func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default: // is signalled already
	}
}

func (a *autoFlush) run() {
	defer close(a.done)
	var timer <-chan time.Time
	for {
		select {
		case <-a.stop:
			return
		case <-a.first:
			if a.delay > 0 && timer == nil {
				timer = time.After(a.delay)
			}
			continue
		case <-a.full:
		case <-timer:
		}
		timer = nil
		stats, conflicts, err := a.flush()
		if a.onFlush != nil && stats.Attempts > 0 {
			a.onFlush(stats, join(err, conflicts))
		}
		if err != nil && a.delay > 0 {
			timer = time.After(a.delay)
		}
	}
}

// end stops the goroutine, and waits for what it is doing.
func (a *autoFlush) end() {
	if a == nil {
		return
	}
	a.stopOnce.Do(func() { close(a.stop) })
	<-a.done
}
