package merge_test

import (
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/internal/merge"
)

// TestFieldsOfTheDocument merges groups that change fields of the document itself.
func TestFieldsOfTheDocument(t *testing.T) {
	text := func(key string) format.FieldDescriptor {
		return format.FieldDescriptor{Name: key, Key: key, Kind: format.TextField}
	}
	typ, err := document.NewType(format.Descriptor{
		Name: "notes", Roots: []format.Root{{Kind: format.RootObject, Key: "notes"}},
		Fields:   []format.FieldDescriptor{text("project"), text("owner")},
		Statuses: []format.StatusDescriptor{{Name: "open", Category: format.Todo}, {Name: "done", Category: format.Done}}, Events: []string{"finish"},
		Machines: []format.Machine{{Name: "life", Initial: 1, States: []document.Status{1, 2}, Transitions: []format.Transition{{Event: 1, From: []document.Status{1}, To: 2}}}},
		Levels:   []format.LevelDescriptor{{Name: "Note", Plural: "Notes", ID: format.IDDescriptor{Kind: format.TextID}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	base, err := typ.Parse([]byte(`{"project":"p","owner":"o","notes":[{"id":"a","status":"open"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	project := func(value string) document.Change { return typ.FieldChange(0, document.TextValue(value)) }
	owner := func(value string) document.Change { return typ.FieldChange(1, document.TextValue(value)) }
	for _, test := range []struct {
		name   string
		theirs group
		groups []group
		known  int // how many of the groups may be stored
		want   []string
		leads  group
	}{
		{"one field", group{project("theirs")}, []group{{project("ours")}}, 0, []string{"the document: project: " + tooField}, nil},
		{"one field, alike", group{project("same")}, []group{{project("same")}}, 0, []string{nothing}, nil},
		{"different fields", group{project("theirs")}, []group{{owner("ours")}}, 0, []string{applied}, group{owner("ours")}},
		{"a field and an item", group{project("theirs")}, []group{{owner("ours"), document.Set(document.NewID("", "a"), 2)}}, 0, []string{applied},
			group{owner("ours"), document.Set(document.NewID("", "a"), 2)}},
		{"a group is left out as a whole", group{project("theirs")}, []group{{owner("ours"), project("ours")}, {document.Set(document.NewID("", "a"), 2)}}, 0,
			[]string{"the document: project: " + tooField, applied}, group{document.Set(document.NewID("", "a"), 2)}},
		{"it is there", group{project("ours"), owner("theirs")}, []group{{project("ours")}}, 1, []string{contained}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			ours, known := base, []merge.Known{{Version: merge.Whole(base)}}
			for i, g := range test.groups {
				if ours = changed(t, ours, g...); i < test.known {
					known = append(known, merge.Known{Groups: i + 1, Version: merge.Whole(ours)})
				}
			}
			stored := changed(t, base, test.theirs...)
			merged, outcomes := merge.Merge(merge.Input{Stored: stored, Ours: ours, Groups: test.groups, Known: known})
			wantOutcomes(t, outcomes, test.want)
			wantDocument(t, merged, changed(t, stored, test.leads...))
		})
	}
}
