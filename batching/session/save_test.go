package session_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/session"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

func TestEmptySession(t *testing.T) {
	p := newProject(t)
	s := p.init()
	if _, err := s.UpdateStatus(t.Context(), subtask1, backlog.StatusReady); !isA[*document.NotFoundError](err) {
		t.Errorf("update of nothing: %v", err)
	}
	if stats, err := s.Flush(t.Context()); err != nil || stats != (batching.Stats{}) {
		t.Errorf("flush of nothing: %+v, %v", stats, err)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(p.path("plan", s.Metadata().ID, "tasks.json")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is a backlog: %v", err)
	}
}

func TestFirstSaveKeepsEveryByte(t *testing.T) {
	p := newProject(t)
	s := p.init()
	done := strings.ReplaceAll(tasksText, `"Phase", "status": "Planned"`, `"Phase", "status": "Complete"`)
	if err := s.Save(t.Context(), parse(t, done)); err != nil {
		t.Fatal(err)
	}
	diff(t, "file", done, p.read("plan/"+s.Metadata().ID+"/tasks.json"))
	wantStatus(t, s.Backlog(), phase, backlog.StatusComplete)
	update(t, s, subtask1, backlog.StatusReady)
	if _, err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, p.load(s.Metadata().ID).Backlog(), subtask1, backlog.StatusReady)
}

func TestSaveOfNoBacklog(t *testing.T) {
	p := newProject(t)
	s := p.init()
	if err := s.Save(t.Context(), backlog.Backlog{}); err != nil {
		t.Fatal(err)
	}
	diff(t, "items", 0, p.stored(s.Metadata().ID).Len(backlog.LevelPhase))
}

func TestSaveAgainPassesTheGate(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	b, err := s.Backlog().WithStatus(subtask1, backlog.StatusImplementing)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Save(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, p.stored(s.Metadata().ID), subtask1, backlog.StatusImplementing)

	// A parent that is complete over children that are not was read from
	// somewhere, but no event leads there.
	done := strings.ReplaceAll(tasksText, `"Phase", "status": "Planned"`, `"Phase", "status": "Complete"`)
	err = s.Save(t.Context(), parse(t, done))
	if !isA[*statemachine.TransitionError](err) {
		t.Error(err)
	}
	wantStatus(t, s.Backlog(), phase, backlog.StatusPlanned)
	if s.Dirty() {
		t.Error("something is pending")
	}
}

func TestItemsAddedToAnEmptySession(t *testing.T) {
	p := newProject(t)
	s := p.init()
	_, err := s.Edit(t.Context(), func(b backlog.Backlog) (backlog.Backlog, error) {
		return b.AddPhase(backlog.PhaseSpec{ID: backlog.MustPhaseID("P1"), Title: "Begin", Description: "d"})
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	diff(t, "phases", 1, p.stored(s.Metadata().ID).Len(backlog.LevelPhase))
}

func TestTwoFirstBacklogs(t *testing.T) {
	p := newProject(t)
	first, second := p.init(), p.init()
	if err := first.Save(t.Context(), parse(t, tasksText)); err != nil {
		t.Fatal(err)
	}
	err := second.Save(t.Context(), backlog.New())
	if !errors.Is(err, batching.ErrConflict) {
		t.Errorf("the other program's backlog was in the way, but: %v", err)
	}
	diff(t, "file", tasksText, p.read("plan/"+first.Metadata().ID+"/tasks.json"))
	diff(t, "items of the second", 3, second.Backlog().Len(backlog.LevelSubtask))
	update(t, second, subtask1, backlog.StatusReady)
	if _, err := second.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, p.stored(first.Metadata().ID), subtask1, backlog.StatusReady)
}

func TestUpdatesMeetAFirstBacklog(t *testing.T) {
	p := newProject(t)
	first, second := p.init(), p.init()
	_, err := second.Edit(t.Context(), func(b backlog.Backlog) (backlog.Backlog, error) {
		return b.AddPhase(backlog.PhaseSpec{ID: backlog.MustPhaseID("P2"), Title: "More", Description: "d"})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Save(t.Context(), parse(t, tasksText)); err != nil {
		t.Fatal(err)
	}
	stats, err := second.Flush(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "groups applied anew", 1, stats.Rebased)
	stored := p.stored(first.Metadata().ID)
	diff(t, "phases", 2, stored.Len(backlog.LevelPhase))
	diff(t, "subtasks", 3, stored.Len(backlog.LevelSubtask))
}

func TestBacklogThatWasRemoved(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	update(t, s, subtask1, backlog.StatusReady)
	file := p.path("plan", s.Metadata().ID, "tasks.json")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Batcher().Refresh(t.Context()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("refresh: %v", err)
	}
	if _, err := s.Flush(t.Context()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("flush: %v", err)
	}
	wantStatus(t, s.Backlog(), subtask1, backlog.StatusReady)
	if !s.Dirty() {
		t.Error("the update is gone")
	}
	if err := os.WriteFile(file, []byte(tasksText), 0o644); err != nil {
		t.Fatal(err)
	}
}

// lateStore tells what became of a save only after it was done.
type lateStore struct {
	batching.Store
	after []func() error
}

func (s *lateStore) Save(ctx context.Context, save batching.Save) (batching.Revision, error) {
	revision, err := s.Store.Save(ctx, save)
	if err == nil && len(s.after) > 0 {
		err = s.after[0]()
		s.after = s.after[1:]
	}
	return revision, err
}

func (s *lateStore) option() session.Option {
	return session.WithStore(func(below batching.Store) batching.Store {
		s.Store = below
		return s
	})
}

// TestFirstSaveUntilItIsDurable: a first backlog that is stored but might not
// survive a power cut is not saved. It is written again by the next Save, and
// not taken for another program's.
func TestFirstSaveUntilItIsDurable(t *testing.T) {
	p := newProject(t)
	notDurable := func() error { return batching.ErrNotDurable }
	store := &lateStore{after: []func() error{notDurable, notDurable}}
	s := p.init(store.option())
	changed := strings.Replace(tasksText, "Subtask 1", "First subtask", 1)
	for _, text := range []string{tasksText, changed} {
		if err := s.Save(t.Context(), parse(t, text)); !errors.Is(err, batching.ErrNotDurable) {
			t.Fatal(err)
		}
		diff(t, "subtasks", 0, s.Backlog().Len(backlog.LevelSubtask))
	}
	if err := s.Save(t.Context(), parse(t, tasksText)); err != nil {
		t.Fatal(err)
	}
	diff(t, "saves that failed", 0, len(store.after))
	diff(t, "file", tasksText, p.read("plan/"+s.Metadata().ID+"/tasks.json"))
	diff(t, "subtasks", 3, s.Backlog().Len(backlog.LevelSubtask))
}

// TestFirstSaveIsTakenIn although the context ends meanwhile.
func TestFirstSaveIsTakenIn(t *testing.T) {
	p := newProject(t)
	ctx, cancel := context.WithCancel(t.Context())
	store := &lateStore{after: []func() error{func() error { cancel(); return nil }}}
	s := p.init(store.option())
	if err := s.Save(ctx, parse(t, tasksText)); err != nil {
		t.Fatal(err)
	}
	diff(t, "subtasks", 3, s.Backlog().Len(backlog.LevelSubtask))
}
