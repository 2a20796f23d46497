package document_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// lines are problems as people read them.
func problemLines(problems []document.Problem) []string {
	var out []string
	for _, p := range problems {
		out = append(out, fmt.Sprintf("%s %d:%d %s %s: %s [%s]", p.Severity, p.Line, p.Column, p.Pointer, p.Item, p.Message, p.Rule))
	}
	return out
}

// TestDocumentsWithoutTheirList holds in every shape: what has no list of the format
// is refused, with what was meant.
func TestDocumentsWithoutTheirList(t *testing.T) {
	root := func(kind format.RootKind, key string) format.Root { return format.Root{Kind: kind, Key: key} }
	groups, object, array := boardType(t, root(format.RootGroups, "boards")), boardType(t), boardType(t, root(format.RootArray, ""))
	all := boardType(t, root(format.RootGroups, "boards"), root(format.RootObject, "boards"), root(format.RootArray, ""))
	const (
		wantGroups = `want an object of groups {"…": {"boards": […]}}`
		wantAll    = wantGroups + ` or {"boards": […]} or an array […]`
	)
	tests := []struct {
		name string
		typ  *document.Type
		text string
		want string // "" if it is accepted
	}{
		{"groups: another document", groups, `{"name":"left-pad","scripts":{"test":"true"}}`, `error 1:1  : the document holds no list "boards": ` + wantGroups + ` [root]`},
		{"groups: a misspelt key", groups, `{"a":{"x":1,"bords":[]}}`, `error 1:13  : the document holds no list "boards": ` + wantGroups + `: was "boards" meant by "bords" in "a"? [root]`},
		{"groups: a list that is an object", groups, `{"a":{"boards":{"id":1}}}`, `error 1:16 /a/boards : boards is an object: want an array [type]`},
		{"groups: a list that is null", groups, `{"a":{"boards":null}}`, `error 1:16 /a/boards : boards is null: want an array [type]`},
		{"groups: a list without a group", groups, `{"boards":[]}`, `error 1:1  : the document holds no list "boards": ` + wantGroups + ` [root]`},
		{"groups: none", groups, `{}`, ""},
		{"groups: one is enough", groups, `{"a":{"boards":[]},"name":"left-pad"}`, ""},
		{"object: another document", object, `{"name":"left-pad"}`, `error 1:1  : the document has no "boards": want {"boards": […]} [root]`},
		{"object: a misspelt key", object, `{"x":1,"Boards":[]}`, `error 1:1  : the document has no "boards": want {"boards": […]}: was it meant by "Boards"? [root]`},
		{"object: a list that is an object", object, `{"boards":{}}`, `error 1:11 /boards : boards is an object: want an array [type]`},
		{"object: none", object, `{}`, `error 1:1  : the document has no "boards": want {"boards": […]} [root]`},
		{"array: an object", array, `{"boards":[]}`, `error 1:1  : the document is an object: want an array […] [root]`},
		{"all: another document", all, `{"name":"left-pad"}`, `error 1:1  : the document holds no list "boards": ` + wantAll + ` [root]`},
		{"all: a misspelt key", all, `{"x":1,"bords":[]}`, `error 1:8  : the document holds no list "boards": ` + wantAll + `: was "boards" meant by "bords"? [root]`},
		{"all: a misspelt key in a group", all, `{"a":{"bords":[]}}`, `error 1:7  : the document holds no list "boards": ` + wantAll + `: was "boards" meant by "bords" in "a"? [root]`},
		{"all: a list that is an object", all, `{"boards":{"id":1}}`, `error 1:11 /boards : boards is an object: want an array [type]`},
		{"all: a list of a group that is a number", all, `{"a":{"boards":7}}`, `error 1:16 /a/boards : boards is a number: want an array [type]`},
		{"all: text", all, `"boards"`, `error 1:1  : this is not a document: ` + wantAll + ` [root]`},
		{"all: nothing", all, ` `, `error 1:2  : the document is empty: ` + wantAll + ` [syntax]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.typ.Parse([]byte(tt.text))
			var refused *document.ParseError
			var got, want []string
			if errors.As(err, &refused) {
				got = problemLines(refused.Problems)
			}
			if tt.want != "" {
				want = []string{tt.want}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnknownMembers(t *testing.T) {
	typ := trackerType(t)
	const text = `{
"a": {"tasks": [
  {"id": 1, "titel": "x", "title": "t", "status": "pending", "prioritty": "high", "x": {"prioritty": 1}, "subtasks": [
    {"id": 1, "title": "t", "status": "pending", "detials": ""}
  ]}
], "metadata": {}},
"b": {"taks": []},
"c": {"tasks": 5},
"version": 1
}`
	d := mustParse(t, typ, text)
	warned := []string{
		`warning 3:62 /a/tasks/0/prioritty a/1: the Task has no "prioritty" in this format: was "priority" meant? [unknown-member]`,
		`warning 4:50 /a/tasks/0/subtasks/0/detials a/1.1: the Subtask has no "detials" in this format: was "details" meant? [unknown-member]`,
		`warning 7:7  : "b" is not read as a group: was "tasks" meant by "taks"? [root]`,
		`warning 8:16  : "c" is not read as a group: its "tasks" is a number, want an array [root]`,
	}
	if diff := cmp.Diff(warned, problemLines(d.Validate())); diff != "" {
		t.Errorf("Validate (-want +got):\n%s", diff)
	}
	refused := []string{
		`error 3:13 /a/tasks/0/titel a/1: the Task has no "titel" in this format [unknown-member]`, // it has its title
		`error 3:62 /a/tasks/0/prioritty a/1: the Task has no "prioritty" in this format: was "priority" meant? [unknown-member]`,
		`error 3:83 /a/tasks/0/x a/1: the Task has no "x" in this format [unknown-member]`,
		`error 4:50 /a/tasks/0/subtasks/0/detials a/1.1: the Subtask has no "detials" in this format: was "details" meant? [unknown-member]`,
		`error 6:4 /a/metadata : the group "a" has no "metadata" in this format [unknown-member]`,
		`error 7:1 /b : the document has no "b" in this format [unknown-member]`,
		`error 8:1 /c : the document has no "c" in this format [unknown-member]`,
		`error 9:1 /version : the document has no "version" in this format [unknown-member]`,
	}
	if diff := cmp.Diff(refused, problemLines(d.UnknownMembers())); diff != "" {
		t.Errorf("UnknownMembers (-want +got):\n%s", diff)
	}
	kinds := mustParse(t, boardType(t), `{"boards":[{"id":1,"lists":[{"id":1,"cards":[{"id":1,"aftr":[]}]}]}],"x":0}`)
	if diff := cmp.Diff([]string{
		`error 1:54 /boards/0/lists/0/cards/0/aftr 1.1.1: the Card has no "aftr" in this format: was "after" meant? [unknown-member]`,
		`error 1:70 /x : the document has no "x" in this format [unknown-member]`,
	}, problemLines(kinds.UnknownMembers())); diff != "" {
		t.Errorf("UnknownMembers (-want +got):\n%s", diff)
	}
}

func TestUnknownMembersOfObjects(t *testing.T) {
	d := oneItem(t, kindsType(t), `,"object":{"a":"b","collors":[],"inner":{"n":1,"colorz":[]}}`).Document()
	var got []string
	for _, p := range d.UnknownMembers() {
		got = append(got, p.Pointer+" "+p.Message)
	}
	if diff := cmp.Diff([]string{
		`/0/object/collors the Outer has no "collors" in this format: was "colors" meant?`,
		`/0/object/inner/colorz the Inner has no "colorz" in this format`,
	}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
