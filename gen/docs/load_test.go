package docs_test

import (
	"path/filepath"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
)

// shipped are the schemas that the repository ships, and made those that the
// tests make up.
var (
	shipped = []string{"../../schema/formats/prp/schema.yaml", "../../schema/formats/taskmaster/schema.yaml"}
	made    = []string{"testdata/everything.yaml", "testdata/names.yaml", "testdata/hostile.yaml", "testdata/lines.yaml", "testdata/paths.yaml"}
)

// load returns the model of a schema. Its file has the same name wherever the
// test runs.
func load(t testing.TB, path string) *schema.Model {
	t.Helper()
	m, err := schema.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	m.File = filepath.Base(path)
	return m
}

func newType(t testing.TB, m *schema.Model) *document.Type {
	t.Helper()
	typ, err := document.NewType(gen.Descriptor(m))
	if err != nil {
		t.Fatal(err)
	}
	return typ
}
