package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
	"github.com/backlog-gen/backlog-gen/schema"
)

func newFmt() *cobra.Command {
	var check bool
	cmd := &cobra.Command{
		Use:   "fmt [FILE...]",
		Short: "Lay schemas out in the canonical way",
		Long: `fmt rewrites schemas in the canonical layout, which keeps comments, the order of
keys, and what stands in brackets and braces. What a schema says stays the same.
A schema that is wrong is refused and stays as it is. A line is printed for each file
that is rewritten. Without FILE it is the schema that generate would take.`,
		Example: `  backlog-gen fmt
  backlog-gen fmt formats/*.backlog.yaml
  backlog-gen fmt --check    # in CI: fail if a file would be rewritten`,
		RunE: func(cmd *cobra.Command, files []string) error { return formatAll(cmd, files, check) },
	}
	cmd.Flags().BoolVar(&check, "check", false, "write nothing; fail if anything would be written")
	return cmd
}

// formatAll formats every file that it can, whatever becomes of the others.
func formatAll(cmd *cobra.Command, files []string, check bool) error {
	if len(files) == 0 {
		found, err := discover(".")
		if err != nil {
			return err
		}
		files = []string{found}
	}
	var failure error
	for _, file := range files {
		if err := cmd.Context().Err(); err != nil {
			return err
		}
		changed, err := formatFile(file, check)
		if err != nil {
			tellError(cmd.ErrOrStderr(), err)
			failure = worse(failure, err)
		}
		if changed {
			fmt.Fprintln(cmd.OutOrStdout(), "update", file)
		}
		if changed && check {
			failure = worse(failure, findings{errors.New("not formatted")})
		}
	}
	switch {
	case failure == nil:
		return nil
	case exitCode(failure) == exitFindings:
		return findings{errReported}
	}
	return errReported
}

// worse returns the error with the greater exit code.
func worse(a, b error) error {
	if a == nil || exitCode(b) > exitCode(a) {
		return b
	}
	return a
}

// formatFile formats one file unless only asked whether it would change.
func formatFile(path string, check bool) (changed bool, err error) {
	data, err := readFile(path)
	if err != nil {
		return false, err
	}
	formatted, err := schema.Canonical(path, data)
	var lossy *schema.FormatError
	switch {
	case errors.As(err, &lossy):
		return false, findings{err}
	case err != nil:
		return false, err
	case bytes.Equal(data, formatted):
		return false, nil
	case check:
		return true, nil
	}
	err = atomicfile.Replace(atomicfile.OS{}, atomicfile.Replacement{
		Name: path,
		Perm: 0o666,
		Write: func(w io.Writer) error {
			_, err := w.Write(formatted)
			return err
		},
	})
	return err == nil, err
}
