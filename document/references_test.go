package document_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
)

func TestReferencesToAnotherLevelAreReported(t *testing.T) {
	descriptor := planDescriptor()
	descriptor.Levels[3].Fields[dependenciesField].Targets = []document.Level{3}
	typ, err := document.NewType(descriptor)
	if err != nil {
		t.Fatal(err)
	}
	d, err := typ.Parse(samplePlan(1, 1, 1, 2))
	if err != nil {
		t.Fatal(err)
	}
	it, _ := d.Find(document.NewID("", "P1.M1.T1.S2"))
	to := func(ids ...string) document.Item {
		var refs []document.Value
		for _, id := range ids {
			refs = append(refs, document.ReferenceValue(document.NewID("", id)))
		}
		return it.With(dependenciesField, document.ListValue(refs...))
	}
	for name, test := range map[string]struct {
		item document.Item
		want []string
	}{
		"a sibling": {to("P1.M1.T1.S1"), nil},
		"a task":    {to("P1.M1.T1.S1", "P1.M1.T1"), []string{"P1.M1.T1.S2 refers to P1.M1.T1, a Task: want a Subtask"}},
	} {
		t.Run(name, func(t *testing.T) {
			next, err := d.WithItem(test.item)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range next.Validate() {
				if p.Rule == "reference-level" {
					got = append(got, p.Message)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNextExecutableIsWork(t *testing.T) {
	ids := func(d *document.Document) []string {
		var out []string
		for it := range d.NextExecutable() {
			out = append(out, it.ID().String())
		}
		return out
	}
	tracked, err := trackerType(t).Parse([]byte(`{"tasks": [
	 {"id": 1, "title": "done", "status": "done"},
	 {"id": 2, "title": "a heading", "status": "pending", "subtasks": [
	  {"id": 1, "title": "work", "status": "pending"},
	  {"id": 2, "title": "waits", "status": "pending", "dependencies": [1]}]},
	 {"id": 3, "title": "work without parts", "status": "pending", "dependencies": [1], "subtasks": []},
	 {"id": 4, "title": "waits", "status": "pending", "dependencies": [3]}
	]}`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"2.1", "3"}, ids(tracked)); diff != "" {
		t.Error(diff)
	}
	plan, err := planType(t).Parse(samplePlan(1, 1, 1, 2))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"P1.M1.T1.S1", "P1.M1.T1.S2"}, ids(plan)); diff != "" {
		t.Error(diff)
	}
}

func TestUnknownLevelsHoldNothing(t *testing.T) {
	d, err := planType(t).Parse(samplePlan(1, 1, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	const none = document.Level(255)
	if d.Len(none) != 0 || d.Count(none, planned) != 0 || d.Progress(none).Items != 0 {
		t.Error("a level that is not there has items")
	}
	for it := range d.Items(none) {
		t.Error(it)
	}
	for it := range d.ItemsWith(none, planned) {
		t.Error(it)
	}
}
