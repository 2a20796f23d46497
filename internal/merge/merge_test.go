package merge_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/internal/merge"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

func id(text string) document.ID { return plantest.MakeID(text).Document() }

func set(item string, to plantest.Status) document.Change {
	return document.Set(id(item), document.Status(to))
}

func force(item string, to plantest.Status) document.Change {
	return document.Force(id(item), document.Status(to), "test")
}

func field(item, key, value string) document.Change {
	return document.Change{Op: document.OpEdit, ID: id(item), Edit: &document.Edit{
		Fields: []document.FieldEdit{{Key: key, Value: value}}}}
}

func title(item, text string) document.Change { return field(item, "title", strconv.Quote(text)) }

func after(item, other string) document.Change {
	return field(item, "after", "["+strconv.Quote(other)+"]")
}

func add(parent, item, title string) document.Change {
	return document.Change{Op: document.OpAdd, ID: id(item), Edit: &document.Edit{
		Parent: id(parent), Item: fmt.Sprintf(`{"id":%q,"title":%q,"status":"Open"}`, item, title)}}
}

func move(item, parent string, at ...document.Place) document.Change {
	return document.Move(id(item), id(parent), at...)
}

func addBefore(sibling, parent, item string) document.Change {
	c := add(parent, item, item)
	c.Edit.Place = document.Before(id(sibling))
	return c
}

func remove(item string) document.Change { return document.Remove(id(item)) }

func changed(t *testing.T, d *document.Document, changes ...document.Change) *document.Document {
	t.Helper()
	after, _, err := d.Apply(changes...)
	if err != nil {
		t.Fatal(err)
	}
	return after
}

// group is a group of ours.
type group = []document.Change

// Outcomes as the tables say them.
const (
	applied   = "applied"
	contained = "contained"
	nothing   = "nothing to do"
)

func told(o merge.Outcome) string {
	switch {
	case o.Err != nil:
		return o.Err.Error()
	case o.Contained:
		return contained
	case o.Before == o.After:
		return nothing
	}
	return applied
}

const (
	tooField  = "another writer has changed it, too"
	tooStatus = "another writer has changed the status, too"
	notThere  = "the item that was meant is not there: another writer has given this id to one of theirs, or it could not be added"
)

// TestMerge begins with a plan of one story with two tasks, which is what both
// sides knew. Ours follows from the groups.
func TestMerge(t *testing.T) {
	tests := []struct {
		name   string
		theirs group
		groups []group
		want   []string
		// leads are the changes that lead from theirs to what comes out.
		leads group
	}{
		{"nothing", nil, nil, []string{}, nil},
		{"nobody else", nil, []group{{title("E1", "a")}, {set("E1", plantest.Active)}}, []string{applied, applied},
			group{title("E1", "a"), set("E1", plantest.Active)}},
		{"one field", group{title("E1", "theirs")}, []group{{title("E1", "ours")}}, []string{"E1: title: " + tooField}, nil},
		{"one field, alike", group{title("E1", "same")}, []group{{title("E1", "same")}}, []string{nothing}, nil},
		{"different fields", group{title("E1.S1.T1", "theirs")}, []group{{after("E1.S1.T1", "E1.S1.T2")}}, []string{applied},
			group{after("E1.S1.T1", "E1.S1.T2")}},
		{"a status that is still legal", group{set("E1.S1.T1", plantest.Active)}, []group{{set("E1.S1.T1", plantest.Active)}}, []string{nothing}, nil},
		{"a status that is illegal now", group{force("E1.S1.T1", plantest.Done)}, []group{{set("E1.S1.T1", plantest.Active)}},
			[]string{"E1.S1.T1: cannot go from Done to Active in one step: it takes reopen (→ Open), then start (→ Active); legal from Done is reopen (→ Open)"}, nil},
		{"a group is left out as a whole", group{title("E1", "theirs")}, []group{{title("E1.S1", "x"), title("E1", "ours")}, {title("E1.S1.T1", "y")}},
			[]string{"E1: title: " + tooField, applied}, group{title("E1.S1.T1", "y")}},
		{"our second stands on our first", group{title("E1", "theirs")}, []group{{title("E1", "one")}, {title("E1", "two")}},
			[]string{"E1: title: " + tooField, "E1: title: " + tooField}, nil},
		{"both add one id", group{add("E1.S1", "E1.S1.T3", "theirs")},
			[]group{{add("E1.S1", "E1.S1.T3", "ours")}, {title("E1.S1.T3", "better")}, {title("E1", "kept")}},
			[]string{`E1.S1.T3: the id "E1.S1.T3" is taken [duplicate-id]`, "E1.S1.T3: " + notThere, applied}, group{title("E1", "kept")}},
		{"a reference to what was left out", group{add("E1.S1", "E1.S1.T3", "theirs")},
			[]group{{add("E1.S1", "E1.S1.T3", "ours")}, {after("E1.S1.T1", "E1.S1.T3")}},
			[]string{`E1.S1.T3: the id "E1.S1.T3" is taken [duplicate-id]`, "E1.S1.T1: after: refers to E1.S1.T3, which is another item than the one that was meant"}, nil},
		{"we remove what they change", group{title("E1.S1.T2", "theirs")}, []group{{remove("E1.S1")}},
			[]string{"E1.S1: another writer has changed what we have removed"}, nil},
		{"we remove beside it", group{title("E1.S1.T2", "theirs")}, []group{{remove("E1.S1.T1")}}, []string{applied}, group{remove("E1.S1.T1")}},
		{"they remove what we change", group{remove("E1.S1.T1")}, []group{{title("E1.S1.T1", "ours")}},
			[]string{`no item has the id "E1.S1.T1"`}, nil},
	}
	base := plantest.Parse(plantest.Text(1, 1, 2)).Document
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ours := base
			for _, g := range test.groups {
				ours = changed(t, ours, g...)
			}
			stored := changed(t, base, test.theirs...)
			merged, outcomes := merge.Merge(merge.Input{
				Stored: stored, Ours: ours, Groups: test.groups, Known: []merge.Known{{Version: merge.Whole(base)}},
			})
			wantOutcomes(t, outcomes, test.want)
			wantDocument(t, merged, changed(t, stored, test.leads...))
		})
	}
}

// TestMergeRedoesWhatStandsOnARedoneGroup: of two groups that were saved another
// writer has undone a part of the first one. That is applied again, and so is the
// second, which has the last word about what both of them change.
func TestMergeRedoesWhatStandsOnARedoneGroup(t *testing.T) {
	base := plantest.Parse(plantest.Text(1, 1, 2)).Document
	groups := []group{{title("E1.S1.T1", "one"), title("E1", "ours")}, {title("E1.S1.T1", "two")}, {title("E1.S1.T2", "three")}}
	ours := changed(t, base, slices.Concat(groups...)...)
	epic, _ := base.Find(id("E1"))
	old, _ := epic.Raw(0)
	merged, outcomes := merge.Merge(merge.Input{
		Stored: changed(t, ours, field("E1", "title", string(old))), Ours: ours, Groups: groups,
		Known: []merge.Known{{Version: merge.Whole(base)}, {Groups: 3, Version: merge.Whole(ours)}},
	})
	wantOutcomes(t, outcomes, []string{applied, applied, contained})
	wantDocument(t, merged, ours)
}

// TestMergeOfGroupsThatMayBeStored: our first group was saved, perhaps.
func TestMergeOfGroupsThatMayBeStored(t *testing.T) {
	base := plantest.Parse(plantest.Text(1, 1, 2)).Document
	first := group{set("E1.S1.T1", plantest.Active)}
	second := group{set("E1.S1.T1", plantest.Done)}
	saved := changed(t, base, first...)
	known := []merge.Known{{Version: merge.Whole(base)}, {Groups: 1, Version: merge.Whole(saved)}}
	errLost := errors.New("lost")
	tests := []struct {
		name   string
		stored *document.Document
		saved  int
		known  []merge.Known
		refuse func(group) error
		want   []string
		leads  group
	}{
		{"it is there", changed(t, saved, title("E1", "theirs")), 0, known, nil, []string{contained, applied}, second},
		{"it is not there", changed(t, base, title("E1", "theirs")), 0, known, nil, []string{applied, applied}, append(first[:1:1], second...)},
		{"it was there, and they have gone on", changed(t, saved, set("E1.S1.T1", plantest.Failed)), 0, known, nil,
			[]string{"E1.S1.T1: " + tooStatus, "E1.S1.T1: cannot go from Failed to Done in one step: it takes start (→ Active), then finish (→ Done); legal from Failed is start (→ Active)"}, nil},
		{"it is certainly there, whatever it looks like", changed(t, saved, set("E1.S1.T1", plantest.Failed), set("E1.S1.T1", plantest.Active)), 1, known, nil,
			[]string{contained, applied}, second},
		{"nothing is known", changed(t, base, title("E1", "theirs")), 0, nil, nil, []string{applied, applied}, append(first[:1:1], second...)},
		{"refused", base, 0, known, func(group) error { return errLost }, []string{"lost", "lost"}, nil},
		{"what is contained is not refused", saved, 1, known, func(group) error { return errLost }, []string{contained, "lost"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			merged, outcomes := merge.Merge(merge.Input{
				Stored: test.stored, Ours: changed(t, saved, second...), Groups: []group{first, second},
				Saved: test.saved, Known: test.known, Refuse: test.refuse,
			})
			wantOutcomes(t, outcomes, test.want)
			wantDocument(t, merged, changed(t, test.stored, test.leads...))
		})
	}
}

// TestMergeOnto applies groups on top of other changes of ours, and compares with
// what is stored.
func TestMergeOnto(t *testing.T) {
	base := plantest.Parse(plantest.Text(1, 1, 2)).Document
	stored := changed(t, base, title("E1.S1.T1", "theirs"))
	onto := changed(t, stored, title("E1", "pending"))
	merged, outcomes := merge.Merge(merge.Input{
		Stored: stored, Onto: onto, Groups: []group{{title("E1.S1.T1", "ours")}, {title("E1.S1.T2", "ours")}},
		Known: []merge.Known{{Version: merge.Whole(base)}},
	})
	wantOutcomes(t, outcomes, []string{"E1.S1.T1: title: " + tooField, applied})
	wantDocument(t, merged, changed(t, onto, title("E1.S1.T2", "ours")))
	if outcomes[1].Before != onto || outcomes[1].After != merged || outcomes[1].Updates != 1 {
		t.Errorf("the second outcome is %+v", outcomes[1])
	}
}

func wantOutcomes(t *testing.T, outcomes []merge.Outcome, want []string) {
	t.Helper()
	got := []string{}
	for _, o := range outcomes {
		got = append(got, told(o))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
}

func wantDocument(t *testing.T, got, want *document.Document) {
	t.Helper()
	if diff := cmp.Diff(string(want.AppendJSON(nil)), string(got.AppendJSON(nil))); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
}

// TestReferencesInObjectsToWhatIsLeftOut is the case of a reference to what was left
// out, for references that lie in objects.
func TestReferencesInObjectsToWhatIsLeftOut(t *testing.T) {
	of := plantest.Parse(plantest.Text(1, 1, 1)).Document.Type().Descriptor()
	of.Objects = append(slices.Clone(of.Objects), format.ObjectDescriptor{Name: "Link", Fields: []format.FieldDescriptor{
		{Name: "To", Key: "to", Kind: format.ReferenceField},
	}})
	of.Levels = slices.Clone(of.Levels)
	tasks := &of.Levels[2]
	tasks.Fields = append(slices.Clone(tasks.Fields), format.FieldDescriptor{
		Name: "Links", Key: "links", Kind: format.ObjectField, Object: len(of.Objects) - 1, List: true,
	})
	typ, err := document.NewType(of)
	if err != nil {
		t.Fatal(err)
	}
	base, err := typ.Parse([]byte(plantest.Text(1, 1, 2)))
	if err != nil {
		t.Fatal(err)
	}
	const refers = "refers to E1.S1.T3, which is another item than the one that was meant"
	linked := add("E1.S1", "E1.S1.T4", "linked")
	linked.Edit.Item = strings.Replace(linked.Edit.Item, "{", `{"links":[{"to":"E1.S1.T3"}],`, 1)
	groups := []group{{add("E1.S1", "E1.S1.T3", "ours")}, {field("E1.S1.T1", "links", `[{"to":"E1.S1.T3"}]`)}, {linked}, {title("E1", "kept")}}
	ours := base
	for _, g := range groups {
		ours = changed(t, ours, g...)
	}
	_, outcomes := merge.Merge(merge.Input{
		Stored: changed(t, base, add("E1.S1", "E1.S1.T3", "theirs")), Ours: ours, Groups: groups, Known: []merge.Known{{Version: merge.Whole(base)}},
	})
	wantOutcomes(t, outcomes, []string{`E1.S1.T3: the id "E1.S1.T3" is taken [duplicate-id]`, "E1.S1.T1: links: " + refers, "E1.S1.T4: links: " + refers, applied})
}

// TestReferencesOfNewItemsAtPaths is that case where ids and children of new items lie
// in objects.
func TestReferencesOfNewItemsAtPaths(t *testing.T) {
	of := plantest.Parse(plantest.Text(1, 1, 1)).Document.Type().Descriptor()
	of.Levels = slices.Clone(of.Levels)
	stories, tasks := &of.Levels[1], &of.Levels[2]
	stories.ChildrenWithin, tasks.ID.Within = []string{"links"}, []string{"meta"}
	typ, err := document.NewType(of)
	if err != nil {
		t.Fatal(err)
	}
	text := `{"plan":[{"id":"E1","title":"e","status":"Open","stories":[{"id":"E1.S1","title":"s","status":"Open","links":{"tasks":[TASK]}}]}]}`
	task := func(id, more string) string {
		return fmt.Sprintf(`{"meta":{"id":%q},"title":"t","status":"Open"%s}`, id, more)
	}
	base, err := typ.Parse([]byte(strings.Replace(text, "TASK", task("E1.S1.T1", ""), 1)))
	if err != nil {
		t.Fatal(err)
	}
	newItem := func(item, parent, text string) document.Change {
		return document.Change{Op: document.OpAdd, ID: id(item), Edit: &document.Edit{Parent: id(parent), Item: text}}
	}
	story := `{"id":"E1.S2","title":"s","status":"Open","links":{"tasks":[` + task("E1.S2.T1", `,"after":["E1.S1.T2"]`) + `]}}`
	groups := []group{{newItem("E1.S1.T2", "E1.S1", task("E1.S1.T2", ""))}, {newItem("E1.S2", "E1", story)}}
	ours := base
	for _, g := range groups {
		ours = changed(t, ours, g...)
	}
	_, outcomes := merge.Merge(merge.Input{
		Stored: changed(t, base, newItem("E1.S1.T2", "E1.S1", task("E1.S1.T2", `,"x":1`))), Ours: ours, Groups: groups, Known: []merge.Known{{Version: merge.Whole(base)}},
	})
	wantOutcomes(t, outcomes, []string{
		`E1.S1.T2: the id "E1.S1.T2" is taken [duplicate-id]`,
		"E1.S2.T1: after: refers to E1.S1.T2, which is another item than the one that was meant",
	})
}
