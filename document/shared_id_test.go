package document_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// sharingType returns a type of tasks and subtasks whose ids may repeat where warn
// says so.
func sharingType(t *testing.T, kinds [2]format.IDKind, warn [2]bool) *document.Type {
	t.Helper()
	d := format.Descriptor{
		Name:     "sharing",
		Roots:    []format.Root{{Kind: format.RootObject, Key: "tasks"}},
		Statuses: []format.StatusDescriptor{{Name: "open", Category: format.Todo}, {Name: "busy", Category: format.Active}, {Name: "done", Category: format.Done}},
		Events:   []string{"start", "finish", "reopen"},
		Machines: []format.Machine{{Name: "life", Initial: 1, States: []document.Status{1, 2, 3}, Transitions: []format.Transition{
			{Event: 1, From: []document.Status{1}, To: 2}, {Event: 2, From: []document.Status{1, 2}, To: 3}, {Event: 3, From: []document.Status{2, 3}, To: 1},
		}}},
	}
	for l, name := range []string{"Task", "Subtask"} {
		level := format.LevelDescriptor{
			Name: name, Plural: name + "s", StatusOptional: true,
			ID: format.IDDescriptor{Kind: kinds[l], String: true, Int: kinds[l] != format.PathID, WarnDuplicate: warn[l]},
			Fields: []format.FieldDescriptor{
				{Name: "Title", Key: "title", Kind: format.TextField},
				{Name: "After", Key: "after", Kind: format.ReferenceField, List: true},
			},
			Guards: []format.Guard{{Kind: format.DependenciesIn, Events: []document.Event{1, 2}, Categories: format.CategorySet(format.Done), References: format.References{Fields: []int{1}}}},
			Claim:  &format.Claim{From: []document.Status{1}, To: 2},
		}
		if kinds[l] == format.PathID {
			level.ID.Prefix = name[:1]
		}
		if l == 0 {
			level.Children = "subtasks"
			level.Rollup = &format.Rollup{When: format.CategorySet(format.Done), To: 3}
		}
		d.Levels = append(d.Levels, level)
	}
	typ, err := document.NewType(d)
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

var bothWarn = [2]bool{true, true}

const sharedTasks = `{"tasks": [
  {"id": 1, "title": "one", "subtasks": [
    {"id": 1, "title": "a"},
    {"id": 2, "after": [1, 3], "title": "b"},
    {"id": 1, "title": "c"},
    {"id": 3, "title": "d"}
  ]},
  {"id": 2, "title": "two", "after": ["3"], "subtasks": [{"id": 1, "title": "e"}]},
  {"id": 3, "title": "three", "subtasks": [{"id": 1, "title": "f"}]},
  {"id": 3, "title": "four", "subtasks": [{"id": 1, "title": "g"}, {"id": 2, "title": "h"}]}
]}`

func TestIDsThatRepeatAreReadWithAWarning(t *testing.T) {
	for name, test := range map[string]struct {
		kinds [2]format.IDKind
		text  string
		want  []string
	}{
		"text and local": {[2]format.IDKind{format.TextID, format.LocalID}, sharedTasks, []string{
			`4:24: 1.2: 1.2 refers to "1.1", which names none of the 2 items that share the id "1.1" [dangling-reference]`,
			`5:12: 1.1: neither can be addressed: the id "1" is taken by another Subtask, in line 3 [duplicate-id]`,
			`8:38: 2: 2 refers to "3", which names none of the 2 items that share the id "3" [dangling-reference]`,
			`10:10: 3: neither can be addressed: the id "3" is taken by another Task, in line 9 [duplicate-id]`,
		}},
		"paths": {[2]format.IDKind{format.PathID, format.PathID}, `{"tasks": [
  {"id": "T2", "subtasks": [{"id": "T2.S1"}, {"id": "T2.S2"}, {"id": "T2.S1"}]},
  {"id": "T1", "after": ["T3", "T3.S7"]},
  {"id": "T3", "subtasks": [{"id": "T3.S7"}]},
  {"id": "T3", "subtasks": [{"id": "T3.S7"}, {"id": "T3.S8"}]}
]}`, []string{
			`2:70: T2.S1: neither can be addressed: the id "T2.S1" is taken by another Subtask, in line 2 [duplicate-id]`,
			`3:25: T1: T1 refers to "T3", which names none of the 2 items that share the id "T3" [dangling-reference]`,
			`3:25: T1: T1 refers to "T3.S7", which names none of the 2 items that share the id "T3" [dangling-reference]`,
			`5:10: T3: neither can be addressed: the id "T3" is taken by another Task, in line 4 [duplicate-id]`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := sharingType(t, test.kinds, bothWarn).Parse([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if got := string(d.AppendJSON(nil)); got != test.text {
				t.Errorf("written as\n%s", got)
			}
			var got []string
			for _, p := range d.Validate() {
				got = append(got, p.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestIDsThatRepeatAreRefusedUnlessBothLevelsWarn(t *testing.T) {
	const across = `{"tasks": [{"id": "a", "subtasks": [{"id": "x"}]}, {"id": "x"}]}`
	const within = `{"tasks": [{"id": "a", "subtasks": [{"id": "x"}, {"id": "x"}]}]}`
	const above = `{"tasks": [{"id": "a", "subtasks": [{"id": "x"}]}, {"id": "a", "subtasks": [{"id": "x"}]}]}`
	text, local := [2]format.IDKind{format.TextID, format.TextID}, [2]format.IDKind{format.TextID, format.LocalID}
	for name, test := range map[string]struct {
		kinds [2]format.IDKind
		warn  [2]bool
		text  string
		want  string
	}{
		"across levels, both warn":     {text, bothWarn, across, ""},
		"across levels, one refuses":   {text, [2]bool{true, false}, across, `1:44: x: the id "x" is taken by another Task, in line 1 [duplicate-id]`},
		"siblings, the other warns":    {local, [2]bool{true, false}, within, `1:57: a.x: the id "x" is taken by another Subtask, in line 1 [duplicate-id]`},
		"ids that go on from the same": {local, [2]bool{true, false}, above, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sharingType(t, test.kinds, test.warn).Parse([]byte(test.text))
			if got := errorText(err); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestItemsThatShareAnIDCannotBeAddressed(t *testing.T) {
	typ := sharingType(t, [2]format.IDKind{format.TextID, format.LocalID}, bothWarn)
	d, err := typ.Parse([]byte(sharedTasks))
	if err != nil {
		t.Fatal(err)
	}
	id := func(text string) document.ID { return document.NewID("", text) }
	const stands = `the id "1.1" stands on 2 items; give each an id of its own`
	const below = `no item is named by "3.2": the id "3" stands on 2 items; give each an id of its own`
	third, _ := d.Find(id("1.3"))
	edit, _ := third.With(0, document.TextValue("new")).EditChange()
	edit.ID = id("1.1")
	fresh := func(l document.Level, own string) document.Item { return typ.NewItem(l, id(own)) }
	for name, test := range map[string]struct {
		change document.Change
		want   string
	}{
		"a status":                      {document.Set(id("1.1"), 3), stands},
		"a force":                       {document.Force(id("1.1"), 3, "because"), stands},
		"an edit":                       {edit, stands},
		"a removal":                     {document.Remove(id("1.1")), stands},
		"a move":                        {document.Move(id("1.1"), id("2")), stands},
		"a move below one":              {document.Move(id("1.2"), id("3")), strings.ReplaceAll(stands, "1.1", "3")},
		"a move beside one":             {document.Move(id("1.3"), id("1"), document.Before(id("1.1"))), "1.3: it cannot go before 1.1: " + stands + " [place]"},
		"an addition below one":         {fresh(1, "3.9").AddChange(id("3")), strings.ReplaceAll(stands, "1.1", "3")},
		"what is below one":             {document.Set(id("3.2"), 3), below},
		"an addition beside one":        {fresh(1, "1.9").AddChange(id("1"), document.After(id("1.1"))), "1.9: it cannot go after 1.1: " + stands + " [place]"},
		"another one with that id":      {fresh(1, "1.1").AddChange(id("1")), `1.1: the id "1.1" is taken [duplicate-id]`},
		"one with an id that is named":  {fresh(1, "1.2").AddChange(id("1")), `1.2: the id "1.2" is taken [duplicate-id]`},
		"two with one id":               {fresh(0, "9").WithChildren(fresh(1, "9.1"), fresh(1, "9.1")).AddChange(document.ID{}), `9.1: the id "9.1" is taken [duplicate-id]`},
		"what waits for one of them":    {document.Set(id("1.2"), 3), `its dependencies done, but 1.1 and 1.3 stand in the way`},
		"an item beside them":           {document.Set(id("1.3"), 3), ""},
		"an item of another parent":     {document.Set(id("2.1"), 3), ""},
		"an addition beside both":       {fresh(1, "1.9").AddChange(id("1")), ""},
		"a removal of what is above":    {document.Remove(id("1")), ""},
		"a move to where the id is not": {document.Move(id("1.2"), id("2")), ""},
	} {
		t.Run(name, func(t *testing.T) {
			next, _, err := d.Apply(test.change)
			if got := errorText(err); test.want == "" && err != nil || test.want != "" && !strings.Contains(got, test.want) {
				t.Fatalf("got %q, want %q", got, test.want)
			}
			if err != nil {
				return
			}
			if _, err := typ.Parse(next.AppendJSON(nil)); err != nil {
				t.Error(err)
			}
			if again, _, err := d.Apply(document.Changes(d, next)...); err != nil || len(document.Diff(next, again)) > 0 {
				t.Errorf("the changes lead to %v, %v", document.Diff(next, again), err)
			}
		})
	}
	t.Run("find", func(t *testing.T) {
		for _, text := range []string{"1.1", "3", "3.1", "3.2"} {
			_, err := d.Lookup(id(text))
			var shared *document.NotFoundError
			if _, ok := d.Find(id(text)); ok || !errors.As(err, &shared) || shared.Items != 2 {
				t.Errorf("%s: found %t, %v", text, ok, err)
			}
		}
	})
	t.Run("work", func(t *testing.T) {
		var claimable, next []string
		for it := range d.Claimable() {
			claimable = append(claimable, it.ID().String())
		}
		for it := range d.NextExecutable() {
			next = append(next, it.ID().String())
		}
		want := []string{"1.3", "2.1"}
		if diff := cmp.Diff([2][]string{want, want}, [2][]string{claimable, next}); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("next id", func(t *testing.T) {
		if got, _ := d.NextID(document.ID{}); got != id("4") {
			t.Errorf("got %s", got)
		}
	})
}

func TestWhatIsAboveOfItemsThatShareAnIDMovesThem(t *testing.T) {
	descriptor := sharingType(t, [2]format.IDKind{format.PathID, format.PathID}, bothWarn).Descriptor()
	leaf := descriptor.Levels[1]
	leaf.Name, leaf.Plural, leaf.ID.Prefix = "Step", "Steps", "X"
	descriptor.Levels[1].Children = "steps"
	descriptor.Levels = append(descriptor.Levels, leaf)
	typ, err := document.NewType(descriptor)
	if err != nil {
		t.Fatal(err)
	}
	d, err := typ.Parse([]byte(`{"tasks":[{"id":"T1","subtasks":[{"id":"T1.S1","steps":[{"id":"T1.S1.X1"},{"id":"T1.S1.X1"}]}]},{"id":"T2","after":["T1.S1.X1"],"subtasks":[]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	next, _, err := d.Apply(document.Move(document.NewID("", "T1.S1"), document.NewID("", "T2")))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"tasks":[{"id":"T1","subtasks":[]},{"id":"T2","after":["T2.S1.X1"],"subtasks":[{"id":"T2.S1","steps":[{"id":"T2.S1.X1"},{"id":"T2.S1.X1"}]}]}]}`
	if diff := cmp.Diff(want, string(next.AppendJSON(nil))); diff != "" {
		t.Error(diff)
	}
}
