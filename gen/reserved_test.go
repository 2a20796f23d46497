package gen_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
)

const reservedSchema = `
package: {name: example, root: Roots}
document: {shapes: [{kind: object, lists: {top: %[3]s}}]}
statuses: {open: {category: todo}, closed: {category: done}}
events: {close: {}, reopen: {}}
machines:
  life:
    initial: open
    transitions:
      - {event: close, from: [open], to: closed}
      - {event: reopen, from: [closed], to: open}
objects:
  Part: {fields: {%[1]s: {name: %[2]s, type: string}}}
levels:
  %[3]s:
    plural: %[4]s
    id: {kind: path, prefix: F}
    children: {children: Leaf}
    fields: {part: {type: Part}, %[5]s: {name: %[6]s, type: string}}
  Leaf:
    plural: Leaves
    id: {kind: path, prefix: L}
`

// TestGeneratedNamesAreReserved gives parts of a schema the names that every
// generated package has. The loader must refuse them: otherwise it is the
// compiler that complains, about code that nobody has written.
func TestGeneratedNamesAreReserved(t *testing.T) {
	accepted := func(level, plural, field, part string) ([]gen.File, bool) {
		text := fmt.Sprintf(reservedSchema, "x", part, level, plural, "x", field)
		model, err := schema.Parse("backlog.yaml", []byte(text))
		if err != nil {
			return nil, false
		}
		return generate(t, model), true
	}
	files, ok := accepted("Flower", "Flowers", "Color", "Size")
	if !ok {
		t.Fatal("the schema itself is refused")
	}
	names := generatedNames(t, files)
	for _, name := range slices.Compact(names["package"]) {
		if files, ok := accepted(name, "Plural", "Color", "Size"); ok && clashing(t, files) {
			t.Errorf("a level may be called %s", name)
		}
	}
	for _, name := range names["Roots"] {
		if files, ok := accepted("Flower", name, "Color", "Size"); ok && clashing(t, files) {
			t.Errorf("the plural of a level may be %s", name)
		}
	}
	for _, name := range names["Flower"] {
		if files, ok := accepted("Flower", "Flowers", name, "Size"); ok && clashing(t, files) {
			t.Errorf("a field of a level may be called %s", name)
		}
	}
	for _, name := range names["Part"] {
		if files, ok := accepted("Flower", "Flowers", "Color", name); ok && clashing(t, files) {
			t.Errorf("a field of an object may be called %s", name)
		}
	}
}

// generatedNames lists the exported names of a package under "package", and the
// methods of each type under its name.
func generatedNames(t *testing.T, files []gen.File) map[string][]string {
	t.Helper()
	names := map[string][]string{}
	for _, f := range files {
		file, err := parser.ParseFile(token.NewFileSet(), f.Name, f.Content, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			function, ok := decl.(*ast.FuncDecl)
			switch {
			case !ok:
				for _, spec := range decl.(*ast.GenDecl).Specs {
					if typ, ok := spec.(*ast.TypeSpec); ok {
						names["package"] = append(names["package"], typ.Name.Name)
					}
				}
			case function.Recv == nil:
				names["package"] = append(names["package"], function.Name.Name)
			default:
				typ := strings.TrimPrefix(receiverOf(function), "*")
				names[typ] = append(names[typ], function.Name.Name)
			}
		}
	}
	for typ := range names {
		names[typ] = slices.DeleteFunc(names[typ], func(name string) bool { return !token.IsExported(name) })
	}
	return names
}

func receiverOf(f *ast.FuncDecl) string {
	switch typ := f.Recv.List[0].Type.(type) {
	case *ast.StarExpr:
		return typ.X.(*ast.Ident).Name
	case *ast.Ident:
		return typ.Name
	}
	return ""
}

// clashing reports whether two files or one declare a name twice.
func clashing(t *testing.T, files []gen.File) bool {
	t.Helper()
	for typ, names := range generatedNames(t, files) {
		slices.Sort(names)
		if len(slices.Compact(slices.Clone(names))) < len(names) {
			t.Logf("%s: %v", typ, names)
			return true
		}
	}
	return false
}
