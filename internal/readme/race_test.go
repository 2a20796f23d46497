package readme_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// racedElsewhere start goroutines that others test with the race detector: make
// test-postgres, and the tests of stores.
var racedElsewhere = []string{"batching/pgstore", "internal/pgtest", "internal/storetest"}

// TestMakeTestRaceKnowsEveryGoroutine looks for functions that start goroutines in
// packages that make test-race leaves out, and for tests there that do.
func TestMakeTestRaceKnowsEveryGoroutine(t *testing.T) {
	root := filepath.Join("..", "..")
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	packages := makeVariable(t, string(makefile), "raced")
	tests := map[string]*regexp.Regexp{}
	for _, some := range makeVariable(t, string(makefile), "raced_tests") {
		dir, names, _ := strings.Cut(some, ":")
		tests[dir] = regexp.MustCompile("^(" + names + ")$")
	}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "bench" || d.Name() == "browsertest"):
			return fs.SkipDir // not compiled, or modules of their own
		case d.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		dir = filepath.ToSlash(dir)
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, declaration := range file.Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if !ok || !startsGoroutines(f) {
				continue
			}
			named, isTest := tests[dir], strings.HasSuffix(path, "_test.go")
			known := slices.Contains(packages, "./"+dir) || slices.Contains(racedElsewhere, dir) ||
				named != nil && (!isTest || named.MatchString(f.Name.Name) || needsServer(file))
			if !known {
				t.Errorf("make test-race leaves out %s of %s, which starts goroutines", f.Name.Name, dir)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// needsServer reports whether a file is about PostgreSQL.
func needsServer(file *ast.File) bool {
	return slices.ContainsFunc(file.Imports, func(spec *ast.ImportSpec) bool {
		return strings.HasSuffix(spec.Path.Value, `/internal/pgtest"`)
	})
}

// startsGoroutines reports whether a function has a go statement, calls Go of a
// sync.WaitGroup, or is a test beside others.
func startsGoroutines(f *ast.FuncDecl) bool {
	found := false
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = true
		case *ast.CallExpr:
			if method, ok := n.Fun.(*ast.SelectorExpr); ok && (method.Sel.Name == "Go" || method.Sel.Name == "Parallel") {
				found = true
			}
		}
		return !found
	})
	return found
}

// makeVariable returns the words of a variable of the Makefile.
func makeVariable(t *testing.T, makefile, name string) []string {
	t.Helper()
	_, list, found := strings.Cut(makefile, "\n"+name+" := ")
	if !found {
		t.Fatalf("the Makefile has no %s", name)
	}
	list, _, _ = strings.Cut(strings.ReplaceAll(list, "\\\n", " "), "\n")
	return strings.Fields(list)
}
