package batching_test

import (
	"fmt"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// TestChangesAreOurs has the program change what it has handed in: the changes
// that are pending stay what was accepted.
func TestChangesAreOurs(t *testing.T) {
	name := newFile(t, 1, 1, 2)
	b := open(t, filestore.New(name))
	p := b.Snapshot()
	parent := plantest.MakeID("E1.S1").Document()
	id, _ := p.Document.NextID(parent)
	add := plantest.Type().NewItem(plantest.TaskLevel, id).With(plantest.TitleField, document.TextValue("new")).AddChange(parent)
	item, _ := p.Document.Find(plantest.TaskID(1, 1, 1).Document())
	edit, _ := item.With(plantest.TitleField, document.TextValue("edited")).EditChange()
	for _, change := range []document.Change{add, edit} {
		if _, err := b.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) { return p.Apply(change) }); err != nil {
			t.Fatal(err)
		}
	}
	add.Edit.Item, add.Edit.Parent = "no JSON", document.ID{}
	edit.Edit.Fields[0].Value = "no JSON"
	// Another writer makes the batcher apply everything once more.
	rewrite(t, name, plantest.TaskID(1, 1, 2), plantest.Done, true)
	if stats := flush(t, b); stats.Rebased != 2 {
		t.Errorf("%+v", stats)
	}
	for _, check := range []func(plantest.Plan) error{title("E1.S1.T3", "new"), title("E1.S1.T1", "edited")} {
		if err := check(stored(t, name)); err != nil {
			t.Error(err)
		}
	}
}

// TestPendingGroupsAreCopies changes what Pending has returned.
func TestPendingGroupsAreCopies(t *testing.T) {
	name := newFile(t, 1, 1, 2)
	b := open(t, filestore.New(name))
	if _, err := b.Edit(t.Context(), retitle(1, "edited")); err != nil {
		t.Fatal(err)
	}
	change := &b.Pending()[0].Changes[0]
	change.Edit.Fields[0].Value = "no JSON"
	change.ID = document.ID{}
	rewrite(t, name, plantest.TaskID(1, 1, 2), plantest.Done, true)
	flush(t, b)
	if err := title("E1.S1.T1", "edited")(stored(t, name)); err != nil {
		t.Error(err)
	}
}

// TestPendingIsReadable prints what is pending, as a program would that looks
// for what is wrong.
func TestPendingIsReadable(t *testing.T) {
	b := open(t, filestore.New(newFile(t, 1, 1, 2)))
	if _, err := b.Apply(t.Context(), batching.Set(plantest.TaskID(1, 1, 1), plantest.Active), batching.Advance(plantest.TaskID(1, 1, 2), plantest.Done)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Edit(t.Context(), retitle(1, "new")); err != nil {
		t.Fatal(err)
	}
	want := "[set E1.S1.T1 to Active; advance E1.S1.T2 to Done edit E1.S1.T1 (title)]"
	if got := fmt.Sprintf("%v", b.Pending()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
