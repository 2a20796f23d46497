package batching

import (
	"context"
	"errors"
	"os"
	ossignal "os/signal"
	"syscall"
	"time"
)

// closeWithin is how long Run waits for the store when it closes the Batcher.
const closeWithin = 5 * time.Second

// Run calls f and closes the Batcher when f returns or panics, so that what was
// accepted is stored, or preserved in a recovery file, however the program ends.
//
// When the process is interrupted or told to terminate (SIGINT, SIGTERM), the
// context of f is cancelled, and Run goes on when f has returned. A second signal
// ends the process the way it would have without Run.
//
// Close has five seconds, whatever has become of the context: another program
// may hold the lock of the file. The error is that of f joined with that of
// Close. A program that needs more time calls Close itself.
func (b *Batcher[B, ID, S]) Run(ctx context.Context, f func(ctx context.Context) error) (err error) {
	ctx, stop := ossignal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeWithin)
		defer cancel()
		err = errors.Join(err, b.Close(ctx))
	}()
	return f(ctx)
}
