package batching

import (
	"context"
	"errors"

	"github.com/backlog-gen/backlog-gen/batching/internal/recovery"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/merge"
)

// recover applies what ended programs have preserved, and flushes.
func (c *core) recover(ctx context.Context) (Stats, error) {
	ctx, err := c.turn.take(ctx)
	if err != nil {
		return Stats{}, err
	}
	defer c.turn.give()
	if c.buffer.isClosed() {
		return Stats{}, ErrClosed
	}
	err = c.adoptAbandoned(ctx)
	stats, saveErr := c.save(ctx)
	return stats, join(join(err, saveErr), c.conflicts.take())
}

// adoptAbandoned makes pending what ended programs have preserved.
func (c *core) adoptAbandoned(ctx context.Context) error {
	if c.records.Store() == nil {
		return nil
	}
	if err := c.reload(ctx); err != nil {
		return err
	}
	names, err := c.abandoned.names(ctx)
	if len(names) == 0 {
		return err
	}
	sum, digestErr := recovery.Digest(c.state.stored)
	if digestErr != nil {
		return errors.Join(err, digestErr)
	}
	return errors.Join(err, c.abandoned.claimAll(ctx, names, func(place Recovery, r *recovery.Record) {
		reached := r.Contained(sum)
		c.adopt(ctx, place, r, reached, r.KnownOf(sum, reached))
	}))
}

// adopt makes pending what a file holds, whose first groups are in the stored
// document already, and the file ours until that is durable. Should a custom
// guard panic, the file is nobody's again.
func (c *core) adopt(ctx context.Context, place Recovery, r *recovery.Record, reached int, known []merge.Known) {
	adopted := false
	defer func() {
		if adopted {
			c.records.Adopt(place)
		} else {
			_ = place.Close()
		}
	}()
	contained, applied, out := c.buffer.adopt(r.Groups, c.state.stored, reached, known, c.held.heldByOthers(r.Leases))
	if contained > 0 {
		c.state.recovered(contained)
	}
	updated := map[document.ID]bool{}
	for _, a := range applied {
		a.logForces(ctx, c.log)
		for i := range a.changes {
			updated[a.changes[i].ID] = true
		}
	}
	c.held.adopt(r.Leases, func(id document.ID) bool { return updated[id] })
	c.conflicts.add(ctx, out)
	adopted = true
}
