package batching

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"github.com/backlog-gen/backlog-gen/batching/internal/recovery"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/merge"
)

// findRecoverable lists and logs what ended programs have preserved.
func (c *core) findRecoverable(ctx context.Context) {
	store := c.records.Store()
	if store == nil {
		return
	}
	names, err := store.Abandoned(ctx)
	if err != nil {
		c.log.LogAttrs(ctx, slog.LevelWarn, "Cannot look for recovery files", slog.Any("error", err))
	}
	slices.Sort(names)
	for _, name := range names {
		found, ok := c.inspect(ctx, name)
		if !ok {
			continue
		}
		c.recoverable = append(c.recoverable, found)
		attributes := []slog.Attr{slog.String("recovery", name), slog.Int("groups", len(found.Groups))}
		if found.Err != nil {
			attributes = append(attributes, slog.Any("error", found.Err))
		}
		c.log.LogAttrs(ctx, slog.LevelWarn, "Recovery file found", attributes...)
	}
}

// inspect reads what is preserved in a place and leaves it there.
func (c *core) inspect(ctx context.Context, name string) (Recoverable, bool) {
	found := Recoverable{Name: name}
	place, r, err := c.claim(ctx, name)
	if place == nil && err == nil {
		return found, false
	}
	if place != nil {
		err = errors.Join(err, place.Close())
	}
	if err != nil {
		found.Err = err
		return found, true
	}
	found.Saved, found.Groups = r.Saved, r.Groups
	return found, true
}

// claim claims a place and decodes what it holds. It returns a nil Recovery if
// the place is gone or not free. A place that was claimed is returned also with
// an error.
func (c *core) claim(ctx context.Context, name string) (Recovery, *recovery.Record, error) {
	place, data, err := c.records.Store().Claim(ctx, name)
	if err != nil {
		return place, nil, &RecoveryError{Name: name, Err: err}
	}
	if place == nil {
		return nil, nil, nil
	}
	r, err := recovery.Decode(c.typ, data)
	if err != nil {
		return place, nil, &RecoveryError{Name: name, Err: err}
	}
	return place, r, nil
}

// recover applies what ended programs have preserved, and flushes.
func (c *core) recover(ctx context.Context) (Stats, error) {
	ctx, err := c.turn.take(ctx)
	if err != nil {
		return Stats{}, err
	}
	defer c.turn.give()
	err = c.adoptAbandoned(ctx)
	if errors.Is(err, ErrClosed) {
		return Stats{}, err
	}
	stats, saveErr := c.save(ctx)
	return stats, join(join(err, saveErr), c.takeConflicts())
}

// adoptAbandoned makes pending what ended programs have preserved.
func (c *core) adoptAbandoned(ctx context.Context) error {
	c.mu.Lock()
	closed := c.closed
	c.mu.Unlock()
	if closed {
		return ErrClosed
	}
	if c.records.Store() == nil {
		return nil
	}
	if err := c.reload(ctx); err != nil {
		return err
	}
	// A file that cannot be looked at keeps nobody from recovering the others.
	names, err := c.records.Store().Abandoned(ctx)
	if len(names) == 0 {
		return err
	}
	errs := []error{err}
	sum, err := recovery.Digest(c.state.stored)
	if err != nil {
		return errors.Join(append(errs, err)...)
	}
	slices.Sort(names)
	for _, name := range names {
		place, r, err := c.claim(ctx, name)
		switch {
		case err != nil && place != nil:
			errs = append(errs, err, place.Close())
		case err != nil:
			errs = append(errs, err)
		case place != nil:
			c.adoptPlace(ctx, place, r, r.Contained(sum))
		}
		c.forgetRecoverable(name, err)
	}
	return errors.Join(errs...)
}

// adoptPlace makes what a place holds pending, and the place ours until that
// is durable. Should a custom guard panic, it is nobody's again.
func (c *core) adoptPlace(ctx context.Context, place Recovery, r *recovery.Record, reached int) {
	taken := false
	defer func() {
		if taken {
			c.records.Adopt(place)
		} else {
			_ = place.Close()
		}
	}()
	c.adoptRecord(ctx, r, reached)
	taken = true
}

// adoptRecord makes the groups of a record pending, the first of which are
// in the stored document already.
func (c *core) adoptRecord(ctx context.Context, r *recovery.Record, reached int) {
	taken, out := c.mergeRecord(r, reached)
	updated := map[document.ID]bool{}
	for _, a := range taken {
		c.logForces(ctx, a.before, a.changes)
		for i := range a.changes {
			updated[a.changes[i].ID] = true
		}
	}
	c.held.adopt(r.Leases, func(id document.ID) bool { return updated[id] })
	c.reportLater(ctx, out)
}

func (c *core) mergeRecord(r *recovery.Record, reached int) (taken []acceptance, out []GroupConflict) {
	c.mu.Lock()
	defer c.mu.Unlock()
	merged, outcomes := merge.Merge(merge.Input{
		Stored: c.state.stored, Onto: c.current.Load(), Groups: changesOf(r.Groups), Saved: reached, Known: r.Known(),
		Refuse: refuseLost(c.held.heldByOthers(r.Leases)),
	})
	if c.journal.groups == 0 {
		// The first ones might not survive a power cut: let the next save see
		// to it.
		for i := 0; i < len(outcomes) && outcomes[i].Contained; i++ {
			c.journal.add(r.Groups[i])
		}
		c.state.recovered(c.journal.groups)
	}
	for i, o := range outcomes {
		switch {
		case o.Err != nil:
			out = append(out, newGroupConflict(r.Groups[i], nil, c.state.stored, o.Err))
		case o.After != o.Before:
			taken = append(taken, c.append(r.Groups[i].Changes, o.Before, o.After, o.Updates))
		}
	}
	c.current.Store(merged)
	c.dirty.Store(c.journal.groups > 0)
	return taken, out
}

// forgetRecoverable takes a place off the list, unless it cannot be used.
func (c *core) forgetRecoverable(name string, err error) {
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.recoverable = slices.DeleteFunc(slices.Clone(c.recoverable), func(r Recoverable) bool { return r.Name == name })
}

func (c *core) listRecoverable() []Recoverable {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := slices.Clone(c.recoverable)
	for i := range list {
		list[i].Groups = cloneAll(list[i].Groups)
	}
	return list
}
