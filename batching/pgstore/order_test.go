package pgstore_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// TestDigestKnowsTheOrder has the log say something else than what was stored,
// which differs by the order of items alone: it must not be believed.
func TestDigestKnowsTheOrder(t *testing.T) {
	pool, _ := newDatabase(t)
	s := pgstore.New(pool, "plan", pgstore.WithLogger(quiet))
	if err := s.Create(t.Context(), plantest.Parse(plantest.Text(1, 1, 4)).Document); err != nil {
		t.Fatal(err)
	}
	before, base, err := s.Load(t.Context(), plantest.Type())
	if err != nil {
		t.Fatal(err)
	}
	swapped := strings.NewReplacer("T2", "T3", "T3", "T2").Replace(string(before.AppendJSON(nil)))
	after := plantest.Parse(swapped).Document
	texts := []document.Change{document.Force(plantest.TaskID(1, 1, 1).Document(), document.Status(plantest.Open), "nothing")}
	if _, err := s.Save(t.Context(), batching.Save{Base: base, Stored: before, Document: after, Groups: []batching.Group{{Changes: texts, Updates: 1}}}); err != nil {
		t.Fatal(err)
	}
	now, _, err := s.Refresh(t.Context(), before, base)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(now.AppendJSON(nil)), stored(t, s).String(); got != want {
		t.Errorf("refreshed is\n%s\nstored is\n%s", got, want)
	}
}

// TestDigestIsTheSameHoweverTheOrderCameAbout adds, moves and removes items at one place in several
// revisions: what they add up to is replayed, not loaded.
func TestDigestIsTheSameHoweverTheOrderCameAbout(t *testing.T) {
	var said bytes.Buffer
	pool, _ := newDatabase(t)
	s := pgstore.New(pool, "plan", pgstore.WithLogger(slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	if err := s.Create(t.Context(), plantest.Parse(plantest.Text(1, 2, 4)).Document); err != nil {
		t.Fatal(err)
	}
	a, b := open(t, s), open(t, s)
	id := func(story, task int) document.ID { return plantest.TaskID(1, story, task).Document() }
	apply := func(changes ...document.Change) {
		t.Helper()
		if _, err := a.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) { return p.Apply(changes...) }); err != nil {
			t.Fatal(err)
		}
		flush(t, a)
	}
	addTask(t, a)
	flush(t, a)
	addTask(t, a)
	flush(t, a)
	apply(document.Remove(id(1, 5)))
	apply(document.Remove(id(1, 2)), document.Remove(id(2, 4)))
	apply(document.Remove(id(1, 3)))
	apply(document.Remove(id(1, 1)))
	if _, err := b.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := b.Snapshot().String(), stored(t, s).String(); got != want {
		t.Errorf("refreshed is\n%s\nstored is\n%s", got, want)
	}
	if strings.Contains(said.String(), "not replayed") {
		t.Errorf("the document was loaded: %s", &said)
	}
}
