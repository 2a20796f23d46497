package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/gen/docs"
)

// docsOptions are the flags of backlog-gen docs.
type docsOptions struct {
	schema string
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
		Use:   "docs",
		Short: "Write documents about a format: reference, diagrams, JSON Schema",
		Long: `docs writes documents about the format that a schema describes:

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
  backlog-gen docs --format jsonschema --strict --schema formats/tasks.backlog.yaml`,
		Args: noSchemaArgument,
		RunE: func(cmd *cobra.Command, _ []string) error { return writeDocs(cmd, o) },
	}
	schemaFlag(cmd, &o.schema)
	flags := cmd.Flags()
	flags.StringVar(&o.format, "format", string(docs.MarkdownFormat), "what to write: `"+strings.Join(names, "|")+"`")
	flags.BoolVar(&o.strict, "strict", false, "make the JSON Schema the strict one")
	flags.StringVar(&o.out, "out", "", "the `directory` to write to (default: the standard output)")
	return cmd
}

func writeDocs(cmd *cobra.Command, o docsOptions) error {
	format, err := docs.ParseFormat(o.format)
	if err != nil {
		return err
	}
	if o.strict && format != docs.JSONSchemaFormat {
		return fmt.Errorf("--strict goes with --format %s only", docs.JSONSchemaFormat)
	}
	model, err := loadSchema(o.schema)
	if err != nil {
		return err
	}
	if err := printText(cmd.ErrOrStderr(), model.Warnings); err != nil {
		return err
	}
	options := docs.Options{Format: format, Strict: o.strict}
	if o.out != "" {
		options.Source = gen.SourceName(model.File, o.out)
	}
	p := startProgress(cmd.ErrOrStderr(), "docs: making "+o.format)
	files, err := docs.Files(cmd.Context(), model, options)
	p.end()
	if err != nil {
		return err
	}
	if o.out != "" {
		done, err := gen.Directory{Path: o.out, HeaderSource: docs.HeaderSource}.Write(cmd.Context(), files)
		list(cmd.OutOrStdout(), o.out, done)
		return err
	}
	if len(files) > 1 {
		return fmt.Errorf("there are %d files, one for each machine: say with --out where to write them", len(files))
	}
	_, err = cmd.OutOrStdout().Write(files[0].Content)
	return err
}
