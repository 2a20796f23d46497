package batching_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// TestRunClosesHoweverItEnds returns from Run in all ways: what was accepted is
// stored, and the Batcher is closed.
func TestRunClosesHoweverItEnds(t *testing.T) {
	broke := errors.New("broke")
	tests := map[string]struct {
		end  func(ctx context.Context, cancel func()) error
		want error
	}{
		"the end":  {func(context.Context, func()) error { return nil }, nil},
		"an error": {func(context.Context, func()) error { return broke }, broke},
		"a panic":  {func(context.Context, func()) error { panic("broke") }, nil},
		"the context ends": {func(ctx context.Context, cancel func()) error {
			cancel()
			<-ctx.Done()
			return ctx.Err()
		}, context.Canceled},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "plan.json")
			if err := filestore.Create(t.Context(), file, plantest.Parse(plantest.Text(1, 1, 3)).Document); err != nil {
				t.Fatal(err)
			}
			b, err := batching.Open(t.Context(), plantest.Format(), filestore.New(file))
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			func() {
				defer func() {
					if p := recover(); (p != nil) != (name == "a panic") {
						t.Errorf("panic: %v", p)
					}
				}()
				err = b.Run(ctx, func(ctx context.Context) error {
					if _, err := b.UpdateStatus(ctx, plantest.TaskID(1, 1, 2), plantest.Active); err != nil {
						return err
					}
					return test.end(ctx, cancel)
				})
			}()
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			d, _, err := filestore.New(file).Load(t.Context(), plantest.Type())
			if err != nil {
				t.Fatal(err)
			}
			if got := (plantest.Plan{Document: d}).Status(plantest.TaskID(1, 1, 2)); got != plantest.Active {
				t.Errorf("stored is %v", got)
			}
			if _, err := b.UpdateStatus(t.Context(), plantest.TaskID(1, 1, 1), plantest.Active); !errors.Is(err, batching.ErrClosed) {
				t.Errorf("the Batcher goes on: %v", err)
			}
		})
	}
}
