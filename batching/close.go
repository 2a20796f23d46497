package batching

import "context"

// close refuses further updates, stops flushing by itself, and flushes.
func (c *core) close(ctx context.Context) error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.auto.end(ctx)
	if err := c.acquire(ctx); err != nil {
		return &FlushError{Pending: c.generation().updates, Err: err}
	}
	defer c.release()
	_, err := c.save(ctx)
	if closeErr := c.safety.close(); err == nil {
		err = closeErr
	}
	return join(err, c.takeConflicts())
}
