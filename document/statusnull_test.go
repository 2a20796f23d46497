package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// nullableDescriptor describes notes whose status may be null, in an object that
// may be null where the status may be missing.
func nullableDescriptor(optional bool, values ...[]string) format.Descriptor {
	d := valuesDescriptor(values...)
	l := &d.Levels[0]
	l.StatusNullable, l.StatusOptional, l.StatusWithin = true, optional, []string{"is"}
	return d
}

// TestNullForAStatus keeps null until the status changes, and then replaces it.
func TestNullForAStatus(t *testing.T) {
	names, flags := []([]string)(nil), [][]string{{"false"}, {`{"at":[1]}`}, {"true"}}
	for _, tt := range []struct {
		name     string
		optional bool
		values   [][]string
		is, next string
	}{
		{"of names", false, names, `{"state": null}`, `{"state": "busy"}`},
		{"of names that may be missing", true, names, `{"state": null, "by": 1}`, `{"state": "busy", "by": 1}`},
		{"of other values", false, flags, `{"by": {}, "state":null }`, `{"by": {}, "state":{"at": [1]} }`},
		{"of other values that may be missing", true, flags, `{"state": null}`, `{"state": {"at": [1]}}`},
		{"in place of the object", true, names, `null`, `{"state": "busy"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			typ := mustType(t, nullableDescriptor(tt.optional, tt.values...))
			text := `[{"id": "a", "is": ` + tt.is + `, "title": "A"},` + "\n" + ` {"id": "b", "is": {"state": null}}]`
			d := mustParse(t, typ, text)
			it, _ := d.Find(id("a"))
			if it.Status() != 1 || d.Count(0, 1) != 2 || len(d.Validate()) > 0 || string(d.AppendJSON(nil)) != text {
				t.Fatalf("status %d, %d of them, warnings %v, written as %s", it.Status(), d.Count(0, 1), d.Validate(), d.AppendJSON(nil))
			}
			for name, changes := range map[string][]document.Change{
				"alone":              {document.Fire(it.ID(), 1)},
				"with an edit":       append(it.With(0, document.TextValue("A")).Changes(), document.Set(it.ID(), 2)),
				"there, back, there": {document.Set(it.ID(), 2), document.Force(it.ID(), 1, "back"), document.Set(it.ID(), 2)},
			} {
				next, _, err := d.Apply(changes...)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				want := strings.Replace(text, tt.is, tt.next, 1)
				if diff := cmp.Diff(want, string(next.AppendJSON(nil))); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
				back, _, err := d.Apply(document.Changes(d, next)...)
				if err != nil || string(back.AppendJSON(nil)) != want {
					t.Errorf("%s: the changes lead to %s, %v", name, back.AppendJSON(nil), err)
				}
			}
			edited, _, err := d.Apply(it.With(0, document.TextValue("B")).Changes()...)
			if want := strings.Replace(text, `"A"`, `"B"`, 1); err != nil || string(edited.AppendJSON(nil)) != want {
				t.Errorf("edited to %s, %v", edited.AppendJSON(nil), err)
			}
			added, _, err := d.Apply(document.Change{Op: document.OpAdd, ID: id("c"), Edit: &document.Edit{Item: `{"id":"c","is":{"state":null}}`}})
			if err != nil || added.Count(0, 1) != 3 {
				t.Errorf("added: %v", err)
			}
		})
	}
}

func TestNullForAStatusIsRefused(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(l *format.LevelDescriptor)
		is     string
		want   string
	}{
		{"in place of the object of what may not be missing", func(*format.LevelDescriptor) {}, `null`, "1:2: a: the Note has no \"is.state\" [required]\n1:18: a: is is null: want an object [type]"},
		{"of what may not be null", func(l *format.LevelDescriptor) { l.StatusNullable, l.StatusOptional = false, true }, `{"state":null}`, "1:27: a: is.state is null: want text [type]"},
		{"in place of the object of what may be missing", func(l *format.LevelDescriptor) { l.StatusNullable, l.StatusOptional = false, true }, `null`, "1:18: a: is is null: want an object [type]"},
		{"a word that begins like it", func(*format.LevelDescriptor) {}, `{"state":nul}`, "1:27: a: unexpected \"nul\": want a JSON value [syntax]"},
		{"missing", func(*format.LevelDescriptor) {}, `{}`, `1:2: a: the Note has no "is.state" [required]`},
		{"twice", func(*format.LevelDescriptor) {}, `{"state":null,"state":null}`, `1:32: a: the key "state" occurs twice [duplicate-key]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			of := nullableDescriptor(false)
			tt.change(&of.Levels[0])
			if _, err := mustType(t, of).Parse([]byte(`[{"id":"a","is": ` + tt.is + `}]`)); fmt.Sprint(err) != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
	for want, of := range map[string]format.Descriptor{
		`level Note: null is the status "open" already`: nullableDescriptor(true, []string{"0", "null"}, []string{"1"}, []string{"2"}),
	} {
		if _, err := document.NewType(of); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
