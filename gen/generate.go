package gen

import (
	"context"
	"path/filepath"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/gen/golang"
	"github.com/backlog-gen/backlog-gen/schema"
)

// File is one generated file: its name in the output directory, and its text.
type File = golang.File

// Options say how to generate. The zero Options will do.
type Options struct {
	// Source is the name of the schema in the header of each file, as SourceName
	// returns it: the last element of Model.File where empty.
	Source string
}

// maxSource is how long a path to a schema may be to stand in a header.
const maxSource = 256

// SourceName returns what the header of the files in a directory calls a
// schema: its path from there, with slashes, so that two schemas of one file
// name are told apart. If the two are not in one Go module, SourceName returns
// the file name alone: the path would depend on the machine.
func SourceName(schema, dir string) string {
	base := filepath.Base(schema)
	schema, schemaErr := filepath.Abs(schema)
	dir, dirErr := filepath.Abs(dir)
	if schemaErr != nil || dirErr != nil {
		return base
	}
	root := moduleRoot(dir)
	path, err := filepath.Rel(dir, schema)
	if err != nil || root == "" || root != moduleRoot(filepath.Dir(schema)) || len(path) > maxSource {
		return base
	}
	return filepath.ToSlash(path)
}

// Generate returns the files of the Go package for a model, sorted by name. It
// reads and writes nothing, and the same model gives the same bytes. The error
// is a *document.DescriptorError when the engine refuses the format, a
// *golang.NameError when the model holds names that are not Go identifiers
// (schema.Load refuses such schemas), or the context's.
func Generate(ctx context.Context, m *schema.Model, o Options) ([]File, error) {
	if o.Source == "" {
		o.Source = filepath.Base(m.File)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	descriptor := Descriptor(m)
	if _, err := document.NewType(descriptor); err != nil {
		return nil, err
	}
	return golang.Emit(m, descriptor, o.Source)
}
