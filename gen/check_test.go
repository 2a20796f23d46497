package gen_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
)

// module makes a module that holds the reference package, and returns the
// directory of the package.
func module(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(newModule(t, "example.com/checked"), "backlog")
	if _, err := gen.Write(t.Context(), dir, generate(t, load(t, "backlog"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// check runs Check as it is run without network.
func check(t *testing.T, dir string, files []gen.File) (gen.Report, error) {
	t.Helper()
	for name, value := range offline {
		t.Setenv(name, value)
	}
	return gen.Check(t.Context(), dir, files)
}

func TestCheckAcceptsGoodCode(t *testing.T) {
	module := newModule(t, "example.com/checked")
	for _, dir := range []string{"backlog", filepath.Join("not", "there", "yet"), "."} {
		report, err := check(t, filepath.Join(module, dir), generate(t, load(t, "backlog")))
		if err != nil || report.Unresolved != "" || len(report.Elsewhere) != 0 {
			t.Errorf("%s: got %+v, %v", dir, report, err)
		}
	}
	entries, err := os.ReadDir(module)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if name := entry.Name(); name != "go.mod" && name != "go.sum" {
			t.Errorf("Check made %s", name)
		}
	}
}

func TestCheckRefusesCodeThatDoesNotCompile(t *testing.T) {
	dir := module(t)
	files := generate(t, load(t, "backlog"))
	files[0].Content = append(files[0].Content, "\nvar _ int = \"\"\n"...)
	_, err := check(t, dir, files)
	var refused *gen.CodeError
	if !errors.As(err, &refused) || len(refused.Problems) != 1 || !strings.Contains(refused.Problems[0].Pos, files[0].Name+":") {
		t.Errorf("got %v", err)
	}
}

func TestCheckRefusesClashes(t *testing.T) {
	tests := map[string]struct{ code, name string }{
		"type":     {"type Subtask struct{}", "Subtask"},
		"function": {"func Parse() {}", "Parse"},
		"variable": {"var documentType int", "documentType"},
		"constant": {"const StatusReady = 1", "StatusReady"},
		"method":   {"func (s Subtask) Title() int { return 0 }", "Subtask.Title"},
		"pointer":  {"func (s *Subtask) Title() int { return 0 }", "Subtask.Title"},
		"field":    {"func (s Subtask) item() {}", "Subtask.item"},
	}
	dir := module(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			write(t, dir, "hand.go", "package backlog\n\n"+test.code+"\n")
			_, err := check(t, dir, generate(t, load(t, "backlog")))
			var refused *gen.CodeError
			if !errors.As(err, &refused) {
				t.Fatalf("got %v, want a *gen.CodeError", err)
			}
			if text := refused.Error(); !strings.Contains(text, "hand.go:3:") || !strings.Contains(text, test.name+" is declared by the generated code") {
				t.Errorf("got %s", text)
			}
		})
	}
}

func TestCheckAllowsHandWrittenMethods(t *testing.T) {
	dir := module(t)
	write(t, dir, "hand.go", `package backlog

func init() {}

func init() {}

var _ = 1

// Small reports whether the subtask is less than a day's work.
func (s Subtask) Small() bool { return s.StoryPoints() < 2 }
`)
	write(t, dir, "ignored.go", "//go:build ignore\n\npackage main\n\nfunc Parse() {}\n")
	report, err := check(t, dir, generate(t, load(t, "backlog")))
	if err != nil || len(report.Elsewhere) != 0 || report.Unresolved != "" {
		t.Errorf("got %+v, %v", report, err)
	}
}

func TestCheckReportsOtherErrorsOfHandWrittenFiles(t *testing.T) {
	dir := module(t)
	write(t, dir, "hand.go", "package backlog\n\nfunc name(s Subtask) string { return s.Headline() }\n")
	report, err := check(t, dir, generate(t, load(t, "backlog")))
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Elsewhere) != 1 || !strings.Contains(report.Elsewhere[0].String(), "hand.go:3:") {
		t.Errorf("got %+v", report)
	}
}

// TestCheckReportsSyntaxErrorsOnce has files in which one mistake makes the go
// command, the parser and the type checker say several things.
func TestCheckReportsSyntaxErrorsOnce(t *testing.T) {
	tests := map[string]struct {
		code string
		want []string
	}{
		"parameters": {"package backlog\n\nfunc f(x int, {\n}\n\nfunc g() {}\n", []string{"3:15"}},
		"expression": {"package backlog\n\nfunc f() { x := }\n\nfunc g() { y := missing }\n", []string{"3:17"}},
		"import":     {"package backlog\n\nimport \"fmt\n\nfunc f() {}\n", []string{"3:8"}},
		"no package": {"func x\n", []string{"1:1"}},
		"two errors": {"package backlog\n\nvar x = )\n\nvar y = )\n", []string{"3:9"}},
		"types":      {"package backlog\n\nvar x int = \"\"\nvar y = z\n", []string{"3:13", "4:9"}},
	}
	dir := module(t)
	files := generate(t, load(t, "backlog"))
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			write(t, dir, "hand.go", test.code)
			report, err := check(t, dir, files)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range report.Elsewhere {
				place, ok := strings.CutPrefix(p.Pos, filepath.Join(dir, "hand.go")+":")
				if !ok {
					t.Errorf("%s is no place in hand.go", p.Pos)
				}
				got = append(got, place)
			}
			slices.Sort(got)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("places (-want +got):\n%s\n%v", diff, report.Elsewhere)
			}
		})
	}
}

func TestCheckRefusesAnotherPackageName(t *testing.T) {
	dir := module(t)
	write(t, dir, "hand.go", "package other\n")
	_, err := check(t, dir, generate(t, load(t, "backlog")))
	var refused *gen.CodeError
	if !errors.As(err, &refused) {
		t.Errorf("got %v, want a *gen.CodeError", err)
	}
}

// TestCheckDisregardsWhatWillBeRemoved renames a level: the file of the old one
// would clash with nothing, but no longer compile.
func TestCheckDisregardsWhatWillBeRemoved(t *testing.T) {
	dir := module(t)
	model := load(t, "backlog")
	model.Levels[0].Name, model.Levels[0].Plural = "Stage", "Stages"
	report, err := check(t, dir, generate(t, model))
	if err != nil || len(report.Elsewhere) != 0 || report.Unresolved != "" {
		t.Errorf("got %+v, %v", report, err)
	}
}

func TestCheckSaysWhatItCannotResolve(t *testing.T) {
	tests := map[string]string{
		"no requirement": "module example.com/x\n\ngo 1.26\n",
		"no module":      "",
	}
	for name, mod := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if mod != "" {
				write(t, dir, "go.mod", mod)
			}
			t.Setenv("GOFLAGS", "")
			t.Setenv("GOPROXY", "off")
			report, err := gen.Check(t.Context(), dir, generate(t, load(t, "backlog")))
			if err != nil || report.Unresolved == "" {
				t.Errorf("got %+v, %v", report, err)
			}
		})
	}
}

func TestCheckStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := gen.Check(ctx, t.TempDir(), generate(t, load(t, "backlog"))); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestCheckImporters changes the signature of Open by a custom guard, and the
// name of a getter, in a module whose other packages use both.
func TestCheckImporters(t *testing.T) {
	dir := module(t)
	root := filepath.Dir(dir)
	write(t, filepath.Join(root, "cmd", "program"), "main.go", `package main

import (
	"context"

	"example.com/checked/backlog"
)

func main() {
	bt, err := backlog.Open(context.Background(), "x.json")
	_, _ = bt, err
}
`)
	write(t, filepath.Join(root, "report"), "report.go", "package report\n\nimport \"example.com/checked/backlog\"\n\n"+
		"func Title(s backlog.Subtask) string { return s.Title() }\n")
	write(t, filepath.Join(root, "report"), "report_test.go", "package report_test\n\nimport \"example.com/checked/backlog\"\n\nvar _ = backlog.Subtask.Title\n")
	write(t, dir, "own_test.go", "package backlog\n\nvar _ = Subtask.Title\n")
	write(t, filepath.Join(root, "stranger"), "stranger.go", "package stranger\n\nvar x int = \"\"\n")
	for name, value := range offline {
		t.Setenv(name, value)
	}
	places := func(model *schema.Model) []string {
		t.Helper()
		problems, err := gen.CheckImporters(t.Context(), dir, generate(t, model))
		if err != nil {
			t.Fatal(err)
		}
		var places []string
		for _, p := range problems {
			place, err := filepath.Rel(root, p.Pos)
			if err != nil {
				t.Error(err)
			}
			places = append(places, filepath.ToSlash(place))
		}
		slices.Sort(places)
		return places
	}
	if got := places(load(t, "backlog")); len(got) != 0 {
		t.Errorf("with the code that is there: %v", got)
	}
	model := load(t, "backlog")
	custom := &schema.CustomGuard{Name: "Approved"}
	model.CustomGuards = append(model.CustomGuards, custom)
	subtask := model.Levels[3]
	subtask.Guards = append(subtask.Guards, &schema.Guard{Kind: format.CustomGuard, Custom: custom, Events: subtask.Guards[0].Events})
	for _, f := range subtask.Fields {
		if f.Name == "Title" {
			f.Name = "Headline"
		}
	}
	want := []string{"backlog/own_test.go:3:17", "cmd/program/main.go:10:56", "report/report.go:5:49", "report/report_test.go:5:25"}
	if diff := cmp.Diff(want, places(model)); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}
