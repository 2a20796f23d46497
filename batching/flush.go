package batching

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"syscall"
	"time"
)

// flush saves what is pending, and reports the conflicts that were not reported
// yet.
func (c *core) flush(ctx context.Context) (Stats, error) {
	turn, err := c.turn.take(ctx)
	if err != nil {
		return Stats{}, c.waitedInVain(ctx, err)
	}
	defer c.turn.give()
	stats, err := c.save(turn)
	return stats, join(err, c.conflicts.take())
}

// waitedInVain is what a flush returns that had no turn in its time. If a flush by
// itself has the turn, that waits for a store as long as it takes: it makes way, so
// that what is pending is preserved.
func (c *core) waitedInVain(ctx context.Context, cause error) error {
	if !c.turn.takeFromAutomatic() {
		return &FlushError{Pending: c.buffer.generation().updates, Err: cause}
	}
	defer c.turn.give()
	if c.buffer.generation().updates == 0 { // it has ended well in the last moment
		return c.conflicts.take()
	}
	return join(c.fail(ctx, &Stats{}, cause), c.conflicts.take())
}

// flushBySelf is flush for the Batcher itself. Conflicts stay for the next Flush
// or Close to report, too.
func (c *core) flushBySelf() (stats Stats, conflicts, err error) {
	ctx, err := c.turn.takeAutomatic()
	if err != nil {
		return Stats{}, nil, err
	}
	defer c.turn.give()
	known := c.conflicts.count()
	stats, err = c.save(ctx)
	return stats, c.conflicts.since(known), err
}

// close refuses further updates, stops flushing by itself, and flushes. When the
// context is done, every operation that waits for the store is cut short, so that
// what is pending is preserved at the latest then.
func (c *core) close(ctx context.Context) error {
	c.buffer.close()
	c.turn.reopen() // an earlier Close may have run out of time
	defer context.AfterFunc(ctx, c.turn.cutShort)()
	c.auto.end()
	c.turn.takeLast()
	defer c.turn.give()
	_, err := c.save(ctx)
	if closeErr := c.records.Close(); err == nil {
		err = closeErr
	}
	return join(err, c.conflicts.take())
}

// save saves what is pending. The caller has the turn.
func (c *core) save(ctx context.Context) (Stats, error) {
	var stats Stats
	started := time.Now()
	c.auto.started() // before the generation: an update in between counts for the next
	g := c.buffer.generation()
	if g.groups == 0 {
		c.log.LogAttrs(ctx, slog.LevelDebug, "No pending updates to flush")
		c.finish(ctx, g, &stats)
		return stats, nil
	}
	// First the space for a record of what might not be saved, then the save,
	// which takes space, too. The store looks whether the context is done.
	_ = c.records.Ready(ctx)
	err := c.saveUntilDone(ctx, &g, &stats)
	stats.Duration = time.Since(started)
	if err != nil {
		return stats, c.fail(ctx, &stats, err)
	}
	c.finish(ctx, g, &stats)
	return stats, nil
}

// maxRebases ends a flush that other writers outrun every time, or whose store
// reports a conflict whatever happens.
const maxRebases = 1000

// saveUntilDone asks the store until it has saved the generation, or gives up.
// It updates the generation when it takes in what another writer has stored.
func (c *core) saveUntilDone(ctx context.Context, g *generation, stats *Stats) error {
	failures, rebases, delay := 0, 0, c.options.retry.Delay
	for {
		stats.Attempts++
		revision, err := c.attempt(ctx, g)
		if g.groups == 0 {
			// Lost leases have left nothing to save, so it does not matter
			// whether others could be renewed.
			return nil
		}
		var conflict *Conflict
		switch {
		case err == nil:
			c.state.saved(revision, g.document)
			return nil
		case errors.As(err, &conflict):
			if rebases++; rebases > maxRebases {
				return fmt.Errorf("other writers were faster %d times in a row: %w", maxRebases, err)
			}
			stats.Rebased += c.rebaseTo(ctx, conflict, nil)
			if *g = c.buffer.generation(); g.groups == 0 {
				return nil
			}
			continue
		case errors.Is(err, ErrLeaseLost):
			if rebases++; rebases > maxRebases {
				return fmt.Errorf("leases have ended %d times in a row: %w", maxRebases, err)
			}
			c.hook.refused()
			if *g = c.buffer.generation(); g.groups == 0 {
				return nil
			}
			continue
		case errors.Is(err, ErrNotDurable):
			c.state.savedNotDurable(revision, g.document, g.groups)
		}
		failures++
		if !transient(err) || failures >= c.options.retry.Attempts {
			return err
		}
		c.log.LogAttrs(ctx, slog.LevelWarn, "Batch write failed, retrying",
			slog.Int("attempt", stats.Attempts), slog.Duration("delay", delay), slog.Any("error", err))
		if sleep(ctx, delay) != nil {
			return errors.Join(err, ctx.Err())
		}
		delay = min(2*delay, c.options.retry.MaxDelay)
	}
}

// attempt asks the store to save the generation, unless leases that are lost
// have left nothing to save.
func (c *core) attempt(ctx context.Context, g *generation) (Revision, error) {
	if err := c.hook.before(ctx, g); err != nil || g.groups == 0 {
		return "", err
	}
	c.updateRecord(ctx, g) // without what the hook has left out
	revision, err := c.store.Save(ctx, Save{
		Base: c.state.revision, Stored: c.state.stored, Document: g.document, Groups: c.buffer.between(c.state.contained, g.groups),
		Leases: c.hook.needs(g),
	})
	switch {
	case errors.Is(err, ErrConflict):
		c.state.doubtEnded()
	case err != nil:
		c.state.saveFailed()
	}
	return revision, err
}

// finish forgets what is durable: the recovery files, the groups of the
// generation, and leases on items whose work is done. Conflicts may have left
// nothing to save, and earlier files and leases may still be there.
func (c *core) finish(ctx context.Context, g generation, stats *Stats) {
	c.preserved = nil
	if err := c.records.Clear(ctx); err != nil {
		c.log.LogAttrs(ctx, slog.LevelWarn, "Recovery file not removed", slog.Any("error", err))
	}
	if g.groups > 0 {
		c.buffer.drop(g.groups)
		stats.ItemsWritten = g.updates
		stats.Bytes = g.document.Size()
		c.log.LogAttrs(ctx, slog.LevelInfo, "Batch write complete", stats.attributes()...)
	}
	c.hook.after(ctx)
}

// transient reports whether trying again may help.
func transient(err error) bool {
	for _, target := range []error{ErrTransient, syscall.EBUSY, syscall.EAGAIN, syscall.ENFILE, syscall.EINTR} {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}

// sleep waits, or returns the context's error.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// join joins errors, and returns a single one as it is.
func join(a, b error) error {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return errors.Join(a, b)
}
