package schema_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"
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
	forgetPlaces(reflect.ValueOf(before), map[unsafe.Pointer]bool{})
	forgetPlaces(reflect.ValueOf(after), map[unsafe.Pointer]bool{})
	// Parts of a model know each other. Unlike cmp.Diff, reflect.DeepEqual looks at
	// a pair of them once, and not once for each way that leads there.
	if !reflect.DeepEqual(before, after) {
		t.Errorf("model (-before +after):\n%s", cmp.Diff(before, after))
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

// forgetPlaces takes out of a part of a model where it was said, and what was said
// against it.
func forgetPlaces(v reflect.Value, seen map[unsafe.Pointer]bool) {
	if v.CanSet() && (v.Type() == reflect.TypeFor[schema.Pos]() || v.Type() == reflect.TypeFor[[]schema.Diagnostic]()) {
		v.SetZero()
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && !seen[v.UnsafePointer()] {
			seen[v.UnsafePointer()] = true
			forgetPlaces(v.Elem(), seen)
		}
	case reflect.Interface:
		forgetPlaces(v.Elem(), seen)
	case reflect.Struct:
		for i := range v.NumField() {
			forgetPlaces(v.Field(i), seen)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			forgetPlaces(v.Index(i), seen)
		}
	}
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
