package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/formats"
)

func newValidate() *cobra.Command {
	var (
		by reading
		r  report
		o  validateOptions
	)
	cmd := &cobra.Command{
		Use:   "validate FILE.json...",
		Short: "Check documents against a schema",
		Long: `validate reports everything that is wrong with documents, with line and column:
errors, for which a document is refused, and warnings, such as keys that seem to
be misspelt. Of each document that is accepted it says how many items of which
level there are. It fails if any file is refused. With --strict a document is
refused for each key that the schema does not know. No generated code is needed.
FILE is - for the standard input.

Where no schema is named, and none is found, each document is read as the known
format that it has: see formats.`,
		Example: `  backlog-gen validate tasks.json
  backlog-gen validate --format github plan/*.json
  git show HEAD:tasks.json | backlog-gen validate -`,
		Args: arguments(1, -1, "at least one file"),
		RunE: func(cmd *cobra.Command, files []string) error {
			if err := r.check(); err != nil {
				return err
			}
			return validate(cmd, by, files, r, o)
		},
	}
	by.flags(cmd)
	cmd.Flags().BoolVar(&o.strict, "strict", false, "refuse keys that the schema does not know")
	r.flag(cmd)
	return cmd
}

type validateOptions struct {
	strict bool
}

func validate(cmd *cobra.Command, by reading, files []string, r report, o validateOptions) error {
	documents, err := by.reader()
	if err != nil {
		return err
	}
	var (
		diagnostics []schema.Diagnostic
		recognised  []string
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
		v, err := validateFile(cmd, documents, file, o)
		if err != nil {
			failures = append(failures, err)
		}
		diagnostics = append(diagnostics, v.found...)
		if v.format != nil {
			recognised = append(recognised, readAs(file, *v.format))
		}
		if v.summary != "" {
			summaries = append(summaries, file+": "+v.summary)
		}
	}
	p.end()
	for _, err := range failures {
		tellError(cmd.ErrOrStderr(), err)
	}
	if err := printLines(cmd.ErrOrStderr(), recognised); err != nil {
		return err
	}
	err = r.print(cmd, diagnostics)
	if r.format == "text" {
		if failed := printLines(cmd.ErrOrStderr(), summaries); failed != nil {
			return failed
		}
	}
	if len(failures) == 0 {
		return err
	}
	return errReported
}

func printLines(w io.Writer, lines []string) error {
	for _, line := range lines {
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

// validated is what is to be said about one document.
type validated struct {
	// format is the one that was recognised, nil where there is a schema.
	format *formats.Format
	found  []schema.Diagnostic
	// summary says how many items a document has that is accepted.
	summary string
}

func validateFile(cmd *cobra.Command, documents *reader, file string, o validateOptions) (validated, error) {
	data, err := readDocument(cmd.InOrStdin(), file)
	if err != nil {
		return validated{}, err
	}
	typ, format, err := documents.typeOf(cmd.Context(), data)
	if why := notRecognised(err); why != "" {
		p := document.Problem{Severity: document.Refusal, Line: 1, Column: 1, Rule: unknownFormat, Message: why}
		return validated{found: diagnose(file, data, []document.Problem{p})}, nil
	}
	if err != nil {
		return validated{}, err
	}
	doc, problems, err := problems(typ, data, o)
	if err != nil {
		return validated{}, err
	}
	v := validated{format: format, found: diagnose(file, data, problems)}
	if doc != nil {
		v.summary = itemCounts(doc)
	}
	return v, nil
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
	if len(problems) == 0 {
		return nil
	}
	lines := strings.Split(string(data), "\n")
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
			d.Source = schema.SourceLine(strings.TrimSuffix(lines[p.Line-1], "\r"), p.Column)
		}
		out = append(out, d)
	}
	return out
}
