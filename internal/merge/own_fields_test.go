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

// TestFieldsOfTheDocumentBesideItemsWithoutIDs tells changes of the document itself
// from those of items that have no ids: both may have the zero ID.
func TestFieldsOfTheDocumentBesideItemsWithoutIDs(t *testing.T) {
	of := todoType(t).Descriptor()
	of.Roots = []format.Root{{Kind: format.RootObject, Key: "todos"}}
	of.Fields = []format.FieldDescriptor{{Name: "Content", Key: "content", Kind: format.TextField}}
	typ, err := document.NewType(of)
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
	own := typ.FieldChange(0, document.TextValue("ours"))
	add := typ.NewItem(0, document.ID{}).With(0, document.TextValue("b")).AddChange(document.ID{})
	item := document.Change{Op: document.OpEdit, ID: typ.PositionID(document.ID{}, 1), Edit: &document.Edit{Fields: own.Edit.Fields}}
	const perhaps = "a new item: another writer has changed the document since this was perhaps stored: where items have no ids, it cannot be told whether it was"
	for _, test := range []struct {
		name, theirs string
		groups       []group
		saved        int // groups that are perhaps stored
		want         []string
		merged       string
	}{
		{"the document's is another's", `{"content":"theirs","todos":[{"content":"a"}]}`, []group{{own}, {add}, {item}}, 0,
			[]string{"the document: content: " + tooField, applied, applied}, `{"content":"theirs","todos":[{"content":"ours"},{"content":"b","status":"open"}]}`},
		{"the item's is another's", `{"content":"","todos":[{"content":"theirs"}]}`, []group{{item}, {own}, {add}}, 0,
			[]string{`#1: another item stands here by now: {"content":"theirs"}, where {"content":"a"} was meant [position]`, applied, applied},
			`{"content":"ours","todos":[{"content":"theirs"},{"content":"b","status":"open"}]}`},
		{"the document's is stored", `{"content":"ours","todos":[{"content":"a"},{"content":"c"}]}`, []group{{own}, {add}}, 2,
			[]string{contained, perhaps}, `{"content":"ours","todos":[{"content":"a"},{"content":"c"}]}`},
		{"an addition is left out before it", `{"content":"","todos":[{"content":"a"},{"content":"c"}]}`, []group{{add}, {own}}, 1,
			[]string{perhaps, applied}, `{"content":"ours","todos":[{"content":"a"},{"content":"c"}]}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			base := parse(`{"content":"","todos":[{"content":"a"}]}`)
			ours, known := base, []merge.Known{{Version: merge.Whole(base)}}
			for i, g := range test.groups {
				ours.See(g)
				if ours = changed(t, ours, g...); i < test.saved {
					known = append(known, merge.Known{Groups: i + 1, Version: merge.Whole(ours)})
				}
			}
			if test.groups[0][0].ByPlace() == (test.groups[0][0].Op == document.OpEdit && test.groups[0][0].ID.IsZero()) {
				t.Error("an edit of the document is by place, or one of an item is not")
			}
			merged, outcomes := merge.Merge(merge.Input{Stored: parse(test.theirs), Ours: ours, Groups: test.groups, Known: known})
			wantOutcomes(t, outcomes, test.want)
			if got := string(merged.AppendJSON(nil)); got != test.merged {
				t.Errorf("got %s, want %s", got, test.merged)
			}
		})
	}
}
