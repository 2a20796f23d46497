package gen_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
)

var update = flag.Bool("update", false, "write what is generated into the golden files")

// golden is one case: a schema, a test of the generated package, and the
// generated files that are worth reading.
type golden struct {
	name    string
	path    string
	archive *txtar.Archive
	files   []gen.File
}

func goldens(t testing.TB) []*golden {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "golden", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	var cases []*golden
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, &golden{name: strings.TrimSuffix(filepath.Base(path), ".txtar"), path: path, archive: archive})
	}
	return cases
}

func (g *golden) generate(t *testing.T) {
	t.Helper()
	model, err := schema.Parse("backlog.yaml", g.section("schema.yaml"))
	if err != nil {
		t.Fatalf("%s:\n%v", g.name, err)
	}
	if g.files, err = gen.Generate(t.Context(), model, gen.Options{}); err != nil {
		t.Fatalf("%s:\n%v", g.name, err)
	}
}

func (g *golden) section(name string) []byte {
	for _, f := range g.archive.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

func TestGoldenFiles(t *testing.T) {
	for _, g := range goldens(t) {
		t.Run(g.name, func(t *testing.T) {
			g.generate(t)
			generated := map[string][]byte{}
			for _, f := range g.files {
				generated["want/"+f.Name] = f.Content
			}
			for i, f := range g.archive.Files {
				if !strings.HasPrefix(f.Name, "want/") {
					continue
				}
				content, ok := generated[f.Name]
				if !ok {
					t.Errorf("%s is not generated", f.Name)
				}
				if *update {
					g.archive.Files[i].Data = content
				} else if diff := cmp.Diff(string(f.Data), string(content)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", f.Name, diff)
				}
			}
			if *update {
				if err := os.WriteFile(g.path, txtar.Format(g.archive), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// TestGoldenPackages compiles and vets every golden package for real, and runs
// its own test.
func TestGoldenPackages(t *testing.T) {
	module := newModule(t, "example.com/golden")
	for _, g := range goldens(t) {
		g.generate(t)
		dir := filepath.Join(module, g.name)
		if _, err := gen.Write(t.Context(), dir, g.files); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "use_test.go"), g.section("use_test.go"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	goCommand(t, module, "test", "-vet=all", "./...")
	root := repository(t)
	staticcheck := exec.CommandContext(t.Context(), "go", "tool", "-modfile="+filepath.Join(root, "tools", "go.mod"), "-n", "staticcheck")
	staticcheck.Dir = root
	path, err := staticcheck.Output()
	if err != nil {
		t.Fatalf("no staticcheck: %v", err)
	}
	run(t, module, strings.TrimSpace(string(path)), "./...")
}

// newModule makes a module outside the repository that uses it, and needs no
// network for it.
func newModule(t *testing.T, path string) string {
	t.Helper()
	dir, root := t.TempDir(), repository(t)
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	mod := "module " + path + "\n\ngo 1.26\n\n" +
		"require github.com/backlog-gen/backlog-gen v0.0.0\n\n" +
		"replace github.com/backlog-gen/backlog-gen => " + root + "\n"
	for name, content := range map[string][]byte{"go.mod": []byte(mod), "go.sum": sums} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func repository(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func goCommand(t *testing.T, dir string, args ...string) string {
	t.Helper()
	return run(t, dir, "go", args...)
}

// offline is how the go command works without network. What it compiles does not
// depend on where the module is, so that the next run finds it in the cache.
var offline = map[string]string{"GOFLAGS": "-mod=mod -trimpath", "GOPROXY": "off", "GOWORK": "off"}

// run runs a command without network and fails the test if it fails.
func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	cmd.Env = os.Environ()
	for name, value := range offline {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}
