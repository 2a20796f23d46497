package batching

import (
	"log/slog"
	"time"
)

// Option configures a Batcher.
type Option func(*options)

type options struct {
	logger  *slog.Logger
	count   int
	delay   time.Duration
	onFlush func(Stats, error)
	retry   RetryPolicy
	// wall is the clock on the wall, which leases are judged by.
	wall func() time.Time
}

// RetryPolicy says how often a flush asks the store again after an error that
// may pass by itself. The delay doubles each time.
type RetryPolicy struct {
	// Attempts is how often the store is asked in all: 1 never asks again.
	Attempts int
	// Delay is the time before the second attempt, MaxDelay the longest.
	Delay, MaxDelay time.Duration
}

func newOptions(opts []Option) options {
	o := options{
		logger: slog.Default(),
		retry:  RetryPolicy{Attempts: 5, Delay: 10 * time.Millisecond, MaxDelay: time.Second},
		wall:   time.Now,
	}
	for _, opt := range opts {
		opt(&o)
	}
	return o
}

// WithLogger sets where to log, in place of slog.Default().
func WithLogger(l *slog.Logger) Option { return func(o *options) { o.logger = l } }

// FlushEvery makes the Batcher flush by itself once so many updates are
// pending, and at the latest so long after the first of them. Zero switches
// the one or the other off. A flush that has failed is tried again after the
// delay, or after as many more updates.
func FlushEvery(updates int, delay time.Duration) Option {
	return func(o *options) { o.count, o.delay = updates, delay }
}

// OnFlush sets a function that is told what every flush has done that the
// Batcher started by itself and that had something to do. It is called by one
// goroutine, after the flush; it may use the Batcher but not Close it.
func OnFlush(f func(Stats, error)) Option { return func(o *options) { o.onFlush = f } }

// WithRetry sets how a flush retries; by default 5 attempts, after 10, 20, 40
// and 80 ms.
func WithRetry(p RetryPolicy) Option { return func(o *options) { o.retry = p } }
