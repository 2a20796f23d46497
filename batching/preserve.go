package batching

import (
	"context"
	"log/slog"
	"time"

	"github.com/backlog-gen/backlog-gen/batching/internal/recovery"
)

// fail preserves everything pending and returns the error to report.
func (c *core) fail(ctx context.Context, stats *Stats, cause error) error {
	failure := &FlushError{Attempts: stats.Attempts, Err: cause}
	failure.Pending, failure.Preserved, failure.PreserveErr = c.preserve(nil)
	failure.log(ctx, c.log)
	return failure
}

// updateRecord brings a record up to date that an earlier failure has left, before
// the store is asked to save. Should the program end after that, and before the
// record is removed, Recover knows by it that everything is saved.
func (c *core) updateRecord(ctx context.Context, g *generation) {
	if c.records.Store() == nil || !c.records.Holds() || c.preserved == g.document {
		return
	}
	if _, _, err := c.preserve(g); err != nil {
		// The older one stays, which holds less of what is pending.
		c.log.LogAttrs(ctx, slog.LevelWarn, "Recovery file not brought up to date", slog.Any("error", err))
	}
}

// preserve writes everything pending to the recovery file, with what a generation
// leads to that is about to be saved, if there is one. It returns the number of updates,
// and where they are: "" if the store has no place for them.
func (c *core) preserve(g *generation) (updates int, name string, err error) {
	groups, updates, d := c.buffer.pending()
	if c.records.Store() == nil {
		return updates, "", nil
	}
	r := recovery.Record{
		Saved: time.Now().UTC(), Groups: groups,
		Leases:      c.held.record(recovery.Items(groups), c.state.stored),
		Checkpoints: c.state.checkpoints(),
	}
	if g != nil && g.document != d {
		r.Checkpoints = append(r.Checkpoints, recovery.Checkpoint{Groups: g.groups, Document: g.document})
	}
	r.Checkpoints = append(r.Checkpoints, recovery.Checkpoint{Groups: len(groups), Document: d})
	data, err := recovery.Encode(c.typ, r)
	if err != nil {
		return updates, "", err
	}
	name, err = c.records.Preserve(data)
	if err == nil {
		c.preserved = d
	}
	return updates, name, err
}
