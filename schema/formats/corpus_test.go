package formats_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/formats"
	"github.com/backlog-gen/backlog-gen/schema/infer"
)

// described is how a file of the corpus is read, and what a change of it does.
type described struct {
	// format is the known one that the file has; "" where init makes a schema of the
	// file.
	format string
	// warnings are the rules of what is worth looking at.
	warnings []string
	steps    []step
	// replaced are pairs of what the steps replace in the text, and by what.
	replaced []string
	// refused is what init says of a file that is no backlog, of which no format is
	// known either.
	refused string
	// wrong is what Task Master's schema has against a file that is none of its own.
	wrong string
}

// corpusFiles are files in the form of what people have, one of each kind.
var corpusFiles = map[string]described{
	"bool-done.json": {
		format:   "todo-completed",
		steps:    []step{{"1", "done"}},
		replaced: []string{`"completed": false`, `"completed": true`},
	},
	"deep-list.json": {
		format:   "api-items",
		steps:    []step{{"x1", "closed"}},
		replaced: []string{`"open"`, `"closed"`},
	},
	"dependency-objects.json": {
		format:   "shrimp",
		steps:    []step{{"9c1f", "in_progress"}},
		replaced: []string{`"pending"`, `"in_progress"`},
	},
	"duplicate-subtask-ids.json": {
		format:   "taskmaster",
		warnings: []string{"duplicate-id"},
		steps:    []step{{"master/1", "in-progress"}, {"master/1.43", "done"}},
		replaced: []string{`"Shelf", "status": "pending"`, `"Shelf", "status": "in-progress"`, `"Paint", "status": "pending"`, `"Paint", "status": "done"`},
	},
	"features-done-flag.json": {
		format:   "feature-list",
		steps:    []step{{"#1", "passed"}, {"#2", "open"}},
		replaced: []string{`"passes": false`, `"passes": true`, `"passes": true`, `"passes": false`},
	},
	"issues.jsonl": {
		format:   "beads",
		steps:    []step{{"lamp-a1", "in_progress"}, {"lamp-a1", "closed"}, {"lamp-c3", "in_progress"}},
		replaced: []string{`night","status":"open"`, `night","status":"closed"`, `porch","status":"open"`, `porch","status":"in_progress"`},
	},
	"kinds-in-one-list.json": {
		steps:    []step{{"E1", "done"}},
		replaced: []string{`"Search", "status": "open"`, `"Search", "status": "done"`},
	},
	"lists-and-cards.json": {refused: `"idList", which holds the ids of "lists"`},
	"list-is-object.json":  {wrong: "tasks is an object: want an array"},
	"loose-statuses.json": {
		format:   "taskmaster",
		warnings: []string{"status-alias"},
		steps:    []step{{"1", "in-progress"}, {"3", "in-progress"}},
		replaced: []string{`"todo"`, `"in-progress"`, `null`, `"in-progress"`},
	},
	"misspelt-list.json": {wrong: `was "tasks" meant by "taks" in "master"?`},
	"nested-status.json": {
		format:   "jira",
		steps:    []step{{"BOAT-1", "In Progress"}, {"BOAT-2", "To Do"}},
		replaced: []string{`"To Do"`, `"In Progress"`, `"Done"`, `"To Do"`},
	},
	"no-ids.json": {
		format:   "claude-todos",
		steps:    []step{{"#2", "completed"}, {"#3", "in_progress"}},
		replaced: []string{`"in_progress"`, `"completed"`, `"pending"`, `"in_progress"`},
	},
	"not-a-backlog.json": {wrong: `the document holds no list "tasks"`, refused: "no schema can be guessed"},
	"number-status.json": {
		format:   "todo-number",
		steps:    []step{{"A", "active"}},
		replaced: []string{`"status": 0`, `"status": 1`},
	},
	"parent-by-id.json": {
		steps:    []step{{"c", "done"}},
		replaced: []string{`"Seats", "status": "open"`, `"Seats", "status": "done"`},
	},
	"phases-without-status.json": {
		format:   "auto-claude",
		steps:    []step{{"subtask-2-1", "in_progress"}},
		replaced: []string{`"pending"`, `"in_progress"`},
	},
	"stories-passes.json": {
		format:   "ralph",
		steps:    []step{{"US-002", "passed"}},
		replaced: []string{`"passes": false`, `"passes": true`},
	},
	"two-unique-keys.json": {
		format:   "taskwarrior",
		steps:    []step{{"9b3d", "completed"}},
		replaced: []string{`"pending"`, `"completed"`},
	},
}

// TestCorpus reads each file of the corpus by the format that is recognised, or by a
// schema that is made of the file alone, gives it back byte for byte, and changes it
// in no more than what a status takes.
func TestCorpus(t *testing.T) {
	paths, err := filepath.Glob("testdata/corpus/*")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, path := range paths {
		name := filepath.Base(path)
		names = append(names, name)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			sameAsShared(t, name, data)
			want, ok := corpusFiles[name]
			if !ok {
				t.Fatal("nobody has said how this file is read")
			}
			typ := typeOf(t, data, want)
			if typ == nil {
				return
			}
			d, err := typ.Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(d.AppendJSON(nil), data) {
				t.Errorf("it is written as\n%s", d)
			}
			var warnings []string
			for _, p := range d.Validate() {
				warnings = append(warnings, p.Rule)
			}
			if diff := cmp.Diff(want.warnings, warnings); diff != "" {
				t.Errorf("rules of warnings (-want +got):\n%s", diff)
			}
			changed := strings.NewReplacer(want.replaced...).Replace(string(data))
			if diff := cmp.Diff(changed, string(apply(t, d, want.steps))); diff != "" {
				t.Errorf("what the change does (-want +got):\n%s", diff)
			}
		})
	}
	for name := range corpusFiles {
		if !slices.Contains(names, name) {
			t.Errorf("there is no %s", name)
		}
	}
}

// sameAsShared compares a file with that of ../shared/corpus/formats, where that is.
func sameAsShared(t *testing.T, name string, data []byte) {
	t.Helper()
	shared, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "corpus", "formats", name))
	if err == nil && !bytes.Equal(shared, data) {
		t.Error("the file is not what it is in ../shared/corpus/formats")
	}
}

// typeOf returns what reads a file, nil for one that is no backlog.
func typeOf(t *testing.T, data []byte, want described) *document.Type {
	t.Helper()
	f, err := recogniser(t).Recognise(t.Context(), data)
	var unknown *formats.UnknownError
	if f.Name != want.format || err != nil && !errors.As(err, &unknown) {
		t.Fatalf("recognised as %q, %v, want %q", f.Name, err, want.format)
	}
	if err == nil {
		typ, err := f.Type()
		if err != nil {
			t.Fatal(err)
		}
		return typ
	}
	if want.wrong != "" {
		taskMaster, err := formats.Find("taskmaster")
		if err != nil {
			t.Fatal(err)
		}
		typ, err := taskMaster.Type()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := typ.Parse(data); err == nil || !strings.Contains(err.Error(), want.wrong) {
			t.Errorf("Task Master's schema says %v, want %s", err, want.wrong)
		}
		if want.refused == "" {
			return nil
		}
	}
	guess, err := infer.Infer("plan", data)
	if want.refused != "" {
		if err == nil || !strings.Contains(err.Error(), want.refused) {
			t.Errorf("init says %v, want %s", err, want.refused)
		}
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	m, err := schema.Parse("backlog.yaml", guess.YAML)
	if err != nil {
		t.Fatal(err)
	}
	typ, err := document.NewType(gen.Descriptor(m))
	if err != nil {
		t.Fatal(err)
	}
	return typ
}
