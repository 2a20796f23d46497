package batching

import (
	"context"
	"sync"
)

// turn is the right to talk to the store. One operation has it at a time.
type turn struct {
	token chan struct{}

	mu sync.Mutex
	// end ends the context of the operation that has the turn, nil if none has.
	end context.CancelFunc
	// automatic is whether the turn is that of a flush that nobody has asked for.
	automatic bool
	// over is set when a Close has run out of time.
	over bool
}

func newTurn() *turn { return &turn{token: make(chan struct{}, 1)} }

// take waits for the turn. It returns the context of what is done in it, which
// also ends with cutShort.
func (t *turn) take(ctx context.Context) (context.Context, error) {
	if err := takeToken(ctx, t.token); err != nil {
		return nil, err
	}
	ctx, end := context.WithCancel(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		end()
		<-t.token
		return nil, ErrClosed
	}
	t.end = end
	return ctx, nil
}

// takeLast waits for the turn also when the context is done: by then, whoever
// has it has been cut short. What is done in the turn has the context as it is.
func (t *turn) takeLast() { t.token <- struct{}{} }

// give gives the turn back.
func (t *turn) give() {
	t.mu.Lock()
	if t.end != nil {
		t.end()
		t.end = nil
	}
	t.automatic = false
	t.mu.Unlock()
	<-t.token
}

// takeAutomatic is take for a flush that nobody has asked for.
func (t *turn) takeAutomatic() (context.Context, error) {
	ctx, err := t.take(context.Background())
	if err == nil {
		t.mu.Lock()
		t.automatic = true
		t.mu.Unlock()
	}
	return ctx, err
}

// takeFromAutomatic ends the context of a flush that nobody has asked for, and
// takes the turn after it. It reports false where there is none.
func (t *turn) takeFromAutomatic() bool {
	t.mu.Lock()
	automatic := t.automatic && t.end != nil
	if automatic {
		t.end()
	}
	t.mu.Unlock()
	if automatic {
		t.takeLast()
	}
	return automatic
}

// cutShort ends the context of whoever has the turn, and refuses it to everybody
// but takeLast until reopen.
func (t *turn) cutShort() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
	if t.end != nil {
		t.end()
	}
}

// reopen gives turns again.
func (t *turn) reopen() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = false
}

// takeToken waits for a token.
func takeToken(ctx context.Context, token chan<- struct{}) error {
	select {
	case token <- struct{}{}:
		return nil
	default:
	}
	select {
	case token <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
