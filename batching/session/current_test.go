package session_test

import (
	"errors"
	"os"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching/session"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

func TestCurrentItem(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	id := s.Metadata().ID
	if _, ok := s.Current(); ok {
		t.Error("a new session has a current item")
	}
	if err := s.SetCurrent(t.Context(), subtask2); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*backlogSession{"here": s, "loaded anew": p.load(id)} {
		if got, ok := s.Current(); !ok || got != subtask2 {
			t.Errorf("%s: %v, %v", name, got, ok)
		}
	}
	diff(t, "file", "P1.M1.T1.S2\n", p.read("plan/"+id+"/current_item.txt"))
	diff(t, "backlog", tasksText, p.read("plan/"+id+"/tasks.json"))
	if s.Dirty() {
		t.Error("the current item is no pending update")
	}

	if err := s.SetCurrent(t.Context(), backlog.ItemID{}); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*backlogSession{"here": s, "loaded anew": p.load(id)} {
		if got, ok := s.Current(); ok {
			t.Errorf("%s: still %v", name, got)
		}
	}
}

func TestCurrentItemMustExist(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	if err := s.SetCurrent(t.Context(), subtask1); err != nil {
		t.Fatal(err)
	}
	err := s.SetCurrent(t.Context(), backlog.MustItemID("P9"))
	if !isA[*document.NotFoundError](err) {
		t.Error(err)
	}
	wantPath(t, err, "set current item", p.path("plan", s.Metadata().ID, "current_item.txt"))
	if got, _ := s.Current(); got != subtask1 {
		t.Errorf("the current item is %v now", got)
	}
}

// TestCurrentItemNotWritten puts a directory in the way of the file.
func TestCurrentItemNotWritten(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	file := p.path("plan", s.Metadata().ID, "current_item.txt")
	if err := os.Mkdir(file, 0o755); err != nil {
		t.Fatal(err)
	}
	wantPath(t, s.SetCurrent(t.Context(), subtask1), "set current item", file)
	if got, ok := s.Current(); ok {
		t.Errorf("%v was not written, but is the current item", got)
	}
}

func TestCurrentItemFromAWrongFile(t *testing.T) {
	for name, text := range map[string]string{"no id": "first of all", "not UTF-8": "P1\xff"} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			s := p.withTasks()
			p.write("plan/"+s.Metadata().ID+"/current_item.txt", text)
			_, err := session.Load(t.Context(), backlog.Format(), s.Metadata().Dir(), quiet)
			wantPath(t, err, "read current item", p.path("plan", s.Metadata().ID, "current_item.txt"))
		})
	}
}

// TestCurrentItemOfOtherIDs uses ids that cannot be read from text.
func TestCurrentItemOfOtherIDs(t *testing.T) {
	p := newProject(t)
	s, err := session.Init(t.Context(), plantest.Format(), p.plan, p.prd, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Save(t.Context(), plantest.Parse(plantest.Text(1, 1, 1))); err != nil {
		t.Fatal(err)
	}
	if err := s.SetCurrent(t.Context(), plantest.TaskID(1, 1, 1)); !errors.Is(err, errors.ErrUnsupported) {
		t.Error(err)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Error(err)
	}
	p.write("plan/"+s.Metadata().ID+"/current_item.txt", "E1.S1.T1\n")
	s, err = session.Load(t.Context(), plantest.Format(), s.Metadata().Dir(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := s.Current(); ok {
		t.Errorf("the current item is %v", got)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
