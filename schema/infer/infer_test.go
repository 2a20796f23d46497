package infer_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/internal/corpus"
	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/infer"
)

// infers guesses a schema and reads the document with it.
func infers(t *testing.T, data []byte) (*infer.Guess, *schema.Model) {
	t.Helper()
	guess, err := infer.Infer("tasks", data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := schema.Parse("backlog.yaml", guess.YAML)
	if err != nil {
		t.Fatalf("%v\n%s", err, guess.YAML)
	}
	if _, err := gen.Generate(t.Context(), m, gen.Options{}); err != nil {
		t.Fatalf("%v\n%s", err, guess.YAML)
	}
	format, err := document.NewType(gen.Descriptor(m))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := format.Parse(data)
	if err != nil {
		t.Fatalf("%v\n%s", err, guess.YAML)
	}
	if got := string(doc.AppendJSON(nil)); got != string(data) {
		t.Error(cmp.Diff(string(data), got))
	}
	changesOneLine(t, doc, string(data))
	return guess, m
}

// changesOneLine gives each of some items another status: that changes one line, or
// adds some where the item had no status.
func changesOneLine(t *testing.T, doc *document.Document, text string) {
	t.Helper()
	before := strings.Split(text, "\n")
	changed, left := 0, 20
	for it := range doc.All() {
		if left--; left < 0 {
			break
		}
		machine := doc.Type().Machine(it.Level())
		if machine == nil {
			continue
		}
		for _, step := range machine.Legal(it.Status()) {
			to, _, err := doc.Apply(document.Advance(it.ID(), step.To))
			if err != nil {
				continue // a guard, or an id that several items share
			}
			after := strings.Split(string(to.AppendJSON(nil)), "\n")
			if len(after) < len(before) {
				t.Errorf("%s to %s leaves %d of %d lines", it, doc.Type().StatusName(step.To), len(after), len(before))
			}
			if len(after) != len(before) {
				break
			}
			other := 0
			for i := range before {
				if before[i] != after[i] {
					other++
				}
			}
			if other != 1 {
				t.Errorf("%s to %s changes %d lines", it, doc.Type().StatusName(step.To), other)
			}
			changed++
			break
		}
	}
	if changed == 0 && left < 20 {
		t.Error("no item can have another status")
	}
}

func TestSchemasReadTheDocumentsTheyAreGuessedFrom(t *testing.T) {
	for name, data := range map[string]string{
		"path ids": `{"backlog":[{"id":"P1","type":"Phase","status":"Planned","milestones":[
			{"id":"P1.M1","type":"Milestone","status":"Complete"}]}]}`,
		"array":                 `[{"id":1,"status":"done"},{"id":"two","status":"todo"}]`,
		"groups":                `{"master":{"tasks":[{"id":1,"status":"done"}]},"other":{"tasks":[],"metadata":{"a":1}}}`,
		"numbers of all kinds":  `{"tasks":[{"id":1,"status":"x","a":1,"b":1.5,"c":1e999,"d":99999999999999999999}]}`,
		"names of Go":           `{"items":[{"id":1,"status":"type","string":"a","equal":1,"String":2,"2nd":3,"":4,"with":1}]}`,
		"names of the machine":  `{"tasks":[{"id":1,"status":"done","event":"x"},{"id":2,"status":"To Do!"}]}`,
		"spellings":             `{"tasks":[{"id":1,"status":"In Progress"},{"id":2,"status":"in_progress"},{"id":3,"status":"InProgress"}]}`,
		"words YAML reads":      `{"no":[{"id":1,"status":"yes","true":"x","null":1,"1":2,"~":3}]}`,
		"other scripts":         `{"задачи":[{"id":"а","status":"открыта","заголовок":"x","説明":null}]}`,
		"lists":                 `{"tasks":[{"id":1,"status":"a","e":[],"m":[1,"x"],"n":[null],"o":[{"k":1}],"l":[[1]],"s":["x"]}]}`,
		"same level twice":      `{"tasks":[{"id":1,"status":"a","tasks":[{"id":1,"status":"b","tasks":[]}]}]}`,
		"comments are no items": `{"tasks":[{"id":1,"status":"a","comments":[{"id":1,"text":"x"},{"id":2,"text":"y"}]}]}`,
		"odd keys":              `{"tasks":[{"key":"A-1","state":"open","steps":[{"nr":1,"done":true,"state":"open"}]}]}`,
		"dependencies":          `{"tasks":[{"id":1,"status":"a","dependencies":[]},{"id":2,"status":"a","dependencies":[1,"3","9"]}]}`,
		"tabs":                  "{\n\t\"tasks\": [\n\t\t{\"id\": 1, \"status\": \"open\"}\n\t]\n}\n",
		"level named as reserved": `{"events":[{"id":"e1","status":"open","statuses":[{"id":"e2","status":"open"}]},
			{"id":"e3","status":"closed"}]}`,
	} {
		t.Run(name, func(t *testing.T) { infers(t, []byte(data)) })
	}
}

func TestSchemasReadTheCorpus(t *testing.T) {
	for _, kind := range []corpus.Kind{corpus.PRP, corpus.TaskMaster} {
		for name, data := range corpus.Files(t, kind) {
			t.Run(name, func(t *testing.T) { infers(t, data) })
		}
	}
}

func TestWhatIsGuessed(t *testing.T) {
	guess, m := infers(t, []byte(`{
  "backlog": [
    {"id": "P1", "type": "Phase", "status": "Planned", "due": "2020-01-02T03:04:05Z", "stories": [
      {"id": "P1.S1", "type": "Story", "status": "Complete", "points": 0.5, "urgent": true, "dependencies": ["P1.S2"]},
      {"id": "P1.S2", "type": "Story", "status": "Stuck", "points": 2, "urgent": false, "dependencies": [], "note": null}
    ]}
  ]
}
`))
	want := infer.Header + `
#
# Guessed from a document: look over categories, events and what is required.

package:
  name: tasks
  root: Backlog

document:
  shapes:
    - {kind: object, lists: {backlog: Phase}}
  indent: 2
  final_newline: true

statuses:
  Planned: {category: todo}
  Stuck: {category: active}
  Complete: {category: done}

events:
  reset: {}
  set-Stuck: {}
  complete: {}

machines:
  work:
    initial: Planned
    transitions:
      - {event: reset, from: others, to: Planned}
      - {event: set-Stuck, from: others, to: Stuck}
      - {event: complete, from: others, to: Complete}

levels:
  Phase:
    id: {kind: path, prefix: P}
    children: {stories: Story}
    fields:
      type: {constant: Phase, required: true}
      due: {type: time, required: true}

  Story:
    plural: Stories
    id: {kind: path, prefix: S}
    fields:
      type: {constant: Story, required: true}
      points: {type: float, required: true}
      urgent: {type: bool, required: true}
      dependencies: {type: reference, list: true, required: true, default: []}
      note: {type: raw, nullable: true}
`
	if diff := cmp.Diff(want, string(guess.YAML)); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
	if len(m.Warnings) > 0 {
		t.Error(m.Warnings)
	}
	report := infer.Guess{
		Taken: []string{
			`the list under "backlog": 1 item of Phase`,
			`Phase: id under "id" (path P), status under "status" (Planned 1)`,
			`Story, 2 items under "stories" of Phase: id under "id" (path S), status under "status" (Complete 1, Stuck 1)`,
		},
		LeftOut: []string{
			`a guard on dependencies of Story: 1 item was done before what it refers to`,
			`note of Story: always null, any JSON is accepted`,
		},
		Look: []string{
			`taken for active, since their names tell nothing: Stuck`,
			`new items are Planned, every status leads to every other, and a key that each item has is required`,
		},
	}
	if diff := cmp.Diff(&report, guess, cmpopts.IgnoreFields(infer.Guess{}, "YAML")); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestDocumentsThatShowNoSchema(t *testing.T) {
	for name, test := range map[string]struct {
		data, want string
		is         error
	}{
		"nothing":        {"", "not JSON", nil},
		"not JSON":       {"{\n<<<<<<< HEAD", "not JSON", nil},
		"two values":     {"[] []", "something follows", nil},
		"a comment":      {"[\n  // items\n]", "not JSON: line 2, column 3: JSON has no comments: remove this one", nil},
		"a last comment": {"[] /* none */", "not JSON: line 1, column 4: JSON has no comments: remove this one", nil},
		"a last comma":   {"\uFEFF[{\"id\": 1,\n}]", "not JSON: line 1, column 10: a comma before }: JSON has none after the last value", nil},
		"a wrong end":    {"[1}", "not JSON: line 1, column 3: invalid character '}'", nil},
		"deep":           {strings.Repeat("[", 100_000), "nested deeper", nil},
		"no items":       {`{"tasks": []}`, "no items", infer.ErrNoItems},
		"a number":       {`7`, "no items", infer.ErrNoItems},
		"no status":      {`{"tasks": [{"id": 1, "title": "a"}]}`, `found 1 object under "tasks", with id, title`, infer.ErrNoStatus},
		"texts":          {`{"tasks": ["a", "b"]}`, `found 2 texts under "tasks"`, infer.ErrNoStatus},
		"UTF-16":         {"\xff\xfe[\x00]\x00", "UTF-16", nil},
		"status no name": {`{"tasks": [{"id": 1, "status": " "}]}`, "begins or ends with a space", nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := infer.Infer("tasks", []byte(test.data))
			var refused *infer.Error
			if !errors.As(err, &refused) {
				t.Fatalf("want an *infer.Error, got %v", err)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("want %q in %q", test.want, err)
			}
			if test.is != nil && !errors.Is(err, test.is) {
				t.Errorf("want %v, got %v", test.is, err)
			}
		})
	}
}

// FuzzInfer looks for documents that break the promise: a schema that loads, can be
// generated, and reads the document; or an *Error.
func FuzzInfer(f *testing.F) {
	f.Add(`{"backlog":[{"id":"P1","type":"Phase","status":"Planned","steps":[{"id":"P1.S1","type":"Step","status":"x"}]}]}`)
	f.Add(`{"a":{"tasks":[{"id":1,"status":"done","dependencies":[2],"subtasks":[{"id":1.5,"title":null,"status":"open"}]}]}}`)
	f.Add(`[{"id":"x","state":"In Progress","level":"a","event":[{}],"type":true}]`)
	for _, data := range examples(f) {
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, data string) { keepsPromise(t, []byte(data)) })
}

// keepsPromise guesses a schema: one that loads, can be generated, and reads the
// document; or an *Error. It reports whether there is one.
func keepsPromise(t rapid.TB, data []byte) bool {
	ahead, err := infer.Ahead("tasks", data)
	var refused *infer.Error
	if err == nil {
		if _, err := schema.ParseAhead("backlog.yaml", ahead.YAML); err != nil {
			t.Errorf("%v\n%s", err, ahead.YAML)
		}
	}
	guess, err := infer.Infer("tasks", data)
	switch {
	case errors.As(err, &refused):
		var of *schema.Error
		if errors.As(err, &of) {
			named := make(map[int]bool) // lines with a text that no schema can hold: more is said of it
			for _, p := range of.Diagnostics {
				named[p.Line] = named[p.Line] || ofTexts(p.Rule)
			}
			for _, p := range of.Diagnostics {
				if p.Severity == schema.Refusal && !named[p.Line] {
					t.Errorf("written wrongly: %v\n%s", p, data)
				}
			}
		}
		return false
	case err != nil:
		t.Fatal(err)
	}
	m, err := schema.Parse("backlog.yaml", guess.YAML)
	if err != nil {
		t.Fatalf("%v\n%s", err, guess.YAML)
	}
	for _, w := range m.Warnings {
		if w.Rule != "unused-event" && w.Rule != "no-reopen" {
			t.Errorf("%v\n%s", w, guess.YAML)
		}
	}
	if _, err := gen.Generate(context.Background(), m, gen.Options{}); err != nil {
		t.Fatalf("%v\n%s", err, guess.YAML)
	}
	format, err := document.NewType(gen.Descriptor(m))
	if err != nil {
		t.Fatalf("%v\n%s", err, guess.YAML)
	}
	formatted, err := schema.Canonical("backlog.yaml", guess.YAML)
	if diff := cmp.Diff(string(guess.YAML), string(formatted)); err != nil || diff != "" {
		t.Errorf("not formatted: %v\n%s", err, diff)
	}
	_, err = format.Parse(data)
	var unread *document.ParseError
	if errors.As(err, &unread) {
		for _, p := range unread.Problems {
			if !ofNoSchema(p.Rule) {
				t.Errorf("%v\n%s\n%s", err, data, guess.YAML)
			}
		}
	} else if err != nil {
		t.Error(err)
	}
	return true
}

// ofTexts reports whether the texts of a document may break a rule of schemas
// under any name. Others are of how a schema is written.
func ofTexts(rule string) bool {
	switch rule {
	case "limit", "unsafe-text", "invalid-name", "name-collision", "reserved-name":
		return true
	}
	return false
}

// ofNoSchema reports whether documents break a rule whatever their schema is.
func ofNoSchema(rule string) bool {
	switch rule {
	case "utf-8", "syntax", "duplicate-key", "surrogate":
		return true
	}
	return false
}

// examples returns the documents of testdata.
func examples(tb testing.TB) map[string][]byte {
	tb.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil || len(paths) == 0 {
		tb.Fatal(paths, err)
	}
	data := make(map[string][]byte)
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		data[path] = archive.Files[0].Data
	}
	return data
}
