package schema_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"

	"github.com/backlog-gen/backlog-gen/schema"
)

// formats checks what holds of every schema: it says the same afterwards, and
// formatting it again changes nothing.
func formats(t *testing.T, source string) string {
	t.Helper()
	before, err := schema.ParseAhead("schema.yaml", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	formatted, err := schema.Canonical("schema.yaml", []byte(source))
	if err != nil {
		t.Fatalf("%v\n%s", err, source)
	}
	after, err := schema.ParseAhead("schema.yaml", formatted)
	if err != nil {
		t.Fatalf("%v\n%s", err, formatted)
	}
	if diff := cmp.Diff(before, after, cmpopts.IgnoreTypes(schema.Pos{}, []schema.Diagnostic{})); diff != "" {
		t.Errorf("model (-before +after):\n%s", diff)
	}
	again, err := schema.Canonical("schema.yaml", formatted)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(formatted), string(again)); diff != "" {
		t.Errorf("formatted twice (-once +twice):\n%s", diff)
	}
	return string(formatted)
}

func TestFormattedSchemasSayTheSame(t *testing.T) {
	for _, pattern := range []string{"formats/*/schema.yaml", "testdata/right/*.txtar", "../gen/testdata/golden/*.txtar", "../gen/docs/testdata/*.yaml", "../cmd/backlog-gen/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("nothing is %s: %v", pattern, err)
		}
		for _, file := range files {
			t.Run(file, func(t *testing.T) {
				data, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				formats(t, schemaIn(t, file, data))
			})
		}
	}
}

// schemaIn returns the schema of a file, or of an archive, made whole.
func schemaIn(t *testing.T, file string, data []byte) string {
	t.Helper()
	if !strings.HasSuffix(file, ".txtar") {
		return string(data)
	}
	for _, f := range txtar.Parse(data).Files {
		if strings.HasSuffix(f.Name, ".yaml") {
			return schema.Complete(string(f.Data))
		}
	}
	t.Fatal("the archive holds no schema")
	return ""
}

func TestShippedSchemasAreFormatted(t *testing.T) {
	for _, file := range []string{"formats/prp/schema.yaml", "formats/taskmaster/schema.yaml", "../cmd/backlog-gen/starter.yaml"} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(data), formats(t, string(data))); diff != "" {
			t.Errorf("%s (-is +formatted):\n%s", file, diff)
		}
	}
}

func TestFormat(t *testing.T) {
	source := "\uFEFF\r\n# head\r\n\r\n\r\n# second\n" + `package:   # trailing
    name: plan    # name
    root: Plan
    doc: "One,

      # no comment"
document:
    # before shapes
    shapes:
    - {kind: object,

       # inside
       lists: {notes: Note}}   # after

    # at the end of document


statuses: {open:   {category: todo},   closed: {category: "done"}}
# between
events:
  close: {}   # it's done
  # last event

  reopen: {}
machines:
  life:
    doc: |
      First.


      Second # no comment


    initial: 'open'
    transitions:
      # first
      - {event: close, from: [open], to: closed}

      # second
      - event: reopen
        # in
        from:
        - closed # x
        to: open
levels: {Note: {id: {kind: text}}}

# the end

`
	want := `# head

# second
package: # trailing
  name: plan # name
  root: Plan
  doc: "One,\n# no comment"
document:
  # before shapes
  shapes:
    - {kind: object,
      # inside
      lists: {notes: Note}} # after

    # at the end of document

statuses: {open: {category: todo}, closed: {category: "done"}}
# between
events:
  close: {} # it's done
  # last event

  reopen: {}
machines:
  life:
    doc: |
      First.


      Second # no comment

    initial: 'open'
    transitions:
      # first
      - {event: close, from: [open], to: closed}

      # second
      - event: reopen
        # in
        from:
          - closed # x
        to: open
levels: {Note: {id: {kind: text}}}

# the end
`
	if diff := cmp.Diff(want, formats(t, source)); diff != "" {
		t.Errorf("formatted (-want +got):\n%s", diff)
	}
}

func TestWrongSchemasAreNotFormatted(t *testing.T) {
	_, err := schema.Canonical("schema.yaml", []byte("package: 7\n"))
	var wrong *schema.Error
	if !errors.As(err, &wrong) {
		t.Errorf("want a *schema.Error, got %v", err)
	}
}

// FuzzCanonical looks for schemas that formatting spoils.
func FuzzCanonical(f *testing.F) {
	for _, piece := range []string{
		"", "document: {shapes: [{kind: array}], indent: 2, # two\n\n final_newline: true}\n", "enums: {A: {doc: 'it''s\n\n # so', values: {a: , b: {}}}}\n",
		"objects:\n\n\n  A: # x\n    # y\n\n    fields:\n      a: {type: raw}\n  # z\n", "events:\n  &a close: &b {}\n  reopen: *b\n",
	} {
		f.Add(schema.Complete(piece))
	}
	f.Fuzz(func(t *testing.T, source string) {
		if _, err := schema.ParseAhead("schema.yaml", []byte(source)); err != nil {
			return
		}
		var lossy *schema.FormatError
		if _, err := schema.Canonical("schema.yaml", []byte(source)); errors.As(err, &lossy) {
			return
		}
		formats(t, source)
	})
}
