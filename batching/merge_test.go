package batching_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// planEdit is what one side does to a plan.
type planEdit func(plantest.Plan) (plantest.Plan, error)

func retitle(task int, title string) planEdit {
	return func(p plantest.Plan) (plantest.Plan, error) { return p.WithTitle(plantest.TaskID(1, 1, task), title) }
}

func remove(id string) planEdit {
	return func(p plantest.Plan) (plantest.Plan, error) {
		return p.Apply(document.Remove(plantest.MakeID(id).Document()))
	}
}

// addTask adds a task with the next free number to a story.
func addTask(story, title string) planEdit {
	return func(p plantest.Plan) (plantest.Plan, error) {
		parent := plantest.MakeID(story).Document()
		id, err := p.Document.NextID(parent)
		if !err {
			return p, fmt.Errorf("no id below %s", story)
		}
		item := plantest.Type().NewItem(plantest.TaskLevel, id).With(plantest.TitleField, document.TextValue(title))
		return p.Apply(item.AddChange(parent))
	}
}

// addStory adds a story.
func addStory(title string) planEdit {
	return func(p plantest.Plan) (plantest.Plan, error) {
		parent := plantest.MakeID("E1").Document()
		id, _ := p.Document.NextID(parent)
		item := plantest.Type().NewItem(plantest.StoryLevel, id).With(plantest.TitleField, document.TextValue(title))
		return p.Apply(item.AddChange(parent))
	}
}

func setStatus(task int, to plantest.Status) planEdit {
	return func(p plantest.Plan) (plantest.Plan, error) { return p.Apply(forced(plantest.TaskID(1, 1, task), to)) }
}

// unknownMember changes a member that the format does not know, in the text.
func unknownMember(task int) planEdit {
	return func(p plantest.Plan) (plantest.Plan, error) {
		title := fmt.Sprintf("%q, \"x\": {\"y\":1e2}", "Title of "+plantest.TaskID(1, 1, task).Document().Text())
		return plantest.Parse(strings.Replace(p.String(), title, strings.Replace(title, "1e2", "7", 1), 1)), nil
	}
}

// title says what the title of an item has to be, status what its status.
func title(id, want string) func(plantest.Plan) error {
	return func(p plantest.Plan) error {
		if got := p.Title(plantest.MakeID(id)); got != want {
			return fmt.Errorf("the title of %s is %q, want %q", id, got, want)
		}
		return nil
	}
}

func status(task int, want plantest.Status) func(plantest.Plan) error {
	return func(p plantest.Plan) error {
		if got := p.Status(plantest.TaskID(1, 1, task)); got != want {
			return fmt.Errorf("the status of task %d is %v, want %v", task, got, want)
		}
		return nil
	}
}

// TestThreeWay has both sides change a plan of one epic with one story of two
// tasks, and says what must come out: what theirs have written is never
// overwritten or taken for ours without a word.
func TestThreeWay(t *testing.T) {
	type check = func(plantest.Plan) error
	tests := []struct {
		name         string
		ours, theirs []planEdit
		left         int // groups of ours left out
		want         []check
	}{
		{"both edit one field", []planEdit{retitle(1, "ours")}, []planEdit{retitle(1, "theirs")}, 1,
			[]check{title("E1.S1.T1", "theirs")}},
		{"both edit it alike", []planEdit{retitle(1, "same")}, []planEdit{retitle(1, "same")}, 0,
			[]check{title("E1.S1.T1", "same")}},
		{"both edit different items", []planEdit{retitle(1, "ours")}, []planEdit{retitle(2, "theirs")}, 0,
			[]check{title("E1.S1.T1", "ours"), title("E1.S1.T2", "theirs")}},
		{"they change the status of what we edit", []planEdit{retitle(1, "ours")}, []planEdit{setStatus(1, plantest.Active)}, 0,
			[]check{title("E1.S1.T1", "ours"), status(1, plantest.Active)}},
		{"we change the status of what they edit", []planEdit{setStatus(1, plantest.Active)}, []planEdit{retitle(1, "theirs")}, 0,
			[]check{title("E1.S1.T1", "theirs"), status(1, plantest.Active)}},
		{"our second edit stands on our first", []planEdit{retitle(1, "one"), retitle(1, "two")}, []planEdit{retitle(2, "theirs")}, 0,
			[]check{title("E1.S1.T1", "two")}},
		{"we remove what they edit", []planEdit{remove("E1.S1.T2")}, []planEdit{retitle(2, "theirs")}, 1,
			[]check{title("E1.S1.T2", "theirs")}},
		{"we remove what they work on", []planEdit{remove("E1.S1.T2")}, []planEdit{setStatus(2, plantest.Active)}, 1,
			[]check{status(2, plantest.Active)}},
		{"we remove what has a member of theirs", []planEdit{remove("E1.S1.T2")}, []planEdit{unknownMember(2)}, 1,
			[]check{title("E1.S1.T2", "Title of E1.S1.T2")}},
		{"we remove the parent of what they add", []planEdit{remove("E1.S1")}, []planEdit{addTask("E1.S1", "theirs")}, 1,
			[]check{title("E1.S1.T3", "theirs")}},
		{"we remove the parent of what they edit", []planEdit{remove("E1.S1")}, []planEdit{retitle(2, "theirs")}, 1,
			[]check{title("E1.S1.T2", "theirs")}},
		{"we remove beside what they edit", []planEdit{remove("E1.S1.T1")}, []planEdit{retitle(2, "theirs")}, 0,
			[]check{title("E1.S1.T1", ""), title("E1.S1.T2", "theirs")}},
		{"they remove what we edit", []planEdit{retitle(1, "ours")}, []planEdit{remove("E1.S1.T1")}, 1,
			[]check{title("E1.S1.T1", "")}},
		{"both add, and we go on with ours",
			[]planEdit{addTask("E1.S1", "ours"), retitle(3, "ours, better"), setStatus(3, plantest.Active), retitle(1, "kept")},
			[]planEdit{addTask("E1.S1", "theirs")}, 3,
			[]check{title("E1.S1.T3", "theirs"), status(3, plantest.Open), title("E1.S1.T1", "kept")}},
		{"both add a parent, and we add to ours",
			[]planEdit{addStory("ours"), addTask("E1.S2", "of ours")}, []planEdit{addStory("theirs")}, 2,
			[]check{title("E1.S2", "theirs"), title("E1.S2.T1", "")}},
		{"what was left out is added anew",
			[]planEdit{remove("E1.S1.T2"), addTask("E1.S1", "new"), retitle(2, "new, better")}, []planEdit{retitle(2, "theirs")}, 3,
			[]check{title("E1.S1.T2", "theirs")}},
		{"we remove and add anew", []planEdit{remove("E1.S1.T2"), addTask("E1.S1", "new"), retitle(2, "new, better")},
			[]planEdit{retitle(1, "theirs")}, 0,
			[]check{title("E1.S1.T1", "theirs"), title("E1.S1.T2", "new, better")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			name := newFile(t, 1, 1, 2)
			b := open(t, filestore.New(name))
			for _, edit := range tt.ours {
				if _, err := b.Edit(t.Context(), edit); err != nil {
					t.Fatal(err)
				}
			}
			theirs := stored(t, name)
			for _, edit := range tt.theirs {
				var err error
				if theirs, err = edit(theirs); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(name, []byte(theirs.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			stats, err := b.Flush(t.Context())
			var conflict *batching.ConflictError
			left := 0
			if errors.As(err, &conflict) {
				left = len(conflict.Groups)
			}
			if left != tt.left || stats.Rebased != len(tt.ours)-left {
				t.Errorf("%d groups left out, %+v: %v", left, stats, err)
			}
			for _, check := range tt.want {
				if err := errors.Join(check(stored(t, name)), check(b.Snapshot())); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestConflictNamesTheField shows what is said about an edit left out.
func TestConflictNamesTheField(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	b := open(t, filestore.New(name))
	if _, err := b.Edit(t.Context(), retitle(1, "ours")); err != nil {
		t.Fatal(err)
	}
	theirs, _ := retitle(1, "theirs")(stored(t, name))
	if err := os.WriteFile(name, []byte(theirs.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := b.Flush(t.Context())
	var refusal *batching.MergeError
	if !errors.As(err, &refusal) || fmt.Sprint(refusal.ID, refusal.Fields) != "E1.S1.T1 [title]" {
		t.Errorf("error %v", err)
	}
	if !strings.Contains(fmt.Sprint(err), "title: another writer has changed it, too") {
		t.Errorf("message %q", err)
	}
}

// TestUpdatesThatMayBeStoredMeetAnotherWriter has a save that might not be durable, and
// then another writer: what theirs do not have is applied again, what they have
// is not, and what they have changed since is left to them.
func TestUpdatesThatMayBeStoredMeetAnotherWriter(t *testing.T) {
	tests := []struct {
		name   string
		theirs func(before, after plantest.Plan) (plantest.Plan, error)
		left   int
		task1  plantest.Status
	}{
		{"the old text is back", func(before, _ plantest.Plan) (plantest.Plan, error) { return before, nil }, 0, plantest.Done},
		{"the old text is back, changed elsewhere", func(before, _ plantest.Plan) (plantest.Plan, error) {
			return setStatus(3, plantest.Failed)(before)
		}, 0, plantest.Done},
		{"the old text is back, changed here", func(before, _ plantest.Plan) (plantest.Plan, error) {
			return setStatus(1, plantest.Failed)(before)
		}, 2, plantest.Failed},
		{"they went on from ours", func(_, after plantest.Plan) (plantest.Plan, error) {
			return setStatus(3, plantest.Failed)(after)
		}, 0, plantest.Done},
		{"they went on from ours, with the same item", func(_, after plantest.Plan) (plantest.Plan, error) {
			return setStatus(1, plantest.Failed)(after)
		}, 2, plantest.Failed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			name := newFile(t, 1, 1, 3)
			before := stored(t, name)
			store := &faultyStore{Store: filestore.New(name), after: func(n int, err error) error {
				if n == 1 && err == nil {
					return fmt.Errorf("%w: %w", batching.ErrNotDurable, syscall.EIO)
				}
				return err
			}}
			b := open(t, store)
			update(t, b, 1, plantest.Active)
			update(t, b, 1, plantest.Done)
			if _, err := b.Flush(t.Context()); !errors.Is(err, batching.ErrNotDurable) {
				t.Fatalf("error %v", err)
			}
			update(t, b, 2, plantest.Active)
			theirs, err := tt.theirs(before, stored(t, name))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(theirs.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			_, err = b.Flush(t.Context())
			var conflict *batching.ConflictError
			left := 0
			if errors.As(err, &conflict) {
				left = len(conflict.Groups)
			}
			if left != tt.left {
				t.Errorf("%d groups left out, want %d: %v", left, tt.left, err)
			}
			wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), tt.task1)
			wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 2), plantest.Active)
			wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 3), theirs.Status(plantest.TaskID(1, 1, 3)))
			if b.Dirty() || b.Snapshot().String() != stored(t, name).String() {
				t.Error("something is pending still")
			}
		})
	}
}

// TestUpdatesThatMayBeStoredAndRefresh is the same with a Refresh in between.
func TestUpdatesThatMayBeStoredAndRefresh(t *testing.T) {
	name := newFile(t, 1, 1, 1)
	before := stored(t, name).String()
	store := &faultyStore{Store: filestore.New(name), after: func(n int, err error) error {
		if n == 1 && err == nil {
			return fmt.Errorf("%w: %w", batching.ErrNotDurable, fs.ErrPermission)
		}
		return err
	}}
	b := open(t, store)
	update(t, b, 1, plantest.Active)
	if _, err := b.Flush(t.Context()); err == nil {
		t.Fatal("no error")
	}
	if err := os.WriteFile(name, []byte(before), 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := b.Refresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantStatus(t, p, plantest.TaskID(1, 1, 1), plantest.Active)
	if stats := flush(t, b); stats.ItemsWritten != 1 {
		t.Errorf("%+v", stats)
	}
	wantStatus(t, stored(t, name), plantest.TaskID(1, 1, 1), plantest.Active)
}
