package session

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/backlog-gen/backlog-gen/batching"
)

// Run calls f and closes the session when f returns or panics, so that nothing
// that is pending is lost.
//
// When the process is interrupted or told to terminate (SIGINT, SIGTERM), what
// is pending is flushed at once, the context of f is cancelled, and Run returns
// after f: a *SignalError, joined with the error of f unless that is
// context.Canceled. A second signal ends the process the way it would have
// without Run, whatever f is doing. While Run waits for f, f may go on with
// updates: they are flushed in the end.
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
	var shutDown sync.Mutex // one at a time, so that each logs what it has flushed itself
	w := watchSignals(func(received *SignalError) error {
		cancel(received)
		ctx, cancel := s.grace(ctx)
		defer cancel()
		shutDown.Lock()
		defer shutDown.Unlock()
		return s.shutDown(ctx, received.Signal.String(), func(ctx context.Context) error {
			_, err := s.Flush(ctx)
			return err
		})
	})
	cause := "panic"
	defer func() {
		ctx, cancel := s.grace(ctx)
		defer cancel()
		shutDown.Lock()
		closeErr := s.shutDown(ctx, cause, s.Close)
		shutDown.Unlock()
		received, flushErr := w.stop()
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
	if errors.Is(err, context.Canceled) || errors.Is(err, received) {
		return received
	}
	return errors.Join(received, err)
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
	err      error
}

// watchSignals calls react when a signal arrives, and lets the next one end the
// process.
func watchSignals(react func(*SignalError) error) *signalWatch {
	w := &signalWatch{signals: make(chan os.Signal, 1), done: make(chan struct{})}
	signal.Notify(w.signals, os.Interrupt, syscall.SIGTERM)
	w.running.Go(func() {
		defer signal.Stop(w.signals)
		select {
		case s := <-w.signals:
			signal.Stop(w.signals)
			w.received = &SignalError{Signal: s}
			w.err = react(w.received)
		case <-w.done:
		}
	})
	return w
}

// stop ends the watch, and returns the signal that arrived, if one did, and what
// react returned.
func (w *signalWatch) stop() (*SignalError, error) {
	close(w.done)
	w.running.Wait()
	return w.received, w.err
}
