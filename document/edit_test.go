package document_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/engine"
)

// edited applies an edit of one field, given as JSON text, and returns the new
// text.
func edited(t *testing.T, d *document.Document, item document.ID, key, value string) string {
	t.Helper()
	to, _, err := d.Apply(document.Change{Op: document.OpEdit, ID: item, Edit: &document.Edit{Fields: []document.FieldEdit{{Key: key, Value: value}}}})
	if err != nil {
		t.Fatal(err)
	}
	text := string(to.AppendJSON(nil))
	again := mustParse(t, d.Type(), text)
	if diff := document.Diff(to, again); diff != nil {
		t.Errorf("what is written reads otherwise: %+v", diff)
	}
	return text
}

func TestEditsKeepTheTextAround(t *testing.T) {
	const (
		compact = `[{"id":1,"text":"a","status":"Planned","x":[1, 2],"texts":["a","b"]},{"id":2,"status":"Planned"}]`
		spaced  = `[{ "id": 1, "text": "a", "status": "Planned", "texts": ["a", "b"] }, {"id": 2, "status": "Planned"}]`
		pretty  = "[\n  {\n    \"id\": 1,\n    \"text\": \"a\",\n    \"texts\": [\n      \"a\"\n    ],\n    \"object\": {},\n    \"raw\": [1, 2],\n    \"status\": \"Planned\"\n  }\n]\n"
		lines   = "[\n\t{\"id\": 1, \"text\": \"a\", \"status\": \"Planned\", \"texts\": []}\n]"
	)
	tests := []struct {
		name, text, key, value string
		// before and after are what the edit replaces; everything else stays.
		before, after string
	}{
		{"replace", compact, "text", `"b"`, `"text":"a"`, `"text":"b"`},
		{"spelling is kept", compact, "float", `1.50`, `"status":"Planned","x"`, `"status":"Planned","float":1.50,"x"`},
		{"replace by what is longer", compact, "text", `"a\u0000\"b"`, `"text":"a"`, `"text":"a\u0000\"b"`},
		{"replace with space around", compact, "text", " \n\"b\"\t", `"text":"a"`, `"text":"b"`},
		{"replace a list", compact, "texts", `[ "c" , "d" ]`, `["a","b"]`, `["c","d"]`},
		{"remove", compact, "text", ``, `,"text":"a"`, ``},
		{"remove the last", compact, "texts", ``, `,"texts":["a","b"]`, ``},
		{"insert behind the nearest", compact, "int", `7`, `"status":"Planned","x"`, `"status":"Planned","int":7,"x"`},
		{"insert behind the id", `[{"status":"Planned","id":1}]`, "text", `"a"`, `"id":1`, `"id":1,"text":"a"`},
		{"insert behind the status", `[{"id":1,"status":"Planned","texts":[]}]`, "int", `7`, `"status":"Planned"`, `"status":"Planned","int":7`},
		{"insert behind all before it", `[{"id":1,"texts":[],"x":1,"status":"Planned","y":1}]`, "objects", `[]`, `"Planned"`, `"Planned","objects":[]`},
		{"insert an object", compact, "object", `{"inner": {"n": 1}, "a": "b"}`, `"status":"Planned","x"`, `"status":"Planned","object":{"inner":{"n":1},"a":"b"},"x"`},
		{"insert null", compact, "bool", `null`, `"status":"Planned","x"`, `"status":"Planned","bool":null,"x"`},

		{"spaced: replace a list", spaced, "texts", `["c","d"]`, `["a", "b"]`, `["c", "d"]`},
		{"spaced: insert", spaced, "int", `7`, `"status": "Planned", "texts"`, `"status": "Planned", "int": 7, "texts"`},
		{"spaced: insert an object", spaced, "object", `{"a":"b","inner":{"n":1}}`, `"Planned", "texts"`, `"Planned", "object": { "a": "b", "inner": { "n": 1 } }, "texts"`},
		{"spaced: remove", spaced, "text", ``, ` "text": "a",`, ``},
		{"spaced: remove the last", spaced, "texts", ``, `, "texts": ["a", "b"]`, ``},

		{"pretty: replace a list", pretty, "texts", `["b","c"]`, "[\n      \"a\"\n    ]", "[\n      \"b\",\n      \"c\"\n    ]"},
		{"pretty: empty a list", pretty, "texts", `[ ]`, "[\n      \"a\"\n    ]", "[]"},
		{"pretty: fill what is empty", pretty, "object", `{"inner":{"n":1},"colors":[]}`, "{}", "{\n      \"inner\": {\n        \"n\": 1\n      },\n      \"colors\": []\n    }"},
		{"pretty: what is on one line stays there", pretty, "raw", `{"a":[3,4],"b":"x, y: z"}`, "[1, 2]", `{"a": [3, 4], "b": "x, y: z"}`},
		{"pretty: insert", pretty, "int", `7`, `"status": "Planned"`, "\"status\": \"Planned\",\n    \"int\": 7"},
		{"pretty: insert a list", pretty, "objects", `[{"a":"b"}]`, "\"status\": \"Planned\"", "\"status\": \"Planned\",\n    \"objects\": [\n      {\n        \"a\": \"b\"\n      }\n    ]"},
		{"pretty: remove", pretty, "text", ``, "\n    \"text\": \"a\",", ""},
		{"pretty: remove what is on several lines", pretty, "texts", ``, "\n    \"texts\": [\n      \"a\"\n    ],", ""},

		{"an item on a line: replace a list", lines, "texts", `["a","b"]`, `[]`, `["a", "b"]`},
		{"an item on a line: insert", lines, "bool", `true`, `"Planned", "texts"`, `"Planned", "bool": true, "texts"`},
	}
	typ := kindsType(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if n := strings.Count(tt.text, tt.before); n < 1 {
				t.Fatalf("%q is not there", tt.before)
			}
			want := strings.Replace(tt.text, tt.before, tt.after, 1)
			if diff := cmp.Diff(want, edited(t, mustParse(t, typ, tt.text), id("1"), tt.key, tt.value)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			crlf := strings.NewReplacer("\n", "\r\n")
			if diff := cmp.Diff(crlf.Replace(want), edited(t, mustParse(t, typ, crlf.Replace(tt.text)), id("1"), tt.key, tt.value)); diff != "" {
				t.Errorf("with carriage returns (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEditsOfItemsAboveOthers(t *testing.T) {
	const child = `{"id":"P1.M1","type":"Milestone","title":"T","status":"Planned","description":"D","tasks":[]}`
	texts := map[string]string{
		"children last":       `{"backlog":[{"id":"P1","type":"Phase","title":"T","status":"Planned","description":"D","milestones":[` + child + `]}]}`,
		"children first":      `{"backlog":[{"milestones":[` + child + `],"id":"P1","type":"Phase","title":"T","status":"Planned","description":"D"}]}`,
		"children in between": `{"backlog":[{"id":"P1","title":"T","milestones":[` + child + `],"type":"Phase","x":"title","status":"Planned","description":"D"}]}`,
		"children null-like":  `{"backlog":[{"id":"P1","title":"T","milestones":[],"type":"Phase","x":"title","status":"Planned","description":"D"}]}`,
	}
	typ := planType(t)
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			d := mustParse(t, typ, text)
			want := strings.Replace(text, `"title":"T"`, `"title":"A much longer title"`, 1)
			if name == "children first" {
				want = strings.Replace(text, `"id":"P1","type":"Phase","title":"T"`, `"id":"P1","type":"Phase","title":"A much longer title"`, 1)
			}
			if diff := cmp.Diff(want, edited(t, d, id("P1"), "title", `"A much longer title"`)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			// Both the item and one below it, fields and statuses.
			both, applied, err := d.Apply(append(editTitle("P1", "x"), document.Set(id("P1"), ready))...)
			if err != nil || applied.Updates != 2 {
				t.Fatal(applied, err)
			}
			if strings.Contains(text, child) {
				if both, _, err = both.Apply(append(editTitle("P1.M1", "y"), document.Set(id("P1.M1"), researching))...); err != nil {
					t.Fatal(err)
				}
			}
			again := mustParse(t, typ, string(both.AppendJSON(nil)))
			if diff := document.Diff(both, again); diff != nil {
				t.Errorf("what is written reads otherwise: %+v", diff)
			}
			if p, _ := again.Find(id("P1")); p.String() != `Phase P1 "x" (Ready)` {
				t.Errorf("got %s", p)
			}
		})
	}
}

func editTitle(item, title string) []document.Change {
	return []document.Change{{Op: document.OpEdit, ID: id(item), Edit: &document.Edit{Fields: []document.FieldEdit{{Key: "title", Value: `"` + title + `"`}}}}}
}

func TestEditOfATitleChangesOneLine(t *testing.T) {
	text := samplePlan(2, 2, 2, 3)
	d := mustParse(t, planType(t), string(text))
	n := 0
	for it := range d.All() {
		to, err := d.WithItem(it.With(titleField, document.TextValue("Another")))
		if err != nil {
			t.Fatal(err)
		}
		if lines := changedLines(text, to.AppendJSON(nil)); lines != 1 {
			t.Errorf("%s: %d lines changed", it, lines)
		}
		n++
	}
	if n != 2+4+8+24 {
		t.Errorf("%d items", n)
	}
}

func TestEditsThatAreRefused(t *testing.T) {
	d := mustParse(t, planType(t), string(samplePlan(1, 1, 1, 1)))
	leaf := id("P1.M1.T1.S1")
	tests := []struct {
		name string
		item document.ID
		edit []document.FieldEdit
		want string
	}{
		{"no item", id("P9"), []document.FieldEdit{{Key: "title", Value: `"x"`}}, `no item has the id "P9"`},
		{"unknown key", leaf, []document.FieldEdit{{Key: "prio", Value: `1`}}, `P1.M1.T1.S1: a Subtask has no field "prio" to edit: its fields are type, title, story_points, dependencies, context_scope [field]`},
		{"the id", leaf, []document.FieldEdit{{Key: "id", Value: `"P2"`}}, `P1.M1.T1.S1: a Subtask has no field "id" to edit: its fields are type, title, story_points, dependencies, context_scope [field]`},
		{"the status", leaf, []document.FieldEdit{{Key: "status", Value: `"Complete"`}}, `P1.M1.T1.S1: a Subtask has no field "status" to edit: its fields are type, title, story_points, dependencies, context_scope [field]`},
		{"the children", id("P1"), []document.FieldEdit{{Key: "milestones", Value: `[]`}}, `P1: a Phase has no field "milestones" to edit: its fields are type, title, description [field]`},
		{"the constant", leaf, []document.FieldEdit{{Key: "type", Value: `"Task"`}}, `P1.M1.T1.S1: type is "Task": want "Subtask" [constant]`},
		{"what is required", leaf, []document.FieldEdit{{Key: "title"}}, `P1.M1.T1.S1: a Subtask must have "title" [required]`},
		{"null", leaf, []document.FieldEdit{{Key: "title", Value: "null"}}, `P1.M1.T1.S1: title is null: want text [type]`},
		{"all problems", leaf, []document.FieldEdit{{Key: "story_points", Value: "0"}, {Key: "title", Value: `""`}, {Key: "dependencies", Value: `[[]]`}, {Key: "context_scope", Value: `"x" "y"`}},
			"P1.M1.T1.S1: story_points is 0: want more than 0 [exclusiveMinimum]\nP1.M1.T1.S1: title is empty [minLength]\nP1.M1.T1.S1: dependencies is an array: want the id of an item [type]\nP1.M1.T1.S1: unexpected text after the value [syntax]"},
		{"a way out of the value", leaf, []document.FieldEdit{{Key: "title", Value: `"x","status":"Complete"`}}, `P1.M1.T1.S1: unexpected text after the value [syntax]`},
		{"references and more", leaf, []document.FieldEdit{{Key: "dependencies", Value: `["P1"] , 5`}}, `P1.M1.T1.S1: unexpected text after the value [syntax]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			to, _, err := d.Apply(document.Change{Op: document.OpEdit, ID: tt.item, Edit: &document.Edit{Fields: tt.edit}})
			if err == nil || to != nil {
				t.Fatalf("got %v, %v", to, err)
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			var notFound *document.NotFoundError
			var refusal *document.ChangeError
			if !errors.As(err, &notFound) && !errors.As(err, &refusal) {
				t.Errorf("it is a %T", err)
			}
		})
	}
	if _, _, err := d.Apply(document.Change{Op: document.OpEdit, ID: leaf}); err == nil {
		t.Error("an edit without fields is accepted")
	}
}

func TestWarningsDoNotRefuseEdits(t *testing.T) {
	d := mustParse(t, planType(t), string(samplePlan(1, 1, 1, 1)))
	it, _ := d.Find(id("P1.M1.T1.S1"))
	to, err := d.WithItem(it.With(storyPointsField, document.FloatValue(0.3)).With(contextField, document.TextValue("later")))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`18:33 /backlog/0/milestones/0/tasks/0/subtasks/0/story_points P1.M1.T1.S1 story_points is 0.3: want a multiple of 0.5 [multipleOf]`,
		`20:34 /backlog/0/milestones/0/tasks/0/subtasks/0/context_scope P1.M1.T1.S1 context_scope does not begin with "CONTRACT DEFINITION:" [prefix]`,
		`20:34 /backlog/0/milestones/0/tasks/0/subtasks/0/context_scope P1.M1.T1.S1 context_scope has no section "1. RESEARCH NOTE" in its place: want 1. RESEARCH NOTE, 2. INPUT, 3. LOGIC, 4. OUTPUT in this order [sections]`,
	}
	got := written(to.Validate())
	for i := range want { // lines and columns are those of the sample, not of interest here
		_, want[i], _ = strings.Cut(want[i], " ")
	}
	for i := range got {
		_, got[i], _ = strings.Cut(got[i], " ")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAStaleItemRevertsNothing(t *testing.T) {
	d := mustParse(t, planType(t), string(samplePlan(1, 1, 1, 1)))
	stale, _ := d.Find(id("P1.M1.T1.S1"))
	now, _, err := d.Apply(append(editTitle("P1.M1.T1.S1", "new"), document.Set(id("P1.M1.T1.S1"), researching))...)
	if err != nil {
		t.Fatal(err)
	}
	to, err := now.WithItem(stale.With(storyPointsField, document.FloatValue(3)))
	if err != nil {
		t.Fatal(err)
	}
	it, _ := to.Find(stale.ID())
	points, _ := it.Float(storyPointsField)
	if got := it.String(); got != `Subtask P1.M1.T1.S1 "new" (Researching)` || points != 3 {
		t.Errorf("got %s with %v points", got, points)
	}
	if same, err := now.WithItem(stale); err != nil || same != now {
		t.Errorf("an item without changes makes a new document, or %v", err)
	}
}

func TestNewReferencesAreSpelledAsIdsAre(t *testing.T) {
	const text = `{"g":{"tasks":[{"id":1,"title":"a","status":"done","dependencies":[],"subtasks":[{"id":1,"title":"a","status":"done","dependencies":[]},{"id":"x","title":"a","status":"done"},{"id":"1.3","title":"a","status":"done"}]},{"id":"b","title":"a","status":"done"},{"id":7,"title":"a","status":"done","subtasks":[{"id":5,"title":"a","status":"done"}]}]}}`
	typ := trackerType(t)
	const dependencies = 5
	tests := []struct {
		name, item string
		refs       []string
		want       string
	}{
		{"tasks", "1", []string{"b", "7"}, `["b",7]`},
		{"siblings", "1.1", []string{"1.x", "1.3", "1.1"}, `["x","1.3",1]`},
		{"tasks from a subtask", "1.1", []string{"b", "7"}, `["b",7]`},
		{"elsewhere", "1.1", []string{"7.5"}, `["7.5"]`},
		{"nowhere", "1.1", []string{"99"}, `["99"]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := mustParse(t, typ, text)
			it, ok := d.Find(document.NewID("g", tt.item))
			if !ok {
				t.Fatal("no item")
			}
			var ids []document.ID
			for _, r := range tt.refs {
				ids = append(ids, document.NewID("g", r))
			}
			d, err := d.WithItem(it.With(dependencies, engine.ListOf(ids, document.ReferenceValue)))
			if err != nil {
				t.Fatal(err)
			}
			it, _ = d.Find(it.ID())
			raw, _ := it.Raw(dependencies)
			if string(raw) != tt.want {
				t.Errorf("got %s, want %s", raw, tt.want)
			}
			var got []document.ID
			for r := range it.References(dependencies) {
				got = append(got, r)
			}
			if diff := cmp.Diff(ids, got, cmp.Comparer(func(a, b document.ID) bool { return a == b })); diff != "" {
				t.Errorf("references (-given +read):\n%s", diff)
			}
			if with := it.With(dependencies, engine.ListOf(got, document.ReferenceValue)); with != it {
				t.Error("what was read is not the same when given again")
			}
		})
	}
}

func TestReferencesThatWouldBeReadOtherwise(t *testing.T) {
	const text = `{"g":{"tasks":[{"id":3,"title":"a","status":"done"},{"id":1,"title":"a","status":"done","dependencies":[],"subtasks":[{"id":2,"title":"a","status":"done","dependencies":[]},{"id":3,"title":"a","status":"done"}]}]},"h":{"tasks":[{"id":3,"title":"a","status":"done"}]}}`
	d := mustParse(t, trackerType(t), text)
	const dependencies = 5
	tests := []struct{ item, group, ref, want string }{
		{"1", "g", "3", ""},
		{"1.2", "g", "1.3", ""},
		{"1.2", "g", "3", "g/1.2: dependencies: a reference to g/3 would be read as g/1.3 here [value]"},
		{"1", "h", "3", "g/1: dependencies: a reference to h/3 would be read as g/3 here [value]"},
		{"1", "", "3", ""},
	}
	for _, tt := range tests {
		it, _ := d.Find(document.NewID("g", tt.item))
		_, err := d.WithItem(it.With(dependencies, document.ListValue(document.ReferenceValue(document.NewID(tt.group, tt.ref)))))
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || err.Error() != tt.want) {
			t.Errorf("from %s to %s/%s: %v, want %q", tt.item, tt.group, tt.ref, err, tt.want)
		}
	}
}
