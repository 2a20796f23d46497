package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version of backlog-gen and of Go that it was built with",
		Example: `  backlog-gen version`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			info, ok := debug.ReadBuildInfo()
			if !ok {
				return fmt.Errorf("this binary holds no build information")
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "backlog-gen %s %s\n", info.Main.Version, info.GoVersion)
			return err
		},
	}
}
