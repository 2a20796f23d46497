package document_test

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var updateSurface = flag.Bool("update-surface", false, "write testdata/surface.txt anew")

// TestSurface compares what the package exports, but for methods and fields, with
// a list: a name that people will build on is added on purpose only.
func TestSurface(t *testing.T) {
	var names []string
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			names = append(names, exported(decl)...)
		}
	}
	slices.Sort(names)
	got := strings.Join(names, "\n") + "\n"
	list := filepath.Join("testdata", "surface.txt")
	if *updateSurface {
		if err := os.WriteFile(list, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("what is exported has changed (-%s +now): run the test with -update-surface if that is meant\n%s", list, diff)
	}
}

// exported lists what a declaration exports.
func exported(decl ast.Decl) []string {
	var names []string
	add := func(kind string, name *ast.Ident) {
		if name.IsExported() {
			names = append(names, kind+" "+name.Name)
		}
	}
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			add("func", d.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				add("type", s.Name)
			case *ast.ValueSpec:
				for _, name := range s.Names {
					add(d.Tok.String(), name)
				}
			}
		}
	}
	return names
}
