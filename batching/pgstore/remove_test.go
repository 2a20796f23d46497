package pgstore_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// TestRemoveAsDocumented runs the statements by which docs/scaling.md removes a
// backlog: nothing of it is left, another one is as it was.
func TestRemoveAsDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "scaling.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, statements, _ := strings.Cut(string(text), "```sql\n")
	statements, _, found := strings.Cut(statements, "```")
	if !found {
		t.Fatal("no statements")
	}
	pool, _ := newDatabase(t)
	other := pgstore.New(pool, "other", pgstore.WithLogger(quiet))
	removed := pgstore.New(pool, "my-backlog", pgstore.WithLogger(quiet))
	for _, s := range []*pgstore.Store{other, removed} {
		if err := s.Create(t.Context(), plantest.Parse(plantest.Text(1, 2, 3)).Document); err != nil {
			t.Fatal(err)
		}
	}
	b := open(t, removed)
	update(t, b, 1, plantest.Active)
	flush(t, b)
	update(t, b, 2, plantest.Active)
	if _, err := pool.Exec(t.Context(), statements, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Flush(t.Context()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("flush: %v", err)
	}
	for table, want := range map[string]int{"document": 1, "item": 9, "change": 1} {
		var rows int
		if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM backlog."+table).Scan(&rows); err != nil {
			t.Fatal(err)
		}
		if rows != want {
			t.Errorf("%s: %d rows, want %d", table, rows, want)
		}
	}
	if got := stored(t, other).String(); got != plantest.Text(1, 2, 3) {
		t.Errorf("the other one is %s", got)
	}
}
