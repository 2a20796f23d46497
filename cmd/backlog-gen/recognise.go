package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/formats"
)

// reading says by which schema documents are read: flags.
type reading struct {
	schema string
	like   string
}

func (r *reading) flags(cmd *cobra.Command) {
	schemaFlag(cmd, &r.schema)
	likeFlag(cmd, &r.like)
}

// likeFlag adds the flag that names a known format.
func likeFlag(cmd *cobra.Command, name *string) {
	cmd.Flags().StringVar(name, "like", "", "the known `format`: see backlog-gen formats")
	err := cmd.RegisterFlagCompletionFunc("like", func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return formatNames(), cobra.ShellCompDirectiveNoFileComp
	})
	if err != nil {
		panic(err) // the flag is there: it has just been added
	}
}

// model loads the schema that is named, or the one that is found, or that of the
// format that is named. The error is a *noSchemaError where none is named and none
// is found.
func (r reading) model() (*schema.Model, error) {
	switch {
	case r.like == "":
		return loadSchema(r.schema)
	case r.schema != "":
		return nil, errors.New("--schema and --like do not go together: each names a schema")
	}
	f, err := formats.Find(r.like)
	if err != nil {
		return nil, err
	}
	return f.Model()
}

// reader reads documents by one schema, or each by the format that it has.
type reader struct {
	typ *document.Type
	// recogniser is nil where there is a schema.
	recogniser *formats.Recogniser
	types      map[string]*document.Type
}

func (r reading) reader() (*reader, error) {
	m, err := r.model()
	var none *noSchemaError
	if errors.As(err, &none) {
		recogniser, err := formats.NewRecogniser()
		return &reader{recogniser: recogniser, types: map[string]*document.Type{}}, err
	}
	if err != nil {
		return nil, err
	}
	typ, err := document.NewType(gen.Descriptor(m))
	return &reader{typ: typ}, err
}

// typeOf returns what reads a document, with the format that was recognised, if one
// had to be.
func (r *reader) typeOf(ctx context.Context, data []byte) (*document.Type, *formats.Format, error) {
	if r.recogniser == nil {
		return r.typ, nil, nil
	}
	f, err := r.recogniser.Recognise(ctx, data)
	if err != nil {
		return nil, nil, err
	}
	if r.types[f.Name] == nil {
		if r.types[f.Name], err = f.Type(); err != nil {
			return nil, nil, err
		}
	}
	return r.types[f.Name], &f, nil
}

// readAs says which format a document was taken for.
func readAs(file string, f formats.Format) string {
	return fmt.Sprintf("%s: read as %s (%s)", file, f.Name, f.Title)
}

// notRecognised says what to do about a document of which no single format is
// known; "" for errors of another kind.
func notRecognised(err error) string {
	var unknown *formats.UnknownError
	var ambiguous *formats.AmbiguousError
	switch {
	case errors.As(err, &unknown):
		return "there is no schema, and " + unknown.Error() + ": name a schema with --schema, or let init --from make one of the document"
	case errors.As(err, &ambiguous):
		return "there is no schema, and " + ambiguous.Error() + ": say which with --like"
	}
	return ""
}
