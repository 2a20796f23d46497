package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
)

// watchInterval is how often a watched schema is looked at.
const watchInterval = 200 * time.Millisecond

// watch generates now and whenever the schema is saved, until it is interrupted.
// Nothing that goes wrong ends it: the next save may put it right.
func watch(cmd *cobra.Command, o generateOptions) error {
	if o.schema == "" {
		found, err := discover(".")
		if err != nil {
			return err
		}
		o.schema = found
	}
	ctx := cmd.Context()
	for {
		// Looked at before it is read, so that a save in between counts.
		seen := look(o.schema)
		err := generate(cmd, o)
		if ctx.Err() != nil {
			return nil
		}
		state := "up to date"
		if err != nil {
			tellError(cmd.ErrOrStderr(), err)
			state = "not up to date"
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "backlog-gen: %s: %s; watching, interrupt to stop\n", o.schema, state)
		if err := awaitChange(ctx, o.schema, seen); err != nil {
			return nil
		}
	}
}

// glance is what can be seen of a file without reading it; info is nil if it is
// not there.
type glance struct{ info os.FileInfo }

func look(path string) glance {
	info, err := os.Stat(path)
	if err != nil {
		return glance{}
	}
	return glance{info}
}

// same reports whether the file has most likely not been written to: editors
// write in place, or put another file in its place.
func (g glance) same(other glance) bool {
	if g.info == nil || other.info == nil {
		return g.info == other.info
	}
	return os.SameFile(g.info, other.info) && g.info.Size() == other.info.Size() &&
		g.info.ModTime().Equal(other.info.ModTime())
}

// awaitChange returns when the file looks different, with the context's error if
// that comes first.
func awaitChange(ctx context.Context, path string, seen glance) error {
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
			if !look(path).same(seen) {
				return nil
			}
		}
	}
}
