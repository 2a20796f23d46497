package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/document"
)

func newImport() *cobra.Command {
	var (
		path    string
		to      database
		replace bool
	)
	cmd := &cobra.Command{
		Use:   "import FILE.json",
		Short: "Put a backlog from a file into a PostgreSQL database",
		Long: `import checks a backlog against its schema and stores it in a database, where
programs on several machines can work on it. What export gives back is the same
file, byte for byte. A backlog that is in the database already is refused, unless
--replace is given: programs that have it open then go on with the new one. A file
is refused if a program could not save all of its updates to it and has preserved
them beside it.
FILE is - for the standard input.`,
		Example: `  PGHOST=db.example.org PGDATABASE=work backlog-gen import --name my-backlog tasks.json
  backlog-gen import --database postgres:///work --name my-backlog --replace tasks.json`,
		Args: arguments(1, 1, "one file"),
		RunE: func(cmd *cobra.Command, files []string) error {
			return interrupted(cmd.Context(), importFile(cmd, path, files[0], to, replace))
		},
	}
	schemaFlag(cmd, &path)
	to.flags(cmd)
	cmd.Flags().BoolVar(&replace, "replace", false, "replace what is stored under the name")
	return cmd
}

func importFile(cmd *cobra.Command, path, file string, to database, replace bool) error {
	if err := to.check(); err != nil {
		return err
	}
	format, err := loadFormat(path)
	if err != nil {
		return err
	}
	data, err := readDocument(cmd.InOrStdin(), file)
	if err != nil {
		return err
	}
	d, err := format.Parse(data)
	var refused *document.ParseError
	if errors.As(err, &refused) {
		return report{}.print(cmd, diagnose(file, data, refused.Problems))
	}
	if err != nil {
		return err
	}
	if err := nothingPending(cmd.Context(), file); err != nil {
		return err
	}
	pool, err := to.pool(cmd.Context())
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := pgstore.Migrate(cmd.Context(), pool); err != nil {
		return err
	}
	p := startProgress(cmd.ErrOrStderr(), "import "+to.name)
	err = put(cmd.Context(), pgstore.New(pool, to.name, pgstore.WithProgress(transferred(p, "import "+to.name))), d, replace)
	p.end()
	if errors.Is(err, fs.ErrExist) {
		return findings{fmt.Errorf("there is a backlog %q in the database: --replace replaces it", to.name)}
	}
	return err
}

// nothingPending refuses a file beside which there are updates that a program
// could not save to it: they would be left behind. What is read from a pipe has
// none.
func nothingPending(ctx context.Context, file string) error {
	if isStream(file) {
		return nil
	}
	names, err := filestore.New(file).Abandoned(ctx)
	if err != nil {
		return fmt.Errorf("looking for updates that could not be saved to %s: %w", file, err)
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	return findings{fmt.Errorf("%s is not complete: a program could not save all of its updates to it, and preserved them in %s: let the program apply them with Recover, or move them away if they are not wanted",
		file, strings.Join(names, ", "))}
}

// put stores a document.
func put(ctx context.Context, s *pgstore.Store, d *document.Document, replace bool) error {
	if replace {
		return s.Replace(ctx, d)
	}
	_, err := s.Save(ctx, batching.Save{Document: d})
	return err
}
