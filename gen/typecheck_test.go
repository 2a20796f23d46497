package gen_test

import (
	"go/ast"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/backlog-gen/backlog-gen/gen"
)

// typeCheck checks that generated files are formatted and compile. It is far
// faster than the go command once the packages that they import are known.
func typeCheck(t testing.TB, files []gen.File) {
	t.Helper()
	c := compiler()
	var parsed []*ast.File
	for _, f := range files {
		formatted, err := format.Source(f.Content)
		if err != nil {
			t.Fatalf("%s: %v\n%s", f.Name, err, f.Content)
		}
		if string(formatted) != string(f.Content) {
			t.Errorf("%s is not formatted:\n%s", f.Name, f.Content)
		}
		file, err := parser.ParseFile(c.fset, f.Name, f.Content, parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("%s: %v\n%s", f.Name, err, f.Content)
		}
		parsed = append(parsed, file)
	}
	var problems []string
	config := types.Config{
		Importer: c.importer,
		Error:    func(err error) { problems = append(problems, err.Error()) },
	}
	if _, err := config.Check("example.com/generated", c.fset, parsed, nil); err != nil {
		t.Errorf("the generated code does not compile:\n%s", strings.Join(problems, "\n"))
	}
}

type typeChecker struct {
	fset     *token.FileSet
	importer types.Importer
}

// compiler knows where the compiled packages are that generated code imports.
var compiler = sync.OnceValue(func() typeChecker {
	out, err := exec.Command("go", "list", "-trimpath", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}",
		"../batching/filestore", "../document/engine", "context", "encoding/json", "io", "iter", "slices", "sync", "time").Output()
	if err != nil {
		panic("go list -export: " + err.Error())
	}
	exports := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		exports[path] = file
	}
	fset := token.NewFileSet()
	return typeChecker{fset, importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})}
})
