package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
)

// syntaxProblems are texts that are not JSON, or not a document at all.
var syntaxProblems = []struct {
	name, text string
	want       []string
}{
	{"empty", `§`, []string{`- - the document is empty: want {"backlog": […]} [syntax]`}},
	{"white space", " \n §", []string{`- - the document is empty: want {"backlog": […]} [syntax]`}},
	{"half a word", `§nul`, []string{`- - unexpected "nul": want a JSON value [syntax]`}},
	{"a number", `§5`, []string{`- - this is not a document: want {"backlog": […]} [root]`}},
	{"an array", `§[{"id":5}]`, []string{`- - the document is an array: want {"backlog": […]} [root]`}},
	{"no key", `§{"a":[]}`, []string{`- - the document has no "backlog": want {"backlog": […]} [root]`}},
	{"key holds null", `{"backlog":§null}`, []string{`/backlog - backlog is null: want an array [type]`}},
	{"key holds an object", "{\n\t\"backlog\": §{}}", []string{`/backlog - backlog is an object: want an array [type]`}},
	{"ends early", `{"backlog":[]§`, []string{`- - the text ends early: want a comma or } [syntax]`}},
	{"wrong bracket", `{"backlog":[§}`, []string{`/backlog/0 - unexpected "}": want a JSON value [syntax]`}},
	{"trailing comma in an object", `{"backlog":[]§,}`, []string{`- - a comma before }: JSON has none after the last value [syntax]`}},
	{"trailing comma in an array", onePhase("")[:len(onePhase(""))-2] + `§,]}`, []string{`/backlog/1 - a comma before ]: JSON has none after the last value [syntax]`}},
	{"text behind", `{"backlog":[]} §x`, []string{`- - unexpected text after the document [syntax]`}},
	{"bare key", `{§backlog:[]}`, []string{`- - unexpected "backlog": want a key in quotes [syntax]`}},
	{"no colon", `{"backlog" §[]}`, []string{`- - unexpected "[": want a colon [syntax]`}},
	{"comment", "{ §// items\n\"backlog\":[]}", []string{`- - JSON has no comments: remove this one [syntax]`}},
	{"not UTF-8", "{\"backlog\":§\xff}", []string{`/backlog - this is not UTF-8 [utf-8]`}},
	{"not UTF-8 in a text", onePhase(",\"x\":\"a§\xc3(\""), []string{`/backlog/0 P1 this is not UTF-8 [utf-8]`}},
	{"overlong UTF-8 in a key", "{\"a§\xc0\xaf\":1}", []string{`- - this is not UTF-8 [utf-8]`}},
	{"NUL", "{\"backlog\":§\x00}", []string{`/backlog - unexpected "\u0000": want a JSON value [syntax]`}},
	{"control character", onePhase(",\"x\":\"a§\nb\""), []string{`/backlog/0 P1 a control character in a string must be escaped [syntax]`}},
	{"half a surrogate pair in an id", strings.Replace(onePhase(``), `"P1"`, `§"P1\ud83d"`, 1), []string{`/backlog/0/id - the id has \ud83d, half of a surrogate pair, which is no character [id]`}},
	{"half a surrogate pair in a status", strings.Replace(onePhase(``), `"Planned"`, `§"Planned\uDE00"`, 1), []string{`/backlog/0/status P1 the status has \uDE00, half of a surrogate pair, which is no character [status]`}},
	{"a bad surrogate", onePhase(`,"x":"§\ud83g"`), []string{`/backlog/0 P1 \u wants four hexadecimal digits [syntax]`}},
	{"comment in a list", `{"backlog":[§/* none */]}`, []string{`/backlog/0 - JSON has no comments: remove this one [syntax]`}},
	{"comment after a value", onePhase(`,"x":1 §// one`), []string{`/backlog/0 P1 JSON has no comments: remove this one [syntax]`}},
	{"comment before a colon", onePhase(`,"x" §/**/:1`), []string{`/backlog/0 P1 JSON has no comments: remove this one [syntax]`}},
	{"comment behind", `{"backlog":[]} §// the end`, []string{`- - JSON has no comments: remove this one [syntax]`}},
	{"comma at the end of a list", onePhase(`,"x":[1, 2§, ]`), []string{`/backlog/0 P1 a comma before ]: JSON has none after the last value [syntax]`}},
	{"comma at the end of an object", onePhase(`,"x":{"a":1§,}`), []string{`/backlog/0 P1 a comma before }: JSON has none after the last value [syntax]`}},
	{"comma on the line before", "{\"backlog\":[]§,\n\t}", []string{`- - a comma before }: JSON has none after the last value [syntax]`}},
	{"slash", `{"backlog":[§/]}`, []string{`/backlog/0 - unexpected "/": want a JSON value [syntax]`}},
	{"unknown escape", onePhase(`,"x":"§\x"`), []string{`/backlog/0 P1 unknown escape [syntax]`}},
	{"short escape", onePhase(`,"x":"§\u12"`), []string{`/backlog/0 P1 \u wants four hexadecimal digits [syntax]`}},
	{"ends inside an escape", `{"backlog":[],"a\§`, []string{`- - the text ends inside an escape [syntax]`}},
	{"ends inside a text", `{"backlog":[{"id":"P1§`, []string{`/backlog/0/id - the text ends inside a string [syntax]`}},
	{"ends inside an id", `{"backlog":[{"status":§5,"id":{"a":§`, []string{
		`/backlog/0/status - status is a number: want text [type]`,
		`/backlog/0/id - the text ends early: want a JSON value [syntax]`,
	}},
	{"leading zero", onePhase(`,"x":§01`), []string{`/backlog/0 P1 "01" is not a number in JSON [syntax]`}},
	{"no digits", onePhase(`,"x":§1.e5`), []string{`/backlog/0 P1 "1.e5" is not a number in JSON [syntax]`}},
	{"not a number", onePhase(`,"x":§-Infinity`), []string{`/backlog/0 P1 "-Infinity" is not a number in JSON [syntax]`}},
	{"merge conflict", "{\n\"backlog\": [\n§<<<<<<< HEAD\n{}]}", []string{
		`/backlog/0 - an unresolved merge conflict: keep one side and remove the marker lines [merge-conflict]`,
	}},
	{"merge conflict behind a value", "{\n\"x\": 1\n§=======\n,\"backlog\": []}", []string{
		`- - an unresolved merge conflict: keep one side and remove the marker lines [merge-conflict]`,
	}},
	{"less than is no conflict", "{\"backlog\": §<<<<<<< HEAD", []string{`/backlog - unexpected "<": want a JSON value [syntax]`}},
	{"syntax error in deep water", `{"backlog":[{"id":"P1","milestones":[{"id":"P1.M1","tasks":[{"id":"P1.M1.T1","subtasks":[{"id":"P1.M1.T1.S1","dependencies":["a",§tru]}]}]}]}]}`, []string{
		`/backlog/0/milestones/0/tasks/0/subtasks/0/dependencies/1 P1.M1.T1.S1 unexpected "tru": want a JSON value [syntax]`,
	}},
	{"syntax error behind children", `{"backlog":[{"id":"P1","milestones":[],"x":§@}]}`, []string{`/backlog/0 P1 unexpected "@": want a JSON value [syntax]`}},
	{"syntax error behind an item", onePhase("")[:len(onePhase(""))-2] + `,{"x":§@}]}`, []string{`/backlog/1 - unexpected "@": want a JSON value [syntax]`}},
	{"syntax error behind the items", `{"backlog":[],"x":§@}`, []string{`- - unexpected "@": want a JSON value [syntax]`}},
}

// marked takes the marks "§" out of a text and returns where they were, as
// "line:column ".
func marked(text string) (string, []string) {
	var places []string
	parts := strings.Split(text, "§")
	clean := ""
	for _, part := range parts[:len(parts)-1] {
		clean += part
		line := clean[strings.LastIndex(clean, "\n")+1:]
		places = append(places, fmt.Sprintf("%d:%d ", strings.Count(clean, "\n")+1, len(line)+1))
	}
	return clean + parts[len(parts)-1], places
}

// checkProblems compares the problems of a text with those expected at its
// marks, in order.
func checkProblems(t *testing.T, typ *document.Type, text string, want []string) {
	t.Helper()
	clean, places := marked(text)
	if len(places) != len(want) {
		t.Fatalf("%d marks for %d problems", len(places), len(want))
	}
	for i := range want {
		places[i] += want[i]
	}
	if diff := cmp.Diff(places, problems(t, typ, clean)); diff != "" {
		t.Errorf("problems (-want +got) of\n%s\n%s", clean, diff)
	}
}

func TestParseRefusesWhatIsNotJSON(t *testing.T) {
	typ := planType(t)
	for _, tt := range syntaxProblems {
		t.Run(tt.name, func(t *testing.T) {
			checkProblems(t, typ, tt.text, tt.want)
		})
	}
}

func TestParseReportsEveryProblem(t *testing.T) {
	const good = `"type":"Milestone","title":"T","status":"Planned","description":"D"`
	tests := []struct {
		name, text string
		want       []string
	}{
		{"nothing there", `{"backlog":[§§§§§{}]}`, []string{
			`/backlog/0 - the Phase has no "id" [required]`,
			`/backlog/0 - the Phase has no "status" [required]`,
			`/backlog/0 - the Phase has no "type" [required]`,
			`/backlog/0 - the Phase has no "title" [required]`,
			`/backlog/0 - the Phase has no "description" [required]`,
		}},
		{"wrong kinds", `{"backlog":[§5,§null,{"id":§5,"type":§1,"title":§null,"status":§{},"description":§[],"milestones":§"none"}]}`, []string{
			`/backlog/0 - a Phase is a number: want an object [type]`,
			`/backlog/1 - a Phase is null: want an object [type]`,
			`/backlog/2/id - the id is a number: want text [type]`,
			`/backlog/2/type 5 type is a number: want text [type]`,
			`/backlog/2/title 5 title is null: want text [type]`,
			`/backlog/2/status 5 status is an object: want text [type]`,
			`/backlog/2/description 5 description is an array: want text [type]`,
			`/backlog/2/milestones 5 milestones is text: want an array [type]`,
		}},
		{"wrong values", `{"backlog":[{"id":"P1","type":§"phase","title":§"","status":§"planned","description":§""}]}`, []string{
			`/backlog/0/type P1 type is "phase": want "Phase" [constant]`,
			`/backlog/0/title P1 title is empty [minLength]`,
			`/backlog/0/status P1 "planned" is not a status of a Phase: want Planned, Ready, Researching, Implementing, Retrying, Complete, Failed, Obsolete [status]`,
			`/backlog/0/description P1 description is empty [minLength]`,
		}},
		{"keys that occur twice", `{"x":{"a":1,§"a":2,"b":[{"c":1,§"c":2}]},` + onePhase(`,§"id":"P9","z~/":1,§"z~/":2,§"title":5`)[1:], []string{
			`- - the key "a" occurs twice [duplicate-key]`,
			`- - the key "c" occurs twice [duplicate-key]`,
			`/backlog/0/id P1 the key "id" occurs twice [duplicate-key]`,
			`/backlog/0/z~0~1 P1 the key "z~/" occurs twice [duplicate-key]`,
			`/backlog/0/title P1 the key "title" occurs twice [duplicate-key]`,
		}},
		{"one key in two spellings", onePhase(`,§"t\u0069tle":"again"`), []string{`/backlog/0/title P1 the key "title" occurs twice [duplicate-key]`}},
		{"items that occur twice", `{"backlog":[],§"backlog":[5]}`, []string{`/backlog - the key "backlog" occurs twice [duplicate-key]`}},
		{"ids of children", onePhase(`,"milestones":[{"id":§"P2.M1",` + good + `},{"id":§"P1.T1",` + good + `},{"id":§"P1.M01",` + good + `},{"id":§"P1.M1.T1",` + good + `},{"id":§"P1.M1234567890",` + good + `},{"id":§"M1",` + good + `}]`), []string{
			`/backlog/0/milestones/0/id - "P2.M1" is not the id of a Milestone here: want P1.M and a number [id]`,
			`/backlog/0/milestones/1/id - "P1.T1" is not the id of a Milestone here: want P1.M and a number [id]`,
			`/backlog/0/milestones/2/id - "P1.M01" is not the id of a Milestone here: want P1.M and a number of at most 9 digits without leading zeros [id]`,
			`/backlog/0/milestones/3/id - "P1.M1.T1" is not the id of a Milestone here: want P1.M and a number [id]`,
			`/backlog/0/milestones/4/id - "P1.M1234567890" is not the id of a Milestone here: want P1.M and a number of at most 9 digits without leading zeros [id]`,
			`/backlog/0/milestones/5/id - "M1" is not the id of a Milestone here: want P1.M and a number [id]`,
		}},
		{"a wrong id says nothing about those below", strings.Replace(onePhase(`,"milestones":[{"id":"P1.M1",`+good+`}]`), `"P1"`, `§"X1"`, 1), []string{
			`/backlog/0/id - "X1" is not the id of a Phase here: want P and a number [id]`,
		}},
		{"ids before their parent's", `{"backlog":[{"milestones":[{"id":"P1.M1",` + good + `},{"id":§"P2.M1",` + good + `},{"id":§null,` + good + `},§{` + good + `}],"id":"P1","type":"Phase","title":"T","status":"Planned","description":"D"}]}`, []string{
			`/backlog/0/milestones/1/id - "P2.M1" is not the id of a Milestone here: want P1.M and a number [id]`,
			`/backlog/0/milestones/2/id - the id is null: want text [type]`,
			`/backlog/0/milestones/3 - the Milestone has no "id" [required]`,
		}},
		{"ids taken twice", "{\"backlog\":[\n{\"id\":\"P2\",\"title\":§\"\",\"type\":\"Phase\",\"status\":\"Planned\",\"description\":\"D\"},\n{\"id\":\"P1\",\"type\":\"Phase\",\"title\":\"T\",\"status\":\"Planned\",\"description\":\"D\"},\n{\"id\":§\"P2\",\"type\":\"Phase\",\"title\":\"T\",\"status\":\"Planned\",\"description\":\"D\"}]}", []string{
			`/backlog/0/title P2 title is empty [minLength]`,
			`/backlog/2/id P2 the id "P2" is taken by another Phase, in line 2 [duplicate-id]`,
		}},
		{"a syntax error ends the list", `{"backlog":[§§{"id":"P1","status":§5,"title":§""}],§]`, []string{
			`/backlog/0 P1 the Phase has no "type" [required]`,
			`/backlog/0 P1 the Phase has no "description" [required]`,
			`/backlog/0/status P1 status is a number: want text [type]`,
			`/backlog/0/title P1 title is empty [minLength]`,
			`- - unexpected "]": want a key in quotes [syntax]`,
		}},
	}
	typ := planType(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			checkProblems(t, typ, tt.text, tt.want)
		})
	}
}

func TestParseReportsProblemsOfGroups(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"same group twice", `{"a":{"tasks":[]},§"a":{"tasks":[]}}`, []string{`/a - the key "a" occurs twice [duplicate-key]`}},
		{"items that are no array", `{"a~b":{"tasks":§null}}`, []string{`/a~0b/tasks - tasks is null: want an array [type]`}},
		{"group without a name", `{"":{"tasks":[§§{"id":1}]}}`, []string{
			`//tasks/0 1 the Task has no "status" [required]`,
			`//tasks/0 1 the Task has no "title" [required]`,
		}},
		{"local ids", `{"g":{"tasks":[{"id":5,"title":"a","status":"done","subtasks":[{"id":§"","title":"a","status":"done"},{"id":1,"title":"a","status":§"todo"},{"id":§"1","title":"a","status":"done"},{"id":§"5.1","title":"a","status":"done"},{"id":§true,"title":"a","status":"done"}]}]}}`, []string{
			`/g/tasks/0/subtasks/0/id - the id is empty [id]`,
			`/g/tasks/0/subtasks/1/status g/5.1 "todo" is not a status of a Subtask: want pending, in-progress, review, done, deferred, cancelled [status]`,
			`/g/tasks/0/subtasks/2/id g/5.1 the id "1" is taken by another Subtask, in line 1 [duplicate-id]`,
			`/g/tasks/0/subtasks/3/id g/5.1 the id "5.1" is taken by another Subtask, in line 1 [duplicate-id]`,
			`/g/tasks/0/subtasks/4/id - the id is true or false: want text or a number [type]`,
		}},
		{"children of items without ids clash with nobody", `[§{"title":"a","status":"done","subtasks":[{"id":1,"title":"a","status":"done"}]},{"id":§"","title":"a","status":"done","subtasks":[{"id":1,"title":"a","status":"done"}]}]`, []string{
			`/0 - the Task has no "id" [required]`,
			`/1/id - the id is empty [id]`,
		}},
		{"a task and a subtask", `[{"id":"5.1","title":"a","status":"done"},{"id":5,"title":"a","status":"done","subtasks":[{"id":§1,"title":"a","status":"done"}]}]`, []string{
			`/1/subtasks/0/id 5.1 the id "1" is taken by another Task, in line 1 [duplicate-id]`,
		}},
	}
	typ := trackerType(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			checkProblems(t, typ, tt.text, tt.want)
		})
	}
}

func TestParseReportsProblemsUpToALimit(t *testing.T) {
	typ := planType(t)
	got := problems(t, typ, `{"backlog":[`+strings.Repeat("1,\n", 4999)+`1, @]}`)
	if len(got) != 1002 {
		t.Fatalf("%d problems, want 1000, the limit and the syntax error", len(got))
	}
	want := []string{
		`1000:1 /backlog/999 - a Phase is a number: want an object [type]`,
		`1001:1 - - there are 4000 more problems [limit]`,
		`5000:4 /backlog/5000 - unexpected "@": want a JSON value [syntax]`,
	}
	if diff := cmp.Diff(want, got[999:]); diff != "" {
		t.Errorf("last problems (-want +got):\n%s", diff)
	}
}

func TestProblemsShowLittleOfALongText(t *testing.T) {
	long := strings.Repeat("é", 1<<16)
	got := problems(t, planType(t), onePhase(fmt.Sprintf(`,%q:1,%q:1,"status":%q,"milestones":[{"id":%q}]`, long, long, long, long)))
	if len(got) < 5 {
		t.Errorf("%d problems", len(got))
	}
	for _, p := range got {
		if len(p) > 3000 {
			t.Errorf("a problem of %d bytes: %.100s…", len(p), p)
		}
	}
}

func TestParseErrorNamesTheFile(t *testing.T) {
	err := &document.ParseError{File: "tasks.json", Problems: []document.Problem{
		{Severity: document.Refusal, Line: 3, Column: 7, Item: "P1", Rule: "required", Message: `the Phase has no "title"`},
		{Severity: document.Refusal, Rule: "size", Message: "the document is too long"},
	}}
	want := "tasks.json:3:7: P1: the Phase has no \"title\" [required]\ntasks.json: the document is too long [size]"
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Error(diff)
	}
}
