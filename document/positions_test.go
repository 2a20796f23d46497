package document_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// placedType returns a type of todos and steps below them, and notes below those: only
// the notes have ids.
func placedType(t *testing.T) *document.Type {
	t.Helper()
	d := format.Descriptor{
		Name:     "todos",
		Roots:    []format.Root{{Kind: format.RootArray}},
		Statuses: []format.StatusDescriptor{{Name: "open", Category: format.Todo}, {Name: "busy", Category: format.Active}, {Name: "done", Category: format.Done}},
		Events:   []string{"start", "finish", "reopen"},
		Machines: []format.Machine{{Name: "life", Initial: 1, States: []document.Status{1, 2, 3}, Transitions: []format.Transition{
			{Event: 1, From: []document.Status{1}, To: 2}, {Event: 2, From: []document.Status{1, 2}, To: 3}, {Event: 3, From: []document.Status{2, 3}, To: 1},
		}}},
		Levels: []format.LevelDescriptor{
			{Name: "Todo", Plural: "Todos", ID: format.IDDescriptor{Kind: format.PositionID}, StatusOptional: true, Children: "steps",
				Fields: []format.FieldDescriptor{{Name: "Content", Key: "content", Kind: format.TextField}},
				Rollup: &format.Rollup{When: format.CategorySet(format.Done), To: 3},
				Guards: []format.Guard{{Kind: format.ChildrenIn, Events: []document.Event{2}, Categories: format.CategorySet(format.Done)}}},
			{Name: "Step", Plural: "Steps", ID: format.IDDescriptor{Kind: format.PositionID}, StatusOptional: true, Children: "notes",
				Fields: []format.FieldDescriptor{{Name: "Content", Key: "content", Kind: format.TextField}}},
			{Name: "Note", Plural: "Notes", ID: format.IDDescriptor{Kind: format.LocalID}, StatusOptional: true,
				Fields: []format.FieldDescriptor{{Name: "See", Key: "see", Kind: format.ReferenceField}}},
		},
	}
	typ, err := document.NewType(d)
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

func setDone(id string) document.Change {
	return document.Set(document.NewID("", id), 3)
}

func newTodo(typ *document.Type, content string, at ...document.Place) document.Change {
	return typ.NewItem(0, document.ID{}).With(0, document.TextValue(content)).AddChange(document.ID{}, at...)
}

func place(text string) document.ID { return document.NewID("", text) }

func TestItemsWithoutIDsAreChangedByTheirPlaces(t *testing.T) {
	typ := placedType(t)
	retitle := func(id, text string) document.Change {
		return document.Change{Op: document.OpEdit, ID: place(id), Edit: &document.Edit{Fields: []document.FieldEdit{{Key: "content", Value: `"` + text + `"`}}}}
	}
	for _, test := range []struct {
		name, text string
		changes    []document.Change
		want       string
	}{
		{"a status", `[{"content":"a","status":"open"},{"content":"b","status":"open"}]`, []document.Change{setDone("#2")},
			`[{"content":"a","status":"open"},{"content":"b","status":"done"}]`},
		{"a status that was missing", `[{"content":"a"},{"content":"b"}]`, []document.Change{setDone("#1")}, `[{"content":"a","status":"done"},{"content":"b"}]`},
		{"the first member", `[{}]`, []document.Change{setDone("#1")}, `[{"status":"done"}]`},
		{"a member before others", `[{"x":1}]`, []document.Change{setDone("#1")}, `[{"status":"done","x":1}]`},
		{"a member before others, on lines", "[\n  {\n    \"x\": 1\n  }\n]", []document.Change{setDone("#1")}, "[\n  {\n    \"status\": \"done\",\n    \"x\": 1\n  }\n]"},
		{"an edit", `[{"content":"a","x":1}]`, []document.Change{retitle("#1", "A")}, `[{"content":"A","x":1}]`},
		{"below", `[{"content":"a"},{"content":"b","steps":[{"content":"c"},{"content":"d"}]}]`, []document.Change{setDone("#2.#1")},
			`[{"content":"a"},{"content":"b","steps":[{"content":"c","status":"done"},{"content":"d"}]}]`},
		{"a rollup", `[{"steps":[{"status":"done"},{}]}]`, []document.Change{setDone("#1.#2")}, `[{"status":"done","steps":[{"status":"done"},{"status":"done"}]}]`},
		{"an item with an id below", `[{"steps":[{"notes":[{"id":"n"}]}]}]`, []document.Change{setDone("#1.#1.n")}, `[{"steps":[{"notes":[{"id":"n","status":"done"}]}]}]`},
		{"an addition", `[{"content":"a"}]`, []document.Change{newTodo(typ, "b")}, `[{"content":"a"},{"content":"b","status":"open"}]`},
		{"additions at places", `[{"content":"a"}]`, []document.Change{newTodo(typ, "b", document.After(place("#1"))), newTodo(typ, "c", document.First())},
			`[{"content":"c","status":"open"},{"content":"a"},{"content":"b","status":"open"}]`},
		{"an addition and its status", `[{"content":"a"}]`, []document.Change{newTodo(typ, "b"), setDone("#2")}, `[{"content":"a"},{"content":"b","status":"done"}]`},
		{"removals, the last first", `[{"content":"a"},{"content":"b"},{"content":"c"}]`, []document.Change{document.Remove(place("#3")), document.Remove(place("#1"))}, `[{"content":"b"}]`},
		{"a move", `[{"content":"a"},{"content":"b"},{"content":"c"}]`, []document.Change{document.Move(place("#3"), document.ID{}, document.First())}, `[{"content":"c"},{"content":"a"},{"content":"b"}]`},
		{"a move to another parent", `[{"steps":[{"content":"a"},{"content":"b"}]},{"steps":[{"content":"c"}]}]`, []document.Change{document.Move(place("#1.#1"), place("#2"), document.Before(place("#2.#1")))},
			`[{"steps":[{"content":"b"}]},{"steps":[{"content":"a"},{"content":"c"}]}]`},
		{"a status, and then it moves", `[{"content":"a"},{"content":"b"}]`, []document.Change{setDone("#2"), document.Move(place("#2"), document.ID{}, document.First())}, `[{"content":"b","status":"done"},{"content":"a"}]`},
		{"references among siblings of what shifts", `[{"content":"a"},{"steps":[{"notes":[{"id":"n","see":"#3.#1.m"}]}]},{"steps":[{"notes":[{"id":"m","see":"m"}]}]}]`, []document.Change{document.Remove(place("#1"))},
			`[{"steps":[{"notes":[{"id":"n","see":"#3.#1.m"}]}]},{"steps":[{"notes":[{"id":"m","see":"m"}]}]}]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := mustParse(t, typ, test.text)
			next, _, err := d.Apply(test.changes...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(next.AppendJSON(nil))); diff != "" {
				t.Fatal(diff)
			}
			seen := append([]document.Change(nil), test.changes...)
			d.See(seen)
			written, err := typ.MarshalChanges([][]document.Change{seen})
			if err != nil {
				t.Fatal(err)
			}
			read, err := typ.UnmarshalChanges(written)
			if err != nil {
				t.Fatal(err)
			}
			if again, _, err := d.Apply(read[0]...); err != nil || string(again.AppendJSON(nil)) != test.want {
				t.Errorf("written down they lead to %v, %v", again, err)
			}
			if again, _, err := d.Apply(document.Changes(d, next)...); err != nil || len(document.Diff(again, next)) > 0 {
				t.Errorf("the difference leads to %v, %v", document.Diff(again, next), err)
			}
		})
	}
}

// TestPlacesThatAreNotWhatTheyWere says places after a change of the group that shifts
// them: they might mean two items, and so nothing is done.
func TestPlacesThatAreNotWhatTheyWere(t *testing.T) {
	typ := placedType(t)
	const text = `[{"content":"a","steps":[{"content":"x"},{"content":"y"}]},{"content":"b","steps":[{"notes":[{"id":"n"}]}]},{"content":"c"}]`
	first := document.Remove(place("#1"))
	for name, test := range map[string]struct {
		changes []document.Change
		refused bool
	}{
		"removals, the first first":        {[]document.Change{first, document.Remove(place("#2"))}, true},
		"the same one twice":               {[]document.Change{first, first}, true},
		"a status behind a removal":        {[]document.Change{first, setDone("#2")}, true},
		"a status before it":               {[]document.Change{document.Remove(place("#3")), setDone("#2.#1")}, false},
		"what is below":                    {[]document.Change{first, setDone("#2.#1")}, true},
		"an item with an id below":         {[]document.Change{first, setDone("#2.#1.n")}, true},
		"the place of an addition":         {[]document.Change{first, newTodo(typ, "d", document.After(place("#2")))}, true},
		"the parent of an addition":        {[]document.Change{first, typ.NewItem(1, document.ID{}).AddChange(place("#2"))}, true},
		"behind an addition at a place":    {[]document.Change{newTodo(typ, "d", document.First()), setDone("#2")}, true},
		"behind a move":                    {[]document.Change{document.Move(place("#1"), document.ID{}, document.Last()), setDone("#2")}, true},
		"another list":                     {[]document.Change{document.Remove(place("#1.#1")), setDone("#2.#1")}, false},
		"what is added last, and a status": {[]document.Change{newTodo(typ, "d"), setDone("#3")}, false},
		"an addition at the end":           {[]document.Change{first, newTodo(typ, "d")}, false},
		"the end of a shifted list":        {[]document.Change{first, newTodo(typ, "d"), setDone("#3")}, true},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := mustParse(t, typ, text).Apply(test.changes...)
			if refused := err != nil; refused != test.refused || refused && !strings.Contains(err.Error(), "items have other places since an earlier change of this group") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestAnotherItemStandsThere applies changes that were made for one version to others.
func TestAnotherItemStandsThere(t *testing.T) {
	typ := placedType(t)
	const text = `[{"content":"a","steps":[{"content":"x"},{"content":"y"}]},{"content":"b","steps":[{"content":"x"},{"content":"y"}]}]`
	const other = `[{"content":"b","steps":[{"content":"x"},{"content":"y"}]},{"content":"a","steps":[{"content":"x"},{"content":"y"}]}]`
	for name, test := range map[string]struct {
		change  document.Change
		now     string
		refused string
	}{
		"the same text":                    {setDone("#1.#1"), text, ""},
		"the same text, spelled anew":      {setDone("#1.#1"), strings.ReplaceAll(text, ":", " :\n"), ""},
		"another item":                     {setDone("#1"), other, `#1: another item stands here by now: {"content":"b","steps":null}, where {"content":"a","steps":null} was meant [position]`},
		"its twin below another":           {setDone("#1.#1"), other, `#1: another item stands here by now: {"content":"b","steps":null}, where {"content":"a","steps":null} was meant [position]`},
		"none":                             {setDone("#2"), `[{"content":"a"}]`, `#2: the item that was meant does not stand here by now: it was {"content":"b","steps":null} [position]`},
		"another parent of an addition":    {typ.NewItem(1, document.ID{}).AddChange(place("#1")), other, "#1: another item stands here by now"},
		"another sibling of an addition":   {newTodo(typ, "c", document.Before(place("#2"))), other, "#2: another item stands here by now"},
		"an addition at the end":           {newTodo(typ, "c"), other, ""},
		"a removal of what has more":       {document.Remove(place("#1")), strings.Replace(text, `"x"`, `"z"`, 1), "#1: another item stands here by now"},
		"a status of what has other steps": {document.Force(place("#1"), 3, "because"), strings.Replace(text, `"x"`, `"z"`, 1), ""},
		"one where there was none":         {setDone("#3"), text[:len(text)-1] + `,{"content":"c"}]`, "#3: another item stands here by now, where there was none"},
	} {
		t.Run(name, func(t *testing.T) {
			changes := []document.Change{test.change}
			mustParse(t, typ, text).See(changes)
			_, _, err := mustParse(t, typ, test.now).Apply(changes...)
			if got := errorText(err); (got == "") != (test.refused == "") || !strings.Contains(got, test.refused) {
				t.Errorf("got %q, want %q", got, test.refused)
			}
		})
	}
	t.Run("an item of an older version", func(t *testing.T) {
		d := mustParse(t, typ, text)
		it, _ := d.Find(place("#1"))
		next, _, err := d.Apply(document.Move(place("#1"), document.ID{}, document.Last()))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := next.WithItem(it.With(0, document.TextValue("A"))); err == nil || !strings.Contains(err.Error(), "another item stands here") {
			t.Errorf("got %v", err)
		}
		if _, err := d.WithItem(it.With(0, document.TextValue("A"))); err != nil {
			t.Error(err)
		}
	})
}

// TestEditsOfItemsWithoutIDs has steps that follow each other become one group.
func TestEditsOfItemsWithoutIDs(t *testing.T) {
	typ := placedType(t)
	d := mustParse(t, typ, `[{"content":"a"},{"content":"b"},{"content":"c"}]`)
	step := func(d *document.Document, c document.Change) *document.Document {
		t.Helper()
		next, _, err := d.Apply(c)
		if err != nil {
			t.Fatal(err)
		}
		return next
	}
	for name, test := range map[string]struct {
		edit func(*document.Document) *document.Document
		want string // of an error
	}{
		"a status, then the item as it is": {func(d *document.Document) *document.Document {
			next := step(d, setDone("#2"))
			it, _ := next.Find(place("#2"))
			next, err := next.WithItem(it.With(0, document.TextValue("B")))
			if err != nil {
				t.Fatal(err)
			}
			return next
		}, ""},
		"a removal, then what has come to its place": {func(d *document.Document) *document.Document {
			return step(step(d, document.Remove(place("#1"))), setDone("#1"))
		}, "items have other places since an earlier change of this group"},
		"from the last to the first": {func(d *document.Document) *document.Document {
			return step(step(d, document.Remove(place("#3"))), document.Remove(place("#1")))
		}, ""},
		"a document from elsewhere": {func(*document.Document) *document.Document { return mustParse(t, typ, `[{"content":"a"}]`) }, "does not come from the one it was given"},
	} {
		t.Run(name, func(t *testing.T) {
			var edited *document.Document
			changes, err := d.Track(func(d *document.Document) (*document.Document, error) {
				edited = test.edit(d)
				return edited, nil
			})
			if got := errorText(err); (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
				t.Fatalf("got %q, want %q", got, test.want)
			}
			if err != nil {
				return
			}
			if next, _, err := d.Apply(changes...); err != nil || string(next.AppendJSON(nil)) != string(edited.AppendJSON(nil)) {
				t.Errorf("the group leads to %v, %v", next, err)
			}
		})
	}
}

func TestIDsOfItemsWithoutIDs(t *testing.T) {
	typ := placedType(t)
	for _, test := range []struct {
		level document.Level
		text  string
		ok    bool
	}{
		{0, "#1", true}, {0, "#0", false}, {0, "#01", false}, {0, "1", false}, {0, "#", false}, {0, "#1.#2", false},
		{1, "#1.#2", true}, {1, "#2", false}, {1, "#1.x", false}, {2, "#1.#2.x", true},
	} {
		if _, err := typ.ParseID(test.level, test.text); (err == nil) != test.ok {
			t.Errorf("level %d, %s: %v", test.level, test.text, err)
		}
	}
	if got := typ.PositionID(typ.PositionID(document.ID{}, 3), 1); got != place("#3.#1") {
		t.Errorf("got %s", got)
	}
	if _, err := typ.Parse([]byte(`[{"steps":[{"notes":[{"id":"a"},{"id":"a"}]}]}]`)); err == nil || !strings.Contains(err.Error(), "#1.#1.a") {
		t.Errorf("an id that is taken: %v", err)
	}
	if _, err := typ.Parse([]byte(`[{"content":5}]`)); err == nil || !strings.Contains(err.Error(), "1:13: #1: ") {
		t.Errorf("a wrong value: %v", err)
	}
}

// TestProblemsOfNewItemsBelowItemsWithoutIDs names new items by the places of those
// that they go below.
func TestProblemsOfNewItemsBelowItemsWithoutIDs(t *testing.T) {
	d := mustParse(t, placedType(t), `[{},{"steps":[{},{}]}]`)
	for _, test := range []struct{ id, parent, text, want string }{
		{"", "#2", `{"notes":[{"id":"a","see":{}}]}`, "#2.#1.a: see is an object: want the id of an item [type]"},
		{"#2.#2.a", "#2.#2", `{"id":"a","see":{}}`, "#2.#2.a: see is an object: want the id of an item [type]"},
		{"#2.#2.a", "#2.#2", `{"id":"a","see":{}`, "#2.#2.a: see is an object: want the id of an item [type]\n#2.#2.a: the text ends early: want a comma or } [syntax]"},
	} {
		if _, _, err := d.Apply(add(test.id, test.parent, test.text)); err == nil || err.Error() != test.want {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}
