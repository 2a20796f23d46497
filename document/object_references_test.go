package document_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// Positions in linkDescriptor.
const (
	linksField = iota
	causeField
)

const doneStatus = document.Status(2)

// linkDescriptor has steps below notes, with references in objects and in objects
// of these. What blocks holds up, whatever follows does not.
func linkDescriptor(kind format.IDKind) format.Descriptor {
	done := format.CategorySet(format.Done)
	fields := []format.FieldDescriptor{
		{Name: "Links", Key: "links", Kind: format.ObjectField, Object: 0, List: true, Nullable: true},
		{Name: "Cause", Key: "cause", Kind: format.ObjectField, Object: 1},
	}
	id := format.IDDescriptor{Kind: kind, Int: true, String: true}
	return format.Descriptor{
		Name:  "linked",
		Roots: []format.Root{{Kind: format.RootArray}},
		Statuses: []format.StatusDescriptor{
			{Name: "open", Category: format.Todo}, {Name: "done", Category: format.Done}, {Name: "busy", Category: format.Active},
		},
		Events: []string{"finish", "start", "reopen"},
		Machines: []format.Machine{{Name: "m", Initial: 1, States: []document.Status{1, 2, 3}, Transitions: []format.Transition{
			{Event: 1, From: []document.Status{1, 3}, To: 2}, {Event: 2, From: []document.Status{1}, To: 3}, {Event: 3, From: []document.Status{2, 3}, To: 1},
		}}},
		Enums: []format.EnumDescriptor{{Name: "Why", Warn: true, Values: []format.EnumValue{{Name: "blocks", Aliases: []string{"holds"}}, {Name: "follows"}}}},
		Objects: []format.ObjectDescriptor{
			{Name: "Link", Fields: []format.FieldDescriptor{
				{Name: "To", Key: "to", Kind: format.ReferenceField, Nullable: true, Targets: []document.Level{1}}, {Name: "Why", Key: "why", Kind: format.EnumField},
			}},
			{Name: "Cause", Fields: []format.FieldDescriptor{
				{Name: "All", Key: "all", Kind: format.ReferenceField, List: true}, {Name: "Link", Key: "link", Kind: format.ObjectField, Object: 0},
			}},
		},
		Levels: []format.LevelDescriptor{
			{Name: "Note", Plural: "Notes", ID: format.IDDescriptor{Kind: format.TextID, Int: true, String: true}, Children: "steps"},
			{
				Name: "Step", Plural: "Steps", ID: id, Fields: fields,
				Guards: []format.Guard{{Events: []document.Event{1}, Kind: format.DependenciesIn, Categories: done,
					References: format.References{Fields: []int{0, 0}, Where: []format.Condition{{Field: 1, JSON: `"blocks"`}}}}},
				Claim: &format.Claim{From: []document.Status{1}, To: 3},
			},
		},
	}
}

func linkType(t *testing.T, kind format.IDKind, change func(*format.LevelDescriptor)) *document.Type {
	t.Helper()
	of := linkDescriptor(kind)
	if change != nil {
		change(&of.Levels[1])
	}
	typ, err := document.NewType(of)
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

const linked = `[{"id": 1, "status": "open", "steps": [
  {"id": 1, "status": "open", "links": [{"to": 2, "why": "holds", "x": [1, 2]}, {"to": "1.3", "why": "follows"}]},
  {"id": 2, "status": "open", "links": null, "cause": {"all": [1, "nothing"], "link": {"to": 3}}},
  {"id": 3, "status": "done", "links": [{"why": "blocks"}, {"to": null, "why": "blocks"}]}
]}, {"id": 2, "status": "open", "steps": []}]`

func TestReferencesInObjects(t *testing.T) {
	d := mustParse(t, linkType(t, format.LocalID, nil), linked)
	first, _ := d.Find(id("1.1"))
	ids := func(seq func(func(document.ID) bool)) []string {
		return names(seq, func(i document.ID) document.ID { return i })
	}
	of := func(it document.Item) document.ID { return it.ID() }
	second, _ := d.Find(id("1.2"))
	for _, tt := range []struct {
		name      string
		want, got []string
	}{
		{"dependencies", []string{"1.2"}, names(first.Dependencies(), of)},
		{"blockers", []string{"1.2"}, ids(first.Blockers())},
		{"dependents", []string{"1.1"}, names(second.Dependents(), of)},
		{"all references", []string{"1.2", "1.3"}, ids(first.AllReferences(linksField))},
		{"all references in objects of objects", []string{"1.1", "nothing", "1.3"}, ids(second.AllReferences(causeField))},
		{"executable", []string{"1.2"}, names(d.NextExecutable(), of)},
		{"claimable", []string{"1.2"}, names(d.Claimable(), of)},
	} {
		if diff := cmp.Diff(tt.want, tt.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	dangling := slices.Collect(d.Dangling())
	if len(dangling) != 1 || dangling[0].Target != id("nothing") || dangling[0].Field != causeField || dangling[0].Item.ID() != id("1.2") {
		t.Errorf("dangling: %v", dangling)
	}
	if _, _, err := d.Apply(document.Change{Op: document.OpAdvance, ID: id("1.1"), To: doneStatus}); err == nil || !strings.Contains(err.Error(), "1.2") {
		t.Errorf("an item is done before what blocks it: %v", err)
	}
	to, _, err := d.Apply(document.Change{Op: document.OpAdvance, ID: id("1.2"), To: doneStatus}, document.Change{Op: document.OpAdvance, ID: id("1.1"), To: doneStatus})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Replace(strings.Replace(linked, `{"id": 1, "status": "open", "links"`, `{"id": 1, "status": "done", "links"`, 1), `{"id": 2, "status": "open", "links"`, `{"id": 2, "status": "done", "links"`, 1), string(to.AppendJSON(nil))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDependenciesThatALevelNames(t *testing.T) {
	typ := linkType(t, format.LocalID, func(l *format.LevelDescriptor) {
		l.Dependencies = &format.References{Fields: []int{causeField, 1, 0}}
	})
	d := mustParse(t, typ, linked)
	of := func(it document.Item) document.ID { return it.ID() }
	if diff := cmp.Diff([]string{"1.1", "1.2"}, names(d.Claimable(), of)); diff != "" {
		t.Errorf("claimable (-want +got):\n%s", diff)
	}
	if _, _, err := d.Apply(document.Change{Op: document.OpAdvance, ID: id("1.1"), To: doneStatus}); err == nil {
		t.Error("the guard does not look at its own references")
	}
	d = mustParse(t, typ, strings.Replace(linked, `"cause": {`, `"cause": {"z": 0, `, 1))
	d = mustParse(t, typ, strings.Replace(string(d.AppendJSON(nil)), `"link": {"to": 3}`, `"link": {"to": 2}`, 1))
	if diff := cmp.Diff([][]document.ID{{id("1.2")}}, d.Cycles(), cmp.Comparer(func(a, b document.ID) bool { return a == b })); diff != "" {
		t.Errorf("cycles (-want +got):\n%s", diff)
	}
}

func TestReferencesInObjectsFollowAMove(t *testing.T) {
	d := mustParse(t, linkType(t, format.LocalID, nil), linked)
	to, _, err := d.Apply(document.Change{Op: document.OpMove, ID: id("1.3"), Edit: &document.Edit{Parent: id("2")}})
	if err != nil {
		t.Fatal(err)
	}
	first, _ := to.Find(id("1.1"))
	second, _ := to.Find(id("1.2"))
	got := names(first.AllReferences(linksField), func(i document.ID) document.ID { return i })
	if diff := cmp.Diff([]string{"1.2", "2.3"}, got); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	raw, _ := second.Raw(causeField)
	if diff := cmp.Diff(`{"all":[1,"nothing"],"link":{"to":"2.3"}}`, strings.ReplaceAll(string(raw), " ", "")); diff != "" {
		t.Errorf("cause (-want +got):\n%s", diff)
	}
	if text := string(to.AppendJSON(nil)); !strings.Contains(text, `"x": [1, 2]`) && !strings.Contains(text, `"x":[1,2]`) {
		t.Errorf("a member that nobody knows is lost: %s", text)
	}
}

// TestReferencesInObjectsAreSpelledAsIDs gives new references as texts, to items
// whose ids are numbers.
func TestReferencesInObjectsAreSpelledAsIDs(t *testing.T) {
	typ := linkType(t, format.LocalID, nil)
	d := mustParse(t, typ, linked)
	third, _ := d.Find(id("1.3"))
	link := typ.NewObject(0).With(0, document.ReferenceValue(id("1.2"))).With(1, typ.EnumValue(0, 1))
	to, err := d.WithItem(third.With(linksField, document.ListValue(document.ObjectValue(link))))
	if err != nil {
		t.Fatal(err)
	}
	third, _ = to.Find(third.ID())
	raw, _ := third.Raw(linksField)
	if diff := cmp.Diff(`[{"to":2,"why":"blocks"}]`, strings.ReplaceAll(string(raw), " ", "")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := slices.Collect(third.Blockers()); len(got) != 1 || got[0] != id("1.2") {
		t.Errorf("blockers: %v", got)
	}
}

func TestReferencesInObjectsToTheWrongLevel(t *testing.T) {
	d := mustParse(t, linkType(t, format.TextID, nil), `[{"id": "N", "status": "open", "steps": [
		{"id": "s", "status": "open", "links": [{"to": "N"}, {"to": "s"}], "cause": {"all": ["N"]}}]}]`)
	var found []string
	for _, p := range d.Validate() {
		if p.Rule == "reference-level" {
			found = append(found, p.Pointer+": "+p.Message)
		}
	}
	if diff := cmp.Diff([]string{"/0/steps/0/links: s refers to N, a Note: want a Step"}, found); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReferencesInObjectsAreComparedAsTheyResolve(t *testing.T) {
	typ := linkType(t, format.LocalID, nil)
	a := mustParse(t, typ, linked)
	b := mustParse(t, typ, strings.NewReplacer(`"to": 2,`, `"to": "1.2",`, `"all": [1,`, `"all": ["1.1",`).Replace(linked))
	if diff := document.Diff(a, b); len(diff) != 0 {
		t.Errorf("documents that say the same differ: %+v", diff)
	}
	c := mustParse(t, typ, strings.Replace(linked, `"to": 2,`, `"to": "1.3",`, 1))
	if diff := document.Diff(a, c); len(diff) != 1 || diff[0].ID != id("1.1") {
		t.Errorf("the difference: %+v", diff)
	}
}
