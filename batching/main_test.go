package batching_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newFile writes a plan of so many epics, stories in each and tasks in each of
// those.
func newFile(t testing.TB, epics, stories, tasks int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(name, []byte(plantest.Text(epics, stories, tasks)), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// open opens a batcher that is closed with the test.
func open(t testing.TB, store batching.Store, opts ...batching.Option) *plantest.Batcher {
	t.Helper()
	quiet := batching.WithLogger(slog.New(slog.DiscardHandler))
	b, err := batching.Open(t.Context(), plantest.Format(), store, append([]batching.Option{quiet}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close(context.Background()) })
	return b
}

// update sets the status of a task of the first story.
func update(t testing.TB, b *plantest.Batcher, task int, to plantest.Status) {
	t.Helper()
	if _, err := b.UpdateStatus(t.Context(), plantest.TaskID(1, 1, task), to); err != nil {
		t.Fatal(err)
	}
}

func flush(t testing.TB, b *plantest.Batcher) batching.Stats {
	t.Helper()
	stats, err := b.Flush(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return stats
}

// stored reads the plan from the file.
func stored(t testing.TB, name string) plantest.Plan {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	d, err := plantest.Type().Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return plantest.Plan{Document: d}
}

func wantStatus(t testing.TB, p plantest.Plan, id plantest.ID, want plantest.Status) {
	t.Helper()
	if got := p.Status(id); got != want {
		t.Errorf("%s is %v, want %v", id.Document(), got, want)
	}
}

// rewrite changes the status of a task as an editor would: it reads the file,
// and writes it in place or by rename, without the lock.
func rewrite(t testing.TB, name string, id plantest.ID, to plantest.Status, byRename bool) {
	t.Helper()
	p := stored(t, name)
	next, err := p.Apply(forced(id, to))
	if err != nil {
		t.Fatal(err)
	}
	place := name
	if byRename {
		place += ".new"
	}
	if err := os.WriteFile(place, []byte(next.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	if byRename {
		if err := os.Rename(place, name); err != nil {
			t.Fatal(err)
		}
	}
}

// faultyStore is a file store that fails as it is told to, and counts.
type faultyStore struct {
	*filestore.Store
	mu    sync.Mutex
	saves int
	// before is called before each Save, with its number from 1. An error is
	// what Save returns then.
	before func(n int) error
	// after is given what Save returns.
	after func(n int, err error) error
}

func (s *faultyStore) Save(ctx context.Context, save batching.Save) (batching.Revision, error) {
	s.mu.Lock()
	s.saves++
	n := s.saves
	s.mu.Unlock()
	if s.before != nil {
		if err := s.before(n); err != nil {
			return "", err
		}
	}
	revision, err := s.Store.Save(ctx, save)
	if s.after != nil {
		err = s.after(n, err)
	}
	return revision, err
}

func (s *faultyStore) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.saves
}

// logBuffer collects log records.
type logBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buffer.Write(p)
}

func (l *logBuffer) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// take returns the records so far, without their time, and forgets them.
func (l *logBuffer) take(t testing.TB) []map[string]any {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var records []map[string]any
	for line := range bytes.Lines(l.buffer.Bytes()) {
		record := map[string]any{}
		if err := json.Unmarshal(line, &record); err != nil {
			t.Fatal(err)
		}
		delete(record, "time")
		records = append(records, record)
	}
	l.buffer.Reset()
	return records
}
