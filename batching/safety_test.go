package batching_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// pausingHandler stops the goroutine that logs a force until it is told to go on.
type pausingHandler struct {
	slog.Handler
	reached, goOn chan struct{}
}

func (h pausingHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h pausingHandler) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "Status forced" {
		h.reached <- struct{}{}
		<-h.goOn
	}
	return nil
}

// TestUpdateThatOutlivesClose has an update accepted before Close, which gets to
// reserve space only after it: nothing may be left beside the file.
func TestUpdateThatOutlivesClose(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	handler := pausingHandler{slog.DiscardHandler, make(chan struct{}), make(chan struct{})}
	b, err := batching.Open(t.Context(), plantest.Format(), filestore.New(name), batching.WithLogger(slog.New(handler)))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		_, err := b.Force(t.Context(), plantest.TaskID(1, 1, 1), plantest.Done, "because")
		done <- err
	}()
	<-handler.reached
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	handler.goOn <- struct{}{}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), plantest.Done)
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(name), ".*")); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}
