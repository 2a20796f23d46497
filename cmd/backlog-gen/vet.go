package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
)

func newVet() *cobra.Command {
	var (
		path string
		r    report
	)
	cmd := &cobra.Command{
		Use:   "vet",
		Short: "Check a schema without generating anything",
		Long: `vet reports everything that is wrong with a schema, errors and warnings. Each
finding ends with the name of the rule that is broken: see explain.`,
		Example: `  backlog-gen vet
  backlog-gen vet --schema formats/tasks.backlog.yaml --format json`,
		Args: noSchemaArgument,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := r.check(); err != nil {
				return err
			}
			return vet(cmd, path, r)
		},
	}
	schemaFlag(cmd, &path)
	r.flag(cmd)
	return cmd
}

func vet(cmd *cobra.Command, path string, r report) error {
	model, err := loadSchema(path)
	var refused *schema.Error
	switch {
	case errors.As(err, &refused):
		return r.print(cmd, refused.Diagnostics)
	case err != nil:
		return err
	}
	if _, err := gen.Generate(cmd.Context(), model, gen.Options{}); err != nil {
		return err
	}
	return r.print(cmd, model.Warnings)
}
