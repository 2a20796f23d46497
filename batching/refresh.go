package batching

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/backlog-gen/backlog-gen/document"
)

// refresh takes in what is stored now.
func (c *core) refresh(ctx context.Context) error {
	ctx, err := c.turn.take(ctx)
	if err != nil {
		return err
	}
	defer c.turn.give()
	return c.reload(ctx)
}

// reload takes in what is stored now, if it is not what we know. The caller has
// the turn.
func (c *core) reload(ctx context.Context) error {
	d, revision, err := c.load(ctx)
	var ours *Conflict // with what we have saved without knowing
	if errors.As(err, &ours) {
		c.rebaseTo(ctx, ours, nil)
		return nil
	}
	if err != nil || revision == c.state.revision {
		return err
	}
	if d == c.state.stored {
		c.state.confirmed(revision)
		return nil
	}
	c.rebaseTo(ctx, &Conflict{Document: d, Revision: revision}, nil)
	return nil
}

// load returns what is stored now, at the least cost that the store knows.
func (c *core) load(ctx context.Context) (*document.Document, Revision, error) {
	if r := c.extras.Refresher; r != nil {
		return r.Refresh(ctx, c.state.stored, c.state.revision)
	}
	return c.store.Load(ctx, c.typ)
}

// rebaseTo applies what is pending to what another writer has stored, and returns
// the number of groups applied. Groups are left out that have become illegal, that
// would overwrite what the other writer has changed, or that are about lost items.
func (c *core) rebaseTo(ctx context.Context, theirs *Conflict, lost map[document.ID]error) int {
	saved := 0
	if theirs.Saved > 0 {
		c.state.ownSaveFound(theirs.SavedAs, theirs.Saved)
		saved = c.state.contained
	}
	contained, applied, conflicts := c.buffer.rebase(theirs.Document, saved, c.state.known(), lost)
	c.state.rebasedTo(theirs.Revision, theirs.Document, contained)
	c.conflicts.add(ctx, conflicts)
	return applied
}

// A change of another writer that cannot be loaded is tried again after a while,
// from the one to the other, doubling.
const (
	firstReload = 100 * time.Millisecond
	lastReload  = 30 * time.Second
)

// watch refreshes after every change of another writer. What cannot be loaded is
// logged once.
func (c *core) watch(ctx context.Context, changed func()) error {
	w := c.extras.Watcher
	if w == nil {
		return fmt.Errorf("this store cannot watch: %w", errors.ErrUnsupported)
	}
	logged, delay := "", firstReload
	for {
		base, err := c.knownRevision(ctx)
		if err != nil {
			return err
		}
		if err := w.Watch(ctx, base); err != nil {
			return err
		}
		news, err := c.refreshFrom(ctx, base)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if news {
			changed()
		}
		if err == nil {
			logged, delay = "", firstReload
			continue
		}
		if text := err.Error(); text != logged {
			c.log.LogAttrs(ctx, slog.LevelWarn, "Change of another writer not loaded", slog.Any("error", err))
			logged = text
		}
		// The store says at once that there still is another revision.
		if err := sleep(ctx, delay); err != nil {
			return err
		}
		delay = min(2*delay, lastReload)
	}
}

// knownRevision returns the revision that we know.
func (c *core) knownRevision(ctx context.Context) (Revision, error) {
	if _, err := c.turn.take(ctx); err != nil {
		return "", err
	}
	defer c.turn.give()
	return c.state.revision, nil
}

// refreshFrom takes in what is stored now, unless base has been left behind by
// a flush of our own. It reports whether there was something to take in.
func (c *core) refreshFrom(ctx context.Context, base Revision) (bool, error) {
	ctx, err := c.turn.take(ctx)
	if err != nil {
		return false, err
	}
	defer c.turn.give()
	if c.state.revision != base {
		return false, nil
	}
	before := c.state.stored
	err = c.reload(ctx)
	return c.state.stored != before, err
}
