package session

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

// Option configures a session. One that makes no sense is refused by whatever
// opens the session, with a *batching.OptionError, before it makes anything.
type Option func(*options)

type options struct {
	logger   *slog.Logger
	prdPath  string
	batching []batching.Option
	grace    time.Duration
	// refused are the options that make no sense.
	refused []error
	// wrap and wrapStore put something between a session and what is below it.
	wrap      func(atomicfile.FS) atomicfile.FS
	wrapStore func(batching.Store) batching.Store
}

func newOptions(opts []Option) (options, error) {
	o := options{logger: slog.Default(), grace: 5 * time.Second}
	for _, opt := range opts {
		opt(&o)
	}
	err := errors.Join(errors.Join(o.refused...), batching.CheckOptions(o.batching...))
	if err == nil && o.prdPath != "" {
		o.prdPath, err = atomicfile.Abs(o.prdPath)
	}
	return o, err
}

// refuse remembers why an option makes no sense.
func (o *options) refuse(option, message string) {
	o.refused = append(o.refused, &batching.OptionError{Option: option, Message: message})
}

// batcher returns the options of the session's batcher.
func (o options) batcher() []batching.Option {
	return slices.Concat([]batching.Option{batching.WithLogger(o.logger)}, o.batching)
}

// WithLogger sets where the session and its batcher log, in place of
// slog.Default().
func WithLogger(l *slog.Logger) Option {
	return func(o *options) {
		if l == nil {
			o.refuse("WithLogger", "no logger: want one, slog.New(slog.DiscardHandler) for none")
		}
		o.logger = l
	}
}

// WithPRD says where the PRD is, for Changed. Init and CreateDelta know that.
func WithPRD(path string) Option { return func(o *options) { o.prdPath = path } }

// WithGrace sets how long Run waits in the end until what is pending is flushed,
// in place of 5 seconds: another program may hold the lock of tasks.json. When
// the time is up, what is pending is preserved in a recovery file, and Run says
// where.
func WithGrace(d time.Duration) Option {
	return func(o *options) {
		if d <= 0 {
			o.refuse("WithGrace", fmt.Sprintf("%v: want more than 0", d))
		}
		o.grace = d
	}
}

// WithBatching hands options to the session's batcher, such as
// batching.WithFlushEvery.
func WithBatching(opts ...batching.Option) Option {
	return func(o *options) { o.batching = append(o.batching, opts...) }
}
