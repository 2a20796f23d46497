package merge_test

import (
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/internal/merge"
)

// TestTwoWritersTakeTheSameNextID has both add an item without an id, and then change
// it.
func TestTwoWritersTakeTheSameNextID(t *testing.T) {
	typ, err := document.NewType(format.Descriptor{
		Name: "notes", Roots: []format.Root{{Kind: format.RootArray}},
		Statuses: []format.StatusDescriptor{{Name: "open", Category: format.Todo}, {Name: "done", Category: format.Done}}, Events: []string{"finish"},
		Machines: []format.Machine{{Name: "life", Initial: 1, States: []document.Status{1, 2}, Transitions: []format.Transition{{Event: 1, From: []document.Status{1}, To: 2}}}},
		Levels:   []format.LevelDescriptor{{Name: "Note", Plural: "Notes", ID: format.IDDescriptor{Kind: format.TextID, Next: "N-{n}"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	known, err := typ.Parse([]byte(`[{"id":"N-1","status":"open"}]`))
	if err != nil {
		t.Fatal(err)
	}
	addition := func() group {
		id, ok := known.NextID(document.ID{})
		if !ok {
			t.Fatal("there is no next id")
		}
		return group{typ.NewItem(0, id).AddChange(document.ID{})}
	}
	theirs, groups := changed(t, known, addition()...), []group{addition(), {document.Set(document.NewID("", "N-2"), 2)}}
	ours := known
	for _, g := range groups {
		ours = changed(t, ours, g...)
	}
	merged, outcomes := merge.Merge(merge.Input{Stored: theirs, Ours: ours, Groups: groups, Known: []merge.Known{{Version: merge.Whole(known)}}})
	wantOutcomes(t, outcomes, []string{`N-2: the id "N-2" is taken [duplicate-id]`, "N-2: " + notThere})
	if got := string(merged.AppendJSON(nil)); got != string(theirs.AppendJSON(nil)) {
		t.Errorf("merged to %s", got)
	}
}
