package session_test

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching/session"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

const newText = "# Product\n\n## Import\n\nReads files and pipes.\n\n## Export\n\nWrites files.\n"

// delta derives a session for newText.
func (p project) delta(s *backlogSession, c *carry) *backlogDelta {
	p.t.Helper()
	p.write("PRD.md", newText)
	d, err := s.CreateDelta(p.t.Context(), p.prd, c)
	if err != nil {
		p.t.Fatal(err)
	}
	p.opened(d.Session, nil)
	return d
}

func TestDelta(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	d := p.delta(s, nil)
	id := d.Session.Metadata().ID
	diff(t, "sequence", 2, d.Session.Metadata().Sequence)
	diff(t, "parent", s.Metadata().ID, d.Session.Metadata().Parent)
	diff(t, "old PRD", prdText, d.OldPRD)
	diff(t, "new PRD", newText, d.NewPRD)
	diff(t, "summary", "changed: ## Import (line 3)\nadded: ## Export (line 7)\n", d.Summary())
	diff(t, "diff", strings.Join([]string{
		"--- 001_" + prdHash + "/prd_snapshot.md",
		"+++ new PRD",
		"@@ -2,4 +2,8 @@",
		" ", " ## Import", " ", "-Reads files.", "+Reads files and pipes.", "+", "+## Export", "+", "+Writes files.", "",
	}, "\n"), d.Diff)
	diff(t, "directory", []string{
		"architecture/", "artifacts/", "parent_session.txt", "prd_snapshot.md", "prps/",
	}, tree(t, d.Session.Metadata().Dir()))
	diff(t, "parent file", s.Metadata().ID+"\n", p.read("plan/"+id+"/parent_session.txt"))
	diff(t, "subtasks", 0, d.Session.Backlog().Len(backlog.LevelSubtask))

	loaded := p.load(id)
	diff(t, "metadata when loaded again", d.Session.Metadata(), loaded.Metadata())
	diff(t, "PRD when loaded again", newText, loaded.PRD())
	diff(t, "what Init finds", d.Session.Metadata(), p.init().Metadata())
	lineage, err := session.Lineage(t.Context(), loaded.Metadata())
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "lineage", []string{id, s.Metadata().ID}, ids(lineage))
	if changed, err := d.Session.Changed(t.Context()); changed || err != nil {
		t.Errorf("changed: %v, %v", changed, err)
	}
}

func TestDeltaCarriesTheBacklogOver(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	update(t, s, subtask1, backlog.StatusImplementing)
	update(t, s, subtask1, backlog.StatusComplete)
	update(t, s, subtask2, backlog.StatusReady) // pending until the delta is made
	d := p.delta(s, &carry{Reset: []backlog.ItemID{subtask1}, Obsolete: []backlog.ItemID{subtask3}})
	for name, b := range map[string]backlog.Backlog{"open": d.Session.Backlog(), "stored": p.stored(d.Session.Metadata().ID)} {
		t.Run(name, func(t *testing.T) {
			wantStatus(t, b, subtask1, backlog.StatusPlanned)
			wantStatus(t, b, subtask2, backlog.StatusReady)
			wantStatus(t, b, subtask3, backlog.StatusObsolete)
		})
	}
	if !strings.HasSuffix(p.read("plan/"+d.Session.Metadata().ID+"/tasks.json"), `"kept": 1.50}`) {
		t.Error("what the schema does not know is lost")
	}
	stored := p.stored(s.Metadata().ID)
	wantStatus(t, stored, subtask1, backlog.StatusComplete)
	wantStatus(t, stored, subtask2, backlog.StatusReady)
	wantStatus(t, stored, subtask3, backlog.StatusPlanned)
}

func TestDeltaOfAnEmptySession(t *testing.T) {
	p := newProject(t)
	d := p.delta(p.init(), &carry{})
	if slices.Contains(tree(t, d.Session.Metadata().Dir()), "tasks.json") {
		t.Error("a backlog was made of nothing")
	}
}

// TestDeltaRefused: nothing is made then.
func TestDeltaRefused(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	update(t, s, phase, backlog.StatusObsolete)
	p.write("new.md", newText)
	p.write("latin1.md", "\xe9")
	unknown := backlog.MustItemID("P9")
	bare := p.init() // has no pending updates of its own
	if _, err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, prd string
		carry     *carry
		op        string
		path      string
		want      func(error) bool
	}{
		{"not changed", "PRD.md", nil, "create delta", "PRD.md", func(err error) bool { return errors.Is(err, session.ErrUnchanged) }},
		{"no PRD", "none.md", nil, "read PRD", "none.md", func(err error) bool { return errors.Is(err, fs.ErrNotExist) }},
		{"not UTF-8", "latin1.md", nil, "read PRD", "latin1.md", isA[*session.EncodingError]},
		{"unknown items", "new.md", &carry{Reset: []backlog.ItemID{unknown}, Obsolete: []backlog.ItemID{backlog.MustItemID("P8")}},
			"carry backlog", "plan/" + s.Metadata().ID + "/tasks.json", func(err error) bool {
				return isA[*document.NotFoundError](err) && strings.Contains(err.Error(), "P8") && strings.Contains(err.Error(), "P9")
			}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := bare.CreateDelta(t.Context(), p.path(test.prd), test.carry)
			if err == nil || !test.want(err) {
				t.Fatal(err)
			}
			wantPath(t, err, test.op, p.path(test.path))
			diff(t, "sessions", []string{s.Metadata().ID}, p.list())
		})
	}
}

// TestDeltaAsksTheMachine carries over what no event leads to.
func TestDeltaAsksTheMachine(t *testing.T) {
	p := newProject(t)
	p.write("new.md", newText)
	s := planSession(t, p)
	_, err := s.CreateDelta(t.Context(), p.path("new.md"), &planCarry{Obsolete: []planID{planTask}})
	if err == nil || !strings.Contains(err.Error(), "dropped") {
		t.Errorf("no status means dropped, but: %v", err)
	}
	d, err := s.CreateDelta(t.Context(), p.path("new.md"), &planCarry{Reset: []planID{planTask}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Session.Close(t.Context()); err != nil {
		t.Fatal(err)
	}

	// A machine that has no way back to the beginning.
	stuck := oneWaySession(t, p)
	_, err = stuck.CreateDelta(t.Context(), p.path("new.md"), &planCarry{Reset: []planID{planTask}})
	if !isA[*statemachine.TransitionError](err) {
		t.Error(err)
	}
}

func TestDeltaTwice(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	d := p.delta(s, nil)
	_, err := s.CreateDelta(t.Context(), p.prd, nil)
	if !errors.Is(err, fs.ErrExist) {
		t.Error(err)
	}
	wantPath(t, err, "create delta", d.Session.Metadata().Dir())

	// Back to the first PRD: a session of its own, which Init finds from now on.
	p.write("PRD.md", prdText)
	back, err := d.Session.CreateDelta(t.Context(), p.prd, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.opened(back.Session, nil)
	diff(t, "back again", "003_"+prdHash, back.Session.Metadata().ID)
	diff(t, "what Init finds", back.Session.Metadata(), p.init().Metadata())
}

// TestDeltaNeedsTheFlush: with updates that cannot be written no session is made.
func TestDeltaNeedsTheFlush(t *testing.T) {
	p := newProject(t)
	s := p.withTasks()
	update(t, s, subtask1, backlog.StatusReady)
	file := p.read("plan/" + s.Metadata().ID + "/tasks.json")
	p.write("plan/"+s.Metadata().ID+"/tasks.json", "{}")
	p.write("PRD.md", newText)
	if _, err := s.CreateDelta(t.Context(), p.prd, nil); !isA[*document.ParseError](err) {
		t.Error(err)
	}
	diff(t, "sessions", []string{s.Metadata().ID}, p.list())
	p.write("plan/"+s.Metadata().ID+"/tasks.json", file)
	if err := s.Close(context.Background()); err != nil {
		t.Error(err)
	}
}
