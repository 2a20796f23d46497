package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/gen/docs"
	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/formats"
)

// docsOptions are the flags of backlog-gen docs.
type docsOptions struct {
	reading
	format string
	strict bool
	out    string
}

func newDocs() *cobra.Command {
	var o docsOptions
	var names []string
	for _, f := range docs.Formats() {
		names = append(names, string(f))
	}
	cmd := &cobra.Command{
		Use:   "docs [FILE.json]",
		Short: "Write documents about a format: reference, diagrams, JSON Schema",
		Long: `docs writes documents about the format that a schema describes, or about the known
format that FILE has, - for the standard input:

  md          a reference in Markdown, with state diagrams that GitHub draws
  html        the same as one page that needs nothing else, with a search and
              diagrams to explore
  mermaid     a state diagram for each machine
  dot         the same for Graphviz
  svg         the same as pictures
  jsonschema  a JSON Schema (2020-12) of the documents; with --strict one for
              those who write them: no other keys, all keys required

Without --out the document goes to the standard output. With it, files are
written to that directory: only those that differ, each in one piece, and none
that docs has not written before, or has written for another schema.`,
		Example: `  backlog-gen docs > FORMAT.md
  backlog-gen docs --format html --out site
  backlog-gen docs --format jsonschema --strict --schema formats/tasks.backlog.yaml
  backlog-gen docs .taskmaster/tasks/tasks.json`,
		Args: arguments(0, 1, "one document or none"),
		RunE: func(cmd *cobra.Command, files []string) error { return writeDocs(cmd, o, files) },
	}
	o.flags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&o.format, "format", string(docs.MarkdownFormat), "what to write: `"+strings.Join(names, "|")+"`")
	flags.BoolVar(&o.strict, "strict", false, "make the JSON Schema the strict one")
	flags.StringVar(&o.out, "out", "", "the `directory` to write to (default: the standard output)")
	return cmd
}

func writeDocs(cmd *cobra.Command, o docsOptions, files []string) error {
	format, err := docs.ParseFormat(o.format)
	if err != nil {
		return err
	}
	if o.strict && format != docs.JSONSchemaFormat {
		return fmt.Errorf("--strict goes with --format %s only", docs.JSONSchemaFormat)
	}
	model, err := documented(cmd, o, files)
	if err != nil {
		return err
	}
	if err := printText(cmd.ErrOrStderr(), model.Warnings); err != nil {
		return err
	}
	options := docs.Options{Format: format, Strict: o.strict}
	switch known := o.like != "" || len(files) > 0; {
	case known:
		options.Source = model.File
	case o.out != "":
		options.Source = gen.SourceName(model.File, o.out)
	}
	p := startProgress(cmd.ErrOrStderr(), "docs: making "+o.format)
	made, err := docs.Files(cmd.Context(), model, options)
	p.end()
	if err != nil {
		return err
	}
	if o.out != "" {
		done, err := gen.Directory{Path: o.out, HeaderSource: docs.HeaderSource}.Write(cmd.Context(), made)
		list(cmd.OutOrStdout(), o.out, done)
		return err
	}
	if len(made) > 1 {
		return fmt.Errorf("there are %d files, one for each machine: say with --out where to write them", len(made))
	}
	_, err = cmd.OutOrStdout().Write(made[0].Content)
	return err
}

// documented returns the schema to write about: that of a document's format, if one
// is given.
func documented(cmd *cobra.Command, o docsOptions, files []string) (*schema.Model, error) {
	if len(files) == 0 {
		return o.model()
	}
	file := files[0]
	switch {
	case strings.HasSuffix(file, ".yaml") || strings.HasSuffix(file, ".yml"):
		return nil, fmt.Errorf("docs takes a document, not a schema: name another schema with --schema %s", file)
	case o.schema != "" || o.like != "":
		return nil, errors.New("docs takes a document, or --schema, or --like: each says which format to write about")
	}
	data, err := readDocument(cmd.InOrStdin(), file)
	if err != nil {
		return nil, err
	}
	recogniser, err := formats.NewRecogniser()
	if err != nil {
		return nil, err
	}
	f, err := recogniser.Recognise(cmd.Context(), data)
	if why := notRecognised(err); why != "" {
		return nil, findings{fmt.Errorf("%s: %s", file, why)}
	}
	if err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintln(cmd.ErrOrStderr(), readAs(file, f)); err != nil {
		return nil, err
	}
	return f.Model()
}
