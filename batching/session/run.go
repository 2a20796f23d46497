package session

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"reflect"
	"slices"
	"sync"
	"syscall"

	"github.com/backlog-gen/backlog-gen/batching"
)

// Run calls f and closes the session when f returns or panics, so that nothing
// that is pending is lost.
//
// When the process is interrupted or told to terminate (SIGINT, SIGTERM), what
// is pending is flushed at once, the context of f is cancelled, and Run returns
// after f: a *SignalError, joined with the error of f unless that says nothing
// but context.Canceled. A second signal ends the process the way it would have
// without Run, whatever f is doing. While Run waits for f, f may go on with
// updates: they are flushed in the end. The log names the cause of a flush: the signal
// if one arrived before f returned, "panic" or "end".
//
// Each flush has a grace period, whatever has become of the context: see
// WithGrace. What cannot be flushed in that time, since another program holds
// the lock of tasks.json, is preserved in a recovery file, as after every flush
// that fails: the error is a *batching.FlushError that names it.
//
// A panic is not recovered, and goes on after the flush. Otherwise Run returns
// the error of f joined with that of Close.
func (s *Session[B, ID, S]) Run(ctx context.Context, f func(ctx context.Context) error) (err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var flushErr error
	watch := watchSignals(func(received *SignalError) {
		cancel(received)
		ctx, cancel := s.grace(ctx)
		defer cancel()
		flushErr = s.shutDown(ctx, received.Signal.String(), func(ctx context.Context) error {
			_, err := s.Flush(ctx)
			return err
		})
	})
	cause := "panic"
	defer func() {
		received := watch.stop()
		var closing *signalWatch
		if received == nil {
			received, closing = watch.handOver()
		}
		if received != nil && cause == "end" {
			cause = received.Signal.String()
		}
		ctx, cancel := s.grace(ctx)
		defer cancel()
		closeErr := func() error {
			if closing != nil {
				defer func() { received = closing.end() }() // also after a panic
			}
			return s.shutDown(ctx, cause, s.Close)
		}()
		err = errors.Join(endedBy(received, err), conflictsOf(flushErr), closeErr)
	}()
	err = f(ctx)
	cause = "end"
	return err
}

// grace returns a context that ends with the grace period, whatever has become of
// the one that it is given.
func (s *Session[B, ID, S]) grace(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), s.options.grace)
}

// shutDown flushes. After a panic nobody gets the error, so it is logged as well.
func (s *Session[B, ID, S]) shutDown(ctx context.Context, cause string, flush func(context.Context) error) error {
	log := s.options.logger.With(slog.String("session", s.metadata.ID), slog.String("cause", cause))
	pending := 0
	for _, group := range s.batcher.Pending() {
		pending += group.Updates
	}
	err := flush(ctx)
	var failure *batching.FlushError
	switch {
	case errors.As(err, &failure):
		log.LogAttrs(ctx, slog.LevelError, "Pending updates not flushed on shutdown", slog.Any("error", err))
	case pending > 0:
		log.LogAttrs(ctx, slog.LevelInfo, "Pending updates flushed on shutdown", slog.Int("updates", pending))
	}
	return err
}

// endedBy returns the error of f after a signal: that f was cancelled goes
// without saying.
func endedBy(received *SignalError, err error) error {
	if received == nil {
		return err
	}
	if err == nil || saysOnly(err, context.Canceled, received) {
		return received
	}
	return errors.Join(received, err)
}

// saysOnly reports whether an error is one of some others, or a join or a wrapping
// with fmt.Errorf of nothing else. A type of its own says more than its cause does.
func saysOnly(err error, others ...error) bool {
	if slices.Contains(others, err) {
		return true
	}
	t := reflect.TypeOf(err)
	if t.Kind() != reflect.Pointer || t.Elem().PkgPath() != "fmt" && t.Elem().PkgPath() != "errors" {
		return false
	}
	var causes []error
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		causes = []error{err.Unwrap()}
	case interface{ Unwrap() []error }:
		causes = err.Unwrap()
	}
	for _, cause := range causes {
		if cause == nil || !saysOnly(cause, others...) {
			return false
		}
	}
	return len(causes) > 0
}

// conflictsOf returns the part of an error that a later flush does not report
// again.
func conflictsOf(err error) error {
	var conflict *batching.ConflictError
	if errors.As(err, &conflict) {
		return conflict
	}
	return nil
}

// signalWatch waits for one signal.
type signalWatch struct {
	signals  chan os.Signal
	done     chan struct{}
	running  sync.WaitGroup
	received *SignalError
}

// watchSignals calls react when a signal arrives, and lets the next one end the
// process.
func watchSignals(react func(*SignalError)) *signalWatch {
	w := &signalWatch{signals: make(chan os.Signal, 1), done: make(chan struct{})}
	signal.Notify(w.signals, os.Interrupt, syscall.SIGTERM)
	w.running.Go(func() {
		select {
		case s := <-w.signals:
			signal.Stop(w.signals)
			w.received = &SignalError{Signal: s}
			react(w.received)
		case <-w.done:
		}
	})
	return w
}

// stop waits for react if a signal has arrived, and returns that signal. If none
// has, signals still go to the watch, so that none ends the process.
func (w *signalWatch) stop() *SignalError {
	close(w.done)
	w.running.Wait()
	return w.received
}

// handOver has signals go to another watch, after stop. What has arrived before is
// returned: a signal does not go by the one watch or the other as it happens to be
// handed out.
func (w *signalWatch) handOver() (*SignalError, *signalWatch) {
	next := watchSignals(func(*SignalError) {})
	if received := w.last(); received != nil {
		next.end()
		return received, nil
	}
	return nil, next
}

// end stops, and has signals do again what they did before the watch.
func (w *signalWatch) end() *SignalError {
	if received := w.stop(); received != nil {
		return received
	}
	return w.last()
}

// last ends the delivery of signals, and returns one that arrived unnoticed.
func (w *signalWatch) last() *SignalError {
	signal.Stop(w.signals) // waits for what is being delivered
	select {
	case s := <-w.signals:
		return &SignalError{Signal: s}
	default:
		return nil
	}
}
