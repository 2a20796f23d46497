// Package corpus has documents for tests: a few written for this repository, and
// the real ones of a directory beside it, where that is.
package corpus

import (
	"embed"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"testing"
)

//go:embed testdata
var written embed.FS

// Kind is a directory of documents of one format.
type Kind string

// The kinds.
const (
	PRP        Kind = "prp"        // of the format of schema/formats/prp/schema.yaml
	TaskMaster Kind = "taskmaster" // of the format of schema/formats/taskmaster/schema.yaml
	Broken     Kind = "broken"     // of no format
)

// Files returns the documents of a kind, by their names: those of this repository,
// and those of ../shared/corpus beside it. The test says whether these were there.
func Files(t testing.TB, kind Kind) map[string][]byte {
	t.Helper()
	ours, err := fs.Sub(written, path.Join("testdata", string(kind)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	read(t, ours, "", files)
	if len(files) == 0 {
		t.Fatalf("there is no document of the kind %s", kind)
	}
	shared := filepath.Join(filepath.Dir(repository(t)), "shared", "corpus", string(kind))
	if info, err := os.Stat(shared); err != nil || !info.IsDir() {
		t.Logf("%d documents of this repository; no real ones: there is no %s", len(files), shared)
		return files
	}
	before := len(files)
	read(t, os.DirFS(shared), "shared/", files)
	t.Logf("%d documents of this repository, %d real ones of %s", before, len(files)-before, shared)
	return files
}

// read adds the documents of a directory, with a prefix to their names.
func read(t testing.TB, directory fs.FS, prefix string, files map[string][]byte) {
	t.Helper()
	names, err := fs.Glob(directory, "*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(directory, name)
		if err != nil {
			t.Fatal(err)
		}
		files[prefix+name] = data
	}
}

// repository returns the directory above that has the go.mod.
func repository(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		above := filepath.Dir(dir)
		if above == dir {
			t.Fatal("the test does not run in the repository")
		}
		dir = above
	}
}
