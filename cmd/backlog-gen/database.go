package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

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

// progress is a line on a terminal that says how far a transfer is. Elsewhere it
// is nothing.
type progress struct {
	w     io.Writer
	what  string
	shown time.Time
	on    bool
}

// progressEvery is how often the line is written anew.
const progressEvery = 100 * time.Millisecond

func newProgress(w io.Writer, what string) *progress {
	return &progress{w: w, what: what, on: terminal(w)}
}

// show is for pgstore.OnProgress.
func (p *progress) show(done, total int64) {
	if !p.on || time.Since(p.shown) < progressEvery {
		return
	}
	p.shown = time.Now()
	const megabyte = 1e6
	fmt.Fprintf(p.w, "\r%s: %.1f of %.1f MB, %d %%", p.what, float64(done)/megabyte, float64(total)/megabyte, 100*done/max(total, 1))
}

// end takes the line away.
func (p *progress) end() {
	if p.on && !p.shown.IsZero() {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
