package main

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/batching/pgstore"
)

// database is where a backlog is kept, as the flags say it.
type database struct{ url, name string }

func (d *database) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&d.name, "name", "", "the `name` of the backlog in the database")
	cmd.Flags().StringVar(&d.url, "database", "",
		"the `URL` of the database; without it, or for what it does not say, the variables PGHOST, PGDATABASE, PGUSER, … count. Others can see a password that is part of it: use PGPASSFILE")
}

// connect connects to the database and makes the tables if need be.
func (d *database) connect(ctx context.Context) (*pgxpool.Pool, error) {
	if d.name == "" {
		return nil, errors.New("say with --name what the backlog is called in the database")
	}
	pool, err := pgxpool.New(ctx, d.url)
	if err != nil {
		return nil, err
	}
	if err := pgstore.Migrate(ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	return pool, nil
}

// transferred returns what is for pgstore.OnProgress: it says how far a transfer
// is.
func transferred(p *progress, what string) func(done, total int64) {
	return func(done, total int64) {
		const megabyte = 1e6
		p.say("%s: %.1f of %.1f MB, %d %%", what, float64(done)/megabyte, float64(total)/megabyte, 100*done/max(total, 1))
	}
}
