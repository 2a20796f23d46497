package batching_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// scriptedWatch is a file store on which something happens with each Watch.
type scriptedWatch struct {
	*filestore.Store
	steps []func() error
}

func (s *scriptedWatch) Extras() batching.Extras {
	extras := s.Store.Extras()
	extras.Watcher = s
	return extras
}

func (s *scriptedWatch) Watch(context.Context, batching.Revision) error {
	step := s.steps[0]
	s.steps = s.steps[1:]
	return step()
}

// TestWatchCallsOnlyAfterAChange touches the file first, and then changes it.
func TestWatchCallsOnlyAfterAChange(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	enough := errors.New("enough")
	store := &scriptedWatch{Store: filestore.New(name), steps: []func() error{
		func() error { return os.Chtimes(name, time.Time{}, time.Unix(1e9, 0)) },
		func() error { rewrite(t, name, plantest.TaskID(1, 1, 1), plantest.Done, false); return nil },
		func() error { return enough },
	}}
	b := open(t, store)
	var told []plantest.Status
	err := b.Watch(t.Context(), func(p plantest.Plan) { told = append(told, p.Status(plantest.TaskID(1, 1, 1))) })
	if err != enough || len(told) != 1 || told[0] != plantest.Done {
		t.Errorf("told of %v, %v", told, err)
	}
}

// TestWatchOfWhatCannotBeLoaded has another writer store what cannot be read: the
// store says at once, again and again, that there is another revision.
func TestWatchOfWhatCannotBeLoaded(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	synctest.Test(t, func(t *testing.T) {
		store := &scriptedWatch{Store: filestore.New(name)}
		watched, broken := 0, []byte("{")
		step := func() error { watched++; return os.WriteFile(name, broken, 0o644) }
		for range 10_000 {
			store.steps = append(store.steps, step)
		}
		var log bytes.Buffer
		b := open(t, store, batching.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := b.Watch(ctx, func(plantest.Plan) { t.Error("told of news") })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Watch: %v", err)
		}
		if lines := bytes.Count(log.Bytes(), []byte("not loaded")); watched > 20 || lines != 1 {
			t.Errorf("%d looks in a minute, %d lines in the log:\n%s", watched, lines, &log)
		}
	})
}
