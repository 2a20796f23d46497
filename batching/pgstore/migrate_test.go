package pgstore_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/internal/pgtest"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// TestMigrateAtOnce has programs make the tables at the same moment.
func TestMigrateAtOnce(t *testing.T) {
	t.Parallel()
	for range 5 {
		url := server(t).Database(t)
		start := make(chan struct{})
		var running sync.WaitGroup
		for range 8 {
			pool := pgtest.Pool(t, url)
			if err := pool.Ping(t.Context()); err != nil {
				t.Fatal(err)
			}
			running.Go(func() {
				<-start
				if err := pgstore.Migrate(t.Context(), pool); err != nil {
					t.Error(err)
				}
			})
		}
		close(start)
		running.Wait()
		pool := pgtest.Pool(t, url)
		run(t, pool, 1, "UPDATE backlog.migration SET version = version WHERE version = 1")
		if err := pgstore.Migrate(t.Context(), pool); err != nil {
			t.Error(err)
		}
	}
}

// TestMigrateByARoleThatOnlyReads needs no rights once the tables are there.
func TestMigrateByARoleThatOnlyReads(t *testing.T) {
	pool, database := newDatabase(t)
	role := "reader_" + strings.ToLower(rand.Text())
	run(t, pool, 0, "CREATE ROLE "+role+" LOGIN PASSWORD 'reading'")
	t.Cleanup(func() {
		for _, statement := range []string{"DROP OWNED BY " + role, "DROP ROLE " + role} {
			if _, err := pool.Exec(context.Background(), statement); err != nil {
				t.Error(err)
			}
		}
	})
	for _, statement := range []string{
		"GRANT USAGE ON SCHEMA backlog TO " + role, "GRANT SELECT ON ALL TABLES IN SCHEMA backlog TO " + role,
	} {
		run(t, pool, 0, statement)
	}
	reader := pgtest.Pool(t, pgtest.Edit(t, database, func(u *url.URL) { u.User = url.UserPassword(role, "reading") }))
	if err := pgstore.Migrate(t.Context(), reader); err != nil {
		t.Error(err)
	}
	_, err := pgstore.New(reader, "plan").Save(t.Context(), batching.Save{Document: plantest.Parse(plantest.Text(1, 1, 1)).Document})
	if err == nil || !strings.Contains(err.Error(), "permission denied") || errors.Is(err, batching.ErrTransient) {
		t.Errorf("error %v", err)
	}
}

func TestMigrateRefuses(t *testing.T) {
	pool, _ := newDatabase(t)
	run(t, pool, 1, "UPDATE backlog.migration SET version = 99")
	if err := pgstore.Migrate(t.Context(), pool); err == nil || !strings.Contains(err.Error(), "version 99") {
		t.Errorf("tables of a later program: %v", err)
	}
	latin := pgtest.Pool(t, server(t).Database(t, "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"))
	if err := pgstore.Migrate(t.Context(), latin); err == nil || !strings.Contains(err.Error(), "LATIN1, it must be UTF8") {
		t.Errorf("another encoding: %v", err)
	}
}

func TestTablesMissing(t *testing.T) {
	pool := pgtest.Pool(t, server(t).Database(t))
	_, _, err := pgstore.New(pool, "plan").Load(t.Context(), plantest.Type())
	if err == nil || !strings.Contains(err.Error(), "make them with Migrate") {
		t.Errorf("error %v", err)
	}
}

// TestErrorsHoldNoSecrets looks at what goes wrong before there is a connection.
func TestErrorsHoldNoSecrets(t *testing.T) {
	for _, at := range []string{
		"postgres://me:sesame@127.0.0.1:1/x?connect_timeout=1", "postgres://me:sesame@127.0.0.1:notaport/x",
		"host=127.0.0.1 port=1 password=sesame", "host=127.0.0.1 port=x password=sesame", "password=sesame nonsense",
		pgtest.Edit(t, server(t).URL(), func(u *url.URL) { u.User, u.Path = url.UserPassword("me", "sesame"), "/nosuchdatabase" }),
	} {
		pool, err := pgxpool.New(t.Context(), at)
		if err == nil {
			_, _, err = pgstore.New(pool, "plan").Load(t.Context(), plantest.Type())
			pool.Close()
		}
		if err == nil || strings.Contains(err.Error(), "sesame") {
			t.Errorf("error %v", err)
		}
	}
}
