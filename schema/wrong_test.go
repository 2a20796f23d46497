package schema_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what is reported into testdata/wrong")

// readArchive returns the files of an archive by name.
func readArchive(t *testing.T, path string) (*txtar.Archive, map[string]string) {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for _, f := range archive.Files {
		files[f.Name] = string(f.Data)
	}
	return archive, files
}

// testArchives runs a test for each archive in a directory.
func testArchives(t *testing.T, directory string, atLeast int, test func(t *testing.T, path string)) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(directory, "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) < atLeast {
		t.Fatalf("%d archives in %s, want at least %d", len(paths), directory, atLeast)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { test(t, path) })
	}
}

func TestWrongSchemasYieldExactlyTheirDiagnostics(t *testing.T) {
	testArchives(t, "testdata/wrong", 60, func(t *testing.T, path string) {
		archive, files := readArchive(t, path)
		text := files["schema.yaml"]
		if !strings.HasPrefix(string(archive.Comment), "As it is:") {
			text = schema.Complete(text)
		}
		// What is wrong is so whatever the engine has; only not-yet-… is about it.
		parse := schema.ParseAhead
		if strings.HasPrefix(filepath.Base(path), "not-yet-") {
			parse = schema.Parse
		}
		var got strings.Builder
		for _, d := range diagnoseBy(t, parse, "schema.yaml", text) {
			got.WriteString(d.String() + "\n")
			if d.Line > 0 && (d.Column < 1 || d.EndColumn < d.Column) {
				t.Errorf("%v spans columns %d to %d", d, d.Column, d.EndColumn)
			}
		}
		if *update {
			archive.Files[len(archive.Files)-1].Data = []byte(got.String())
			if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		if files["want"] == "" {
			t.Error("the archive expects nothing")
		}
		if diff := cmp.Diff(files["want"], got.String()); diff != "" {
			t.Errorf("diagnostics (-want +got):\n%s", diff)
		}
	})
}
