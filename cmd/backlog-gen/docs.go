package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/gen/docs"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
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
that docs has not written before.`,
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
	p := startProgress(cmd.ErrOrStderr(), "docs: making "+o.format)
	files, err := docs.Files(cmd.Context(), model, docs.Options{Format: format, Strict: o.strict})
	p.end()
	if err != nil {
		return err
	}
	if o.out != "" {
		return saveDocs(cmd.Context(), cmd.OutOrStdout(), o.out, files)
	}
	if len(files) > 1 {
		return fmt.Errorf("there are %d files, one for each machine: say with --out where to write them", len(files))
	}
	_, err = cmd.OutOrStdout().Write(files[0].Content)
	return err
}

// saveDocs brings the files in a directory up to date and prints a line for each
// that it writes. It writes none if one of them is not ours: the error is a
// *gen.ForeignFileError then.
func saveDocs(ctx context.Context, out io.Writer, dir string, files []gen.File) error {
	todo := make([]string, len(files))
	foreign := &gen.ForeignFileError{}
	for i, f := range files {
		path := filepath.Join(dir, f.Name)
		var err error
		todo[i], err = docsTodo(path, f.Content)
		switch {
		case errors.Is(err, errForeign):
			foreign.Paths = append(foreign.Paths, path)
		case err != nil:
			return err
		}
	}
	if len(foreign.Paths) > 0 {
		return foreign
	}
	var system atomicfile.OS
	if err := atomicfile.MkdirAll(system, dir, 0o777); err != nil {
		return err
	}
	for i, f := range files {
		if todo[i] == "" {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		path := filepath.Join(dir, f.Name)
		if err := saveDocument(system, path, f.Content); err != nil {
			return err
		}
		fmt.Fprintln(out, todo[i], path)
	}
	return nil
}

var errForeign = errors.New("not written by backlog-gen")

// docsTodo says what has to be done to a file: "create", "update" or nothing.
func docsTodo(path string, content []byte) (string, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "create", nil
	case err != nil:
		return "", err
	case !info.Mode().IsRegular(): // writing through a link would leave the directory
		return "", errForeign
	}
	old, err := os.ReadFile(path)
	switch {
	case err != nil:
		return "", err
	case bytes.Equal(old, content):
		return "", nil
	case !docs.HasHeader(old):
		return "", errForeign
	}
	return "update", nil
}

func saveDocument(system atomicfile.FS, path string, content []byte) error {
	return atomicfile.Replace(system, atomicfile.Replacement{Name: path, Perm: 0o666, Write: func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	}})
}
