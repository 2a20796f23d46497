package document_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// linesType is the tracker's, as JSON Lines and perhaps in other shapes.
func linesType(t testing.TB, others ...format.Root) *document.Type {
	t.Helper()
	of := trackerDescriptor()
	of.Roots = append([]format.Root{{Kind: format.RootLines}}, others...)
	of.Indent, of.FinalNewline = "", true
	typ, err := document.NewType(of)
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

// line is a task on a line.
func line(id string) string { return `{"id":"` + id + `","title":"T","status":"pending"}` }

func TestLinesComeBack(t *testing.T) {
	typ := linesType(t)
	for name, tt := range map[string]struct {
		text  string
		items int
	}{
		"an empty file":          {"", 0},
		"blank lines":            {"\n \t\r\n\n", 0},
		"a byte-order mark":      {"\xef\xbb\xbf", 0},
		"one line":               {line("a") + "\n", 1},
		"no last newline":        {line("a") + "\n" + line("b"), 2},
		"carriage returns":       {line("a") + "\r\n" + line("b") + "\r\n", 2},
		"blank lines in between": {"\n" + line("a") + "\n\n \n" + line("b") + "\n\n", 2},
		"space around":           {"\xef\xbb\xbf \t" + line("a") + "  \n\t" + line("b") + "\t", 2},
		"items below":            {`{"id":1,"title":"a","status":"done","subtasks":[{"id":1,"title":"b","status":"done"},{"id":2,"title":"c","status":"done"}]}` + "\n" + line("b") + "\n", 4},
		"long lines":             {line(strings.Repeat("x", 1000)) + "\n" + line("b") + "\n", 2},
	} {
		t.Run(name, func(t *testing.T) {
			d := mustParse(t, typ, tt.text)
			if got := string(d.AppendJSON(nil)); got != tt.text {
				t.Errorf("read\n%q\nwritten\n%q", tt.text, got)
			}
			if got := d.Len(0) + d.Len(1); got != tt.items {
				t.Errorf("%d items, want %d", got, tt.items)
			}
			wantPieces(t, d, d)
		})
	}
}

func TestParseReportsProblemsOfLines(t *testing.T) {
	typ := linesType(t)
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"on several lines", line("a") + "\n{§\n \"id\": \"b\"\n}\n", []string{`/1 - the line ends early: want a whole value on each line [syntax]`}},
		{"after several lines", line("a") + "\r\n{\"id\":\"b\",\"subtasks\":[§\r\n]}\r\n", []string{`/1/subtasks/0 b the line ends early: want a whole value on each line [syntax]`}},
		{"cut in a text", line("a") + "\n{\"id\":\"b\",\"title\":\"cut§\n" + line("c"), []string{`/1/title b the line ends inside a string: want a whole value on each line [syntax]`}},
		{"cut in an escape", "{\"id\":\"b\",\"title\":\"cut\\§\n" + line("c"), []string{`/0/title b the line ends inside an escape: want a whole value on each line [syntax]`}},
		{"cut in a word", "{\"id\":\"b\",\"title\":§nul\n" + line("c"), []string{`/0/title b unexpected "nul": want a JSON value [syntax]`}},
		{"two values on a line", line("a") + "\n\n" + line("b") + " §" + line("c") + "\n", []string{`/1 b a second value on the line: want each on a line of its own [syntax]`}},
		{"two values behind a carriage return", line("a") + "\r§" + line("b") + "\n", []string{`/0 a a second value on the line: want each on a line of its own [syntax]`}},
		{"commas behind lines", line("a") + "§,\n" + line("b") + "\n", []string{`/0 a a comma behind the value of a line: JSON Lines have none between them [syntax]`}},
		{"text behind a value", line("a") + "§]\n", []string{`/0 a unexpected text after the value of the line [syntax]`}},
		{"a comment", line("a") + " §// x\n", []string{`/0 a JSON has no comments: remove this one [syntax]`}},
		{"a conflict", line("a") + "\n§<<<<<<< ours\n" + line("b") + "\n=======\n", []string{`/1 - an unresolved merge conflict: keep one side and remove the marker lines [merge-conflict]`}},
		{"no objects", line("a") + "\n§5\n§\"b\"\n§[]\n" + line("b"), []string{
			`/1 - a Task is a number: want an object [type]`,
			`/2 - a Task is text: want an object [type]`,
			`/3 - a Task is an array: want an object [type]`,
		}},
		{"an array", "§[" + line("a") + "]\n", []string{`- - the document is an array: want JSON Lines, an object {…} on each [root]`}},
		{"no object at all", "§5\n", []string{`- - this is not a document: want JSON Lines, an object {…} on each [root]`}},
		{"several items", line("a") + "\n§{\"id\":\"b\",\"status\":§\"no\"}\n{\"id\":§\"a\",\"title\":\"T\",\"status\":\"done\"}", []string{
			`/1 b the Task has no "title" [required]`,
			`/1/status b "no" is not a status of a Task: want pending, in-progress, review, done, deferred, cancelled [status]`,
			`/2/id a the id "a" is taken by another Task, in line 1 [duplicate-id]`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) { checkProblems(t, typ, tt.text, tt.want) })
	}
}

func TestLinesAreToldApart(t *testing.T) {
	array := format.Root{Kind: format.RootArray}
	for name, tt := range map[string]struct {
		others []format.Root
		text   string
		want   string // ids, or the rule that is broken
	}{
		"an empty file beside arrays": {[]format.Root{array}, "\n", ""},
		"lines beside arrays":         {[]format.Root{array}, line("a") + "\n" + line("b"), "a b"},
		"one line beside arrays":      {[]format.Root{array}, line("a") + "\n", "a"},
		"a line that holds a list":    {[]format.Root{array}, `{"tasks":[],"id":"a","title":"T","status":"done"}`, "a"},
		"an array":                    {[]format.Root{array}, "[\n" + line("a") + ",\n" + line("b") + "\n]\n", "a b"},
		"an object on lines":          {[]format.Root{array}, "{\n\"tasks\": [\n" + line("a") + "]}\n", "syntax"},
		"a line that is broken":       {[]format.Root{array}, line("a")[:10] + "\n", "syntax"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := linesType(t, tt.others...).Parse([]byte(tt.text))
			var refusal *document.ParseError
			if errors.As(err, &refusal) {
				if got := refusal.Problems[0].Rule; got != tt.want {
					t.Errorf("got %v, want %s", err, tt.want)
				}
				return
			}
			var ids []string
			for it := range d.All() {
				ids = append(ids, it.ID().String())
			}
			if got := strings.Join(ids, " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestLinesBesideWhatOneLineMayBe: an item may hold keys that the format does not
// know, so a document of one line may look like any object.
func TestLinesBesideWhatOneLineMayBe(t *testing.T) {
	for name, other := range map[string]format.Root{
		"an object":          {Kind: format.RootObject, Key: "notes"},
		"an object at paths": {Kind: format.RootObject, Key: "notes", Within: []string{"data"}},
		"groups":             {Kind: format.RootGroups, Key: "tasks"},
	} {
		t.Run(name, func(t *testing.T) {
			of := trackerDescriptor()
			of.Roots = []format.Root{{Kind: format.RootLines}, other}
			_, err := document.NewType(of)
			if want := "lines stand beside a root array only"; err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

func TestChangesOfLines(t *testing.T) {
	typ := linesType(t)
	id := func(text string) document.ID { return document.NewID("", text) }
	add := func(text string, at document.Place) document.Change {
		return addAt(text, "", line(text), at)
	}
	for _, tt := range []struct {
		name, text, want string
		changes          []document.Change
	}{
		{"a status", line("a") + "\r\n\r\n" + line("b"), line("a") + "\r\n\r\n" + strings.Replace(line("b"), "pending", "in-progress", 1), []document.Change{document.Set(id("b"), 2)}},
		{"the last is added", line("a") + "\n", line("a") + "\n" + line("b") + "\n", []document.Change{add("b", document.Last())}},
		{"the last is added without a newline", line("a"), line("a") + "\n" + line("b"), []document.Change{add("b", document.Last())}},
		{"the last is added, carriage returns", line("a") + "\r\n", line("a") + "\r\n" + line("b") + "\r\n", []document.Change{add("b", document.Last())}},
		{"the first is added", "\xef\xbb\xbf" + line("a") + "\n", "\xef\xbb\xbf" + line("b") + "\n" + line("a") + "\n", []document.Change{add("b", document.First())}},
		{"in the middle", line("a") + "\n\n" + line("c") + "  \n\n", line("a") + "\n" + line("b") + "\n\n" + line("c") + "  \n\n", []document.Change{add("b", document.After(id("a")))}},
		{"to nothing", "", line("a") + "\n" + line("b") + "\n", []document.Change{add("a", document.Place{}), add("b", document.Place{})}},
		{"to blank lines", "\xef\xbb\xbf\r\n ", "\xef\xbb\xbf\r\n \r\n" + line("a") + "\r\n", []document.Change{add("a", document.Place{})}},
		{"an item on several lines is added", line("a"), line("a") + "\n" + `{"id":"b","title":"T","status":"pending","x":[1,{"a":2}]}`, []document.Change{
			addAt("b", "", "{\n\"id\": \"b\",\n\"title\":\"T\", \"status\":\"pending\", \"x\": [\n1, {\"a\":\r\n2}]}\n", document.Place{})}},
		{"the first is removed", line("a") + "\r\n" + line("b") + "\n" + line("c"), line("b") + "\n" + line("c"), []document.Change{document.Remove(id("a"))}},
		{"one in the middle is removed", line("a") + "\r\n" + line("b") + "\n" + line("c"), line("a") + "\r\n" + line("c"), []document.Change{document.Remove(id("b"))}},
		{"the last is removed", line("a") + "\r\n" + line("b") + "\n\n", line("a") + "\r\n\n", []document.Change{document.Remove(id("b"))}},
		{"the last is removed, no newline", line("a") + "\n" + line("b"), line("a"), []document.Change{document.Remove(id("b"))}},
		{"the last is removed, no newline, both line ends", line("a") + "\n" + line("b") + "\r\n" + line("c"), line("a") + "\n" + line("b"), []document.Change{document.Remove(id("c"))}},
		{"the last is moved, no newline, both line ends", line("a") + "\r\n" + line("b") + "\n" + line("c"), line("c") + "\r\n" + line("a") + "\r\n" + line("b"), []document.Change{document.Move(id("c"), document.ID{}, document.First())}},
		{"blank lines go with what moves", "\n" + line("a") + "\n\n\t" + line("b") + "\n\n", line("b") + "\n\n" + line("a") + "\n\n", []document.Change{document.Move(id("b"), document.ID{}, document.First())}},
		{"all are removed", "\xef\xbb\xbf" + line("a") + "\n" + line("b"), "\xef\xbb\xbf", []document.Change{document.Remove(id("a")), document.Remove(id("b"))}},
		{"moved", line("a") + " \n" + line("b") + "\n" + line("c"), line("c") + "\n" + line("a") + " \n" + line("b"), []document.Change{document.Move(id("c"), document.ID{}, document.First())}},
		{"below", line("a") + "\n" + line("b"), line("a")[:len(line("a"))-1] + `,"subtasks":[{"id":1,"title":"S","status":"pending"}]}` + "\n" + line("b"), []document.Change{
			addAt("a.1", "a", "{\"id\":1,\n\"title\":\"S\",\"status\":\"pending\"}", document.Place{})}},
		{"a field", line("a") + "\n", line("a")[:len(line("a"))-1] + `,"details":"x\ny"}` + "\n", []document.Change{
			{Op: document.OpEdit, ID: id("a"), Edit: &document.Edit{Fields: []document.FieldEdit{{Key: "details", Value: `"x\ny"`}}}}}},
		{"spaced as the lines are", `{"id": "a", "title": "T", "status": "pending"}` + "\n", `{"id": "a", "title": "T", "status": "pending"}` + "\n" + `{"id": "b", "title": "T", "status": "pending"}` + "\n", []document.Change{add("b", document.Place{})}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := mustParse(t, typ, tt.text)
			to, _, err := d.Apply(tt.changes...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(to.AppendJSON(nil))); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
			wantPieces(t, d, to)
			again, _, err := d.Apply(document.Changes(d, to)...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(again.AppendJSON(nil))); diff != "" {
				t.Errorf("text after Changes (-want +got):\n%s", diff)
			}
			if string(d.AppendJSON(nil)) != tt.text {
				t.Error("the document has changed itself")
			}
		})
	}
}

func TestNewLines(t *testing.T) {
	of := trackerDescriptor()
	of.Roots = []format.Root{{Kind: format.RootLines}}
	for indent, want := range map[string]string{
		"":   `{"id":"a","title":"T","status":"pending"}` + "\n",
		"  ": `{"id": "a", "title": "T", "status": "pending"}` + "\n",
	} {
		of.Indent, of.FinalNewline = indent, true
		d := document.MustNewType(of).New()
		if got := d.AppendJSON(nil); len(got) != 0 {
			t.Errorf("the empty document is %q", got)
		}
		to, _, err := d.Apply(addAt("a", "", line("a"), document.Place{}))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(to.AppendJSON(nil)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestLinesAreNoJSONValue(t *testing.T) {
	d := mustParse(t, linesType(t), line("a"))
	if _, err := json.Marshal(d); err == nil || !strings.Contains(err.Error(), "JSON Lines are not one JSON value: use AppendJSON or WriteTo") {
		t.Errorf("got %v", err)
	}
	it, _ := d.Find(document.NewID("", "a"))
	if got, err := json.Marshal(it); err != nil || string(got) != line("a") {
		t.Errorf("an item: got %s, %v", got, err)
	}
}
