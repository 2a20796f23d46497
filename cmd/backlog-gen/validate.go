package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/schema"
)

func newValidate() *cobra.Command {
	var (
		path string
		r    report
		o    validateOptions
	)
	cmd := &cobra.Command{
		Use:   "validate FILE.json...",
		Short: "Check documents against a schema",
		Long: `validate reports everything that is wrong with documents, with line and column:
errors, for which a document is refused, and warnings, such as keys that seem to
be misspelt. Of each document that is accepted it says how many items of which
level there are. It fails if any file is refused. With --strict a document is
refused for each key that the schema does not know. No generated code is needed.
FILE is - for the standard input.`,
		Example: `  backlog-gen validate tasks.json
  backlog-gen validate --format github plan/*.json
  git show HEAD:tasks.json | backlog-gen validate -`,
		Args: arguments(1, -1, "at least one file"),
		RunE: func(cmd *cobra.Command, files []string) error {
			if err := r.check(); err != nil {
				return err
			}
			return validate(cmd, path, files, r, o)
		},
	}
	schemaFlag(cmd, &path)
	cmd.Flags().BoolVar(&o.strict, "strict", false, "refuse keys that the schema does not know")
	r.flag(cmd)
	return cmd
}

type validateOptions struct {
	strict bool
}

func validate(cmd *cobra.Command, path string, files []string, r report, o validateOptions) error {
	format, err := loadFormat(path)
	if err != nil {
		return err
	}
	var (
		diagnostics []schema.Diagnostic
		summaries   []string
		failures    []error // of files that cannot be read, which leaves the others to be read
	)
	p := startProgress(cmd.ErrOrStderr(), "validate: reading")
	defer p.end()
	for i, file := range files {
		if err := cmd.Context().Err(); err != nil {
			return err
		}
		p.say("validate: %s (%d of %d)", file, i+1, len(files))
		found, summary, err := validateFile(cmd, format, file, o)
		if err != nil {
			failures = append(failures, err)
		}
		diagnostics = append(diagnostics, found...)
		if summary != "" {
			summaries = append(summaries, file+": "+summary)
		}
	}
	p.end()
	for _, err := range failures {
		tellError(cmd.ErrOrStderr(), err)
	}
	err = r.print(cmd, diagnostics)
	if r.format == "text" {
		for _, line := range summaries {
			if _, failed := fmt.Fprintln(cmd.ErrOrStderr(), line); failed != nil {
				return failed
			}
		}
	}
	if len(failures) == 0 {
		return err
	}
	return errReported
}

// validateFile returns what is to be said about one document, and how many items it
// has, if it is accepted.
func validateFile(cmd *cobra.Command, format *document.Type, file string, o validateOptions) (found []schema.Diagnostic, summary string, err error) {
	data, err := readDocument(cmd.InOrStdin(), file)
	if err != nil {
		return nil, "", err
	}
	doc, problems, err := problems(format, data, o)
	if err != nil {
		return nil, "", err
	}
	if doc != nil {
		summary = itemCounts(doc)
	}
	return diagnose(file, data, problems), summary, nil
}

// problems returns a document, nil if it is refused, with what refuses it, or what
// is worth looking at in one that is accepted.
func problems(format *document.Type, data []byte, o validateOptions) (*document.Document, []document.Problem, error) {
	doc, err := format.Parse(data)
	var refused *document.ParseError
	switch {
	case errors.As(err, &refused):
		return nil, refused.Problems, nil
	case err != nil:
		return nil, nil, err
	}
	found := doc.Validate()
	if doc.Len(0) == 0 {
		found = append(found, document.Problem{Severity: document.Warning, Line: 1, Column: 1, Rule: "no-items", Message: "the document holds no items"})
	}
	if !o.strict {
		return doc, found, nil
	}
	unknown := doc.UnknownMembers()
	if len(unknown) == 0 {
		return doc, found, nil
	}
	// They are among the warnings where they seem to be misspelt.
	found = slices.DeleteFunc(found, func(p document.Problem) bool { return p.Rule == unknown[0].Rule })
	found = append(found, unknown...)
	slices.SortStableFunc(found, func(a, b document.Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return nil, found, nil
}

// itemCounts says how many items a document has of each level.
func itemCounts(doc *document.Document) string {
	var counts []string
	for l, level := range doc.Type().Descriptor().Levels {
		n, name := doc.Len(document.Level(l)), level.Plural
		if n == 1 {
			name = level.Name
		}
		counts = append(counts, fmt.Sprintf("%d %s", n, name))
	}
	return strings.Join(counts, ", ")
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
