package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"

	"github.com/backlog-gen/backlog-gen/batching/pgstore"
)

// database is where a backlog is kept, as the flags say it.
type database struct{ url, name, execMode string }

func (d *database) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&d.name, "name", "", "the `name` of the backlog in the database")
	cmd.Flags().StringVar(&d.url, "database", "",
		"the `URL` of the database; without it, or for what it does not say, the variables PGHOST, PGDATABASE, PGUSER, … count. Others can see a password that is part of it: use PGPASSFILE")
	cmd.Flags().StringVar(&d.execMode, "exec-mode", "",
		"how statements are sent: `"+strings.Join(slices.Sorted(maps.Keys(execModes)), "|")+"`. Behind a pooler in transaction mode it has to be exec (default: what --database says, else cache_statement)")
}

// execModes are the ways of the driver to send statements. Those that cache need
// the same connection to the server again.
var execModes = map[string]pgx.QueryExecMode{
	"cache_statement": pgx.QueryExecModeCacheStatement,
	"cache_describe":  pgx.QueryExecModeCacheDescribe,
	"describe_exec":   pgx.QueryExecModeDescribeExec,
	"exec":            pgx.QueryExecModeExec,
	"simple_protocol": pgx.QueryExecModeSimpleProtocol,
}

// check refuses a name that no backlog can have, before any work is done.
func (d *database) check() error {
	if d.name == "" {
		return errors.New("say with --name what the backlog is called in the database")
	}
	if _, known := execModes[d.execMode]; !known && d.execMode != "" {
		return fmt.Errorf("no --exec-mode %q: want %s", d.execMode, strings.Join(slices.Sorted(maps.Keys(execModes)), ", "))
	}
	return pgstore.CheckName(d.name)
}

// pool returns connections to the database, none of which is made yet.
func (d *database) pool(ctx context.Context) (*pgxpool.Pool, error) {
	if err := unambiguous(d.url); err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(d.url)
	var wrong *pgconn.ParseConfigError
	if errors.As(err, &wrong) && d.url != "" {
		return nil, fmt.Errorf("--database: %s", reason(wrong))
	}
	if err != nil {
		return nil, err
	}
	if mode, given := execModes[d.execMode]; given {
		config.ConnConfig.DefaultQueryExecMode = mode
	}
	return pgxpool.NewWithConfig(ctx, config)
}

// unambiguous refuses a URL in which a part of the password could be taken for
// something else, and be printed as such.
func unambiguous(url string) error {
	scheme, rest, found := strings.Cut(url, "://")
	switch {
	case !found || strings.Contains(scheme, "="): // keywords and values
		return nil
	case scheme != "postgres" && scheme != "postgresql":
		return errors.New("--database: a URL begins with postgres://")
	}
	user, rest, found := strings.Cut(rest, "@")
	if found && (strings.Contains(rest, "@") || strings.ContainsAny(user, "/?#")) {
		return errors.New("--database: the URL can be read in several ways: what belongs to a user, a password or a value is written %40 for @, %2F for /, %3F for ?, %23 for #")
	}
	return nil
}

// reason says what is wrong with how to connect, and nothing of what was given:
// any part of that may be a password.
func reason(wrong *pgconn.ParseConfigError) string {
	general := *wrong
	general.ConnString = ""
	// What follows a colon or stands in parentheses is a value, or quotes one.
	text := strings.TrimPrefix(general.Error(), "cannot parse ``: ")
	text, _, _ = strings.Cut(text, " (")
	text, _, _ = strings.Cut(text, ":")
	return "cannot parse this: " + text
}

// interrupted says so, if that is why something failed.
func interrupted(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	return fmt.Errorf("interrupted: %w (%w)", ctx.Err(), err)
}

// transferred returns what is for pgstore.WithProgress: it says how far a transfer
// is.
func transferred(p *progress, what string) func(done, total int64) {
	return func(done, total int64) {
		const megabyte = 1e6
		p.say("%s: %.1f of %.1f MB, %d %%", what, float64(done)/megabyte, float64(total)/megabyte, 100*done/max(total, 1))
	}
}
