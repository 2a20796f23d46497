package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// atMostOne refuses more arguments than one, which what names.
func atMostOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return fmt.Errorf("%s takes %s, not %d", cmd.Name(), what, len(args))
		}
		return nil
	}
}
