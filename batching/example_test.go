package batching_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// The format and the types of the document come from a generated package; here
// it is a small one of the tests.
func Example() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "plan.json")
	ctx := context.Background()
	if err := filestore.Create(ctx, name, plantest.Parse(plantest.Text(1, 1, 3)).Document); err != nil {
		panic(err)
	}

	b, err := batching.Open(ctx, plantest.Format(), filestore.New(name),
		batching.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		panic(err)
	}
	err = b.Run(ctx, func(ctx context.Context) error { // closes it, whatever happens
		for task := range 3 {
			if _, err := b.UpdateStatus(ctx, plantest.TaskID(1, 1, task+1), plantest.Active); err != nil {
				return err
			}
		}
		_, err := b.UpdateStatus(ctx, plantest.MakeID("E1.S1"), plantest.Done)
		fmt.Println(err)

		stats, err := b.Flush(ctx)
		fmt.Printf("%d items in one write, %.1f %% of the writes saved, error %v\n", stats.ItemsWritten, stats.Efficiency(), err)
		return err
	})
	var conflict *batching.ConflictError
	fmt.Println(errors.As(err, &conflict), err)
	// Output:
	// E1.S1: cannot go from Open to Done in one step: it takes start (→ Active), then finish (→ Done), but finish needs all its children done; legal from Open is start (→ Active)
	// 3 items in one write, 66.7 % of the writes saved, error <nil>
	// false <nil>
}
