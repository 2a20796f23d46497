package pgstore_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// TestTimeouts tells a server that does not answer from a caller that has given
// up.
func TestTimeouts(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for name, test := range map[string]struct {
		settings  string
		caller    time.Duration
		transient bool
	}{
		"the server does not answer": {"&connect_timeout=1", time.Hour, true},
		"the caller gives up":        {"", 50 * time.Millisecond, false},
	} {
		t.Run(name, func(t *testing.T) {
			pool, err := pgxpool.New(t.Context(), "postgres://user@"+silent.Addr().String()+"/x?sslmode=disable"+test.settings)
			if err != nil {
				t.Fatal(err)
			}
			defer pool.Close()
			ctx, cancel := context.WithTimeout(t.Context(), test.caller)
			defer cancel()
			_, _, err = pgstore.New(pool, "plan").Load(ctx, plantest.Type())
			if err == nil || errors.Is(err, batching.ErrTransient) != test.transient {
				t.Errorf("transient %v, want %v: %v", !test.transient, test.transient, err)
			}
		})
	}
}
