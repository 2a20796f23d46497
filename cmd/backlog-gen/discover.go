package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
)

// schemaName is what a schema is called where there is one.
const schemaName = "backlog.yaml"

// schemaFlag adds the flag that names the schema.
func schemaFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVar(path, "schema", "", "the schema `file`")
}

// loadSchema reads the schema that is named, or the one that is found.
func loadSchema(path string) (*schema.Model, error) {
	if path == "" {
		found, err := discover(".")
		if err != nil {
			return nil, err
		}
		path = found
	}
	return schema.Load(path)
}

// loadFormat loads a schema as loadSchema does, for reading documents of it.
func loadFormat(path string) (*document.Type, error) {
	model, err := loadSchema(path)
	if err != nil {
		return nil, err
	}
	return document.NewType(gen.Descriptor(model))
}

// discover returns the schema to use where none is named: backlog.yaml or the
// only *.backlog.yaml of the directory, else of those above it up to the one
// that holds go.mod.
func discover(dir string) (string, error) {
	start, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for at := start; ; at = filepath.Dir(at) {
		candidates, last, err := candidates(at)
		switch {
		case err != nil:
			return "", err
		case len(candidates) > 1:
			return "", fmt.Errorf("%s holds several schemas (%s): say which with --schema",
				display(at), strings.Join(candidates, ", "))
		case len(candidates) == 1:
			return display(filepath.Join(at, candidates[0])), nil
		case last || filepath.Dir(at) == at:
			return "", &noSchemaError{display(start)}
		}
	}
}

// noSchemaError reports that there is no schema in a directory, nor above it.
type noSchemaError struct{ dir string }

func (e *noSchemaError) Error() string {
	return fmt.Sprintf("no schema: want %s or one *.%s in %s or above it, up to go.mod, or say which with --schema", schemaName, schemaName, e.dir)
}

// candidates lists the schemas of a directory, and whether it holds go.mod.
func candidates(dir string) (names []string, last bool, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, false, err
	}
	for _, entry := range entries {
		name := entry.Name()
		switch {
		case entry.IsDir():
		case name == "go.mod":
			last = true
		case name == schemaName, strings.HasSuffix(name, "."+schemaName):
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, last, nil
}

// display returns a path as it is shortest to read from here.
func display(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	relative, err := filepath.Rel(here, path)
	if err != nil || len(relative) > len(path) {
		return path
	}
	return relative
}

// noSchemaArgument refuses arguments where the schema is given by a flag, which
// is easily forgotten.
func noSchemaArgument(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return errors.New(cmd.Name() + " takes no arguments: name another schema with --schema " + args[0])
}
