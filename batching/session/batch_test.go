package session_test

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/session"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

func TestUpdatesStayInMemoryUntilFlush(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	id := s.Metadata().ID
	update(t, s, subtask1, backlog.StatusImplementing)
	if !s.Dirty() {
		t.Error("an update is pending, but the session is not dirty")
	}
	wantStatus(t, s.Backlog(), subtask1, backlog.StatusImplementing)
	diff(t, "file before the flush", tasksText, p.read("plan/"+id+"/tasks.json"))

	stats, err := s.Flush(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "items written", 1, stats.ItemsWritten)
	want := strings.Replace(tasksText, `"Subtask 1", "status": "Planned"`, `"Subtask 1", "status": "Implementing"`, 1)
	diff(t, "file after the flush", want, p.read("plan/"+id+"/tasks.json"))
}

// TestFlushIsAtomic reads the file all the time while it is written, often enough
// that something was read in between.
func TestFlushIsAtomic(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	id := s.Metadata().ID
	done := make(chan struct{})
	var reading sync.WaitGroup
	var reads atomic.Int64
	reading.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			data, err := os.ReadFile(p.path("plan", id, "tasks.json"))
			if err != nil {
				t.Error(err)
				return
			}
			b, err := backlog.Parse(data)
			if err != nil {
				t.Error(err)
				return
			}
			first, _ := b.Item(subtask1)
			second, _ := b.Item(subtask2)
			if first.Status() != second.Status() {
				t.Errorf("half of a batch is in the file: %v and %v", first, second)
				return
			}
			reads.Add(1)
		}
	})
	for n := 0; n < 40 || reads.Load() < 20 && !t.Failed(); n++ {
		for _, to := range []backlog.Status{backlog.StatusImplementing, backlog.StatusPlanned} {
			if _, err := s.Apply(t.Context(), batching.Set(subtask1, to), batching.Set(subtask2, to)); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	close(done)
	reading.Wait()
}

func TestFlushWithoutUpdatesDoesNothing(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	file := p.path("plan", s.Metadata().ID, "tasks.json")
	before, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	update(t, s, subtask1, backlog.StatusPlanned) // what it is
	stats, err := s.Flush(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "stats", batching.Stats{}, stats)
	after, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(before, after) {
		t.Error("the file was written")
	}
}

func TestStatistics(t *testing.T) {
	tests := []struct {
		name       string
		updates    []backlog.ItemID
		saved      int
		efficiency float64
	}{
		{"one update", []backlog.ItemID{subtask1}, 0, 0},
		{"two updates", []backlog.ItemID{subtask1, subtask2}, 1, 50},
		{"three updates are one write", []backlog.ItemID{subtask1, subtask2, subtask3}, 2, 66.7},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newProject(t)
			var log logBuffer
			s := p.withTasks(log.option())
			for _, id := range test.updates {
				update(t, s, id, backlog.StatusImplementing)
			}
			stats, err := s.Flush(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			diff(t, "items written", len(test.updates), stats.ItemsWritten)
			diff(t, "writes saved", test.saved, stats.WriteOpsSaved())
			diff(t, "efficiency", test.efficiency, math.Round(10*stats.Efficiency())/10)
			diff(t, "writes", 1, stats.Attempts)
			diff(t, "log", []map[string]any{{
				"items_written": float64(len(test.updates)), "write_ops_saved": float64(test.saved),
				"efficiency": test.efficiency, "attempts": 1.0,
			}}, log.find(t, "Batch write complete"))
			for _, id := range test.updates {
				wantStatus(t, p.stored(s.Metadata().ID), id, backlog.StatusImplementing)
			}
		})
	}
}

func TestRefusalsChangeNothing(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	file := p.path("plan", s.Metadata().ID, "tasks.json")
	unknown := backlog.MustItemID("P9.M9.T9.S9")
	tests := []struct {
		name   string
		update func() error
		want   func(error) bool
	}{
		{"an unknown item", func() error {
			_, err := s.UpdateStatus(t.Context(), unknown, backlog.StatusReady)
			return err
		}, isA[*document.NotFoundError]},
		{"a step that the machine does not know", func() error {
			_, err := s.UpdateStatus(t.Context(), subtask1, backlog.StatusComplete)
			return err
		}, isA[*statemachine.TransitionError]},
		{"one of a group", func() error {
			_, err := s.Apply(t.Context(), batching.Set(subtask1, backlog.StatusReady), batching.Set(subtask2, backlog.StatusComplete))
			return err
		}, isA[*statemachine.TransitionError]},
		{"an edit that fails", func() error {
			_, err := s.Edit(t.Context(), func(b backlog.Backlog) (backlog.Backlog, error) { return b, fs.ErrInvalid })
			return err
		}, func(err error) bool { return errors.Is(err, fs.ErrInvalid) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := test.update()
			if !test.want(err) {
				t.Error(err)
			}
			wantPath(t, err, "update", file)
			if s.Dirty() {
				t.Error("something is pending")
			}
			diff(t, "backlog", tasksText, string(s.Backlog().AppendJSON(nil)))
		})
	}
}

func isA[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

// TestFailedFlushKeepsEverything puts a directory where the file was.
func TestFailedFlushKeepsEverything(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	file := p.path("plan", s.Metadata().ID, "tasks.json")
	update(t, s, subtask1, backlog.StatusReady)
	update(t, s, subtask2, backlog.StatusReady)
	if err := os.Rename(file, file+".aside"); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(file, 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := s.Flush(t.Context())
	var failure *batching.FlushError
	if !errors.As(err, &failure) || failure.Pending != 2 {
		t.Fatal(err)
	}
	wantPath(t, err, "flush", file)
	if !s.Dirty() {
		t.Error("the updates are gone")
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(file+".aside", file); err != nil {
		t.Fatal(err)
	}
	stats, err := s.Flush(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "items written", 2, stats.ItemsWritten)
	wantStatus(t, p.stored(s.Metadata().ID), subtask2, backlog.StatusReady)
}

func TestFlushResetsTheBatch(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	for n, id := range []backlog.ItemID{subtask1, subtask2} {
		update(t, s, id, backlog.StatusReady)
		stats, err := s.Flush(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if stats.ItemsWritten != 1 || s.Dirty() || len(s.Batcher().Pending()) != 0 {
			t.Errorf("batch %d: %d written, dirty %v, %d groups pending", n+1, stats.ItemsWritten, s.Dirty(), len(s.Batcher().Pending()))
		}
	}
}

func TestSessionsDoNotShareABatch(t *testing.T) {
	p := newProject(t)
	first := p.withTasks()
	second := p.load(first.Metadata().ID)
	update(t, first, subtask1, backlog.StatusReady)
	if second.Dirty() || p.load(first.Metadata().ID).Dirty() {
		t.Error("a batch was inherited")
	}
	update(t, second, subtask2, backlog.StatusFailed)
	for _, s := range []*backlogSession{first, second} {
		if _, err := s.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	stored := p.stored(first.Metadata().ID)
	wantStatus(t, stored, subtask1, backlog.StatusReady)
	wantStatus(t, stored, subtask2, backlog.StatusFailed)
}

func TestManyGoroutines(t *testing.T) {
	p := newProject(t)
	s := p.withTasks(session.WithBatching(batching.WithFlushEvery(2, 0)))
	var running sync.WaitGroup
	for _, id := range []backlog.ItemID{subtask1, subtask2, subtask3} {
		running.Go(func() {
			for range 20 {
				for _, to := range []backlog.Status{backlog.StatusImplementing, backlog.StatusRetrying, backlog.StatusPlanned, backlog.StatusReady} {
					if _, err := s.UpdateStatus(t.Context(), id, to); err != nil {
						t.Error(err)
					}
					if err := s.SetCurrent(t.Context(), id); err != nil {
						t.Error(err)
					}
					_, _ = s.Current()
				}
			}
		})
	}
	running.Wait()
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, id := range []backlog.ItemID{subtask1, subtask2, subtask3} {
		wantStatus(t, p.stored(s.Metadata().ID), id, backlog.StatusReady)
	}
}

func TestClose(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	update(t, s, subtask1, backlog.StatusReady)
	for range 2 {
		if err := s.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	wantStatus(t, p.stored(s.Metadata().ID), subtask1, backlog.StatusReady)
	for name, update := range map[string]func() error{
		"update": func() error {
			_, err := s.UpdateStatus(context.Background(), subtask2, backlog.StatusReady)
			return err
		},
		"save": func() error { return s.Save(context.Background(), parse(t, tasksText)) },
	} {
		if err := update(); !errors.Is(err, batching.ErrClosed) {
			t.Errorf("%s after Close: %v", name, err)
		}
	}
}
