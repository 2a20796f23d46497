package document_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
)

// newSubtask returns a subtask that obeys the rules.
func newSubtask(typ *document.Type, title string) document.Item {
	return typ.NewItem(3, document.ID{}).
		With(titleField, document.TextValue(title)).
		With(storyPointsField, document.FloatValue(1)).
		With(dependenciesField, document.ListValue()).
		With(contextField, document.TextValue("CONTRACT DEFINITION:"))
}

func addSubtasks(t testing.TB, d *document.Document, parent document.ID, n int) *document.Document {
	t.Helper()
	for i := range n {
		var err error
		if d, err = d.AddItem(newSubtask(d.Type(), fmt.Sprint("New ", i)), parent); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func TestAdditionsOneByOneEqualOneGroup(t *testing.T) {
	typ := planType(t)
	base, err := typ.Parse(samplePlan(2, 2, 2, 2))
	if err != nil {
		t.Fatal(err)
	}
	parent := document.NewID("", "P1.M2.T1")
	oneByOne := addSubtasks(t, base, parent, 50)

	var group []document.Change
	for i := range 50 {
		it := typ.NewItem(3, typ.PathID(3, parent, uint32(3+i))).
			With(titleField, document.TextValue(fmt.Sprint("New ", i))).
			With(storyPointsField, document.FloatValue(1)).
			With(dependenciesField, document.ListValue()).
			With(contextField, document.TextValue("CONTRACT DEFINITION:"))
		group = append(group, it.AddChange(parent))
	}
	together, _, err := base.Apply(group...)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(together.AppendJSON(nil)), string(oneByOne.AppendJSON(nil))); diff != "" {
		t.Errorf("added together (-) and one by one (+) differ:\n%s", diff)
	}
	if base.Len(3) != 16 || oneByOne.Len(3) != 66 {
		t.Errorf("%d subtasks before, %d after: want 16 and 66", base.Len(3), oneByOne.Len(3))
	}
}

func TestAdditionsBelowAdditions(t *testing.T) {
	typ := planType(t)
	d := typ.New()
	names := []string{"Phase", "Milestone", "Task"}
	parent := document.ID{}
	for l := range names {
		it := typ.NewItem(document.Level(l), document.ID{}).
			With(titleField, document.TextValue(names[l])).With(descriptionField, document.TextValue("what it is about"))
		var err error
		if d, err = d.AddItem(it, parent); err != nil {
			t.Fatal(err)
		}
		parent = typ.PathID(document.Level(l), parent, 1)
	}
	d = addSubtasks(t, d, parent, 2)
	if _, err := typ.Parse(d.AppendJSON(nil)); err != nil {
		t.Fatalf("%v in\n%s", err, d.AppendJSON(nil))
	}
	it, ok := d.Find(document.NewID("", "P1.M1.T1.S2"))
	if title, _ := it.Text(titleField); !ok || title != "New 1" {
		t.Errorf("got %v in\n%s", it, d.AppendJSON(nil))
	}
}

func TestAdditionsForkIntoVersions(t *testing.T) {
	base, err := planType(t).Parse(samplePlan(1, 1, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	parent := document.NewID("", "P1.M1.T1")
	one := addSubtasks(t, base, parent, 1)
	left, right := addSubtasks(t, one, parent, 2), addSubtasks(t, one, parent, 3)
	for name, d := range map[string]*document.Document{"base 1": base, "one 2": one, "left 4": left, "right 5": right} {
		var who string
		var want int
		fmt.Sscanf(name, "%s %d", &who, &want)
		if d.Len(3) != want {
			t.Errorf("%s has %d subtasks, want %d", who, d.Len(3), want)
		}
	}
}

func TestAdditionsAreJudgedAtOnce(t *testing.T) {
	typ := planType(t)
	base, err := typ.Parse(samplePlan(1, 1, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	parent := document.NewID("", "P1.M1.T1")
	good := func(id string) document.Change {
		it := typ.NewItem(3, document.NewID("", id)).With(titleField, document.TextValue("t")).
			With(storyPointsField, document.FloatValue(1)).With(dependenciesField, document.ListValue()).
			With(contextField, document.TextValue("c"))
		return it.AddChange(parent)
	}
	started := good("P1.M1.T1.S2")
	started.Edit.Item = `{"type":"Subtask","id":"P1.M1.T1.S2","title":"t","status":"Complete","story_points":1,"dependencies":[],"context_scope":"c"}`
	for name, test := range map[string]struct {
		changes []document.Change
		want    string
	}{
		"taken":       {[]document.Change{good("P1.M1.T1.S1")}, `P1.M1.T1.S1: the id "P1.M1.T1.S1" is taken [duplicate-id]`},
		"twice":       {[]document.Change{good("P1.M1.T1.S2"), good("P1.M1.T1.S2")}, `P1.M1.T1.S2: the id "P1.M1.T1.S2" is taken [duplicate-id]`},
		"not below":   {[]document.Change{good("P1.M1.T2.S1")}, `P1.M1.T2.S1: "P1.M1.T2.S1" is not the id of a Subtask here: want P1.M1.T1.S and a number [id]`},
		"not initial": {[]document.Change{started}, `P1.M1.T1.S2: a new item starts as Planned, not as Complete [status]`},
		"under nothing": {[]document.Change{func() document.Change {
			c := good("P1.M1.T9.S1")
			c.Edit.Parent = document.NewID("", "P1.M1.T9")
			return c
		}()}, `no item has the id "P1.M1.T9"`},
	} {
		t.Run(name, func(t *testing.T) {
			d, _, err := base.Apply(test.changes...)
			if err == nil {
				t.Fatalf("accepted:\n%s", d.AppendJSON(nil))
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestItemsKnowTheSnapshotTheyComeFrom(t *testing.T) {
	base := mustParse(t, planType(t), string(samplePlan(1, 1, 1, 1)))
	parent := id("P1.M1.T1")
	added := addSubtasks(t, base, parent, 2)
	changed, _, err := base.Apply(document.Set(id("P1.M1.T1.S1"), researching))
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]*document.Document{"read": base, "with additions": added, "with another status": changed, "with additions to that": addSubtasks(t, changed, parent, 1)} {
		found, _ := d.Find(parent)
		if found.Document() != d {
			t.Errorf("%s: an item that was found is of another document", name)
		}
		for it := range d.All() {
			if it.Document() != d {
				t.Errorf("%s: %s is of another document", name, it)
			}
		}
	}
}

// TestManyLookAtAdditionsAtOnce has goroutines read a snapshot with additions for
// the first time, while others go on from it.
func TestManyLookAtAdditionsAtOnce(t *testing.T) {
	base := mustParse(t, planType(t), string(samplePlan(1, 1, 2, 2)))
	parent := id("P1.M1.T2")
	for range 20 {
		d := addSubtasks(t, base, parent, 3)
		var group sync.WaitGroup
		for n := range 6 {
			group.Go(func() {
				switch n % 3 {
				case 0:
					if it, ok := d.Find(id("P1.M1.T2.S5")); !ok || it.Document() != d || d.Len(3) != 7 {
						t.Errorf("%v, %d subtasks", it, d.Len(3))
					}
				case 1:
					if more := addSubtasks(t, d, parent, 2); more.Len(3) != 9 {
						t.Errorf("%d subtasks after two more", more.Len(3))
					}
				default:
					next, _, err := d.Apply(document.Set(id("P1.M1.T2.S4"), researching))
					if err != nil || next.Count(3, researching) != 1 || next.Type() != d.Type() {
						t.Errorf("%v", err)
					}
				}
			})
		}
		group.Wait()
	}
}

// BenchmarkAddMany adds 10,000 subtasks one by one, and looks at the result:
// one new shape.
func BenchmarkAddMany(b *testing.B) {
	base, err := planType(b).ParseOwned(samplePlan(100, 10, 10, 10))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if d := addSubtasks(b, base, document.NewID("", "P5.M5.T5"), 10_000); d.Len(3) != 110_000 {
			b.Fatal(d.Len(3))
		}
	}
}
