package document_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/engine"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

// boardType is a small format for tests of structure: boards with text ids, lists
// with local ids, cards with local ids that refer to cards and others.
func boardType(t testing.TB, roots ...format.Root) *document.Type {
	t.Helper()
	of := trackerDescriptor()
	of.Name = "board"
	if of.Roots = roots; len(roots) == 0 {
		of.Roots = []format.Root{{Kind: format.RootObject, Key: "boards"}}
	}
	refs := []format.FieldDescriptor{
		{Name: "After", Key: "after", Kind: format.ReferenceField, List: true},
		{Name: "Twin", Key: "twin", Kind: format.ReferenceField},
	}
	ids := func(kind format.IDKind) format.IDDescriptor {
		return format.IDDescriptor{Kind: kind, String: true, Int: true}
	}
	of.Levels = []format.LevelDescriptor{
		{Name: "Board", Plural: "Boards", ID: ids(format.TextID), Children: "lists", StatusOptional: true},
		{Name: "List", Plural: "Lists", ID: ids(format.LocalID), Children: "cards", ChildrenNullable: true, StatusOptional: true},
		{Name: "Card", Plural: "Cards", ID: ids(format.LocalID), Fields: refs, StatusOptional: true},
	}
	typ, err := document.NewType(of)
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

// add is the change that adds an item with a JSON text.
func add(item, parent, text string) document.Change {
	return document.Change{Op: document.OpAdd, ID: id(item), Edit: &document.Edit{Parent: id(parent), Item: text}}
}

func TestStructure(t *testing.T) {
	const (
		compact = `{"boards":[{"id":1,"lists":[{"id":1,"cards":[{"id":1},{"id":2,"x":[1, 2]},{"id":3}]},{"id":2}]},{"id":2,"lists":[]}],"z":0}`
		spaced  = `{"boards": [{"id": 1, "lists": [{"id": 1, "cards": [{"id": 1}]}]}]}`
		pretty  = "{\n  \"boards\": [\n    {\n      \"id\": 1,\n      \"lists\": [\n        {\n          \"id\": 1,\n          \"cards\": [\n            {\n              \"id\": 1\n            },\n            {\n              \"id\": 2\n            }\n          ]\n        },\n        {\n          \"id\": 2\n        },\n        {\n          \"id\": 3,\n          \"cards\": []\n        }\n      ]\n    }\n  ]\n}\n"
		padded  = `{ "boards" : [{ "id" : 1,  "lists" : [ { "id" : 1,  "cards" : [{ "id" : 1,  "x" : [1,2] }] } ] }] }`
		inLine  = "{\n  \"boards\": [\n    {\n      \"id\": 1,\n      \"lists\": [\n        {\"id\":1,\"cards\":[]},\n        { \"id\": 2, \"cards\": [] }\n      ]\n    }\n  ]\n}\n"
		lines   = "{\"boards\": [\n  {\"id\": 1, \"lists\": [\n    {\"id\": 1},\n    {\"id\": 2}\n  ]}\n]}"
	)
	card := func(n string) string { return "            {\n              \"id\": " + n + "\n            }" }
	tests := []struct {
		name, text    string
		changes       []document.Change
		before, after string
	}{
		{"remove the first", compact, []document.Change{document.Remove(id("1.1.1"))}, `{"id":1},{"id":2,"x"`, `{"id":2,"x"`},
		{"remove from the middle", compact, []document.Change{document.Remove(id("1.1.2"))}, `,{"id":2,"x":[1, 2]}`, ``},
		{"remove the last", compact, []document.Change{document.Remove(id("1.1.3"))}, `,{"id":3}`, ``},
		{"remove all", compact, []document.Change{document.Remove(id("1.1.3")), document.Remove(id("1.1.1")), document.Remove(id("1.1.2"))}, `[{"id":1},{"id":2,"x":[1, 2]},{"id":3}]`, `[]`},
		{"remove with all below", compact, []document.Change{document.Remove(id("1.1"))}, `{"id":1,"cards":[{"id":1},{"id":2,"x":[1, 2]},{"id":3}]},{"id":2}`, `{"id":2}`},
		{"remove an item and its parent", compact, []document.Change{document.Remove(id("1.1.2")), document.Remove(id("1"))}, `{"id":1,"lists":[{"id":1,"cards":[{"id":1},{"id":2,"x":[1, 2]},{"id":3}]},{"id":2}]},{"id":2,"lists":[]}`, `{"id":2,"lists":[]}`},
		{"add", compact, []document.Change{add("1.1.4", "1.1", `{ "id" : 4 , "y": [ ] }`)}, `{"id":3}`, `{"id":3},{"id":4,"y":[]}`},
		{"add to nothing", compact, []document.Change{add("1.2.1", "1.2", `{"id":1}`)}, `{"id":2}]`, `{"id":2,"cards":[{"id":1}]}]`},
		{"add to an empty list", compact, []document.Change{add("2.1", "2", `{"id":1}`)}, `"lists":[]`, `"lists":[{"id":1}]`},
		{"add at the top", compact, []document.Change{add("b", "", `{"id":"b","lists":[{"id":1}]}`)}, `"lists":[]}`, `"lists":[]},{"id":"b","lists":[{"id":1}]}`},
		{"add below what is added", compact, []document.Change{add("3", "", `{"id":3}`), add("3.1", "3", `{"id":1}`), add("3.1.1", "3.1", `{"id":1}`), add("3.1.2", "3.1", `{"id":2}`)}, `"lists":[]}`, `"lists":[]},{"id":3,"lists":[{"id":1,"cards":[{"id":1},{"id":2}]}]}`},
		{"remove and add again", compact, []document.Change{document.Remove(id("1.1.2")), add("1.1.2", "1.1", `{"id":2}`)}, `{"id":2,"x":[1, 2]},{"id":3}`, `{"id":3},{"id":2}`},
		{"move", compact, []document.Change{document.Move(id("1.1.2"), id("1.2"))}, `,{"id":2,"x":[1, 2]},{"id":3}]},{"id":2}`, `,{"id":3}]},{"id":2,"cards":[{"id":2,"x":[1, 2]}]}`},
		{"move to where the id is taken", compact, []document.Change{document.Move(id("1.1"), id("2")), document.Move(id("1.2"), id("2"))}, `[{"id":1,"cards":[{"id":1},{"id":2,"x":[1, 2]},{"id":3}]},{"id":2}]},{"id":2,"lists":[]}`, `[]},{"id":2,"lists":[{"id":1,"cards":[{"id":1},{"id":2,"x":[1, 2]},{"id":3}]},{"id":2}]}`},

		{"spaced: add", spaced, []document.Change{add("1.1.2", "1.1", `{"id":2,"y":["a",{"b":1}]}`)}, `{"id": 1}]`, `{"id": 1}, {"id": 2, "y": ["a", {"b": 1}]}]`},
		{"spaced: add to nothing", spaced, []document.Change{add("1.2", "1", `{"id":2}`), add("1.2.1", "1.2", `{"id":1}`)}, `]}]}]}`, `]}, {"id": 2, "cards": [{"id": 1}]}]}]}`},

		{"padded: add", padded, []document.Change{add("1.1.2", "1.1", `{"id":2,"y":[{"b":1,"c":{}}]}`)}, `[1,2] }]`, `[1,2] },  { "id" : 2,  "y" : [{ "b" : 1,  "c" : {} }] }]`},
		{"padded: add to nothing", padded, []document.Change{add("2", "", `{"id":2}`), add("2.1", "2", `{"id":1}`)}, ` ] }]`, ` ] },  { "id" : 2,  "lists" : [{ "id" : 1 }] }]`},
		{"items on a line each: add like the first", inLine, []document.Change{add("1.3", "1", `{"id":3,"cards":[{"id":1}]}`)}, `{ "id": 2, "cards": [] }`, "{ \"id\": 2, \"cards\": [] },\n        {\"id\":3,\"cards\":[{\"id\":1}]}"},
		{"items on a line each: add to nothing", inLine, []document.Change{add("1.2.1", "1.2", `{"id":1}`), add("1.2.2", "1.2", `{"id":2}`)}, `"id": 2, "cards": []`, "\"id\": 2, \"cards\": [\n          {\n            \"id\": 1\n          },\n          {\n            \"id\": 2\n          }\n        ]"},

		{"pretty: add", pretty, []document.Change{add("1.1.3", "1.1", `{"id":3}`)}, card("2"), card("2") + ",\n" + card("3")},
		{"pretty: add to nothing", pretty, []document.Change{add("1.2.1", "1.2", `{"id":1}`)}, "\"id\": 2\n        }", "\"id\": 2,\n          \"cards\": [\n" + card("1") + "\n          ]\n        }"},
		{"pretty: add to an empty list", pretty, []document.Change{add("1.3.1", "1.3", `{"id":1}`), add("1.3.2", "1.3", `{"id":2}`)}, "\"cards\": []", "\"cards\": [\n" + card("1") + ",\n" + card("2") + "\n          ]"},
		{"pretty: remove", pretty, []document.Change{document.Remove(id("1.1.1"))}, card("1") + ",\n", ""},
		{"pretty: remove the last", pretty, []document.Change{document.Remove(id("1.1.2"))}, ",\n" + card("2"), ""},
		{"pretty: move", pretty, []document.Change{document.Move(id("1.1.2"), id("1.3"))}, ",\n" + card("2") + "\n          ]\n        },\n        {\n          \"id\": 2\n        },\n        {\n          \"id\": 3,\n          \"cards\": []", "\n          ]\n        },\n        {\n          \"id\": 2\n        },\n        {\n          \"id\": 3,\n          \"cards\": [\n" + card("2") + "\n          ]"},

		{"items on lines: add", lines, []document.Change{add("1.3", "1", `{"id":3,"cards":[{"id":1}]}`)}, `{"id": 2}`, "{\"id\": 2},\n    {\"id\": 3, \"cards\": [{\"id\": 1}]}"},
		{"items on lines: add at the top", lines, []document.Change{add("2", "", `{"id":2}`)}, "  ]}\n]", "  ]},\n  {\"id\": 2}\n]"},
		{"items on lines: remove", lines, []document.Change{document.Remove(id("1.1"))}, "    {\"id\": 1},\n", ""},
		{"items on lines: add to nothing", lines, []document.Change{add("1.2.1", "1.2", `{"id":1}`)}, `{"id": 2}`, `{"id": 2, "cards": [{"id": 1}]}`},
	}
	typ := boardType(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if strings.Count(tt.text, tt.before) != 1 {
				t.Fatalf("%q is there %d times", tt.before, strings.Count(tt.text, tt.before))
			}
			crlf := strings.NewReplacer("\n", "\r\n")
			for _, as := range []func(string) string{func(s string) string { return s }, crlf.Replace} {
				d := mustParse(t, typ, as(tt.text))
				to, applied, err := d.Apply(tt.changes...)
				if err != nil {
					t.Fatal(err)
				}
				if applied.Updates != len(tt.changes) {
					t.Errorf("%d updates", applied.Updates)
				}
				if diff := cmp.Diff(as(strings.Replace(tt.text, tt.before, tt.after, 1)), string(to.AppendJSON(nil))); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				checkCounts(t, to)
				if string(d.AppendJSON(nil)) != as(tt.text) {
					t.Error("the document itself has changed")
				}
			}
		})
	}
}

func TestAddToNewDocuments(t *testing.T) {
	tests := []struct {
		name string
		typ  *document.Type
		d    func(*document.Type) *document.Document
		add  []document.Change
		want string
	}{
		{"new", boardType(t), (*document.Type).New, []document.Change{add("1", "", `{"id":1,"lists":[{"id":1}]}`)},
			"{\n  \"boards\": [\n    {\n      \"id\": 1,\n      \"lists\": [\n        {\n          \"id\": 1\n        }\n      ]\n    }\n  ]\n}"},
		{"new array", boardType(t, format.Root{Kind: format.RootArray}), (*document.Type).New, []document.Change{add("1", "", `{"id":1}`)}, "[\n  {\n    \"id\": 1\n  }\n]"},
		{"compact", boardType(t), func(t *document.Type) *document.Document { d, _ := t.Parse([]byte(`{"boards":[]}`)); return d },
			[]document.Change{add("1", "", `{"id":1}`)}, `{"boards":[{"id":1}]}`},
		{"with tabs", boardType(t), func(t *document.Type) *document.Document {
			d, _ := t.Parse([]byte("{\n\t\"v\" : 1,\n\t\"boards\" : []\n}"))
			return d
		}, []document.Change{add("1", "", `{"id":1}`)}, "{\n\t\"v\" : 1,\n\t\"boards\" : [\n\t\t{\n\t\t\t\"id\" : 1\n\t\t}\n\t]\n}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			to, _, err := tt.d(tt.typ).Apply(tt.add...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(to.AppendJSON(nil))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAddToGroups(t *testing.T) {
	typ := boardType(t, format.Root{Kind: format.RootGroups, Key: "boards"})
	group := func(name, item, text string) document.Change {
		return document.Change{Op: document.OpAdd, ID: document.NewID(name, item), Edit: &document.Edit{Parent: document.NewID(name, ""), Item: text}}
	}
	tests := []struct {
		name, text, want, err string
		changes               []document.Change
	}{
		{name: "there", text: `{"a":{"boards":[{"id":1}]},"b":{"boards":[]}}`, changes: []document.Change{group("b", "1", `{"id":1}`)}, want: `{"a":{"boards":[{"id":1}]},"b":{"boards":[{"id":1}]}}`},
		{name: "new", text: `{"a":{"boards":[]}}`, changes: []document.Change{group("é\"", "1", `{"id":1}`), group("a", "x", `{"id":"x"}`), group("é\"", "2", `{"id":2}`)}, want: `{"a":{"boards":[{"id":"x"}]},"é\"":{"boards":[{"id":1},{"id":2}]}}`},
		{name: "first", text: "{}\n", changes: []document.Change{group("a", "1", `{"id":1}`)}, want: "{\n  \"a\": {\n    \"boards\": [\n      {\n        \"id\": 1\n      }\n    ]\n  }\n}\n"},
		{name: "pretty", text: "{\n \"v\": 1,\n \"z\": {\n  \"boards\": []\n }\n}", changes: []document.Change{group("a", "1", `{"id":1}`)}, want: "{\n \"v\": 1,\n \"z\": {\n  \"boards\": []\n },\n \"a\": {\n  \"boards\": [\n   {\n    \"id\": 1\n   }\n  ]\n }\n}"},
		{name: "spaced", text: `{"v": 1, "z": {"boards": []}}`, changes: []document.Change{group("a", "1", `{"id":1}`)}, want: `{"v": 1, "z": {"boards": []}, "a": {"boards": [{"id": 1}]}}`},
		{name: "padded", text: `{ "v": 1, "z": { "boards": [] } }`, changes: []document.Change{group("a", "1", `{"id":1}`)}, want: `{ "v": 1, "z": { "boards": [] }, "a": { "boards": [{ "id": 1 }] } }`},
		{name: "name of another member", text: `{"v":1,"z":{"boards":[]}}`, changes: []document.Change{group("v", "1", `{"id":1}`)}, err: `v/: "v" is no group of the document [group]`},
		{name: "no name", text: `{"v":1,"z":{"boards":[]}}`, changes: []document.Change{add("1", "", `{"id":1}`)}, err: `the document has groups: say which one [group]`},
		{name: "a group without a name", text: `{"":{"boards":[]}}`, changes: []document.Change{add("1", "", `{"id":1}`)}, want: `{"":{"boards":[{"id":1}]}}`},
		{name: "move to another", text: `{"a":{"boards":[{"id":1,"lists":[{"id":1}]}]},"b":{"boards":[{"id":2}]}}`, changes: []document.Change{document.Move(document.NewID("a", "1.1"), document.NewID("b", "2"))}, err: `a/1.1: an item cannot move to another group [group]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			to, _, err := mustParse(t, typ, tt.text).Apply(tt.changes...)
			if tt.err != "" {
				if err == nil || strings.TrimPrefix(err.Error(), ": ") != tt.err {
					t.Fatalf("got %v\nwant %s", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(to.AppendJSON(nil))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestMovesTakeReferencesAlong(t *testing.T) {
	tests := []struct {
		name, text string
		changes    []document.Change
		want       string
	}{
		{"to the item, from a sibling and from elsewhere",
			`{"boards":[{"id":1,"lists":[{"id":1,"cards":[{"id":1,"after":[2]},{"id":2}]},{"id":2,"cards":[{"id":1,"twin":"1.1.2","after":["1.1.2",1,"no"]}]}]}]}`,
			[]document.Change{document.Move(id("1.1.2"), id("1.2"))},
			`{"boards":[{"id":1,"lists":[{"id":1,"cards":[{"id":1,"after":["1.2.2"]}]},{"id":2,"cards":[{"id":1,"twin":"1.2.2","after":["1.2.2",1,"no"]},{"id":2}]}]}]}`},
		{"from the item to its siblings, and itself",
			`{"boards":[{"id":1,"lists":[{"id":1,"cards":[{"id":1},{"id":2,"after":[1,2,"1.1.1"]}]},{"id":2}]}]}`,
			[]document.Change{document.Move(id("1.1.2"), id("1.2"))},
			`{"boards":[{"id":1,"lists":[{"id":1,"cards":[{"id":1}]},{"id":2,"cards":[{"id":2,"after":["1.1.1","1.2.2","1.1.1"]}]}]}]}`},
		{"among those below the item they stay",
			`{"boards":[{"id":1,"lists":[{"id":1,"cards":[{"id":1,"after":[2,"1.1.2"]},{"id":"1.1.2","twin":1}]}]},{"id":2}]}`,
			[]document.Change{document.Move(id("1.1"), id("2"))},
			`{"boards":[{"id":1,"lists":[]},{"id":2,"lists":[{"id":1,"cards":[{"id":1,"after":[2,"2.1.2"]},{"id":"2.1.2","twin":1}]}]}]}`},
		{"two moves at once, with a new number",
			`{"boards":[{"id":1,"lists":[{"id":1,"cards":[{"id":1,"after":["1.2.1"]}]},{"id":2,"cards":[{"id":1,"after":["1.1.1"]}]},{"id":3}]}]}`,
			[]document.Change{document.Move(id("1.1.1"), id("1.3")), document.Move(id("1.2.1"), id("1.3"))},
			`{"boards":[{"id":1,"lists":[{"id":1,"cards":[]},{"id":2,"cards":[]},{"id":3,"cards":[{"id":1,"after":["1.3.2"]},{"id":2,"after":["1.3.1"]}]}]}]}`},
		{"an item, and then its parent",
			`{"boards":[{"id":1,"lists":[{"id":1,"cards":[{"id":1},{"id":2,"after":["1.1.1"]}]},{"id":2,"cards":[{"id":5,"after":["1.1.1"]}]}]},{"id":2}]}`,
			[]document.Change{document.Move(id("1.1.1"), id("1.2")), document.Move(id("1.2"), id("2")), document.Move(id("1.1"), id("2"))},
			`{"boards":[{"id":1,"lists":[]},{"id":2,"lists":[{"id":2,"cards":[{"id":5,"after":["2.2.1"]},{"id":1}]},{"id":1,"cards":[{"id":2,"after":["2.2.1"]}]}]}]}`},
		{"to an item that is added in the same group, with a reference to what moves",
			`{"boards":[{"id":1,"lists":[{"id":1,"cards":[{"id":1}]}]}]}`,
			[]document.Change{add("1.2", "1", `{"id":2,"cards":[{"id":9,"after":["1.1.1"]}]}`), document.Move(id("1.1.1"), id("1.2"))},
			`{"boards":[{"id":1,"lists":[{"id":1,"cards":[]},{"id":2,"cards":[{"id":9,"after":["1.2.1"]},{"id":1}]}]}]}`},
	}
	typ := boardType(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			to, _, err := mustParse(t, typ, tt.text).Apply(tt.changes...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(to.AppendJSON(nil))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestMovesRenumberPathIDs(t *testing.T) {
	typ := planType(t)
	d := mustParse(t, typ, string(samplePlan(2, 2, 1, 2)))
	it, _ := d.Find(id("P2.M1.T1.S1"))
	d, err := d.WithItem(it.With(dependenciesField, engine.ListOf([]document.ID{id("P1.M1.T1.S2"), id("P2.M2.T1.S1")}, document.ReferenceValue)))
	if err != nil {
		t.Fatal(err)
	}
	to, _, err := d.Apply(document.Move(id("P1.M1"), id("P2")))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for it := range to.All() {
		got = append(got, it.ID().Text())
	}
	want := strings.Fields("P1 P1.M2 P1.M2.T1 P1.M2.T1.S1 P1.M2.T1.S2 P2 P2.M1 P2.M1.T1 P2.M1.T1.S1 P2.M1.T1.S2 P2.M2 P2.M2.T1 P2.M2.T1.S1 P2.M2.T1.S2 P2.M3 P2.M3.T1 P2.M3.T1.S1 P2.M3.T1.S2")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	it, _ = to.Find(id("P2.M1.T1.S1"))
	raw, _ := it.Raw(dependenciesField)
	if got := strings.Join(strings.Fields(string(raw)), ""); got != `["P2.M3.T1.S2","P2.M2.T1.S1"]` {
		t.Errorf("dependencies %s", got)
	}
	checkCounts(t, to)
}

func TestStructureThatIsRefused(t *testing.T) {
	d := mustParse(t, planType(t), string(samplePlan(2, 1, 1, 2)))
	subtask := func(item, status string) string {
		return fmt.Sprintf(`{"type":"Subtask","id":%q,"title":"T","status":%q,"story_points":1,"dependencies":[],"context_scope":"x"}`, item, status)
	}
	tests := []struct {
		name    string
		changes []document.Change
		want    string
	}{
		{"remove nothing", []document.Change{document.Remove(id("P3"))}, `no item has the id "P3"`},
		{"remove twice", []document.Change{document.Remove(id("P1")), document.Remove(id("P1"))}, `no item has the id "P1"`},
		{"remove below what is removed", []document.Change{document.Remove(id("P1")), document.Remove(id("P1.M1"))}, `no item has the id "P1.M1"`},
		{"move nothing", []document.Change{document.Move(id("P3.M1"), id("P1"))}, `no item has the id "P3.M1"`},
		{"move to nothing", []document.Change{document.Move(id("P1.M1"), id("P3"))}, `no item has the id "P3"`},
		{"move to the same parent", []document.Change{document.Move(id("P1.M1"), id("P1"))}, `P1.M1: it is a child of P1 already: to move it among its siblings, give a place [parent]`},
		{"move to the wrong level", []document.Change{document.Move(id("P1.M1.T1"), id("P2"))}, `P1.M1.T1: a Task cannot be a child of P2 [parent]`},
		{"move to the top", []document.Change{document.Move(id("P1.M1"), id(""))}, `P1.M1: a Milestone cannot be a child of the document [parent]`},
		{"move below a leaf", []document.Change{document.Move(id("P1.M1.T1.S1"), id("P2.M1.T1.S1"))}, `P2.M1.T1.S1: a Subtask has no children [parent]`},
		{"move without content", []document.Change{{Op: document.OpMove, ID: id("P1.M1")}}, `P1.M1: an addition or a move without its content [operation]`},
		{"add without content", []document.Change{{Op: document.OpAdd, ID: id("P1.M1")}}, `P1.M1: an addition or a move without its content [operation]`},
		{"add to nothing", []document.Change{add("P3.M1", "P3", `{}`)}, `no item has the id "P3"`},
		{"add below a leaf", []document.Change{add("P1.M1.T1.S1.X1", "P1.M1.T1.S1", `{}`)}, `P1.M1.T1.S1: a Subtask has no children [parent]`},
		{"add what is taken", []document.Change{add("P1.M1.T1.S1", "P1.M1.T1", subtask("P1.M1.T1.S1", "Planned"))}, `P1.M1.T1.S1: the id "P1.M1.T1.S1" is taken [duplicate-id]`},
		{"add what is taken, after a removal", []document.Change{document.Remove(id("P2")), add("P1.M1.T1.S1", "P1.M1.T1", subtask("P1.M1.T1.S1", "Planned"))}, `P1.M1.T1.S1: the id "P1.M1.T1.S1" is taken [duplicate-id]`},
		{"add under another id", []document.Change{add("P1.M1.T1.S3", "P1.M1.T1", subtask("P1.M1.T1.S4", "Planned"))}, `P1.M1.T1.S3: the item to add has another id in its text [id]`},
		{"add under the id of another", []document.Change{document.Remove(id("P2")), add("P1.M1.T1.S1", "P1.M1.T1", subtask("P1.M1.T1.S4", "Complete"))},
			"P1.M1.T1.S4: a new item starts as Planned, not as Complete [status]\nP1.M1.T1.S1: the item to add has another id in its text [id]"},
		{"add what is done", []document.Change{add("P1.M1.T1.S3", "P1.M1.T1", subtask("P1.M1.T1.S3", "Complete"))}, `P1.M1.T1.S3: a new item starts as Planned, not as Complete [status]`},
		{"add no object", []document.Change{add("P3", "", `[]`)}, `P3: the item to add is not a JSON object [syntax]`},
		{"add two objects", []document.Change{add("P1.M1.T1.S3", "P1.M1.T1", subtask("P1.M1.T1.S3", "Planned")+","+subtask("P1.M1.T1.S4", "Complete"))}, `P1.M1.T1.S3: unexpected text after the item [syntax]`},
		{"add with all problems", []document.Change{add("P3", "", `{"id":"P3","title":"","status":"done"}`), add("P4", "", `{"id":"P5"}`)},
			"P3: the Phase has no \"type\" [required]\nP3: the Phase has no \"description\" [required]\nP3: title is empty [minLength]\nP3: \"done\" is not a status of a Phase: want Planned, Ready, Researching, Implementing, Retrying, Complete, Failed, Obsolete [status]\n" +
				"P5: the Phase has no \"status\" [required]\nP5: the Phase has no \"type\" [required]\nP5: the Phase has no \"title\" [required]\nP5: the Phase has no \"description\" [required]"},
		{"an illegal event is not forgiven by a move", []document.Change{document.Fire(id("P1.M1.T1"), implement), document.Fire(id("P1.M1.T1"), completeEvent), document.Move(id("P1.M1.T1"), id("P2.M1"))},
			"P2.M1.T2: cannot complete from Implementing: that needs all its children done or dropped, but P2.M1.T2.S1 and P2.M1.T2.S2 stand in the way; legal instead from Implementing are retry (→ Retrying), reset (→ Planned), fail (→ Failed) and obsolete (→ Obsolete)"},
		{"an event after the removal", []document.Change{document.Remove(id("P1.M1.T1")), document.Fire(id("P1.M1.T1"), implement)}, `no item has the id "P1.M1.T1"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := string(d.AppendJSON(nil))
			to, _, err := d.Apply(tt.changes...)
			if err == nil || to != nil {
				t.Fatalf("got %v, %v", to, err)
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			checkErrors(t, err)
			if string(d.AppendJSON(nil)) != before {
				t.Error("the document itself has changed")
			}
		})
	}
}

func TestGuardsSeeTheEndOfStructure(t *testing.T) {
	d := mustParse(t, planType(t), smallPlan("Planned Planned Implementing Complete Planned Planned"))
	for name, changes := range map[string][]document.Change{
		"children removed later": {document.Set(id("P1.M1.T1"), complete), document.Remove(id("P1.M1.T1.S2")), document.Remove(id("P1.M1.T1.S3"))},
		"children removed first": {document.Remove(id("P1.M1.T1.S2")), document.Remove(id("P1.M1.T1.S3")), document.Set(id("P1.M1.T1"), complete)},
		"a dependency added":     {document.Set(id("P1.M1.T1.S2"), obsolete), document.Advance(id("P1.M1.T1.S3"), obsolete), document.Set(id("P1.M1.T1"), complete)},
	} {
		if _, _, err := d.Apply(changes...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A new open child stands in the way of what was fired before it came.
	it := newSubtask(d.Type(), "late")
	child := d.Type().NewItem(3, id("P1.M1.T1.S4"))
	for f := titleField; f <= contextField; f++ {
		raw, _ := it.Raw(f)
		child = child.With(f, document.RawValue(raw))
	}
	_, _, err := d.Apply(document.Set(id("P1.M1.T1.S2"), obsolete), document.Set(id("P1.M1.T1.S3"), obsolete), document.Set(id("P1.M1.T1"), complete), child.AddChange(id("P1.M1.T1")))
	var refusal *statemachine.TransitionError
	if !errors.As(err, &refusal) || refusal.Item != "P1.M1.T1" || len(refusal.Blocking) != 1 || refusal.Blocking[0] != "P1.M1.T1.S4" {
		t.Errorf("got %v", err)
	}
}
