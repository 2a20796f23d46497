package formats_test

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/internal/corpus"
	"github.com/backlog-gen/backlog-gen/schema/formats"
)

func recogniser(t testing.TB) *formats.Recogniser {
	t.Helper()
	r, err := formats.NewRecogniser()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRecogniseSamples(t *testing.T) {
	r := recogniser(t)
	for _, f := range formats.All() {
		name, sample := f.Sample()
		got, err := r.Recognise(t.Context(), sample)
		if err != nil || got.Name != f.Name {
			t.Errorf("%s of %s: got %q, %v", name, f.Name, got.Name, err)
		}
	}
}

func TestRecogniseTheCorpus(t *testing.T) {
	r := recogniser(t)
	for kind, want := range map[corpus.Kind]string{corpus.PRP: "prp", corpus.TaskMaster: "taskmaster"} {
		for name, data := range corpus.Files(t, kind) {
			if got, err := r.Recognise(t.Context(), data); err != nil || got.Name != want {
				t.Errorf("%s: got %q, %v, want %s", name, got.Name, err, want)
			}
		}
	}
}

func TestRecognise(t *testing.T) {
	const unknown = "no known format fits"
	const issue = `{"id": "a", "title": "One", "status": "open", "issue_type": "task"}`
	for name, tt := range map[string]struct{ text, want, err string }{
		"a mark of the order of bytes": {"\uFEFF" + `[{"number": 1, "title": "One", "state": "open"}]`, "github-issues", ""},
		"an escaped key":               {`{"t\u0061sks": [{"id": 1, "title": "One", "status": "done"}]}`, "taskmaster", ""},
		"a wrong status among others":  {`[{"id": 1, "title": "One", "status": "bogus"}, {"id": 2, "title": "Two", "status": "done"}]`, "taskmaster", ""},
		"no status but of one":         {`{"tasks": [{"id": 1, "title": "One"}, {"id": 2, "title": "Two", "status": "done"}]}`, "taskmaster", ""},
		"text that ends too early":     {`{"tasks": [{"id": 1, "title": "One", "status": "done"}, {"id": `, "taskmaster", ""},
		"a group among other members":  {`{"version": 1, "master": {"tasks": [{"id": 1, "title": "One", "status": "done"}]}}`, "taskmaster", ""},
		"an empty group before it":     {`{"old": {"tasks": []}, "master": {"tasks": [{"id": 1, "title": "One", "status": "done"}]}}`, "taskmaster", ""},
		"another key beside a status":  {`{"tasks": [{"id": 1, "title": "One", "status": "done", "state": "done"}]}`, "taskmaster", ""},
		"a title like a status":        {`{"tasks": [{"id": 1, "title": "Review"}, {"id": 2, "title": "review"}, {"id": 3, "title": "Two", "status": "done"}]}`, "taskmaster", ""},
		"a status beside a flag":       {`{"todos": [{"id": 1, "title": "One", "completed": false, "status": "pending"}]}`, "todo-completed", ""},
		"a number beside a flag":       {`{"todos": [{"id": 1, "title": "One", "completed": false, "status": 0}]}`, "todo-completed", ""},
		"both by the keys":             {`{"tasks": [{"id": "a", "name": "One", "title": "One", "status": "completed", "dependencies": [{"taskId": "a"}]}]}`, "shrimp", ""},
		"fewer keys unknown":           {`[{"id": 7, "number": 1, "title": "One", "state": "open", "status": "done", "body": "", "url": "https://example.com"}]`, "github-issues", ""},
		"ids":                          {`[{"id": 1, "description": "One", "passes": true}, {"id": 2, "description": "Two", "passes": false}]`, "feature-list-ids", ""},
		"ids that repeat":              {`[{"id": 1, "description": "One", "passes": true}, {"id": 1, "description": "Two", "passes": false}]`, "feature-list", ""},
		"equally well":                 {`[{"id": 7, "number": 1, "title": "One", "state": "open", "status": "done"}]`, "", "the formats github-issues and taskmaster fit equally well"},
		"equally badly":                {`[{"id": 7, "number": 1, "title": "One", "state": "open", "status": "done"}, 5]`, "", "the formats github-issues and taskmaster fit equally well"},

		"lines":                    {"{\"id\": \"a\"}\n\n" + issue + "\r\n", "beads", ""},
		"one line":                 {issue, "beads", ""},
		"lines that end too early": {issue + "\n{\"id\": ", "beads", ""},

		"an item over some lines":        {strings.Replace(issue, ",", ",\n", 1), "", unknown},
		"two items on a line":            {issue + " " + issue, "", unknown},
		"lines after a list":             {"[]\n" + issue, "", unknown},
		"nothing":                        {"", "", unknown},
		"white space":                    {" \n", "", unknown},
		"no JSON":                        {"# Tasks\n", "", unknown},
		"a number":                       {"1", "", unknown},
		"an empty list":                  {"[]", "", unknown},
		"an empty object":                {"{}", "", unknown},
		"no items":                       {`{"tasks": []}`, "", unknown},
		"another key for a status":       {`{"tasks": [{"id": 1, "title": "One", "state": "done"}, {"id": 2, "title": "Two", "status": "done"}]}`, "", unknown},
		"another key, and null":          {`{"tasks": [{"id": 1, "title": "One", "status": null, "stage": "completed"}, {"id": 2, "title": "Two", "status": "done"}]}`, "", unknown},
		"another key in a subtask":       {`{"tasks": [{"id": 1, "title": "One", "status": "done", "subtasks": [{"id": 1, "title": "Two", "state": "done"}]}]}`, "", unknown},
		"another key below what has one": {`{"phases": [{"id": "p", "name": "One", "subtasks": [{"id": "a", "description": "Two", "state": "completed"}]}]}`, "", unknown},
		"no list":                        {`{"tasks": {"id": 1, "title": "One", "status": "done"}}`, "", unknown},
		"texts":                          {`{"tasks": ["id", "title"]}`, "", unknown},
		"no status":                      {`{"tasks": [{"id": 1, "title": "One"}]}`, "", unknown},
		"another status":                 {`{"tasks": [{"id": 1, "title": "One", "status": "doing"}]}`, "", unknown},
		"a status that is none":          {`{"tasks": [{"id": 1, "title": "One", "status": {"name": "done"}}]}`, "", unknown},
		"a long status":                  {`{"tasks": [{"id": 1, "title": "One", "status": "` + strings.Repeat("x", 1<<20) + `"}]}`, "", unknown},
		"most statuses unknown":          {`[{"id": 1, "title": "One", "status": "open"}, {"id": 2, "title": "Two", "status": "doing"}, {"id": 3, "title": "Three", "status": "done"}]`, "", unknown},
		"a title that is none":           {`{"tasks": [{"id": 1, "title": ["One"], "status": "done"}]}`, "", unknown},
		"no id":                          {`{"tasks": [{"title": "One", "status": "done"}]}`, "", unknown},
		"an id that is none":             {`{"tasks": [{"id": {}, "title": "One", "status": "done"}]}`, "", unknown},
		"something else":                 {`{"name": "left-pad", "version": "1.0.0", "scripts": {"test": "true"}}`, "", unknown},
		"a list of another name":         {`{"master": {"taks": [{"id": 1, "title": "One", "status": "done"}]}}`, "", unknown},
		"quotes in the wrong way":        {`{"tasks": [{"id": 1, "title": "One\", "status": "done"}]}`, "", unknown},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := recogniser(t).Recognise(t.Context(), []byte(tt.text))
			if got.Name != tt.want || tt.err == "" != (err == nil) || err != nil && err.Error() != tt.err {
				t.Errorf("got %q, %v, want %q, %s", got.Name, err, tt.want, tt.err)
			}
		})
	}
}

// TestRecogniseNames looks at what errors hold, for those who offer a choice.
func TestRecogniseNames(t *testing.T) {
	_, err := recogniser(t).Recognise(t.Context(), []byte(`[{"id": 7, "number": 1, "title": "One", "state": "open", "status": "done"}]`))
	var ambiguous *formats.AmbiguousError
	if !errors.As(err, &ambiguous) || len(ambiguous.Names) != 2 {
		t.Fatalf("got %v", err)
	}
	_, err = recogniser(t).Recognise(t.Context(), nil)
	var unknown *formats.UnknownError
	if !errors.As(err, &unknown) {
		t.Fatalf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := recogniser(t).Recognise(ctx, []byte(`[{"id": 7, "number": 1, "title": "One", "state": "open", "status": "done"}]`)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestRecogniseLargeFiles takes documents of some size that cost as much as can be:
// none is read by every format.
func TestRecogniseLargeFiles(t *testing.T) {
	const size = 8 << 20
	repeat := func(text string) string { return strings.Repeat(text, size/len(text)) }
	item := `{"id": 1, "title": "One", "status": "done"}`
	numbered := func() string {
		var b strings.Builder
		for i := 0; b.Len() < size; i++ {
			b.WriteString(`"k` + strconv.Itoa(i) + `":{"tasks":[]},`)
		}
		return b.String()
	}
	r := recogniser(t)
	for name, tt := range map[string]struct{ text, want string }{
		"many items":        {`{"tasks": [` + repeat(item+",") + item + `]}`, "taskmaster"},
		"many bad items":    {`{"tasks": [` + repeat(`{"id":1},`) + item + `]}`, ""},
		"many keys":         {`{` + numbered() + `"master":{"tasks":[` + item + `]}}`, ""},
		"one key, again":    {`{` + repeat(`"tasks":[],`) + `"x":1}`, ""},
		"a large member":    {`{"x":"` + repeat("x") + `","tasks":[` + item + `]}`, "taskmaster"},
		"deep lists":        {repeat("["), ""},
		"deep objects":      {repeat(`{"tasks":`), ""},
		"deep groups":       {repeat(`{"a":`), ""},
		"backslashes":       {`{"x":"` + repeat(`\`) + `","tasks":[` + item + `]}`, "taskmaster"},
		"quotes":            {repeat(`"`), ""},
		"escaped quotes":    {`["` + repeat(`\"`), ""},
		"an item of keys":   {`[{` + repeat(`"a":1,`) + `"id":1,"title":"One","status":"done"}]`, ""},
		"lines":             {repeat("{}\n"), ""},
		"lines without end": {repeat("{}"), ""},
		"zeros":             {repeat("\x00"), ""},
		"spaces":            {repeat(" "), ""},
	} {
		t.Run(name, func(t *testing.T) {
			text := []byte(tt.text)
			began := time.Now()
			got, err := r.Recognise(t.Context(), text)
			if got.Name != tt.want {
				t.Errorf("got %q, %v, want %q", got.Name, err, tt.want)
			}
			t.Log(name, time.Since(began).Round(time.Millisecond))
		})
	}
}

// FuzzRecognise tries to make it panic, or name what does not exist. What a format's
// own parser accepts, and has items, is recognised by somebody.
func FuzzRecognise(f *testing.F) {
	for _, format := range formats.All() {
		_, sample := format.Sample()
		f.Add(sample)
		f.Add(bytes.ReplaceAll(sample, []byte(`"`), []byte(`\"`)))
		f.Add(sample[:len(sample)/2])
	}
	r := recogniser(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := r.Recognise(t.Context(), data)
		var unknown *formats.UnknownError
		var ambiguous *formats.AmbiguousError
		switch {
		case err == nil:
			if _, err := formats.Find(got.Name); err != nil {
				t.Error(err)
			}
		case !errors.As(err, &unknown) && !errors.As(err, &ambiguous):
			t.Error(err)
		}
	})
}
