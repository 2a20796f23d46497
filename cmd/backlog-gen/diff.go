package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/compatibility"
)

func newDiff() *cobra.Command {
	var r report
	cmd := &cobra.Command{
		Use:   "diff OLD [NEW]",
		Short: "Say what a change of a schema breaks",
		Long: `diff compares two versions of a schema and lists what

  breaks Go users         code that uses the generated package may not compile
  breaks existing files   documents that were accepted are refused, or what is
                          in them is not found any more
  may break existing files
                          a key that files may have already has a meaning now:
                          run validate over them
  changes the workflow    other steps are possible, or other things are asked
                          for them

It fails if anything breaks. OLD and NEW are files. OLD may also be a revision
in git: REV for the file NEW as it was, or REV:PATH. Without NEW it is the
schema that generate would take.`,
		Example: `  backlog-gen diff HEAD
  backlog-gen diff old.backlog.yaml backlog.yaml
  backlog-gen diff --format github origin/main formats/tasks.backlog.yaml
  backlog-gen diff v1.2.0:formats/old.backlog.yaml formats/tasks.backlog.yaml`,
		Args: arguments(1, 2, "one or two versions of a schema"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := r.check(); err != nil {
				return err
			}
			return diff(cmd, args, r)
		},
	}
	cmd.Flags().StringVar(&r.format, "format", "text", "how to print changes: text, json or github")
	return cmd
}

func diff(cmd *cobra.Command, args []string, r report) error {
	path := ""
	if len(args) == 2 {
		path = args[1]
	}
	p := startProgress(cmd.ErrOrStderr(), "diff: reading the schemas")
	defer p.end()
	newer, err := loadSchema(path)
	if err != nil {
		return err
	}
	older, err := loadVersion(cmd.Context(), args[0], newer.File)
	if err != nil {
		return err
	}
	changes := compatibility.Compare(older, newer)
	p.end()
	if err := printChanges(cmd.OutOrStdout(), changes, newer.File, r.format); err != nil {
		return err
	}
	for _, c := range changes {
		if c.Class.Breaks() {
			return findings{errReported}
		}
	}
	return nil
}

// printChanges prints changes; file is the newer schema.
func printChanges(w io.Writer, changes []compatibility.Change, file, format string) error {
	switch format {
	case "json":
		return printChangesJSON(w, changes)
	case "github":
		return schema.WriteGitHub(w, changeDiagnostics(changes, file))
	}
	var class compatibility.Class
	for _, c := range changes {
		if c.Class != class {
			class = c.Class
			if _, err := fmt.Fprintf(w, "%s:\n", class); err != nil {
				return err
			}
		}
		if _, err := fmt.Fprintf(w, "  %s: %s\n", c.Pos, c.Message); err != nil {
			return err
		}
	}
	return nil
}

func printChangesJSON(w io.Writer, changes []compatibility.Change) error {
	type change struct {
		Class   string `json:"class"`
		Breaks  bool   `json:"breaks"`
		File    string `json:"file"`
		Line    int    `json:"line"`
		Column  int    `json:"column"`
		Message string `json:"message"`
	}
	all := []change{}
	for _, c := range changes {
		all = append(all, change{c.Class.Name(), c.Class.Breaks(), c.Pos.File, c.Pos.Line, c.Pos.Column, c.Message})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(all)
}

// changeDiagnostics gives changes the form of findings. What is gone from the
// newer file has no line there.
func changeDiagnostics(changes []compatibility.Change, file string) []schema.Diagnostic {
	var all []schema.Diagnostic
	for _, c := range changes {
		d := schema.Diagnostic{File: file, Severity: schema.Warning, Rule: c.Class.String(), Message: c.Message}
		if c.Class.Breaks() {
			d.Severity = schema.Refusal
		}
		if c.Pos.File == file {
			d.Line, d.Column, d.EndColumn = c.Pos.Line, c.Pos.Column, c.Pos.Column
		}
		all = append(all, d)
	}
	return all
}
