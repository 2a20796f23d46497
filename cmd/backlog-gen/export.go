package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

func newExport() *cobra.Command {
	var (
		from  database
		force bool
	)
	cmd := &cobra.Command{
		Use:   "export FILE.json",
		Short: "Write a backlog from a PostgreSQL database to a file",
		Long: `export writes a backlog that is kept in a database to a file, as it is at one
moment, and leaves the database alone. A file that is there already is refused,
unless --force is given: programs that have it open then go on with the new one.
FILE is - for the standard output.`,
		Example: `  PGHOST=db.example.org PGDATABASE=work backlog-gen export --name my-backlog tasks.json
  backlog-gen export --database postgres:///work --name my-backlog - | less`,
		Args: arguments(1, 1, "one file"),
		RunE: func(cmd *cobra.Command, files []string) error {
			return interrupted(cmd.Context(), exportFile(cmd, files[0], from, force))
		},
	}
	from.flags(cmd)
	cmd.Flags().BoolVar(&force, "force", false, "replace the file if it is there")
	return cmd
}

func exportFile(cmd *cobra.Command, file string, from database, force bool) error {
	if err := from.check(); err != nil {
		return err
	}
	if err := free(file, force); err != nil {
		return err
	}
	pool, err := from.pool(cmd.Context())
	if err != nil {
		return err
	}
	defer pool.Close()
	p := startProgress(cmd.ErrOrStderr(), "export "+from.name)
	text, err := pgstore.New(pool, from.name, pgstore.WithProgress(transferred(p, "export "+from.name))).Text(cmd.Context())
	p.end()
	if tablesMissing(err) {
		return errors.New("there are no backlogs in the database: import makes the tables, and puts one there")
	}
	if err != nil {
		return err
	}
	switch {
	case file == "-":
		_, err := cmd.OutOrStdout().Write(text)
		return err
	case force:
		return filestore.New(file).Overwrite(cmd.Context(), text)
	}
	staged, err := atomicfile.Stage(atomicfile.OS{}, atomicfile.Replacement{
		Name: file,
		Perm: 0o666,
		Write: func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		},
	})
	if err != nil {
		return err
	}
	if err := free(file, force); err != nil { // somebody else may have been faster
		staged.Discard()
		return err
	}
	return staged.Commit()
}

// tablesMissing reports whether nothing has ever been put into the database.
func tablesMissing(err error) bool {
	const undefinedTable, invalidSchema = "42P01", "3F000"
	var refusal *pgconn.PgError
	return errors.As(err, &refusal) && (refusal.Code == undefinedTable || refusal.Code == invalidSchema)
}

// free refuses a file that would be overwritten, or that cannot be.
func free(file string, force bool) error {
	if file == "-" {
		return nil
	}
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) && !force {
		_, err = os.Lstat(file) // a symbolic link that leads nowhere is something, too
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !force:
		return findings{fmt.Errorf("%s is there already: --force replaces it", file)}
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file, and only regular files are replaced; - is the standard output", file)
	}
	return nil
}
