package batching

import (
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Option configures a Batcher. One that makes no sense is refused by Open, with
// an *OptionError.
type Option func(*options)

type options struct {
	logger  *slog.Logger
	count   int
	delay   time.Duration
	onFlush func(Stats, error)
	retry   RetryPolicy
	// wall is the clock on the wall, which leases are judged by.
	wall func() time.Time
	// refused are the options that make no sense.
	refused []error
}

// RetryPolicy says how often a flush asks the store again after an error that
// may pass by itself. The delay doubles each time.
type RetryPolicy struct {
	// Attempts is how often the store is asked in all: 1 never asks again.
	Attempts int
	// Delay is the time before the second attempt, MaxDelay the longest.
	Delay, MaxDelay time.Duration
}

// CheckOptions returns what is wrong with options, all of it, as Open does.
func CheckOptions(opts ...Option) error {
	_, err := newOptions(opts)
	return err
}

func newOptions(opts []Option) (options, error) {
	o := options{
		logger: slog.Default(),
		retry:  RetryPolicy{Attempts: 5, Delay: 10 * time.Millisecond, MaxDelay: time.Second},
		wall:   time.Now,
	}
	for _, opt := range opts {
		opt(&o)
	}
	return o, errors.Join(o.refused...)
}

// refuse remembers why an option makes no sense.
func (o *options) refuse(option, format string, args ...any) {
	o.refused = append(o.refused, &OptionError{Option: option, Message: fmt.Sprintf(format, args...)})
}

// WithLogger sets where to log, in place of slog.Default().
func WithLogger(l *slog.Logger) Option {
	return func(o *options) {
		if l == nil {
			o.refuse("WithLogger", "no logger: want one, slog.New(slog.DiscardHandler) for none")
		}
		o.logger = l
	}
}

// WithFlushEvery makes the Batcher flush by itself once so many updates are
// pending, and at the latest so long after the first of them. Zero switches
// either off. A flush that has failed is tried again after the delay, or after
// as many more updates.
func WithFlushEvery(updates int, delay time.Duration) Option {
	return func(o *options) {
		if updates < 0 {
			o.refuse("WithFlushEvery", "%d updates: want 0 or more", updates)
		}
		if delay < 0 {
			o.refuse("WithFlushEvery", "a delay of %v: want 0 or more", delay)
		}
		o.count, o.delay = updates, delay
	}
}

// WithOnFlush sets a function that is told what every flush has done that the
// Batcher started by itself and that had something to do. It is called by one
// goroutine, after the flush; it may use the Batcher but not Close it.
func WithOnFlush(f func(Stats, error)) Option {
	return func(o *options) {
		if f == nil {
			o.refuse("WithOnFlush", "no function: want one")
		}
		o.onFlush = f
	}
}

// WithRetry sets how a flush retries; by default 5 attempts, after 10, 20, 40
// and 80 ms.
func WithRetry(p RetryPolicy) Option {
	return func(o *options) {
		if p.Attempts < 1 {
			o.refuse("WithRetry", "%d attempts: want at least 1", p.Attempts)
		}
		if p.Delay < 0 || p.MaxDelay < p.Delay {
			o.refuse("WithRetry", "delays from %v to %v: want 0 or more, and the longest last", p.Delay, p.MaxDelay)
		}
		o.retry = p
	}
}
