package session_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching/session"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
	"github.com/backlog-gen/backlog-gen/internal/regularfile"
)

func TestHostileNames(t *testing.T) {
	p := newProject(t)
	id := p.withTasks().Metadata().ID
	p.write("outside/001_aaaaaaaaaaaa/prd_snapshot.md", "secret")
	names := []string{
		"", ".", "..", "/", "../outside/001_aaaaaaaaaaaa", p.path("outside/001_aaaaaaaaaaaa"), "./" + id, id + "/",
		id + "/../" + id, id + "/../../outside/001_aaaaaaaaaaaa", id + "\x00", id + "\n", " " + id, `..\` + id,
		"001_AAAAAAAAAAAA", "001-aaaaaaaaaaaa", "1_aaaaaaaaaaaa", "٠٠١_aaaaaaaaaaaa", "0000000001_aaaaaaaaaaaa",
	}
	for _, name := range names {
		_, err := session.Open(t.Context(), backlog.Format(), p.plan, name, quiet)
		var wrong *session.NameError
		if !errors.As(err, &wrong) || wrong.Name != name {
			t.Errorf("%q: %v", name, err)
		}
		wantPath(t, err, "load", p.plan)
		hostile := session.Metadata{ID: id, Parent: name, PlanDir: p.plan}
		if parent, err := session.Parent(t.Context(), hostile); err == nil {
			t.Errorf("parent %q: %v", name, parent)
		}
	}
	s, err := session.Open(t.Context(), backlog.Format(), p.plan, id, quiet)
	p.opened(s, err)
}

// TestLinksThatStayInside are followed.
func TestLinksThatStayInside(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	id := s.Metadata().ID
	p.link(id, "plan/002_aaaaaaaaaaaa")
	p.write("plan/shared/tasks.json", tasksText)
	p.write("plan/"+third+"/prd_snapshot.md", prdText)
	p.link("../shared/tasks.json", "plan/"+third+"/tasks.json")
	diff(t, "sessions", []string{id, "002_aaaaaaaaaaaa", third}, p.list())

	linked := p.load("002_aaaaaaaaaaaa")
	diff(t, "subtasks", 3, linked.Backlog().Len(backlog.LevelSubtask))
	if err := linked.SetCurrent(t.Context(), subtask1); err != nil {
		t.Fatal(err)
	}
	diff(t, "current item", "P1.M1.T1.S1\n", p.read("plan/"+id+"/current_item.txt"))

	through := p.load(third)
	update(t, through, subtask1, backlog.StatusReady)
	if _, err := through.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, parse(t, p.read("plan/shared/tasks.json")), subtask1, backlog.StatusReady)
	if info, err := os.Lstat(p.path("plan", third, "tasks.json")); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link was replaced: %v, %v", info, err)
	}
}

// TestLinksThatLeadOutside are refused, and nothing out there is read, made or
// changed.
func TestLinksThatLeadOutside(t *testing.T) {
	const id = "001_" + prdHash
	load := func(p project) error {
		_, err := session.Load(p.t.Context(), backlog.Format(), p.path("plan", id), quiet)
		return err
	}
	initialise := func(p project) error {
		_, err := session.Init(p.t.Context(), backlog.Format(), p.plan, p.prd, quiet)
		return err
	}
	tests := []struct {
		name, link, to string
		absolute       bool
		call           func(project) error
	}{
		{"the session", "plan/" + id, "../outside", false, load},
		{"the session, absolute", "plan/" + id, "outside", true, load},
		{"the session, at Init", "plan/" + id, "../outside", false, initialise},
		{"the snapshot", "plan/" + id + "/prd_snapshot.md", "../../outside/prd_snapshot.md", false, load},
		{"the parent", "plan/" + id + "/parent_session.txt", "../../outside/parent_session.txt", false, load},
		{"the backlog", "plan/" + id + "/tasks.json", "../../outside/tasks.json", false, load},
		{"the backlog, not there yet", "plan/" + id + "/tasks.json", "../../outside/new.json", false, load},
		{"the backlog, absolute", "plan/" + id + "/tasks.json", "outside/tasks.json", true, load},
		{"the lock of the backlog", "plan/" + id + "/tasks.json.lock", "../../outside/new.lock", false, load},
		{"a recovery file", "plan/" + id + "/.tasks.json.0123456789abcdef.recovery", "../../outside/tasks.json", false, load},
		{"the current item", "plan/" + id + "/current_item.txt", "../../outside/current_item.txt", false, load},
		{"the lock", "plan/.session.lock", "../outside/lock", false, initialise},
		{"sessions in a session", "plan/" + id + "/bugfix", "../../outside", false, func(p project) error {
			_, err := session.Init(p.t.Context(), backlog.Format(), p.path("plan", id, "bugfix"), p.prd, quiet)
			return err
		}},
		{"a session around sessions", "plan/" + id, "../outside", false, func(p project) error {
			_, err := session.Init(p.t.Context(), backlog.Format(), p.path("plan", id, "bugfix"), p.prd, quiet)
			return err
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newProject(t)
			p.write("outside/prd_snapshot.md", prdText)
			p.write("outside/tasks.json", tasksText)
			p.write("outside/current_item.txt", "P1\n")
			p.write("outside/parent_session.txt", first)
			if filepath.Dir(test.link) != "plan" {
				p.write("plan/"+id+"/x", "")
				if filepath.Base(test.link) != "prd_snapshot.md" {
					p.write("plan/"+id+"/prd_snapshot.md", prdText)
				}
			}
			to := test.to
			if test.absolute {
				to = p.path(to)
			}
			p.link(to, test.link)
			before := tree(t, p.path("outside"))
			if err := test.call(p); !isA[*session.Error](err) {
				t.Errorf("got %v, want an *Error", err)
			}
			diff(t, "what is outside", before, tree(t, p.path("outside")))
			diff(t, "backlog outside", tasksText, p.read("outside/tasks.json"))
		})
	}
}

// TestLinkPutInPlaceLater: a current item is not written through a link that was
// put there after the session was loaded.
func TestLinkPutInPlaceLater(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	p.write("outside/x", "untouched")
	p.link("../../outside/x", "plan/"+s.Metadata().ID+"/current_item.txt")
	if err := s.SetCurrent(t.Context(), subtask1); !isA[*session.Error](err) {
		t.Error(err)
	}
	diff(t, "outside", "untouched", p.read("outside/x"))
}

func TestPlanDirectoryMayBeALink(t *testing.T) {
	p := newProject(t)
	if err := os.Mkdir(p.path("elsewhere"), 0o755); err != nil {
		t.Fatal(err)
	}
	p.link("elsewhere", "plan")
	id := p.withTasks().Metadata().ID
	if !slices.Contains(tree(t, p.path("elsewhere")), id+"/tasks.json") {
		t.Errorf("got %v", tree(t, p.path("elsewhere")))
	}
}

func TestSessionsInsideASession(t *testing.T) {
	p := newProject(t)
	outer := p.withTasks()
	report := p.path("report.md")
	p.write("report.md", "# Bugs\n")
	bugfix := filepath.Join(outer.Metadata().Dir(), session.BugfixDir)
	inner, err := session.Init(t.Context(), backlog.Format(), bugfix, report, quiet)
	p.opened(inner, err)
	diff(t, "sequence", 1, inner.Metadata().Sequence)
	diff(t, "directory", bugfix, filepath.Dir(inner.Metadata().Dir()))
	if err := inner.Save(t.Context(), parse(t, tasksText)); err != nil {
		t.Fatal(err)
	}
	if err := inner.SetCurrent(t.Context(), subtask1); err != nil {
		t.Fatal(err)
	}
	sessions, err := session.List(t.Context(), bugfix)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "inside", []string{inner.Metadata().ID}, ids(sessions))
	diff(t, "outside", []string{outer.Metadata().ID}, p.list())
	again, err := session.Load(t.Context(), backlog.Format(), inner.Metadata().Dir(), quiet)
	p.opened(again, err)
	diff(t, "subtasks", 3, again.Backlog().Len(backlog.LevelSubtask))
}

// A session that was opened by a relative path is the same one wherever the
// program works later on.
func TestSessionAfterAChangeOfDirectory(t *testing.T) {
	p := newProject(t)
	t.Chdir(p.dir)
	s, err := session.Init(t.Context(), backlog.Format(), "plan", "PRD.md", quiet)
	if err != nil {
		t.Fatal(err)
	}
	id := s.Metadata().ID
	other := t.TempDir()
	t.Chdir(other)
	if err := s.Save(t.Context(), parse(t, tasksText)); err != nil {
		t.Fatal(err)
	}
	update(t, s, subtask1, backlog.StatusReady)
	if err := s.SetCurrent(t.Context(), subtask1); err != nil {
		t.Fatal(err)
	}
	if changed, err := s.Changed(t.Context()); err != nil || changed {
		t.Errorf("PRD changed: %v, %v", changed, err)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, p.stored(id), subtask1, backlog.StatusReady)
	diff(t, "current item", "P1.M1.T1.S1\n", p.read("plan/"+id+"/current_item.txt"))
	if names, err := os.ReadDir(other); err != nil || len(names) > 0 {
		t.Errorf("%v, %v: something was made in another directory", names, err)
	}
}

// A file with a hole says that it is larger than the memory.
func TestHugeTexts(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	for _, name := range []string{"PRD.md", "plan/" + s.Metadata().ID + "/prd_snapshot.md"} {
		if err := os.Truncate(p.path(strings.Split(name, "/")...), 1<<42); err != nil {
			t.Skip("no holes of this size in files here:", err)
		}
	}
	var tooLarge *regularfile.SizeError
	if _, err := s.Changed(t.Context()); !errors.As(err, &tooLarge) {
		t.Errorf("Changed: %v", err)
	}
	if _, err := session.Load(t.Context(), backlog.Format(), s.Metadata().Dir(), quiet); !errors.As(err, &tooLarge) {
		t.Errorf("Load: %v", err)
	}
}
