package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

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
moment. A file that is there already is refused, unless --force is given. FILE is
- for the standard output.`,
		Example: `  PGHOST=db.example.org PGDATABASE=work backlog-gen export --name my-backlog tasks.json
  backlog-gen export --database postgres:///work --name my-backlog - | less`,
		Args: arguments(1, 1, "one file"),
		RunE: func(cmd *cobra.Command, files []string) error {
			return exportFile(cmd, files[0], from, force)
		},
	}
	from.flags(cmd)
	cmd.Flags().BoolVar(&force, "force", false, "replace the file if it is there")
	return cmd
}

func exportFile(cmd *cobra.Command, file string, from database, force bool) error {
	if err := free(file, force); err != nil {
		return err
	}
	pool, err := from.connect(cmd.Context())
	if err != nil {
		return err
	}
	defer pool.Close()
	p := startProgress(cmd.ErrOrStderr(), "export "+from.name)
	text, err := pgstore.New(pool, from.name, pgstore.OnProgress(transferred(p, "export "+from.name))).Text(cmd.Context())
	p.end()
	if err != nil {
		return err
	}
	if file == "-" {
		_, err := cmd.OutOrStdout().Write(text)
		return err
	}
	return atomicfile.Replace(atomicfile.OS{}, atomicfile.Replacement{
		Name: file,
		Perm: 0o666,
		Write: func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		},
		Check: func() error { return free(file, force) },
	})
}

// free refuses a file that would be overwritten.
func free(file string, force bool) error {
	if file == "-" || force {
		return nil
	}
	_, err := os.Lstat(file)
	switch {
	case err == nil:
		return findings{fmt.Errorf("%s is there already: --force replaces it", file)}
	case errors.Is(err, fs.ErrNotExist):
		return nil
	}
	return err
}
