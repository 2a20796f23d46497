// Command firstrun shows the main job on a sample backlog: a batch of status
// updates goes through the state machine, one of them is refused, and a single
// flush changes exactly the lines of the items that changed.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

//go:embed testdata/tasks.json
var sample []byte

func main() {
	directory := flag.String("dir", "out", "where to put the copy of the sample backlog")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *directory); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run works on a copy of the sample in the given directory and tells w what
// happens.
func run(ctx context.Context, w io.Writer, directory string) error {
	path := filepath.Join(directory, "tasks.json")
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, sample, 0o644); err != nil {
		return err
	}
	before, err := backlog.Parse(sample)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "A copy of the sample backlog is in %s.\n", path)

	after, err := work(ctx, w, path)
	if err != nil {
		return err
	}
	return report(w, path, before, after)
}

// work updates the backlog in the file and returns what was flushed.
func work(ctx context.Context, w io.Writer, path string) (after backlog.Backlog, err error) {
	bt, err := backlog.Open(ctx, path)
	if err != nil {
		return after, err
	}
	// Run closes it, whatever happens.
	err = bt.Run(ctx, func(ctx context.Context) error { return flush(ctx, w, bt) })
	return bt.Snapshot(), err
}

// flush makes updates and writes them at once.
func flush(ctx context.Context, w io.Writer, bt *backlog.Batcher) error {
	fmt.Fprintln(w, "\nUpdates, in memory:")
	if err := update(ctx, w, bt); err != nil {
		return err
	}
	fmt.Fprintln(w, "\nOne that is refused:")
	if err := refuse(ctx, w, bt); err != nil {
		return err
	}
	stats, err := bt.Flush(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nOne flush: %d updates in %d bytes, %d writes saved (%.1f %%), %d attempt(s).\n",
		stats.ItemsWritten, stats.Bytes, stats.WriteOpsSaved(), stats.Efficiency(), stats.Attempts)
	return nil
}

// update makes all kinds of status changes. Nothing is written yet.
func update(ctx context.Context, w io.Writer, bt *backlog.Batcher) error {
	// One event each. The third is allowed because of the two before it: a
	// task can be completed once all its subtasks are.
	for _, step := range []struct {
		id string
		to backlog.Status
	}{
		{"P1.M2.T1.S2", backlog.StatusComplete},
		{"P1.M2.T1.S3", backlog.StatusComplete},
		{"P1.M2.T1", backlog.StatusComplete},
		{"P1.M2.T2.S1", backlog.StatusImplementing},
		{"P1.M2.T2.S1", backlog.StatusComplete},
	} {
		if _, err := bt.UpdateStatus(ctx, backlog.MustItemID(step.id), step.to); err != nil {
			return err
		}
		fmt.Fprintf(w, "  %-12s to %s\n", step.id, step.to)
	}

	// Along the shortest legal path.
	if _, err := bt.Advance(ctx, backlog.MustItemID("P1.M2.T2.S2"), backlog.StatusComplete); err != nil {
		return err
	}
	fmt.Fprintf(w, "  %-12s advanced to %s\n", "P1.M2.T2.S2", backlog.StatusComplete)

	// A group: both or none.
	if _, err := bt.Apply(ctx,
		batching.Set(backlog.MustItemID("P2.M1.T1.S1"), backlog.StatusReady),
		batching.Set(backlog.MustItemID("P2.M1.T1.S3"), backlog.StatusPlanned),
	); err != nil {
		return err
	}
	fmt.Fprintf(w, "  %-12s to %s, together with\n", "P2.M1.T1.S1", backlog.StatusReady)
	fmt.Fprintf(w, "  %-12s to %s\n", "P2.M1.T1.S3", backlog.StatusPlanned)
	return nil
}

// refuse asks for what the state machine does not allow.
func refuse(ctx context.Context, w io.Writer, bt *backlog.Batcher) error {
	_, err := bt.UpdateStatus(ctx, backlog.MustItemID("P1.M2.T2.S3"), backlog.StatusRetrying)
	var refused *statemachine.TransitionError
	if !errors.As(err, &refused) {
		return fmt.Errorf("from Planned to Retrying should have been refused, got: %v", err)
	}
	fmt.Fprintf(w, "  %v\n", refused)
	return nil
}

// report compares the file before and after line by line, and counts the items
// whose status differs.
func report(w io.Writer, path string, before, after backlog.Backlog) error {
	written, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	changes, err := changedLines(sample, written)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	fmt.Fprintln(w, "\nThe lines that differ:")
	for _, change := range changes {
		fmt.Fprintf(w, "  %4d - %s\n       + %s\n", change.number, change.before, change.after)
	}
	items := changedItems(before, after)
	fmt.Fprintf(w, "\n%d items changed, %d lines changed.\n", items, len(changes))
	if items != len(changes) {
		return fmt.Errorf("%s: %d items but %d lines changed", path, items, len(changes))
	}
	return nil
}

func changedItems(before, after backlog.Backlog) int {
	changed := 0
	for item := range before.Items() {
		now, ok := after.Item(item.ItemID())
		if !ok || now.Status() != item.Status() {
			changed++
		}
	}
	return changed
}
