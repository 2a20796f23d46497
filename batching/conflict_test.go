package batching_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

// TestAnotherWriter has somebody else write between load and flush.
func TestAnotherWriter(t *testing.T) {
	for name, byRename := range map[string]bool{"by rename": true, "in place": false} {
		t.Run(name, func(t *testing.T) {
			name := newFile(t, 1, 1, 4)
			b := open(t, filestore.New(name))
			update(t, b, 1, plantest.Active)
			rewrite(t, name, plantest.TaskID(1, 1, 2), plantest.Done, byRename)
			stats := flush(t, b)
			if stats.Rebased != 1 || stats.ItemsWritten != 1 {
				t.Errorf("stats %+v", stats)
			}
			for _, p := range []plantest.Plan{stored(t, name), b.Snapshot()} {
				wantStatus(t, p, plantest.TaskID(1, 1, 1), plantest.Active)
				wantStatus(t, p, plantest.TaskID(1, 1, 2), plantest.Done)
			}
			// And again, with nothing loaded but what was written by us.
			update(t, b, 3, plantest.Active)
			rewrite(t, name, plantest.TaskID(1, 1, 4), plantest.Failed, byRename)
			flush(t, b)
			for task, want := range []plantest.Status{plantest.Active, plantest.Done, plantest.Active, plantest.Failed} {
				wantStatus(t, stored(t, name), plantest.TaskID(1, 1, task+1), want)
			}
		})
	}
}

// TestConflict has somebody else make one of our groups illegal.
func TestConflict(t *testing.T) {
	name := newFile(t, 1, 1, 4)
	var log logBuffer
	b := open(t, filestore.New(name), batching.WithLogger(log.logger()))
	id := func(n int) plantest.ID { return plantest.TaskID(1, 1, n) }
	update(t, b, 1, plantest.Active)
	// One group of two, one of which will be illegal.
	if _, err := b.Apply(t.Context(), batching.Set(id(2), plantest.Active), batching.Set(id(3), plantest.Active)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Force(t.Context(), id(4), plantest.Failed, "burnt"); err != nil {
		t.Fatal(err)
	}
	rewrite(t, name, id(3), plantest.Done, true)
	rewrite(t, name, id(4), plantest.Done, true)
	stats, err := b.Flush(t.Context())
	var conflict *batching.ConflictError
	if !errors.As(err, &conflict) || !errors.Is(err, batching.ErrConflict) {
		t.Fatalf("error %v", err)
	}
	var transition *statemachine.TransitionError
	if !errors.As(err, &transition) {
		t.Errorf("error %v", err)
	}
	if stats.ItemsWritten != 2 || stats.Rebased != 2 {
		t.Errorf("stats %+v", stats)
	}
	if len(conflict.Groups) != 1 || len(conflict.Groups[0].Items) != 2 || conflict.Groups[0].Group.Updates != 2 {
		t.Fatalf("%+v", conflict)
	}
	item := conflict.Groups[0].Items[1]
	if item.ID != id(3).Document() || plantest.Status(item.Ours.Status()) != plantest.Active ||
		plantest.Status(item.Theirs.Status()) != plantest.Done {
		t.Errorf("sides: %v", item)
	}
	for _, want := range []string{"E1.S1.T3 (ours Active, theirs Done)", "E1.S1.T2 (ours Active, theirs Open)"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("message %q does not say %q", err, want)
		}
	}
	want := []plantest.Status{plantest.Active, plantest.Open, plantest.Done, plantest.Failed}
	for n, status := range want {
		wantStatus(t, stored(t, name), id(n+1), status)
		wantStatus(t, b.Snapshot(), id(n+1), status)
	}
	if _, err := b.Flush(t.Context()); err != nil || b.Dirty() {
		t.Errorf("reported twice: %v", err)
	}
	logged := false
	for _, record := range log.take(t) {
		logged = logged || record["msg"] == "Update left out because of another writer's change" && record["item"] == "E1.S1.T2"
	}
	if !logged {
		t.Error("not logged")
	}
}

// TestConflictThatLeavesNothing has every pending group become illegal.
func TestConflictThatLeavesNothing(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	b := open(t, filestore.New(name))
	update(t, b, 1, plantest.Active)
	rewrite(t, name, plantest.TaskID(1, 1, 1), plantest.Done, false)
	theirs := stored(t, name).String()
	stats, err := b.Flush(t.Context())
	if !errors.Is(err, batching.ErrConflict) || stats.ItemsWritten != 0 || b.Dirty() {
		t.Errorf("%+v, %v, dirty %v", stats, err, b.Dirty())
	}
	if got := stored(t, name).String(); got != theirs || b.Snapshot().String() != theirs {
		t.Error("their file has changed")
	}
}

// TestConflictWithAFailure has both: nobody must wait for the one to be told of
// the other.
func TestConflictWithAFailure(t *testing.T) {
	name := newFile(t, 1, 1, 2)
	store := &faultyStore{Store: filestore.New(name), before: func(n int) error {
		if n == 2 {
			return fs.ErrPermission
		}
		return nil
	}}
	b := open(t, store)
	update(t, b, 1, plantest.Active)
	update(t, b, 2, plantest.Active)
	rewrite(t, name, plantest.TaskID(1, 1, 1), plantest.Done, true)
	_, err := b.Flush(t.Context())
	var conflict *batching.ConflictError
	var failure *batching.FlushError
	if !errors.As(err, &conflict) || !errors.As(err, &failure) || failure.Pending != 1 {
		t.Errorf("error %v", err)
	}
	flush(t, b)
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 2), plantest.Active)
}

// TestRemovedItem has somebody else remove the item that we have updated.
func TestRemovedItem(t *testing.T) {
	name := newFile(t, 1, 1, 2)
	b := open(t, filestore.New(name))
	update(t, b, 1, plantest.Active)
	p, err := stored(t, name).Apply(document.Remove(plantest.TaskID(1, 1, 1).Document()))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(p.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = b.Flush(t.Context())
	var notFound *document.NotFoundError
	if !errors.Is(err, batching.ErrConflict) || !errors.As(err, &notFound) || !strings.Contains(err.Error(), "theirs none") {
		t.Errorf("error %v", err)
	}
}

// TestFileGoneOrBroken has somebody else remove or break the file.
func TestFileGoneOrBroken(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(t *testing.T, name string)
		check func(error) bool
	}{
		{"removed", func(t *testing.T, name string) {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}, func(err error) bool { return errors.Is(err, fs.ErrNotExist) }},
		{"cut short", func(t *testing.T, name string) {
			if err := os.Truncate(name, 100); err != nil {
				t.Fatal(err)
			}
		}, func(err error) bool { var p *document.ParseError; return errors.As(err, &p) }},
		{"emptied", func(t *testing.T, name string) {
			if err := os.Truncate(name, 0); err != nil {
				t.Fatal(err)
			}
		}, func(err error) bool { var p *document.ParseError; return errors.As(err, &p) }},
		{"made a directory", func(t *testing.T, name string) {
			if err := errors.Join(os.Remove(name), os.Mkdir(name, 0o755)); err != nil {
				t.Fatal(err)
			}
		}, func(err error) bool { return err != nil }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			name := newFile(t, 1, 1, 2)
			original := stored(t, name).String()
			b := open(t, filestore.New(name))
			update(t, b, 1, plantest.Active)
			tt.spoil(t, name)
			_, err := b.Flush(t.Context())
			if !tt.check(err) {
				t.Errorf("error %v", err)
			}
			if len(b.Pending()) != 1 {
				t.Error("not pending any more")
			}
			// The file comes back, as somebody has it in a backup.
			if err := errors.Join(os.RemoveAll(name), os.WriteFile(name, []byte(original), 0o644)); err != nil {
				t.Fatal(err)
			}
			flush(t, b)
			wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), plantest.Active)
		})
	}
}

func TestRefresh(t *testing.T) {
	name := newFile(t, 1, 1, 3)
	b := open(t, filestore.New(name))
	update(t, b, 1, plantest.Active)
	update(t, b, 2, plantest.Active)
	rewrite(t, name, plantest.TaskID(1, 1, 2), plantest.Done, true)
	rewrite(t, name, plantest.TaskID(1, 1, 3), plantest.Done, false)
	p, err := b.Refresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for task, want := range []plantest.Status{plantest.Active, plantest.Done, plantest.Done} {
		wantStatus(t, p, plantest.TaskID(1, 1, task+1), want)
	}
	if len(b.Pending()) != 1 {
		t.Errorf("pending %v", b.Pending())
	}
	if _, err := b.Flush(t.Context()); !errors.Is(err, batching.ErrConflict) {
		t.Errorf("the conflict found by Refresh is not reported: %v", err)
	}
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), plantest.Active)
}
