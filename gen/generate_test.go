package gen_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/gen/golang"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
	"github.com/backlog-gen/backlog-gen/generated/taskmaster"
	"github.com/backlog-gen/backlog-gen/schema"
)

func load(t testing.TB, name string) *schema.Model {
	t.Helper()
	model, err := schema.Load(filepath.Join("..", "schema", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return model
}

func generate(t testing.TB, model *schema.Model) []gen.File {
	t.Helper()
	files, err := gen.Generate(t.Context(), model, gen.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestCommittedPackagesAreUpToDate(t *testing.T) {
	for _, name := range []string{"backlog", "taskmaster"} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join("..", "generated", name)
			model := load(t, name)
			files, err := gen.Generate(t.Context(), model, gen.Options{Source: gen.SourceName(model.File, dir)})
			if err != nil {
				t.Fatal(err)
			}
			changes, err := gen.Compare(dir, files)
			if err != nil {
				t.Fatal(err)
			}
			if !changes.None() {
				t.Errorf("run go generate ./generated/...: %+v", changes)
			}
		})
	}
}

// TestLiteralIsTheDescriptor compares what generated packages tell the engine
// with what the command works out at run time.
func TestLiteralIsTheDescriptor(t *testing.T) {
	for name, generated := range map[string]format.Descriptor{
		"backlog":    backlog.Format().Type.Descriptor(),
		"taskmaster": taskmaster.Format().Type.Descriptor(),
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(gen.Descriptor(load(t, name)), generated); diff != "" {
				t.Errorf("descriptor (-schema +generated):\n%s", diff)
			}
		})
	}
}

// TestNumberingIsShared checks what Descriptor takes for granted: that the
// schema and the engine number their kinds alike.
func TestNumberingIsShared(t *testing.T) {
	pairs := map[string][2]uint8{
		"RootObject":       {uint8(format.RootObject), uint8(format.RootObject)},
		"RootArray":        {uint8(format.RootArray), uint8(format.RootArray)},
		"RootGroups":       {uint8(format.RootGroups), uint8(format.RootGroups)},
		"PathID":           {uint8(format.PathID), uint8(format.PathID)},
		"TextID":           {uint8(format.TextID), uint8(format.TextID)},
		"LocalID":          {uint8(format.LocalID), uint8(format.LocalID)},
		"Todo":             {uint8(format.Todo), uint8(format.Todo)},
		"Active":           {uint8(format.Active), uint8(format.Active)},
		"Done":             {uint8(format.Done), uint8(format.Done)},
		"Failed":           {uint8(format.Failed), uint8(format.Failed)},
		"Dropped":          {uint8(format.Dropped), uint8(format.Dropped)},
		"TextField":        {uint8(format.TextField), uint8(format.TextField)},
		"IntField":         {uint8(format.IntField), uint8(format.IntField)},
		"FloatField":       {uint8(format.FloatField), uint8(format.FloatField)},
		"BoolField":        {uint8(format.BoolField), uint8(format.BoolField)},
		"TimeField":        {uint8(format.TimeField), uint8(format.TimeField)},
		"EnumField":        {uint8(format.EnumField), uint8(format.EnumField)},
		"ReferenceField":   {uint8(format.ReferenceField), uint8(format.ReferenceField)},
		"ObjectField":      {uint8(format.ObjectField), uint8(format.ObjectField)},
		"RawField":         {uint8(format.RawField), uint8(format.RawField)},
		"ConstantField":    {uint8(format.ConstantField), uint8(format.ConstantField)},
		"MinLength":        {uint8(format.MinLength), uint8(format.MinLength)},
		"MaxLength":        {uint8(format.MaxLength), uint8(format.MaxLength)},
		"MinItems":         {uint8(format.MinItems), uint8(format.MinItems)},
		"MaxItems":         {uint8(format.MaxItems), uint8(format.MaxItems)},
		"Minimum":          {uint8(format.Minimum), uint8(format.Minimum)},
		"Maximum":          {uint8(format.Maximum), uint8(format.Maximum)},
		"ExclusiveMinimum": {uint8(format.ExclusiveMinimum), uint8(format.ExclusiveMinimum)},
		"ExclusiveMaximum": {uint8(format.ExclusiveMaximum), uint8(format.ExclusiveMaximum)},
		"MultipleOf":       {uint8(format.MultipleOf), uint8(format.MultipleOf)},
		"Pattern":          {uint8(format.Pattern), uint8(format.Pattern)},
		"OneOf":            {uint8(format.OneOf), uint8(format.OneOf)},
		"Prefix":           {uint8(format.Prefix), uint8(format.Prefix)},
		"Sections":         {uint8(format.Sections), uint8(format.Sections)},
		"UniqueItems":      {uint8(format.UniqueItems), uint8(format.UniqueItems)},
		"ChildrenIn":       {uint8(format.ChildrenIn), uint8(format.ChildrenIn)},
		"DependenciesIn":   {uint8(format.DependenciesIn), uint8(format.DependenciesIn)},
		"ParentIn":         {uint8(format.ParentIn), uint8(format.ParentIn)},
		"CustomGuard":      {uint8(format.CustomGuard), uint8(format.CustomGuard)},
	}
	for name, pair := range pairs {
		if pair[0] != pair[1] {
			t.Errorf("%s is %d in the schema and %d in the engine", name, pair[0], pair[1])
		}
	}
}

func TestGenerateIsDeterministic(t *testing.T) {
	for _, name := range []string{"backlog", "taskmaster"} {
		first := generate(t, load(t, name))
		for range 5 {
			if diff := cmp.Diff(first, generate(t, load(t, name))); diff != "" {
				t.Fatalf("%s differs from one run to the next:\n%s", name, diff)
			}
		}
	}
}

func TestGenerateRefusesNamesThatAreNoIdentifiers(t *testing.T) {
	tests := map[string]func(*schema.Model){
		"package": func(m *schema.Model) { m.Package.Name = "x; import \"os\"" },
		"root":    func(m *schema.Model) { m.Package.Root = "Backlog struct{}; type X" },
		"level":   func(m *schema.Model) { m.Levels[0].Name = "Phase{}" },
		"plural":  func(m *schema.Model) { m.Levels[0].Plural = "phases" },
		"status":  func(m *schema.Model) { m.Statuses[0].GoName = "Planned = 1 //" },
		"event":   func(m *schema.Model) { m.Events[0].GoName = "-" },
		"machine": func(m *schema.Model) { m.Machines[0].GoName = "" },
		"field":   func(m *schema.Model) { m.Levels[0].Fields[1].Name = "title" },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			model := load(t, "backlog")
			spoil(model)
			files, err := gen.Generate(t.Context(), model, gen.Options{})
			var refused *golang.NameError
			if !errors.As(err, &refused) || len(refused.Names) != 1 || files != nil {
				t.Errorf("got %d files, error %v", len(files), err)
			}
		})
	}
}

func TestGenerateRefusesWhatTheEngineDoes(t *testing.T) {
	model := load(t, "backlog")
	model.Roots = nil
	_, err := gen.Generate(t.Context(), model, gen.Options{})
	var refused *document.DescriptorError
	if !errors.As(err, &refused) {
		t.Errorf("error %v, want a *document.DescriptorError", err)
	}
}

func TestGenerateStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := gen.Generate(ctx, load(t, "backlog"), gen.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestHeaderIsOneLine(t *testing.T) {
	files, err := gen.Generate(t.Context(), load(t, "backlog"), gen.Options{Source: "a\nfunc init() {}\r// b.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	typeCheck(t, files)
	for _, f := range files {
		if _, ok := golang.HeaderSource(f.Content); !ok {
			t.Errorf("%s has no header:\n%.100s", f.Name, f.Content)
		}
	}
}

func TestHeaderSource(t *testing.T) {
	tests := map[string]struct {
		content string
		source  string
		ok      bool
	}{
		"ours":          {golang.Header("backlog.yaml") + "\n\npackage x\n", "backlog.yaml", true},
		"only a header": {golang.Header("a b.yaml"), "a b.yaml", true},
		"carriage":      {golang.Header("backlog.yaml") + "\r\n\r\npackage x\r\n", "backlog.yaml", true},
		"empty":         {"", "", false},
		"by hand":       {"package x\n", "", false},
		"of another":    {"// Code generated by stringer. DO NOT EDIT.\n", "", false},
		"further down":  {"\n" + golang.Header("backlog.yaml") + "\n", "", false},
		"a quotation":   {"// \"" + golang.Header("backlog.yaml") + "\"\n", "", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			source, ok := golang.HeaderSource([]byte(test.content))
			if ok != test.ok || ok && source != test.source {
				t.Errorf("got %q, %v", source, ok)
			}
		})
	}
}

// FuzzGenerate checks that any schema that is accepted makes code that is
// formatted and compiles.
func FuzzGenerate(f *testing.F) {
	for _, name := range []string{"backlog", "taskmaster"} {
		text, err := os.ReadFile(filepath.Join("..", "schema", name+".yaml"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, g := range goldens(f) {
		f.Add(g.section("schema.yaml"))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		model, err := schema.Parse("backlog.yaml", text)
		if err != nil {
			return
		}
		files, err := gen.Generate(t.Context(), model, gen.Options{})
		if err != nil {
			t.Fatalf("the schema is accepted, and then %v", err)
		}
		typeCheck(t, files)
	})
}

// FuzzGenerateTexts puts texts and names into all places of a schema that take
// some.
func FuzzGenerateTexts(f *testing.F) {
	f.Add("A Note is\n*/ func init() {} /*", "open", "close", "Note", "type", "Type", "`\"", "^x$", uint16(0))
	f.Add("//go:build ignore\n\n+build x\n  //line x.go:1", "in-progress", "iota", "Machine", "go:embed", "Embed", "\\", "`|\"", uint16(0x101))
	f.Add("# x\n- y\n1. z\n\n\n\n[Parse]: //x", "to do", "begin", "Time", "@at", "Document", "null", ".", uint16(0x702))
	f.Add("", "a", "b", "Status_", "len", "Len", "${x}", ".", uint16(0x406))
	f.Add("Deprecated: no.", "x", "y", "Context", "n", "N", "\"", "a|b", uint16(0x307))
	f.Add("\u202e\u2066\ufeff\u2028\x00", "`", "iota", "Time", "@id", "ID", "\u2028", "`|\"", uint16(0xffff))
	f.Fuzz(func(t *testing.T, doc, status, event, level, key, name, value, pattern string, bits uint16) {
		text := fmt.Sprintf(textsSchema, quote(doc), quote(value), quote(status), quote(event), quote(level), quote(key), quote(name),
			quote(pattern), fieldTypes[int(bits)%len(fieldTypes)], bits&0x100 != 0, bits&0x200 != 0, bits&0x400 != 0)
		model, err := schema.Parse("backlog.yaml", []byte(text))
		if err != nil {
			return
		}
		files, err := gen.Generate(t.Context(), model, gen.Options{})
		if err != nil {
			t.Fatalf("the schema is accepted, and then %v\n%s", err, text)
		}
		typeCheck(t, files)
	})
}

// fieldTypes are the types of the field that FuzzGenerateTexts varies.
var fieldTypes = []string{"string", "int", "float", "bool", "time", "raw", "reference", "Color", "Person"}

const textsSchema = `
package: {name: example, root: Notes, doc: %[1]s, shapes: [{kind: object, key: %[2]s}]}
statuses: {%[3]s: {category: todo, doc: %[1]s}, done: {category: done, aliases: [%[2]s]}}
events: {%[4]s: {doc: %[1]s}, reopen: {doc: %[1]s}}
machines:
  life:
    doc: %[1]s
    initial: %[3]s
    transitions:
      - {event: %[4]s, from: [%[3]s], to: done}
      - {event: reopen, from: [done], to: %[3]s}
enums: {Color: {doc: %[1]s, values: {red: {doc: %[1]s}, %[2]s: {name: Other}}}}
objects: {Person: {doc: %[1]s, fields: {name: {type: string, doc: %[1]s}, color: {type: Color}}}}
levels:
  %[5]s:
    doc: %[1]s
    id: {kind: text, pattern: %[8]s}
    fields:
      %[6]s: {name: %[7]s, type: %[9]s, required: %[10]t, nullable: %[11]t, list: %[12]t, doc: %[1]s}
      kind: {constant: %[2]s, doc: %[1]s}
      text: {type: string, default: %[2]s, doc: %[1]s}
      code: {type: string, pattern: %[8]s, doc: %[1]s}
      color: {type: Color, doc: %[1]s}
    guards:
      - {events: [%[4]s], custom: IsRight, doc: %[1]s}
`

// quote makes a YAML text of anything.
func quote(s string) string {
	out, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(out)
}

// BenchmarkGenerate is from the schema to files that are type-checked together
// with the package they belong to.
func BenchmarkGenerate(b *testing.B) {
	for b.Loop() {
		files := generate(b, load(b, "backlog"))
		if _, err := gen.Check(b.Context(), filepath.Join("..", "generated", "backlog"), files); err != nil {
			b.Fatal(err)
		}
	}
}
