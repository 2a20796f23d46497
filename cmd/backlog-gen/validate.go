package main

import (
	"bytes"
	"errors"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/schema"
)

func newValidate() *cobra.Command {
	var (
		path string
		r    report
	)
	cmd := &cobra.Command{
		Use:   "validate FILE.json...",
		Short: "Check documents against a schema",
		Long: `validate reports everything that is wrong with documents, with line and column:
errors, for which a document is refused, and warnings. It fails if any file is
refused. No generated code is needed. FILE is - for the standard input.`,
		Example: `  backlog-gen validate tasks.json
  backlog-gen validate --format github plan/*.json
  git show HEAD:tasks.json | backlog-gen validate -`,
		Args: arguments(1, -1, "at least one file"),
		RunE: func(cmd *cobra.Command, files []string) error {
			if err := r.check(); err != nil {
				return err
			}
			return validate(cmd, path, files, r)
		},
	}
	schemaFlag(cmd, &path)
	r.flag(cmd)
	return cmd
}

func validate(cmd *cobra.Command, path string, files []string, r report) error {
	format, err := loadFormat(path)
	if err != nil {
		return err
	}
	var (
		diagnostics []schema.Diagnostic
		failures    []error // of files that cannot be read, which leaves the others to be read
	)
	p := startProgress(cmd.ErrOrStderr(), "validate: reading")
	defer p.end()
	for i, file := range files {
		if err := cmd.Context().Err(); err != nil {
			return err
		}
		p.say("validate: %s (%d of %d)", file, i+1, len(files))
		found, err := validateFile(cmd, format, file)
		if err != nil {
			failures = append(failures, err)
		}
		diagnostics = append(diagnostics, found...)
	}
	p.end()
	for _, err := range failures {
		tellError(cmd.ErrOrStderr(), err)
	}
	if err := r.print(cmd, diagnostics); len(failures) == 0 {
		return err
	}
	return errReported
}

// validateFile returns what is to be said about one document.
func validateFile(cmd *cobra.Command, format *document.Type, file string) ([]schema.Diagnostic, error) {
	data, err := readDocument(cmd.InOrStdin(), file)
	if err != nil {
		return nil, err
	}
	problems, err := problems(format, data)
	if err != nil {
		return nil, err
	}
	return diagnose(file, data, problems), nil
}

// problems returns what refuses a document, or what is worth looking at in one
// that is accepted.
func problems(format *document.Type, data []byte) ([]document.Problem, error) {
	doc, err := format.Parse(data)
	var refused *document.ParseError
	switch {
	case errors.As(err, &refused):
		return refused.Problems, nil
	case err != nil:
		return nil, err
	}
	return doc.Validate(), nil
}

// diagnose gives problems of a document the form of those of a schema, so that
// both are printed alike.
func diagnose(file string, data []byte, problems []document.Problem) []schema.Diagnostic {
	lines := bytes.Split(data, []byte("\n"))
	var out []schema.Diagnostic
	for _, p := range problems {
		d := schema.Diagnostic{
			File:      file,
			Line:      p.Line,
			Column:    p.Column,
			EndColumn: p.Column + 1,
			Severity:  schema.Refusal,
			Rule:      p.Rule,
			Message:   p.Message,
		}
		if p.Severity == document.Warning {
			d.Severity = schema.Warning
		}
		if p.Item != "" {
			d.Message = p.Item + ": " + d.Message
		}
		if p.Line > 0 && p.Line <= len(lines) {
			d.Source = string(bytes.TrimSuffix(lines[p.Line-1], []byte("\r")))
		}
		out = append(out, d)
	}
	return out
}
