// Package surface holds what each package shows to those who import it, so that
// a name that is new, gone, or leaks from one room into another is seen in a
// diff.
package surface

import (
	"flag"
	"fmt"
	"go/ast"
	"go/build"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the exported names into testdata")

const root = "../.."

func TestExportedNames(t *testing.T) {
	var packages []string
	for _, dir := range directories(t) {
		names := exported(t, dir)
		if len(names) == 0 {
			continue
		}
		file := strings.ReplaceAll(dir, "/", ".") + ".txt"
		packages = append(packages, file)
		t.Run(dir, func(t *testing.T) {
			got := strings.Join(names, "\n") + "\n"
			path := filepath.Join("testdata", file)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v: run go test ./internal/surface -update and look at the diff", err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("the exported names of %s are not those of %s; if that is meant, run go test ./internal/surface -update (-want +got):\n%s", dir, path, diff)
			}
		})
	}
	lists, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range lists {
		if slices.Contains(packages, list.Name()) {
			continue
		}
		if *update {
			if err := os.Remove(filepath.Join("testdata", list.Name())); err != nil {
				t.Fatal(err)
			}
			continue
		}
		t.Errorf("testdata/%s lists a package that is not there", list.Name())
	}
}

// directories returns the directories that others may import from: neither
// internal ones nor those of other modules.
func directories(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		name := entry.Name()
		if path != root && (name == "internal" || name == "testdata" || name == "examples" || name == "out" || strings.HasPrefix(name, ".")) {
			return fs.SkipDir
		}
		if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil && path != root {
			return fs.SkipDir
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		found = append(found, filepath.ToSlash(relative))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// exported lists what a package exports, a line each: its types with fields and
// methods, functions, constants and variables. Commands export nothing.
func exported(t *testing.T, dir string) []string {
	t.Helper()
	path := filepath.Join(root, filepath.FromSlash(dir))
	files, err := filepath.Glob(filepath.Join(path, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	var parsed []*ast.File
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		// One system's files, whatever system the test runs on.
		context := build.Default
		context.GOOS, context.GOARCH, context.CgoEnabled = "linux", "amd64", false
		if ok, err := context.MatchFile(path, filepath.Base(name)); err != nil || !ok {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, file)
	}
	if len(parsed) == 0 || parsed[0].Name.Name == "main" {
		return nil
	}
	pkg, err := doc.NewFromFiles(set, parsed, dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	add := func(format string, args ...any) { names = append(names, fmt.Sprintf(format, args...)) }
	values := func(kind string, list []*doc.Value) {
		for _, value := range list {
			for _, name := range value.Names {
				if token.IsExported(name) {
					add("%s %s", kind, name)
				}
			}
		}
	}
	functions := func(list []*doc.Func) {
		for _, function := range list {
			add("func %s", function.Name)
		}
	}
	values("const", pkg.Consts)
	values("var", pkg.Vars)
	functions(pkg.Funcs)
	for _, typ := range pkg.Types {
		add("type %s", typ.Name)
		values("const", typ.Consts)
		values("var", typ.Vars)
		functions(typ.Funcs)
		for _, member := range members(typ) {
			add("type %s, %s", typ.Name, member)
		}
		for _, method := range typ.Methods {
			add("type %s, method %s", typ.Name, method.Name)
		}
	}
	slices.Sort(names)
	return names
}

// members lists the exported fields of a struct or methods of an interface.
func members(typ *doc.Type) []string {
	var list *ast.FieldList
	kind := "field"
	for _, spec := range typ.Decl.Specs {
		spec, ok := spec.(*ast.TypeSpec)
		if !ok || spec.Name.Name != typ.Name {
			continue
		}
		switch t := spec.Type.(type) {
		case *ast.StructType:
			list = t.Fields
		case *ast.InterfaceType:
			list, kind = t.Methods, "method"
		}
	}
	if list == nil {
		return nil
	}
	var found []string
	for _, field := range list.List {
		for _, name := range field.Names {
			if name.IsExported() {
				found = append(found, kind+" "+name.Name)
			}
		}
		if len(field.Names) == 0 {
			if name := embedded(field.Type); token.IsExported(name) {
				found = append(found, "embedded "+name)
			}
		}
	}
	return found
}

// embedded names an embedded field as Go does.
func embedded(expression ast.Expr) string {
	switch e := expression.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return embedded(e.X)
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.IndexExpr:
		return embedded(e.X)
	case *ast.IndexListExpr:
		return embedded(e.X)
	}
	return ""
}
