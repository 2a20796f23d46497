package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/schema/formats"
)

func newFormats() *cobra.Command {
	return &cobra.Command{
		Use:   "formats [FORMAT]",
		Short: "List the formats that are known, or say what one is",
		Long: `formats lists the formats that backlog-gen knows a schema of. With the name of one
it says where that comes from, what is read, what its tools expect, and what a
change does.

validate and docs recognise these formats by what is in a file, where there is no
schema; --like names one. init --like writes its schema.`,
		Example: `  backlog-gen formats
  backlog-gen formats taskmaster`,
		Args: arguments(0, 1, "one format or none"),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return formatNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listFormats(cmd.OutOrStdout())
			}
			f, err := formats.Find(args[0])
			if err != nil {
				return err
			}
			_, err = io.WriteString(cmd.OutOrStdout(), f.About)
			return err
		},
	}
}

func listFormats(w io.Writer) error {
	for _, f := range formats.All() {
		if _, err := fmt.Fprintf(w, "%-16s %s\n", f.Name, f.Title); err != nil {
			return err
		}
	}
	return nil
}

// formatNames lists the known formats, each with what it is, for shells.
func formatNames() []cobra.Completion {
	var names []cobra.Completion
	for _, f := range formats.All() {
		names = append(names, cobra.CompletionWithDesc(f.Name, f.Title))
	}
	return names
}
