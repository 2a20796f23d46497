package batching

import "context"

// close refuses further updates, stops flushing by itself, and flushes. When the
// context is done, every operation that waits for the store is cut short, so that
// what is pending is preserved at the latest then.
func (c *core) close(ctx context.Context) error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.turn.reopen() // an earlier Close may have run out of time
	defer context.AfterFunc(ctx, c.turn.cutShort)()
	c.auto.end()
	c.turn.takeLast()
	defer c.turn.give()
	_, err := c.save(ctx)
	if closeErr := c.records.Close(); err == nil {
		err = closeErr
	}
	return join(err, c.takeConflicts())
}
