package pgtest

import (
	"net/url"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// Edit returns a URL with a change. Which parts it has depends on the server:
// host and port can also be parameters, and need not be there.
func Edit(t testing.TB, at string, change func(*url.URL)) string {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	change(u)
	return u.String()
}

// WithParameters returns a URL with parameters added, or replaced if they are
// there: names and values in turn.
func WithParameters(t testing.TB, at string, parameters ...string) string {
	t.Helper()
	return Edit(t, at, func(u *url.URL) {
		query := u.Query()
		for i := 0; i < len(parameters); i += 2 {
			query.Set(parameters[i], parameters[i+1])
		}
		u.RawQuery = query.Encode()
	})
}

// WithAddress returns a URL of the same database behind another host and port. A
// certificate is not for that host, so that its name is not checked.
func WithAddress(t testing.TB, at, host string) string {
	t.Helper()
	return Edit(t, at, func(u *url.URL) {
		query := u.Query()
		query.Del("host")
		query.Del("port")
		if query.Get("sslmode") == "verify-full" {
			query.Set("sslmode", "verify-ca")
		}
		u.Host, u.RawQuery = host, query.Encode()
	})
}

// Address returns the network and address that a URL leads to: of TCP, or of a
// Unix socket.
func Address(t testing.TB, at string) (network, address string) {
	t.Helper()
	config, err := pgconn.ParseConfig(at)
	if err != nil {
		t.Fatal("the URL of the server cannot be read") // it may hold a password
	}
	return pgconn.NetworkAddress(config.Host, config.Port)
}

// Environment returns the settings of a URL as the PG variables.
func Environment(t testing.TB, at string) map[string]string {
	t.Helper()
	config, err := pgconn.ParseConfig(at)
	if err != nil {
		t.Fatal("the URL of the server cannot be read")
	}
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"PGHOST": config.Host, "PGPORT": strconv.Itoa(int(config.Port)), "PGDATABASE": config.Database,
		"PGUSER": config.User, "PGPASSWORD": config.Password, "PGSSLMODE": u.Query().Get("sslmode"),
	}
}
