package pgstore

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

//go:embed migrations/*.sql
var migrations embed.FS

const migrateAttempts = 20

// Migrate brings the tables of the schema "backlog" up to date, and makes them
// where they are missing. Programs may call it each time they start, also at the
// same moment. The role needs the right to create schemas in the database, or a
// schema named backlog that it owns; once the tables are there, reading and
// writing them is enough.
func Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	for attempt := 1; ; attempt++ {
		err := migrate(ctx, pool)
		if err == nil || attempt == migrateAttempts || !inEachOthersWay(err) {
			return wrap(ctx, "migrate", err)
		}
		leaveReadOnly(ctx, pool, err)
		select {
		case <-ctx.Done():
			return wrap(ctx, "migrate", errors.Join(err, ctx.Err()))
		case <-time.After(time.Duration(attempt) * 10 * time.Millisecond):
		}
	}
}

// inEachOthersWay reports whether two programs have met: IF NOT EXISTS does not
// keep them from making the same thing at the same time.
func inEachOthersWay(err error) bool {
	const (
		uniqueViolation = "23505"
		duplicateTable  = "42P07"
		duplicateSchema = "42P06"
		duplicateObject = "42710" // the type of a table's rows
		internalError   = "XX000" // tuple concurrently updated
	)
	var refusal *pgconn.PgError
	if !errors.As(err, &refusal) {
		return false
	}
	switch refusal.Code {
	case uniqueViolation, duplicateTable, duplicateSchema, duplicateObject, internalError:
		return true
	}
	return transientCode(refusal.Code)
}

func migrate(ctx context.Context, pool *pgxpool.Pool) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	var version int
	err = pool.QueryRow(ctx, "SELECT version FROM backlog.migration WHERE one = 1").Scan(&version)
	if err == nil {
		if version == len(files) {
			return nil
		}
	} else if err := prepare(ctx, pool); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, "SELECT version FROM backlog.migration WHERE one = 1 FOR UPDATE").Scan(&version); err != nil {
			return err
		}
		if version > len(files) {
			return fmt.Errorf("the tables have version %d, this program knows up to %d", version, len(files))
		}
		for _, name := range files[version:] {
			text, err := migrations.ReadFile(name)
			if err != nil {
				return err
			}
			// Several statements: only the simple protocol takes them.
			if _, err := tx.Exec(ctx, string(text), pgx.QueryExecModeSimpleProtocol); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		_, err := tx.Exec(ctx, "UPDATE backlog.migration SET version = $1 WHERE one = 1", len(files))
		return err
	})
}

// prepare makes the row that migrations are serialised by.
func prepare(ctx context.Context, pool *pgxpool.Pool) error {
	var encoding string
	if err := pool.QueryRow(ctx, "SHOW server_encoding").Scan(&encoding); err != nil {
		return err
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the encoding of the database is %s, it must be UTF8", encoding)
	}
	for _, statement := range []string{
		"CREATE SCHEMA IF NOT EXISTS backlog",
		"CREATE TABLE IF NOT EXISTS backlog.migration (one int PRIMARY KEY, version int NOT NULL)",
		"INSERT INTO backlog.migration (one, version) VALUES (1, 0) ON CONFLICT (one) DO NOTHING",
	} {
		if _, err := pool.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
