package document_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// Positions of the fields of ownDescriptor.
const (
	ownProject = iota
	ownSize
	ownTags
	ownKind
)

// ownDescriptor is the tracker's, with fields of the document itself.
func ownDescriptor() format.Descriptor {
	of := trackerDescriptor()
	of.Roots = []format.Root{{Kind: format.RootObject, Key: "tasks"}, {Kind: format.RootArray}}
	of.Fields = []format.FieldDescriptor{
		{Name: "Project", Key: "project", Kind: format.TextField, Required: true, Default: `"new"`, Rules: []format.Rule{
			{Kind: format.MinLength, Number: 1}, {Kind: format.MaxLength, Number: 10, Warn: true},
		}},
		{Name: "Size", Key: "size", Kind: format.IntField, Nullable: true},
		{Name: "Tags", Key: "tags", Kind: format.TextField, List: true},
		{Name: "Kind", Key: "kind", Kind: format.ConstantField, Constant: "plan"},
	}
	return of
}

func ownType(t testing.TB) *document.Type {
	t.Helper()
	typ, err := document.NewType(ownDescriptor())
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

const ownText = `{
  "kind": "plan",
  "project": "Lamp",
  "tasks": [
    {"id": "a", "title": "A", "status": "pending"},
    {"id": "b", "title": "B", "status": "pending"}
  ],
  "other": {"size": 5},
  "tags": ["x", "y"]
}
`

// ownEdit is the edit of one field of the document itself.
func ownEdit(key, value string) document.Change {
	return document.Change{Op: document.OpEdit, Edit: &document.Edit{Fields: []document.FieldEdit{{Key: key, Value: value}}}}
}

func TestFieldsOfTheDocument(t *testing.T) {
	d := mustParse(t, ownType(t), ownText)
	of := d.Fields()
	project, _ := of.Text(ownProject)
	_, hasSize := of.Int(ownSize)
	var tags []string
	for tag := range of.Texts(ownTags) {
		tags = append(tags, tag)
	}
	kind, _ := of.Text(ownKind)
	if project != "Lamp" || hasSize || strings.Join(tags, " ") != "x y" || kind != "plan" {
		t.Errorf("got %q, %v, %q, %q", project, hasSize, tags, kind)
	}
	if array := mustParse(t, ownType(t), `[]`); !array.Fields().IsZero() {
		t.Error("an array has fields")
	}
	if other := mustParse(t, trackerType(t), `{"tasks":[]}`); !other.Fields().IsZero() {
		t.Error("a format without fields has some")
	}
}

func TestParseReportsProblemsOfDocumentFields(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"missing", `§{"projct":"x","tasks":[]}`, []string{`- - the document has no "project": was it meant by "projct"? [required]`}},
		{"of the wrong kind", `{"project":§5,"size":§"x","tasks":[],"kind":§"other"}`, []string{
			`/project - project is a number: want text [type]`,
			`/size - size is text: want a number [type]`,
			`/kind - kind is "other": want "plan" [constant]`,
		}},
		{"that break a rule", `{"tasks":[],"project":§""}`, []string{`/project - project is empty [minLength]`}},
		{"twice", `{"project":"x","tasks":[],§"project":"y"}`, []string{`/project - the key "project" occurs twice [duplicate-key]`}},
	} {
		t.Run(tt.name, func(t *testing.T) { checkProblems(t, ownType(t), tt.text, tt.want) })
	}
	d := mustParse(t, ownType(t), `{"project":"a long name","tasks":[],"more":1}`)
	if got := d.Validate(); len(got) != 1 || got[0].Rule != "maxLength" || got[0].Pointer != "/project" {
		t.Errorf("Validate says %v", got)
	}
	if got := d.UnknownMembers(); len(got) != 1 || got[0].Pointer != "/more" {
		t.Errorf("UnknownMembers says %v", got)
	}
}

func TestEditsOfTheDocument(t *testing.T) {
	typ := ownType(t)
	replaced := func(old, now string) string { return strings.Replace(ownText, old, now, 1) }
	for _, tt := range []struct {
		name, text, want string
		changes          []document.Change
	}{
		{"another value", ownText, replaced(`"Lamp"`, `"Porch"`), []document.Change{typ.FieldChange(ownProject, document.TextValue("Porch"))}},
		{"the same value", ownText, ownText, []document.Change{ownEdit("project", `"L\u0061mp"`)}},
		{"a new field", ownText, replaced(`"Lamp",`, "\"Lamp\",\n  \"size\": 7,"), []document.Change{typ.FieldChange(ownSize, document.IntValue(7))}},
		{"none any more", ownText, replaced(",\n  \"tags\": [\"x\", \"y\"]", ""), []document.Change{typ.FieldChange(ownTags, document.Absent())}},
		{"behind the list", ownText, replaced(`["x", "y"]`, `["z"]`), []document.Change{ownEdit("tags", `["z"]`)}},
		{"together with items", ownText, strings.Replace(strings.Replace(replaced(`"Lamp"`, `"Porch"`), "pending", "in-progress", 1), `["x", "y"]`, `[]`, 1), []document.Change{
			document.Set(document.NewID("", "a"), 2), ownEdit("project", `"Porch"`), ownEdit("tags", `[]`)}},
		{"nothing before the list", `{"tasks":[],"project":"x"}`, `{"tasks":[],"project":"x","tags":["a"]}`, []document.Change{ownEdit("tags", `["a"]`)}},
		{"the first member", `{"size":1,"tasks":[],"project":"x"}`, `{"tasks":[],"project":"x"}`, []document.Change{ownEdit("size", "")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := mustParse(t, typ, tt.text)
			to, applied, err := d.Apply(tt.changes...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(to.AppendJSON(nil))); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
			if (to == d) != (applied.Updates == 0) || (to == d) != (tt.want == tt.text) {
				t.Errorf("%d updates", applied.Updates)
			}
			wantPieces(t, d, to)
			changes := document.Changes(d, to)
			written, err := typ.MarshalChanges([][]document.Change{changes})
			if err != nil {
				t.Fatal(err)
			}
			read, err := typ.UnmarshalChanges(written)
			if err != nil {
				t.Fatal(err)
			}
			again, _, err := d.Apply(read[0]...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(again.AppendJSON(nil))); diff != "" {
				t.Errorf("text after Changes (-want +got):\n%s", diff)
			}
			if diff := document.Diff(to, again); diff != nil {
				t.Errorf("Diff says %v", diff)
			}
		})
	}
}

func TestEditsOfTheDocumentThatAreRefused(t *testing.T) {
	typ := ownType(t)
	for _, tt := range []struct {
		name, text string
		change     document.Change
		want       string
	}{
		{"no such field", ownText, ownEdit("projct", `"x"`), `the document has no field "projct" to edit: did you mean "project"? [field]`},
		{"the list", ownText, ownEdit("tasks", `[]`), `the document has no field "tasks" to edit: its fields are project, size, tags, kind [field]`},
		{"required", ownText, ownEdit("project", ""), `the document must have "project" [required]`},
		{"a rule", ownText, ownEdit("project", `""`), `project is empty [minLength]`},
		{"a kind", ownText, ownEdit("size", `"x"`), `size is text: want a number [type]`},
		{"no JSON", ownText, ownEdit("project", `"x","tasks":[]`), `unexpected text after the value [syntax]`},
		{"an array", `[]`, ownEdit("project", `"x"`), `the document has no fields of its own to edit: only an object has some beside its list [field]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := mustParse(t, typ, tt.text)
			to, _, err := d.Apply(tt.change)
			var refusal *document.ChangeError
			if to != nil || !errors.As(err, &refusal) || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
	if _, _, err := mustParse(t, trackerType(t), `{"tasks":[]}`).Apply(ownEdit("project", `"x"`)); err == nil || err.Error() != "the document has no fields of its own to edit [field]" {
		t.Errorf("got %v", err)
	}
}

func TestDiffOfDocumentFields(t *testing.T) {
	typ := ownType(t)
	a := mustParse(t, typ, ownText)
	b, _, err := a.Apply(ownEdit("project", `"x"`), ownEdit("size", "1"), document.Set(document.NewID("", "a"), 2))
	if err != nil {
		t.Fatal(err)
	}
	want := []document.Difference{
		{Kind: document.ItemChanged, Fields: []string{"project", "size"}},
		{ID: document.NewID("", "a"), Kind: document.ItemChanged, From: 1, To: 2},
	}
	if diff := cmp.Diff(want, document.Diff(a, b), compareIDs); diff != "" {
		t.Errorf("Diff (-want +got):\n%s", diff)
	}
}

func TestNewDocumentsHaveTheirFields(t *testing.T) {
	if got, want := string(ownType(t).New().AppendJSON(nil)), "{\n  \"project\": \"new\",\n  \"kind\": \"plan\",\n  \"tasks\": []\n}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for want, change := range map[string]func(*format.Descriptor){
		"document.project: a new document must have it": func(d *format.Descriptor) { d.Fields[0].Default = "" },
		"fields of the document hold references":        func(d *format.Descriptor) { d.Fields[1].Kind = format.ReferenceField },
		"no root object to hold them":                   func(d *format.Descriptor) { d.Roots = d.Roots[1:] },
		`document: two fields have the key "tasks"`:     func(d *format.Descriptor) { d.Fields[1].Key = "tasks" },
	} {
		of := ownDescriptor()
		change(&of)
		if _, err := document.NewType(of); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
