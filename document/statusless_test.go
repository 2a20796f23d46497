package document_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// groupingDescriptor describes phases without a status that hold tasks, whose notes
// have no status either.
func groupingDescriptor() format.Descriptor {
	d := valuesDescriptor()
	task := d.Levels[0]
	task.Name, task.Plural, task.Children = "Task", "Tasks", "notes"
	task.StatusKey = "status"
	task.Fields = append(task.Fields, format.FieldDescriptor{Name: "After", Key: "after", Kind: format.ReferenceField, List: true})
	task.Guards = []format.Guard{{Events: []document.Event{1}, Kind: format.DependenciesIn, Categories: format.CategorySet(format.Done), References: format.References{Fields: []int{1}}}}
	task.Claim = &format.Claim{From: status(1), To: 2}
	grouping := func(name, children string) format.LevelDescriptor {
		return format.LevelDescriptor{Name: name, Plural: name + "s", NoStatus: true, ID: format.IDDescriptor{Kind: format.TextID}, Children: children,
			Fields: []format.FieldDescriptor{{Name: "Title", Key: "title", Kind: format.TextField}}}
	}
	d.Levels = []format.LevelDescriptor{grouping("Phase", "tasks"), task, grouping("Note", "")}
	return d
}

const grouped = `[{"id": "p", "status": 7, "tasks": [
  {"id": "a", "status": "open", "after": ["p"], "notes": [{"id": "n"}, {"id": "m", "title": "M"}]},
  {"id": "b", "status": "done", "after": ["n"]},
  {"id": "c", "status": "open", "after": ["a"]}]},
 {"id": "q"}]`

func TestLevelsWithoutAStatus(t *testing.T) {
	typ := mustType(t, groupingDescriptor())
	d := mustParse(t, typ, grouped)
	if got := string(d.AppendJSON(nil)); got != grouped {
		t.Fatalf("written as %s", got)
	}
	p, _ := d.Find(id("p"))
	a, _ := d.Find(id("a"))
	got := map[string]string{
		"machine": fmt.Sprint(typ.Machine(0), typ.Machine(1) != nil), "status": fmt.Sprint(p.Status(), p.Category()), "line": p.String(),
		"document": d.String(), "counts": fmt.Sprint(d.Count(0, 0), d.Count(0, 1), d.Count(1, 0), d.Count(1, 1), d.Count(2, 0)),
		"progress": fmt.Sprint(d.Progress(0), d.Progress(1), d.Progress(2)), "progress of p": fmt.Sprint(p.Progress()), "progress of a": fmt.Sprint(a.Progress()),
		"executable": strings.Join(names(d.NextExecutable(), itemID), " "), "claimable": strings.Join(names(d.Claimable(), itemID), " "),
		"blockers of a": fmt.Sprint(names(a.Blockers(), func(id document.ID) document.ID { return id })),
		"without":       strings.Join(names(d.ItemsWith(0, 0), itemID), " "), "in any": strings.Join(names(d.ItemsIn(0, 0xff), itemID), " "),
		"warnings": fmt.Sprint(d.Validate()),
	}
	want := map[string]string{
		"machine": "<nil> true", "status": "0 none", "line": "Phase p", "document": "2 Phases, 3 Tasks, 2 Notes: 1 of 3 done",
		"counts": "2 0 0 2 2", "progress": "{0 0 0 0 0 0} {3 2 0 1 0 0} {0 0 0 0 0 0}", "progress of p": "{3 2 0 1 0 0}", "progress of a": "{1 1 0 0 0 0}",
		"executable": "a", "claimable": "a", "blockers of a": "[]", "without": "p q", "in any": "", "warnings": "[]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatHasNoStatusIsGivenNone(t *testing.T) {
	typ := mustType(t, groupingDescriptor())
	d := mustParse(t, typ, grouped)
	p, _ := d.Find(id("p"))
	const none = "a Phase has no status: it only groups others"
	for name, change := range map[string]document.Change{
		"set": document.Set(id("p"), 2), "advance": document.Advance(id("p"), 3), "fire": document.Fire(id("p"), 1), "force": document.Force(id("p"), 1, "so"),
		"to nothing": document.Set(id("p"), 0), "new": typ.NewItem(0, id("x")).WithStatus(1).AddChange(document.ID{}),
	} {
		if _, _, err := d.Apply(change); err == nil || !strings.Contains(err.Error(), none) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, _, err := d.Apply(p.WithStatus(1).Changes()...); err == nil || !strings.Contains(err.Error(), none) {
		t.Errorf("with a status: got %v", err)
	}
	if _, err := p.WithStatus(1).MarshalJSON(); err == nil || !strings.Contains(err.Error(), none) {
		t.Errorf("written with a status: got %v", err)
	}
}

// TestItemsWithoutAStatusChange edits, adds, moves and removes them, and takes the
// groups of changes there and back.
func TestItemsWithoutAStatusChange(t *testing.T) {
	typ := mustType(t, groupingDescriptor())
	d := mustParse(t, typ, grouped)
	p, _ := d.Find(id("p"))
	next, _, err := d.Apply(slices.Concat(p.With(0, document.TextValue("P")).Changes(), []document.Change{
		typ.NewItem(0, id("r")).WithChildren(typ.NewItem(1, id("d")).WithChildren(typ.NewItem(2, id("o")))).AddChange(document.ID{}),
		document.Move(id("b"), id("q")), document.Remove(id("n")), document.Set(id("a"), 2),
	})...)
	if err != nil {
		t.Fatal(err)
	}
	const want = `[{"id": "p", "title": "P", "status": 7, "tasks": [
  {"id": "a", "status": "busy", "after": ["p"], "notes": [{"id": "m", "title": "M"}]},
  {"id": "c", "status": "open", "after": ["a"]}]},
 {"id": "q", "tasks": [{"id": "b", "status": "done", "after": ["n"]}]},
 {"id": "r", "tasks": [{"id": "d", "status": "open", "notes": [{"id": "o"}]}]}]`
	if diff := cmp.Diff(want, string(next.AppendJSON(nil))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	back, _, err := d.Apply(document.Changes(d, next)...)
	if err != nil || len(document.Diff(back, next)) > 0 {
		t.Errorf("the changes lead elsewhere: %v, %v", document.Diff(back, next), err)
	}
}

// TestHostileMembersOfItemsWithoutAStatus makes sure that a status which has no key
// is found under none.
func TestHostileMembersOfItemsWithoutAStatus(t *testing.T) {
	typ := mustType(t, groupingDescriptor())
	for _, text := range []string{`[{:1,"id":"p"}]`, `[{"id":"p",:1}]`, "[{\x00:1,\"id\":\"p\"}]"} {
		if _, err := typ.Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), "[syntax]") {
			t.Errorf("%q: got %v", text, err)
		}
	}
	if _, err := typ.Parse([]byte(`[{"":1,"id":"p"}]`)); err != nil {
		t.Error(err)
	}
}

func TestNothingIsAboutAStatusThatIsNone(t *testing.T) {
	for want, change := range map[string]func(d *format.Descriptor){
		"no level has a status": func(d *format.Descriptor) { d.Levels = d.Levels[2:] },
		"level Phase: its items have no status, so nothing is about one": func(d *format.Descriptor) { d.Levels[0].StatusOptional = true },
		"level Note: its items have no status, so nothing is about one":  func(d *format.Descriptor) { d.Levels[2].Claim = d.Levels[1].Claim },
		"level Task: guard on children, which have no status": func(d *format.Descriptor) {
			d.Levels[1].Guards[0] = format.Guard{Events: []document.Event{1}, Kind: format.ChildrenIn, Categories: format.CategorySet(format.Done)}
		},
		"level Task: guard on the parent, which has no status": func(d *format.Descriptor) {
			d.Levels[1].Guards[0] = format.Guard{Events: []document.Event{1}, Kind: format.ParentIn, Categories: format.CategorySet(format.Done)}
		},
		"level Task: rollup of children, which have no status": func(d *format.Descriptor) {
			d.Levels[1].Rollup = &format.Rollup{When: format.CategorySet(format.Done), To: 3}
		},
	} {
		d := groupingDescriptor()
		change(&d)
		if _, err := document.NewType(d); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %s\ngot  %v", want, err)
		}
	}
}
