package session_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/session"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
)

func TestLoad(t *testing.T) {
	p := newProject(t)
	made := p.withTasks()
	id := made.Metadata().ID
	p.write("plan/"+id+"/parent_session.txt", "007_aaaaaaaaaaaa\n")
	s := p.load(id)
	diff(t, "metadata", session.Metadata{
		ID: id, Sequence: 1, Hash: prdHash, Parent: "007_aaaaaaaaaaaa", PlanDir: p.plan,
	}, s.Metadata())
	diff(t, "PRD", prdText, s.PRD())
	diff(t, "backlog", tasksText, string(s.Backlog().AppendJSON(nil)))
	if s.Dirty() || len(s.Recoverable()) != 0 {
		t.Error("something is pending or recoverable")
	}
}

// TestLoadWhatExists reads directories as other programs have made them.
func TestLoadWhatExists(t *testing.T) {
	p := newProject(t)
	p.write("plan/004_a0a0a0a0a0a0/prd_snapshot.md", prdText)
	p.write("plan/005_b0b0b0b0b0b0/prd_snapshot.md", "# Other\n")
	p.write("plan/005_b0b0b0b0b0b0/delta_from.txt", "4\n")
	p.write("plan/005_b0b0b0b0b0b0/TEST_RESULTS.md", "\xff not ours\n")
	p.write("plan/006_c0c0c0c0c0c0/prd_snapshot.md", "# Other\n")
	p.write("plan/006_c0c0c0c0c0c0/delta_from.txt", "")
	p.write("plan/007_d0d0d0d0d0d0/prd_snapshot.md", "# Other\n")
	p.write("plan/007_d0d0d0d0d0d0/delta_from.txt", "3")
	p.write("plan/008_e0e0e0e0e0e0/prd_snapshot.md", "# Other\n")
	p.write("plan/008_e0e0e0e0e0e0/parent_session.txt", "/somewhere/plan/005_b0b0b0b0b0b0")
	tests := []struct{ name, id, parent string }{
		{"no parent", "004_a0a0a0a0a0a0", ""},
		{"parent by number", "005_b0b0b0b0b0b0", "004_a0a0a0a0a0a0"},
		{"empty parent file", "006_c0c0c0c0c0c0", ""},
		{"parent by number, gone", "007_d0d0d0d0d0d0", "003"},
		{"parent by path", "008_e0e0e0e0e0e0", "005_b0b0b0b0b0b0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var log logBuffer
			s := p.load(test.id, log.option())
			diff(t, "parent", test.parent, s.Metadata().Parent)
			// The hashes above are made up.
			diff(t, "warnings", 1, len(log.find(t, "PRD snapshot does not have the hash of its session")))
		})
	}
}

func TestLoadOfWhatIsWrong(t *testing.T) {
	const id = "001_" + prdHash
	notExist := func(err error) bool { return errors.Is(err, fs.ErrNotExist) }
	encoding := isA[*session.EncodingError]
	tests := []struct {
		name  string
		files map[string]string
		op    string
		path  string
		want  func(error) bool
	}{
		{"no session", nil, "load", "", notExist},
		{"no snapshot", map[string]string{"tasks.json": tasksText}, "load", "prd_snapshot.md", notExist},
		{"snapshot not UTF-8", map[string]string{"prd_snapshot.md": "a\xc0"}, "load", "prd_snapshot.md", encoding},
		{"snapshot a directory", map[string]string{"prd_snapshot.md/x": ""}, "load", "prd_snapshot.md", isA[*session.Error]},
		{"parent not UTF-8", map[string]string{"prd_snapshot.md": prdText, "parent_session.txt": "\xff"}, "read parent", "parent_session.txt", encoding},
		{"parent no name", map[string]string{"prd_snapshot.md": prdText, "parent_session.txt": "../secret"}, "read parent", "parent_session.txt", isA[*session.NameError]},
		{"parent a huge number", map[string]string{"prd_snapshot.md": prdText, "delta_from.txt": "99999999999999999999"}, "read parent", "delta_from.txt", isA[*session.NameError]},
		{"backlog not a backlog", map[string]string{"prd_snapshot.md": prdText, "tasks.json": "{}"}, "load", "tasks.json", isA[*document.ParseError]},
		{"backlog not UTF-8", map[string]string{"prd_snapshot.md": prdText, "tasks.json": strings.Replace(tasksText, "Subtask 1", "Subtask \xff", 1)}, "load", "tasks.json", isA[*document.ParseError]},
		{"backlog a directory", map[string]string{"prd_snapshot.md": prdText, "tasks.json/x": ""}, "load", "tasks.json", isA[*session.Error]},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newProject(t)
			p.write("plan/note.txt", "")
			for name, text := range test.files {
				p.write("plan/"+id+"/"+name, text)
			}
			_, err := session.Load(t.Context(), backlog.Format(), p.path("plan", id), quiet)
			if err == nil || !test.want(err) {
				t.Fatal(err)
			}
			wantPath(t, err, test.op, p.path("plan", id, test.path))
		})
	}
}

func TestLoadOfARelativePath(t *testing.T) {
	p := newProject(t)
	id := p.withTasks().Metadata().ID
	tests := []struct{ name, in, dir string }{
		{"from the project", p.dir, "plan/" + id},
		{"with a slash", p.dir, "plan/" + id + "/"},
		{"from the plan directory", p.plan, id},
		{"from the session", filepath.Join(p.plan, id), "."},
		{"from below", filepath.Join(p.plan, id, "prps"), ".."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(test.in)
			s, err := session.Load(t.Context(), backlog.Format(), test.dir, quiet)
			if err != nil {
				t.Fatal(err)
			}
			diff(t, "subtasks", 3, s.Backlog().Len(backlog.LevelSubtask))
			update(t, s, subtask1, backlog.StatusReady)
			update(t, s, subtask1, backlog.StatusPlanned)
			if err := s.Close(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestChanged(t *testing.T) {
	p := newProject(t)
	s := p.init()
	changed := func(s *backlogSession) bool {
		t.Helper()
		changed, err := s.Changed(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return changed
	}
	if changed(s) {
		t.Error("changed at the start")
	}
	p.write("PRD.md", prdText+"\n")
	if !changed(s) || !changed(p.load(s.Metadata().ID, session.WithPRD(p.prd))) {
		t.Error("a new line went unnoticed")
	}
	p.write("PRD.md", prdText)
	if changed(s) {
		t.Error("changed although it is as it was")
	}
	if _, err := p.load(s.Metadata().ID).Changed(t.Context()); !errors.Is(err, session.ErrNoPRD) {
		t.Errorf("without a PRD: %v", err)
	}
	if err := os.Remove(p.prd); err != nil {
		t.Fatal(err)
	}
	_, err := s.Changed(t.Context())
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the PRD is gone: %v", err)
	}
	wantPath(t, err, "read PRD", p.prd)
}

// TestRecovery lets a flush fail, and another session find what it preserved.
func TestRecovery(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	id := s.Metadata().ID
	file := p.path("plan", id, "tasks.json")
	update(t, s, subtask1, backlog.StatusReady)
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	err := s.Close(t.Context())
	var failure *batching.FlushError
	if !errors.As(err, &failure) || failure.Preserved == "" {
		t.Fatal(err)
	}
	p.write("plan/"+id+"/tasks.json", tasksText)

	var log logBuffer
	next := p.load(id, log.option())
	wantStatus(t, next.Backlog(), subtask1, backlog.StatusPlanned)
	if next.Dirty() || len(next.Recoverable()) != 1 || len(log.find(t, "Recovery file found")) != 1 {
		t.Fatalf("dirty %v, recoverable %v", next.Dirty(), next.Recoverable())
	}
	stats, err := next.Recover(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "items written", 1, stats.ItemsWritten)
	wantStatus(t, p.stored(id), subtask1, backlog.StatusReady)
	if len(p.load(id).Recoverable()) != 0 {
		t.Error("the recovery file is still there")
	}
}

func TestLoadStopsWithTheContext(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, call := range map[string]func() error{
		"Load":        func() error { _, err := session.Load(ctx, backlog.Format(), s.Metadata().Dir()); return err },
		"List":        func() error { _, err := session.List(ctx, p.plan); return err },
		"Latest":      func() error { _, err := session.Latest(ctx, p.plan); return err },
		"FindByPRD":   func() error { _, err := session.FindByPRD(ctx, p.plan, p.prd); return err },
		"Parent":      func() error { _, err := session.Parent(ctx, s.Metadata()); return err },
		"Changed":     func() error { _, err := s.Changed(ctx); return err },
		"SetCurrent":  func() error { return s.SetCurrent(ctx, subtask1) },
		"Save":        func() error { return s.Save(ctx, backlog.New()) },
		"CreateDelta": func() error { p.write("new.md", "x"); _, err := s.CreateDelta(ctx, p.path("new.md"), nil); return err },
	} {
		if err := call(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
