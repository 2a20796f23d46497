package merge_test

import (
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/internal/merge"
)

// TestAnotherWriterRepeatsAnID has another writer store a second item with the id of
// one that our groups change.
func TestAnotherWriterRepeatsAnID(t *testing.T) {
	typ, err := document.NewType(format.Descriptor{
		Name: "notes", Roots: []format.Root{{Kind: format.RootArray}},
		Statuses: []format.StatusDescriptor{{Name: "open", Category: format.Todo}, {Name: "done", Category: format.Done}}, Events: []string{"finish"},
		Machines: []format.Machine{{Name: "life", Initial: 1, States: []document.Status{1, 2}, Transitions: []format.Transition{{Event: 1, From: []document.Status{1}, To: 2}}}},
		Levels:   []format.LevelDescriptor{{Name: "Note", Plural: "Notes", ID: format.IDDescriptor{Kind: format.TextID, WarnDuplicate: true}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	parse := func(text string) *document.Document {
		d, err := typ.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	known := parse(`[{"id":"a","status":"open"},{"id":"b","status":"open"}]`)
	stored := parse(`[{"id":"a","status":"open"},{"id":"b","status":"open"},{"id":"a","status":"open"}]`)
	const stands = `the id "a" stands on 2 items; give each an id of its own`
	a, b := document.NewID("", "a"), document.NewID("", "b")
	for name, test := range map[string]struct {
		group group
		want  string
	}{
		"a status":       {group{document.Set(a, 2)}, stands},
		"a removal":      {group{document.Remove(a)}, stands},
		"another item":   {group{document.Set(b, 2)}, applied},
		"both in one":    {group{document.Set(b, 2), document.Set(a, 2)}, stands},
		"perhaps stored": {group{document.Remove(a)}, stands},
	} {
		t.Run(name, func(t *testing.T) {
			ours := changed(t, known, test.group...)
			in := merge.Input{Stored: stored, Ours: ours, Groups: []group{test.group}, Known: []merge.Known{{Version: merge.Whole(known)}}}
			if name == "perhaps stored" {
				in.Known = append(in.Known, merge.Known{Groups: 1, Version: merge.Whole(ours)})
			}
			_, outcomes := merge.Merge(in)
			if got := told(outcomes[0]); !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
