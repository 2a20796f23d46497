package batching_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

func forced(id plantest.ID, to plantest.Status) document.Change {
	return document.Force(id.Document(), document.Status(to), "the editor knows better")
}

// TestFlushWritesOnce updates, and compares the file line by line.
func TestFlushWritesOnce(t *testing.T) {
	name := newFile(t, 1, 2, 5)
	store := &faultyStore{Store: filestore.New(name)}
	b := open(t, store)
	before := stored(t, name).String()
	for task := range 3 {
		update(t, b, task+1, plantest.Active)
	}
	if got := stored(t, name).String(); got != before {
		t.Error("the file has changed before the flush")
	}
	if !b.Dirty() || len(b.Pending()) != 3 {
		t.Errorf("dirty %v, pending %v", b.Dirty(), b.Pending())
	}
	flush(t, b)
	if n := store.count(); n != 1 {
		t.Errorf("%d writes", n)
	}
	if b.Dirty() || len(b.Pending()) != 0 {
		t.Errorf("dirty %v, pending %v", b.Dirty(), b.Pending())
	}
	after := stored(t, name).String()
	if after != b.Snapshot().String() {
		t.Error("the file is not the snapshot")
	}
	oldLines, newLines := strings.Split(before, "\n"), strings.Split(after, "\n")
	changed := 0
	for i := range oldLines {
		if oldLines[i] != newLines[i] {
			changed++
		}
	}
	if changed != 3 || len(oldLines) != len(newLines) {
		t.Errorf("%d lines changed, want 3", changed)
	}
}

func TestFlushWithNothingPendingDoesNothing(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	store := &faultyStore{Store: filestore.New(name)}
	b := open(t, store)
	info := func() fs.FileInfo {
		i, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	before := info()
	// An update to the status that the item has is accepted and does nothing.
	update(t, b, 1, plantest.Open)
	if b.Dirty() {
		t.Error("dirty without a change")
	}
	if stats := flush(t, b); stats != (batching.Stats{}) {
		t.Errorf("stats %+v", stats)
	}
	if store.count() != 0 || !os.SameFile(before, info()) {
		t.Error("the file was written")
	}
}

func TestStats(t *testing.T) {
	tests := []struct {
		updates, saved int
		efficiency     string
	}{
		{1, 0, "0.0"}, {2, 1, "50.0"}, {3, 2, "66.7"}, {10, 9, "90.0"}, {600, 599, "99.8"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.updates), func(t *testing.T) {
			name := newFile(t, 1, 1, tt.updates)
			b := open(t, filestore.New(name))
			for task := range tt.updates {
				update(t, b, task+1, plantest.Active)
			}
			stats := flush(t, b)
			if stats.Duration <= 0 {
				t.Error("took no time")
			}
			efficiency := fmt.Sprintf("%.1f", stats.Efficiency())
			if efficiency != tt.efficiency {
				t.Errorf("efficiency %s, want %s", efficiency, tt.efficiency)
			}
			if stats.WriteOpsSaved() != tt.saved {
				t.Errorf("%d writes saved, want %d", stats.WriteOpsSaved(), tt.saved)
			}
			stats.Duration = 0
			want := batching.Stats{
				ItemsWritten: tt.updates, Attempts: 1,
				Bytes: int64(len(stored(t, name).String())),
			}
			if diff := cmp.Diff(want, stats); diff != "" {
				t.Errorf("stats (-want +got)\n%s", diff)
			}
		})
	}
}

// TestRefusals checks that what is refused leaves no trace.
func TestRefusals(t *testing.T) {
	id := plantest.TaskID(1, 1, 1)
	story := plantest.MakeID("E1.S1")
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	var transition *statemachine.TransitionError
	var notFound *document.NotFoundError
	var change *document.ChangeError
	refusal := errors.New("no")
	tests := []struct {
		name string
		do   func(*plantest.Batcher) (plantest.Plan, error)
		as   any
		is   error
	}{
		{name: "illegal status", as: &transition, do: func(b *plantest.Batcher) (plantest.Plan, error) {
			return b.UpdateStatus(t.Context(), id, plantest.Done)
		}},
		{name: "guard", as: &transition, do: func(b *plantest.Batcher) (plantest.Plan, error) {
			return b.Advance(t.Context(), story, plantest.Done)
		}},
		{name: "unknown id", as: &notFound, do: func(b *plantest.Batcher) (plantest.Plan, error) {
			return b.UpdateStatus(t.Context(), plantest.TaskID(9, 9, 9), plantest.Done)
		}},
		{name: "status of no name", as: &transition, do: func(b *plantest.Batcher) (plantest.Plan, error) {
			return b.UpdateStatus(t.Context(), id, 77)
		}},
		{name: "one of a group", as: &transition, do: func(b *plantest.Batcher) (plantest.Plan, error) {
			return b.Apply(t.Context(), batching.Set(plantest.TaskID(1, 1, 2), plantest.Active), batching.Set(id, plantest.Done))
		}},
		{name: "force without a reason", as: &change, do: func(b *plantest.Batcher) (plantest.Plan, error) {
			return b.Force(t.Context(), id, plantest.Done, "")
		}},
		{name: "edit fails", is: refusal, do: func(b *plantest.Batcher) (plantest.Plan, error) {
			return b.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) { return p, refusal })
		}},
		{name: "edit to another plan's illegal status", as: &transition, do: func(b *plantest.Batcher) (plantest.Plan, error) {
			return b.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) {
				other := strings.Replace(p.String(), `"status": "Open"`, `"status": "Done"`, 1)
				return plantest.Parse(other), nil
			})
		}},
		{name: "canceled", is: context.Canceled, do: func(b *plantest.Batcher) (plantest.Plan, error) {
			return b.UpdateStatus(canceled, id, plantest.Active)
		}},
		{name: "closed", is: batching.ErrClosed, do: func(b *plantest.Batcher) (plantest.Plan, error) {
			if err := b.Close(t.Context()); err != nil {
				t.Error(err)
			}
			return b.UpdateStatus(t.Context(), id, plantest.Active)
		}},
		{name: "closed, edit", is: batching.ErrClosed, do: func(b *plantest.Batcher) (plantest.Plan, error) {
			if err := b.Close(t.Context()); err != nil {
				t.Error(err)
			}
			return b.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) { return p.WithTitle(id, "x") })
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, filestore.New(newFile(t, 1, 1, 2)))
			before := b.Snapshot()
			after, err := tt.do(b)
			if tt.as != nil && !errors.As(err, tt.as) || tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("error %v", err)
			}
			if after != before || b.Snapshot() != before {
				t.Error("the snapshot has changed")
			}
			if b.Dirty() || len(b.Pending()) != 0 {
				t.Error("something is pending")
			}
		})
	}
}

func TestEditMayPanic(t *testing.T) {
	b := open(t, filestore.New(newFile(t, 1, 1, 1)))
	func() {
		defer func() { _ = recover() }()
		_, _ = b.Edit(t.Context(), func(plantest.Plan) (plantest.Plan, error) { panic("oops") })
	}()
	update(t, b, 1, plantest.Active) // would wait for ever if the lock were held
}

func TestEveryKindOfUpdate(t *testing.T) {
	name := newFile(t, 1, 1, 4)
	b := open(t, filestore.New(name))
	ctx := t.Context()
	story := plantest.MakeID("E1.S1")
	task := func(n int) plantest.ID { return plantest.TaskID(1, 1, n) }
	must := func(p plantest.Plan, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if p != b.Snapshot() {
			t.Error("the snapshot returned is not the current one")
		}
	}
	must(b.UpdateStatus(ctx, task(1), plantest.Active))
	must(b.Advance(ctx, task(2), plantest.Done))
	must(b.Force(ctx, task(3), plantest.Failed, "lost"))
	// Guards look at the end of the group: the story may come first.
	must(b.Apply(ctx,
		batching.Advance(story, plantest.Done),
		batching.Set(task(1), plantest.Done),
		batching.Force(task(3), plantest.Done, "found again"),
		batching.Advance(task(4), plantest.Done),
	))
	must(b.Edit(ctx, func(p plantest.Plan) (plantest.Plan, error) { return p.WithTitle(task(4), "new \"title\"") }))
	// Edit that changes nothing.
	must(b.Edit(ctx, func(p plantest.Plan) (plantest.Plan, error) { return p, nil }))

	groups := b.Pending()
	var sizes, updates []int
	for _, g := range groups {
		sizes = append(sizes, len(g.Changes))
		updates = append(updates, g.Updates)
	}
	if diff := cmp.Diff([]int{1, 1, 1, 4, 1}, sizes); diff != "" {
		t.Errorf("sizes of groups (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]int{1, 1, 1, 4, 1}, updates); diff != "" {
		t.Errorf("updates of groups (-want +got)\n%s", diff)
	}
	if reason := groups[3].Changes[2].Reason; reason != "found again" {
		t.Errorf("reason %q", reason)
	}
	if stats := flush(t, b); stats.ItemsWritten != 8 {
		t.Errorf("stats %+v", stats)
	}
	p := stored(t, name)
	for n := range 4 {
		wantStatus(t, p, task(n+1), plantest.Done)
	}
	wantStatus(t, p, story, plantest.Done)
	if got := p.Title(task(4)); got != `new "title"` {
		t.Errorf("title %q", got)
	}
}

func TestSnapshotsNeverChange(t *testing.T) {
	b := open(t, filestore.New(newFile(t, 1, 1, 50)))
	first := b.Snapshot()
	text := first.String()
	var all []plantest.Plan
	var texts []string
	for task := range 50 {
		update(t, b, task+1, plantest.Active)
		all, texts = append(all, b.Snapshot()), append(texts, b.Snapshot().String())
		if task%7 == 0 {
			flush(t, b)
		}
	}
	if first.String() != text {
		t.Error("the first snapshot has changed")
	}
	for i := range all {
		if all[i].String() != texts[i] {
			t.Fatalf("snapshot %d has changed", i)
		}
	}
}

// TestPendingInOrder flushes now and then while many groups of different sizes
// become pending.
func TestPendingInOrder(t *testing.T) {
	const tasks = 400
	b := open(t, filestore.New(newFile(t, 1, 1, tasks)))
	var want [][]string
	step := 0
	for size := range 60 {
		var group []batching.Change[plantest.ID, plantest.Status]
		var ids []string
		for range size%25 + 1 {
			id := plantest.TaskID(1, 1, step%tasks+1)
			to := plantest.Active
			if step/tasks%2 == 1 {
				to = plantest.Open
			}
			step++
			group = append(group, batching.Set(id, to))
			ids = append(ids, id.Document().Text())
		}
		if _, err := b.Apply(t.Context(), group...); err != nil {
			t.Fatal(err)
		}
		want = append(want, ids)
		if size == 20 || size == 45 {
			if stats := flush(t, b); stats.ItemsWritten != count(want) {
				t.Errorf("%d items written, want %d", stats.ItemsWritten, count(want))
			}
			want = nil
		}
		var got [][]string
		for _, g := range b.Pending() {
			var ids []string
			for _, c := range g.Changes {
				ids = append(ids, c.ID.Text())
			}
			got = append(got, ids)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("pending after group %d (-want +got)\n%s", size, diff)
		}
	}
}

func count(groups [][]string) int {
	n := 0
	for _, g := range groups {
		n += len(g)
	}
	return n
}

func TestOpenFails(t *testing.T) {
	missing := newFile(t, 1, 1, 1)
	if err := os.Remove(missing); err != nil {
		t.Fatal(err)
	}
	broken := newFile(t, 1, 1, 1)
	if err := os.WriteFile(broken, []byte("{\n  \"plan\": ["), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := batching.Open(t.Context(), plantest.Format(), filestore.New(missing)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	_, err := batching.Open(t.Context(), plantest.Format(), filestore.New(broken))
	var parse *document.ParseError
	if !errors.As(err, &parse) || parse.File != broken {
		t.Errorf("a broken file: %v", err)
	}
}
