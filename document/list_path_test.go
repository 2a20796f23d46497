package document_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// deepBoards are boards whose list is at a path, as a document and as groups.
func deepBoards(t testing.TB, kinds ...format.RootKind) *document.Type {
	t.Helper()
	var roots []format.Root
	for _, kind := range kinds {
		roots = append(roots, format.Root{Kind: kind, Within: []string{"data", "a.b"}, Key: "boards"})
	}
	return boardType(t, roots...)
}

// TestDocumentsOfAListAtAPath refuses what does not lead to the list, where it ends.
func TestDocumentsOfAListAtAPath(t *testing.T) {
	object, groups := deepBoards(t, format.RootObject), deepBoards(t, format.RootGroups)
	both := deepBoards(t, format.RootGroups, format.RootObject)
	const (
		wantObject = `want {"data": {"a.b": {"boards": […]}}}`
		wantGroups = `want an object of groups {"…": {"data": {"a.b": {"boards": […]}}}}`
		wantBoth   = wantGroups + ` or {"data": {"a.b": {"boards": […]}}}`
	)
	tests := []struct {
		name string
		typ  *document.Type
		text string
		want string // "" if it is accepted
	}{
		{"object", object, `{"data":{"x":1,"a.b":{"boards":[{"id":1}]}},"a.b":[]}`, ""},
		{"object: nothing", object, `{}`, `error 1:1  : the document has no "data.a.b.boards": ` + wantObject + ` [root]`},
		{"object: a misspelt first key", object, `{"dato":{"a.b":{"boards":[]}}}`, `error 1:1  : the document has no "data.a.b.boards": ` + wantObject + `: was "data" meant by "dato"? [root]`},
		{"object: a misspelt last key", object, `{"data":{"a.b":{"bords":[]}}}`, `error 1:16 /data/a.b : the document has no "data.a.b.boards": ` + wantObject + `: was "boards" meant by "bords"? [root]`},
		{"object: no object on the way", object, `{"data":[{"a.b":1}]}`, `error 1:9 /data : data is an array: want an object [type]`},
		{"object: null on the way", object, `{"data":{"a.b":null}}`, `error 1:16 /data/a.b : data.a.b is null: want an object [type]`},
		{"object: null at the end", object, `{"data":{"a.b":{"boards":null}}}`, `error 1:26 /data/a.b/boards : data.a.b.boards is null: want an array [type]`},
		{"object: a key twice", object, `{"data":{"a.b":{"boards":[],"x":1,"x":2}}}`, `error 1:35 /data/a.b/x : the key "x" occurs twice [duplicate-key]`},
		{"object: a key of the path twice", object, `{"data":{"a.b":{"boards":[]}},"data":{}}`, `error 1:31 /data : the key "data" occurs twice [duplicate-key]`},
		{"object: it ends on the way", object, `{"data":{"a.b":{`, `error 1:17 /data/a.b : the text ends early: want a key in quotes [syntax]`},
		{"object: an item", object, `{"data":{"a.b":{"boards":[{"id":1},{}]}}}`, `error 1:36 /data/a.b/boards/1 : the Board has no "id" [required]`},
		{"object: an id twice", object, `{"data":{"a.b":{"boards":[{"id":1},{"id":"1"}]}}}`, `error 1:42 /data/a.b/boards/1/id 1: the id "1" is taken by another Board, in line 1 [duplicate-id]`},
		{"groups", groups, `{"g":{"data":{"a.b":{"boards":[]}}},"data":{"x":1}}`, ""},
		{"groups: none", groups, `{}`, ""},
		{"groups: a misspelt key", groups, `{"g":{"data":{"a.b":{"bords":[]}}}}`, `error 1:22  : the document holds no list "data.a.b.boards": ` + wantGroups + `: was "boards" meant by "bords" in "g.data.a.b"? [root]`},
		{"groups: a misspelt key on the way", groups, `{"g":{"dato":{"a.b":{}}}}`, `error 1:7  : the document holds no list "data.a.b.boards": ` + wantGroups + `: was "data" meant by "dato" in "g"? [root]`},
		{"groups: no object on the way", groups, `{"g":{"data":{"a.b":7}}}`, `error 1:21 /g/data/a.b : data.a.b is a number: want an object [type]`},
		{"groups: a key twice", groups, `{"g":{"data":{"a.b":{"boards":[]},"y":1,"y":1}}}`, `error 1:41 /g/data/y : the key "y" occurs twice [duplicate-key]`},
		{"groups: a group twice", groups, `{"g":{"data":{"a.b":{"boards":[]}}},"g":{}}`, `error 1:37 /g : the key "g" occurs twice [duplicate-key]`},
		{"both: as a document", both, `{"data":{"a.b":{"boards":[]}}}`, ""},
		{"both: as a group", both, `{"data":{"data":{"a.b":{"boards":[]}}}}`, ""},
		{"both: a list that is text", both, `{"data":{"a.b":{"boards":"x"}}}`, `error 1:26 /data/a.b/boards : data.a.b.boards is text: want an array [type]`},
		{"both: another document", both, `{"x":{"y":[]}}`, `error 1:1  : the document holds no list "data.a.b.boards": ` + wantBoth + ` [root]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := tt.typ.Parse([]byte(tt.text))
			var refused *document.ParseError
			var got, want []string
			if errors.As(err, &refused) {
				got = problemLines(refused.Problems)
			}
			if tt.want != "" {
				want = []string{tt.want}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("(-want +got):\n%s", diff)
			}
			if err == nil && string(d.AppendJSON(nil)) != tt.text {
				t.Errorf("written %s", d.AppendJSON(nil))
			}
		})
	}
}

func TestUnknownMembersBesideAListAtAPath(t *testing.T) {
	d := mustParse(t, deepBoards(t, format.RootGroups), `{"g":{"data":{"a.b":{"boards":[],"x":1},"y":2},"z":3},"h":{"data":{"a.b":{"borads":[]}}}}`)
	if diff := cmp.Diff([]string{
		`warning 1:75  : "h" is not read as a group: was "boards" meant by "borads" in "data.a.b"? [root]`,
	}, problemLines(d.Validate())); diff != "" {
		t.Errorf("Validate (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		`error 1:34 /g/data/a.b/x : the object "data.a.b" has no "x" in this format [unknown-member]`,
		`error 1:41 /g/data/y : the object "data" has no "y" in this format [unknown-member]`,
		`error 1:48 /g/z : the group "g" has no "z" in this format [unknown-member]`,
		`error 1:55 /h : the document has no "h" in this format [unknown-member]`,
	}, problemLines(d.UnknownMembers())); diff != "" {
		t.Errorf("UnknownMembers (-want +got):\n%s", diff)
	}
}

func TestChangesOfAListAtAPath(t *testing.T) {
	object, groups := deepBoards(t, format.RootObject), deepBoards(t, format.RootGroups)
	const pretty = "{\n  \"v\": 1,\n  \"data\": {\n    \"a.b\": {\n      \"boards\": [\n        {\n          \"id\": 1,\n          \"status\": \"pending\"\n        }\n      ]\n    },\n    \"n\": {}\n  }\n}\n"
	group := func(name, item, text string) document.Change {
		return document.Change{Op: document.OpAdd, ID: document.NewID(name, item), Edit: &document.Edit{Parent: document.NewID(name, ""), Item: text}}
	}
	tests := []struct {
		name          string
		typ           *document.Type
		text          string
		change        document.Change
		before, after string
	}{
		{"a status", object, pretty, document.Advance(id("1"), 4), `"pending"`, `"done"`},
		{"an addition", object, pretty, add("2", "", `{"id":2}`), "\n        }\n", "\n        },\n        {\n          \"id\": 2\n        }\n"},
		{"a removal", object, pretty, document.Remove(id("1")), "[\n        {\n          \"id\": 1,\n          \"status\": \"pending\"\n        }\n      ]", "[]"},
		{"the first of all", object, `{"data":{"a.b":{"boards":[]}}}`, add("2", "", `{"id":2}`), `[]`, `[{"id":2}]`},
		{"in a group", groups, `{"g": {"data": {"a.b": {"boards": [{"id": 1}]}}}}`, group("g", "2", `{"id":2}`), `{"id": 1}`, `{"id": 1}, {"id": 2}`},
		{"a new group", groups, `{"g": {"data": {"a.b": {"boards": []}}}}`, group("h", "2", `{"id":2}`), `[]}}}`, `[]}}}, "h": {"data": {"a.b": {"boards": [{"id": 2}]}}}`},
		{"a new group in lines", groups, "{\n\t\"g\": {\"data\": {\"a.b\": {\"boards\": []}}}\n}", group("h", "2", `{"id":2}`), "[]}}}", "[]}}},\n\t\"h\": {\n\t\t\"data\": {\n\t\t\t\"a.b\": {\n\t\t\t\t\"boards\": [\n\t\t\t\t\t{\n\t\t\t\t\t\t\"id\": 2\n\t\t\t\t\t}\n\t\t\t\t]\n\t\t\t}\n\t\t}\n\t}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := mustParse(t, tt.typ, tt.text)
			to, _, err := d.Apply(tt.change)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Replace(tt.text, tt.before, tt.after, 1), string(to.AppendJSON(nil))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			checkCounts(t, to)
		})
	}
	empty := "{\n  \"data\": {\n    \"a.b\": {\n      \"boards\": []\n    }\n  }\n}"
	if got := string(object.New().AppendJSON(nil)); got != empty {
		t.Errorf("a new document is\n%s", got)
	}
}
