package batching

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// autoFlush flushes by count and by delay, in one goroutine. A nil autoFlush
// does nothing.
type autoFlush struct {
	core *core
	// since is the number of updates since the last flush began.
	since atomic.Int64
	// first and full each hold a signal: there is something to flush; there
	// is enough of it to flush now.
	first, full chan struct{}
	stop, done  chan struct{}
	stopOnce    sync.Once
}

// startAutoFlush returns nil if the options do not ask for it.
func startAutoFlush(c *core) *autoFlush {
	if c.options.count <= 0 && c.options.delay <= 0 {
		return nil
	}
	a := &autoFlush{
		core:  c,
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
	if n := int64(a.core.options.count); n > 0 && since >= n {
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
			if d := a.core.options.delay; d > 0 && timer == nil {
				timer = time.After(d)
			}
			continue
		case <-a.full:
		case <-timer:
		}
		timer = nil
		if a.flush() != nil && a.core.options.delay > 0 {
			timer = time.After(a.core.options.delay)
		}
	}
}

// flush flushes and tells WithOnFlush. Conflicts stay for the next Flush or Close
// to report, too. It returns an error if updates are still pending for one.
func (a *autoFlush) flush() error {
	c := a.core
	ctx, err := c.turn.take(context.Background())
	if err != nil {
		return err
	}
	stats, conflicts, err := a.save(ctx)
	if c.options.onFlush != nil && stats.Attempts > 0 {
		c.options.onFlush(stats, join(err, conflicts))
	}
	return err
}

// save saves what is pending, and gives the store back.
func (a *autoFlush) save(ctx context.Context) (stats Stats, conflicts, err error) {
	c := a.core
	defer c.turn.give()
	known := c.conflicts.count()
	stats, err = c.save(ctx)
	return stats, c.conflicts.since(known), err
}

// end stops the goroutine, and waits for what it is doing.
func (a *autoFlush) end() {
	if a == nil {
		return
	}
	a.stopOnce.Do(func() { close(a.stop) })
	<-a.done
}
