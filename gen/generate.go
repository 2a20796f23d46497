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
	// Source is the name of the schema in the header of each file: the last
	// element of Model.File where empty.
	Source string
}

// Generate returns the files of the Go package for a model, sorted by name. It
// reads and writes nothing, and the same model gives the same bytes. The error
// is a *document.DescriptorError when the engine refuses the format, a
// *golang.NameError when the model holds names that are no Go identifiers
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
