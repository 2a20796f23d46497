package pgstore_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
	"github.com/backlog-gen/backlog-gen/generated/taskmaster"
	"github.com/backlog-gen/backlog-gen/internal/corpus"
)

// TestRealFilesComeBackByteForByte stores the corpus, and changes it.
func TestRealFilesComeBackByteForByte(t *testing.T) {
	pool, _ := newDatabase(t)
	types := []*document.Type{backlog.Format().Type, taskmaster.Format().Type}
	stored, changed := map[string]int{}, 0
	for _, kind := range []corpus.Kind{corpus.PRP, corpus.TaskMaster, corpus.Broken} {
		for name, data := range corpus.Files(t, kind) {
			for i, typ := range types {
				d, err := typ.Parse(data)
				if err != nil {
					continue // of the other format, or one of those that are refused
				}
				s := pgstore.New(pool, fmt.Sprintf("%d/%d", i, len(stored)), pgstore.WithLogger(quiet))
				stored[fmt.Sprint(i, name)] = 1
				if err := s.Create(t.Context(), d); err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				text, err := s.Text(t.Context())
				if err != nil || !bytes.Equal(text, data) {
					t.Errorf("%s comes back changed (%v):\n%s", name, err, cmp.Diff(string(data), string(text)))
				}
				changed += changeAll(t, s, typ)
			}
		}
	}
	if len(stored) < 5 || changed < 50 {
		t.Errorf("%d documents, %d changes", len(stored), changed)
	}
}

// changeAll forces the items of a stored document into another status, and removes some.
func changeAll(t *testing.T, s *pgstore.Store, typ *document.Type) int {
	t.Helper()
	before, base, err := s.Load(t.Context(), typ)
	if err != nil {
		t.Fatal(err)
	}
	var groups []batching.Group
	after, number := before, 0
	for it := range before.All() {
		number++
		change := document.Remove(it.ID())
		if number%6 != 0 {
			states := typ.Machine(it.Level()).States()
			change = document.Force(it.ID(), states[number%len(states)], "test")
		}
		next, applied, err := after.Apply(change)
		if err != nil || applied.Updates == 0 {
			continue
		}
		after = next
		groups = append(groups, batching.Group{Changes: []document.Change{change}, Updates: 1})
	}
	if _, err := s.Save(t.Context(), batching.Save{Base: base, Stored: before, Document: after, Groups: groups}); err != nil {
		t.Fatal(err)
	}
	text, err := s.Text(t.Context())
	if want := string(after.AppendJSON(nil)); err != nil || string(text) != want {
		t.Errorf("changed document differs (%v):\n%s", err, cmp.Diff(want, string(text)))
	}
	refreshed, _, err := s.Refresh(t.Context(), before, base)
	if want := string(after.AppendJSON(nil)); err != nil || string(refreshed.AppendJSON(nil)) != want {
		t.Errorf("refreshed document differs (%v)", err)
	}
	return len(groups)
}

// TestOddIDs stores groups and ids that SQL, or our own writing of ids, might
// trip over.
func TestOddIDs(t *testing.T) {
	pool, _ := newDatabase(t)
	long := strings.Repeat("é-long-", 120)
	text := `{"a/b~":{"tasks":[{"id":"x/y","title":"t","status":"pending","subtasks":[{"id":1,"title":"t","status":"pending"},{"id":"~1'","title":"t","status":"pending"}]}]},
 "a":{"tasks":[{"id":"b~/x/y","title":"t","status":"pending"},{"id":"` + long + `","title":"t","status":"pending"},{"id":"` + long + `2","title":"t","status":"pending"}]},
 "none\u0000":{"tasks":[{"id":"n\u0000l","title":"t","status":"pending"}]}, "empty":{"tasks":[]}, "last":{"tasks":[{"id":1,"title":"t","status":"pending"}]}}`
	d, err := taskmaster.Format().Type.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s := pgstore.New(pool, "odd", pgstore.WithLogger(quiet))
	if err := s.Create(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	b, err := taskmaster.OpenStore(t.Context(), s, batching.WithLogger(quiet))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close(t.Context())
	if got := string(b.Snapshot().AppendJSON(nil)); got != text {
		t.Errorf("stored %s", got)
	}
	var candidates []batching.Candidate
	for it := range d.All() {
		candidates = append(candidates, batching.Candidate{ID: it.ID(), Status: it.Status()})
		if _, err := b.Edit(t.Context(), func(tasks taskmaster.Tasks) (taskmaster.Tasks, error) {
			now, _, err := taskmaster.Format().Unwrap(tasks).Apply(document.Force(it.ID(), it.Status()+1, "test"))
			return taskmaster.Format().Wrap(now), err
		}); err != nil {
			t.Fatal(err)
		}
	}
	leases, err := s.Acquire(t.Context(), batching.Acquire{Stored: d, Worker: "one", Candidates: candidates, N: len(candidates), Duration: time.Hour})
	if err != nil || len(leases) != len(candidates) {
		t.Fatalf("%d leases of %d, %v", len(leases), len(candidates), err)
	}
	for i, l := range leases {
		if l.ID != candidates[i].ID {
			t.Errorf("lease of %q, want %q", l.ID, candidates[i].ID)
		}
	}
	if _, err := b.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := s.Text(t.Context())
	if err != nil || string(got) != string(b.Snapshot().AppendJSON(nil)) || string(got) == text {
		t.Errorf("stored %s, %v", got, err)
	}
}
