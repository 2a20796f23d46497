package pgtest_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/backlog-gen/backlog-gen/internal/pgtest"
)

// TestURLs changes URLs as they are given for servers that are not ours.
func TestURLs(t *testing.T) {
	for name, given := range map[string]struct {
		at, network, address, another, parameter, elsewhere string
	}{
		"host and port": {
			"postgres://postgres@127.0.0.1:5433/postgres", "tcp", "127.0.0.1:5433",
			"postgres://postgres@127.0.0.1:5433/x", "postgres://postgres@127.0.0.1:5433/postgres?a=b", "postgres://postgres@h:1/postgres",
		},
		"no port": {
			"postgres://me:a%40b@127.0.0.1/work?sslmode=require", "tcp", "127.0.0.1:5432",
			"postgres://me:a%40b@127.0.0.1/x?sslmode=require", "postgres://me:a%40b@127.0.0.1/work?a=b&sslmode=require", "postgres://me:a%40b@h:1/work?sslmode=require",
		},
		"a socket": {
			"postgres://me@/work?host=/run/x&port=7", "unix", "/run/x/.s.PGSQL.7",
			"postgres://me@/x?host=/run/x&port=7", "postgres://me@/work?a=b&host=%2Frun%2Fx&port=7", "postgres://me@h:1/work",
		},
		"a name to be checked": {
			"postgres://me@127.0.0.1/work?sslmode=verify-full", "tcp", "127.0.0.1:5432",
			"postgres://me@127.0.0.1/x?sslmode=verify-full", "postgres://me@127.0.0.1/work?a=b&sslmode=verify-full", "postgres://me@h:1/work?sslmode=verify-ca",
		},
	} {
		t.Run(name, func(t *testing.T) {
			network, address := pgtest.Address(t, given.at)
			got := []string{
				network, address, pgtest.Edit(t, given.at, func(u *url.URL) { u.Path = "/x" }),
				pgtest.WithParameters(t, given.at, "a", "b"), pgtest.WithAddress(t, given.at, "h:1"),
			}
			want := []string{given.network, given.address, given.another, given.parameter, given.elsewhere}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestServerOfSomebodyElse makes databases on a server that the environment
// names, and leaves it as it was.
func TestServerOfSomebodyElse(t *testing.T) {
	own := pgtest.New(t)
	t.Setenv(pgtest.ServerVariable, own.URL())
	databases := func() (names []string) {
		t.Helper()
		rows, err := pgtest.Pool(t, own.URL()).Query(t.Context(), "SELECT datname::text FROM pg_database ORDER BY 1")
		if err == nil {
			names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		}
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	before := databases()
	t.Run("test", func(t *testing.T) {
		get, remove := pgtest.Shared()
		defer remove()
		var one, other string
		for _, at := range []*string{&one, &other} {
			pool := pgtest.Pool(t, get(t).Database(t, "ENCODING 'UTF8'"))
			if err := pool.QueryRow(t.Context(), "SELECT current_database()").Scan(at); err != nil {
				t.Fatal(err)
			}
		}
		if one == other || one == "postgres" || other == "postgres" {
			t.Errorf("databases %s and %s", one, other)
		}
	})
	if diff := cmp.Diff(before, databases()); diff != "" {
		t.Error(diff)
	}
}
