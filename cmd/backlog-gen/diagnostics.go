package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/schema"
)

// report says how findings are printed: a flag.
type report struct {
	format string
}

func (r *report) flag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&r.format, "format", "text", "how to print findings: text (to stderr), json or github (to stdout)")
}

// check refuses formats that do not exist, before any work is done.
func (r report) check() error {
	switch r.format {
	case "text", "json", "github":
		return nil
	}
	return fmt.Errorf("no format %q: want text, json or github", r.format)
}

// print prints findings, and marks the result as such if one of them refuses.
func (r report) print(cmd *cobra.Command, diagnostics []schema.Diagnostic) error {
	var err error
	switch r.format {
	case "json":
		err = schema.WriteJSON(cmd.OutOrStdout(), diagnostics)
	case "github":
		err = schema.WriteGitHub(cmd.OutOrStdout(), diagnostics)
	default:
		err = printText(cmd.ErrOrStderr(), diagnostics)
	}
	if err != nil {
		return err
	}
	for _, d := range diagnostics {
		if d.Severity == schema.Refusal {
			return findings{errReported}
		}
	}
	return nil
}

// printText prints findings for people: on a terminal in colour, and with the
// line concerned.
func printText(w io.Writer, diagnostics []schema.Diagnostic) error {
	if !terminal(w) {
		for _, d := range diagnostics {
			if _, err := fmt.Fprintln(w, d); err != nil {
				return err
			}
		}
		return nil
	}
	return schema.WriteText(w, diagnostics, os.Getenv("NO_COLOR") == "")
}

// terminal reports whether somebody is reading along.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
