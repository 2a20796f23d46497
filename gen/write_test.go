package gen_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/gen/golang"
)

// file is a generated file of the given name.
func file(name, body string) gen.File {
	return gen.File{Name: name, Content: []byte(golang.Header("backlog.yaml") + "\n\npackage x\n" + body)}
}

// tree returns the content of all files in a directory.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	content := map[string]string{}
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		content[entry.Name()] = string(data)
	}
	return content
}

func TestWriteBringsADirectoryUpToDate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "package")
	write := func(want gen.Changes, files ...gen.File) {
		t.Helper()
		planned, err := gen.Compare(dir, files)
		if err != nil {
			t.Fatal(err)
		}
		done, err := gen.Write(t.Context(), dir, files)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, done); diff != "" {
			t.Errorf("Write (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want, planned); diff != "" {
			t.Errorf("Compare (-want +got):\n%s", diff)
		}
	}
	write(gen.Changes{Create: []string{"a.gen.go", "b.gen.go"}}, file("a.gen.go", ""), file("b.gen.go", ""))
	for name, content := range map[string]string{
		"hand.go":     "package x\n",
		"hand.gen.go": "package x\n",
		"other.go":    golang.Header("backlog.yaml") + "\n\npackage x\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write(gen.Changes{Create: []string{"c.gen.go"}, Update: []string{"b.gen.go"}, Remove: []string{"a.gen.go"}},
		file("b.gen.go", "// new\n"), file("c.gen.go", ""))
	write(gen.Changes{}, file("b.gen.go", "// new\n"), file("c.gen.go", ""))

	want := map[string]string{
		"b.gen.go":    string(file("b.gen.go", "// new\n").Content),
		"c.gen.go":    string(file("c.gen.go", "").Content),
		"hand.go":     "package x\n",
		"hand.gen.go": "package x\n",
		"other.go":    golang.Header("backlog.yaml") + "\n\npackage x\n",
	}
	if diff := cmp.Diff(want, tree(t, dir)); diff != "" {
		t.Errorf("the directory (-want +got):\n%s", diff)
	}
}

func TestWriteLeavesUnchangedFilesAlone(t *testing.T) {
	dir := t.TempDir()
	if _, err := gen.Write(t.Context(), dir, []gen.File{file("a.gen.go", "")}); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(filepath.Join(dir, "a.gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gen.Write(t.Context(), dir, []gen.File{file("a.gen.go", ""), file("b.gen.go", "")}); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(filepath.Join(dir, "a.gen.go"))
	if err != nil || !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
		t.Errorf("a.gen.go was written again, %v", err)
	}
}

func TestWriteRefusesForeignFiles(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "outside.go")
	if err := os.WriteFile(outside, file("", "").Content, 0o666); err != nil {
		t.Fatal(err)
	}
	tests := map[string]func(path string) error{
		"by hand":   func(path string) error { return os.WriteFile(path, []byte("package x\n"), 0o666) },
		"empty":     func(path string) error { return os.WriteFile(path, nil, 0o666) },
		"directory": func(path string) error { return os.Mkdir(path, 0o777) },
		"link out":  func(path string) error { return os.Symlink(outside, path) },
	}
	for name, occupy := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "b.gen.go")
			if err := occupy(path); err != nil {
				t.Fatal(err)
			}
			_, err := gen.Write(t.Context(), dir, []gen.File{file("a.gen.go", ""), file("b.gen.go", "// new\n")})
			var foreign *gen.ForeignFileError
			if !errors.As(err, &foreign) {
				t.Fatalf("got %v, want a *gen.ForeignFileError", err)
			}
			if diff := cmp.Diff([]string{path}, foreign.Paths); diff != "" {
				t.Errorf("Paths (-want +got):\n%s", diff)
			}
			if _, err := os.Stat(filepath.Join(dir, "a.gen.go")); !os.IsNotExist(err) {
				t.Errorf("the other file was written, %v", err)
			}
		})
	}
}

// TestWriteRefusesFilesOfAnotherSchema puts a file of another schema where it
// would be removed, overwritten, or be the same.
func TestWriteRefusesFilesOfAnotherSchema(t *testing.T) {
	for _, name := range []string{"b.gen.go", "other.gen.go"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, name)
			other := golang.Header("other.yaml") + "\n\npackage x\n"
			write(t, dir, name, other)
			files := []gen.File{file("a.gen.go", ""), file("b.gen.go", "")}
			_, err := gen.Write(t.Context(), dir, files)
			want := &gen.OtherSchemaError{Source: "backlog.yaml", Others: []string{"other.yaml"}, Paths: []string{path}}
			var refused *gen.OtherSchemaError
			if !errors.As(err, &refused) {
				t.Fatalf("got %v, want a *gen.OtherSchemaError", err)
			}
			if diff := cmp.Diff(want, refused); diff != "" {
				t.Errorf("the error (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(map[string]string{name: other}, tree(t, dir)); diff != "" {
				t.Errorf("the directory (-want +got):\n%s", diff)
			}
			if _, err := gen.Check(t.Context(), dir, files); !errors.As(err, &refused) {
				t.Errorf("Check says %v, want a *gen.OtherSchemaError", err)
			}
		})
	}
}

// TestSchemasOfOneFileName lie in two directories and are to be written to one: the
// second is refused, until the first is gone.
func TestSchemasOfOneFileName(t *testing.T) {
	for _, test := range []struct{ name, present, wanted string }{
		{"both elsewhere", "../a/backlog.yaml", "../b/backlog.yaml"},
		{"the first in the directory", "backlog.yaml", "../b/backlog.yaml"},
		{"the second in the directory", "../a/backlog.yaml", "backlog.yaml"},
	} {
		t.Run(test.name, func(t *testing.T) {
			root := t.TempDir()
			out := filepath.Join(root, "out")
			for _, dir := range []string{"out", "a", "b"} {
				if err := os.Mkdir(filepath.Join(root, dir), 0o777); err != nil {
					t.Fatal(err)
				}
			}
			write(t, out, test.present, "package: {}\n")
			write(t, out, test.wanted, "package: {}\n")
			from := func(source string) []gen.File {
				return []gen.File{{Name: "a.gen.go", Content: []byte(golang.Header(source) + "\n\npackage x\n")}}
			}
			if _, err := gen.Write(t.Context(), out, from(test.present)); err != nil {
				t.Fatal(err)
			}
			_, err := gen.Write(t.Context(), out, from(test.wanted))
			want := &gen.OtherSchemaError{Source: test.wanted, Others: []string{test.present}, Paths: []string{filepath.Join(out, "a.gen.go")}}
			var refused *gen.OtherSchemaError
			if !errors.As(err, &refused) {
				t.Fatalf("got %v, want a *gen.OtherSchemaError", err)
			}
			if diff := cmp.Diff(want, refused); diff != "" {
				t.Errorf("the error (-want +got):\n%s", diff)
			}
			if err := os.Remove(filepath.Join(out, test.present)); err != nil {
				t.Fatal(err)
			}
			if _, err := gen.Write(t.Context(), out, from(test.wanted)); err != nil {
				t.Errorf("the schema has moved: %v", err)
			}
		})
	}
}

func TestSourceName(t *testing.T) {
	root := t.TempDir()
	write(t, root, "go.mod", "module example.com/x\n")
	inner := filepath.Join(root, "inner")
	if err := os.Mkdir(inner, 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, inner, "go.mod", "module example.com/inner\n")
	for _, test := range []struct{ name, schema, dir, want string }{
		{"beside the files", "backlog.yaml", ".", "backlog.yaml"},
		{"above them", "backlog.yaml", "a/b", "../../backlog.yaml"},
		{"elsewhere in the module", "schemas/backlog.yaml", "a", "../schemas/backlog.yaml"},
		{"in another module", "schemas/backlog.yaml", "inner", "backlog.yaml"},
		{"in no module", filepath.Join("..", filepath.Base(t.TempDir()), "backlog.yaml"), "a", "backlog.yaml"},
		{"too far away", strings.Repeat("d/", 200) + "backlog.yaml", "a", "backlog.yaml"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := gen.SourceName(filepath.Join(root, test.schema), filepath.Join(root, test.dir)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestWriteStaysInItsDirectory(t *testing.T) {
	for _, name := range []string{"../a.gen.go", "/a.gen.go", "sub/a.gen.go", "..", "", "."} {
		if _, err := gen.Write(t.Context(), t.TempDir(), []gen.File{file(name, "")}); err == nil {
			t.Errorf("%q was accepted", name)
		}
	}
}
