package pgstore_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// run runs a statement that must change so many rows.
func run(t testing.TB, pool *pgxpool.Pool, want int64, sql string, arguments ...any) {
	t.Helper()
	tag, err := pool.Exec(t.Context(), sql, arguments...)
	if err != nil {
		t.Fatal(err)
	}
	if got := tag.RowsAffected(); got != want {
		t.Fatalf("%s: %d rows, want %d", sql, got, want)
	}
}

// twoStores returns a database that holds a document, and two stores on it, of
// which the second logs.
func twoStores(t testing.TB, text string) (pool *pgxpool.Pool, a, b *pgstore.Store, log *bytes.Buffer) {
	t.Helper()
	pool, _ = newDatabase(t)
	log = &bytes.Buffer{}
	a = pgstore.New(pool, "plan", pgstore.WithLogger(quiet))
	b = pgstore.New(pool, "plan", pgstore.WithLogger(slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	if _, err := a.Save(t.Context(), batching.Save{Document: plantest.Parse(text).Document}); err != nil {
		t.Fatal(err)
	}
	return pool, a, b, log
}

// TestConflictsAndRefreshesDoNotLoad makes a document that cannot be loaded any
// more. As long as nobody loads it, work goes on.
func TestConflictsAndRefreshesDoNotLoad(t *testing.T) {
	pool, sa, sb, log := twoStores(t, plantest.Text(2, 2, 6))
	a, b := open(t, sa), open(t, sb)
	run(t, pool, 1, "UPDATE backlog.item SET text = 'damaged' WHERE id = 'E2.S2.T6'")
	update(t, a, 1, plantest.Active)
	if _, err := a.Force(t.Context(), plantest.TaskID(1, 1, 2), plantest.Failed, "by hand"); err != nil {
		t.Fatal(err)
	}
	addTask(t, a)
	flush(t, a)
	if _, err := a.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) {
		return p.Apply(document.Move(document.NewID("", "E2.S1.T1"), document.NewID("", "E1.S2")), document.Remove(document.NewID("", "E2.S1.T2")))
	}); err != nil {
		t.Fatal(err)
	}
	flush(t, a)
	update(t, b, 3, plantest.Active)
	if stats := flush(t, b); stats.Rebased != 1 {
		t.Errorf("%+v", stats)
	}
	if _, err := a.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a.Snapshot().String() != b.Snapshot().String() {
		t.Error("the two see different documents")
	}
	if strings.Contains(log.String(), "document loaded") {
		t.Error(log)
	}
	if _, _, err := sa.Load(t.Context(), plantest.Type()); err == nil {
		t.Error("a damaged document is loaded")
	}
}

// TestRefreshLoadsWhereTheLogCannotBeUsed spoils the log in each way.
func TestRefreshLoadsWhereTheLogCannotBeUsed(t *testing.T) {
	t.Parallel()
	spoil := map[string]string{
		"groups missing":       "UPDATE backlog.change SET groups = NULL WHERE revision = 3",
		"groups of nonsense":   "UPDATE backlog.change SET groups = '[[{]' WHERE revision = 3",
		"groups that are not":  `UPDATE backlog.change SET groups = '[[{"op":"set","id":"E1.S1.T1","to":"Nowhere"}]]' WHERE revision = 3`,
		"groups refused":       `UPDATE backlog.change SET groups = '[[{"op":"set","id":"E1.S1.T1","to":"Done"}],[{"op":"set","id":"E1.S1.T1","to":"Done"}],[{"op":"remove","id":"E7"}]]' WHERE revision = 3`,
		"groups of others":     `UPDATE backlog.change SET groups = '[]' WHERE revision = 3`,
		"another schema":       "UPDATE backlog.change SET schema = 'x' WHERE revision = 3",
		"a gap":                "DELETE FROM backlog.change WHERE revision = 3",
		"does not reach back":  "DELETE FROM backlog.change WHERE revision = 1",
		"another history":      "UPDATE backlog.change SET token = 'x' WHERE revision = 1",
		"leads somewhere else": "UPDATE backlog.change SET digest = sha256('x') WHERE revision = 4",
	}
	for name, statement := range spoil {
		t.Run(name, func(t *testing.T) {
			pool, sa, sb, _ := twoStores(t, plantest.Text(1, 1, 6))
			a, b := open(t, sa), open(t, sb)
			for task := 1; task <= 3; task++ {
				update(t, a, task, plantest.Active)
				flush(t, a)
			}
			run(t, pool, 1, statement)
			update(t, b, 4, plantest.Active)
			flush(t, b)
			for task := 1; task <= 4; task++ {
				wantStatus(t, b.Snapshot(), task, plantest.Active)
				wantStatus(t, stored(t, sa), task, plantest.Active)
			}
		})
	}
}

// TestRowsChangedByHand are noticed neither by revision nor by log, so they need
// one of their own: then everybody loads them.
func TestRowsChangedByHand(t *testing.T) {
	pool, sa, sb, _ := twoStores(t, plantest.Text(1, 1, 3))
	b := open(t, sb)
	d, err := plantest.Parse(plantest.Text(1, 1, 3)).WithTitle(plantest.TaskID(1, 1, 2), "by import")
	if err != nil {
		t.Fatal(err)
	}
	if err := sa.Replace(t.Context(), d.Document); err != nil {
		t.Fatal(err)
	}
	update(t, b, 1, plantest.Active)
	flush(t, b)
	if got := stored(t, sa).Title(plantest.TaskID(1, 1, 2)); got != "by import" {
		t.Errorf("title %q", got)
	}
	run(t, pool, 1, "UPDATE backlog.document SET token = 'another'")
	update(t, b, 2, plantest.Active)
	flush(t, b)
	wantStatus(t, stored(t, sa), 1, plantest.Active)
	wantStatus(t, stored(t, sa), 2, plantest.Active)
}

// TestSaveWritesWhatHasChanged counts the rows that flushes write.
func TestSaveWritesWhatHasChanged(t *testing.T) {
	pool, sa, _, _ := twoStores(t, plantest.Text(10, 10, 10))
	b := open(t, sa)
	written := func() (n int) {
		t.Helper()
		err := pool.QueryRow(t.Context(), "SELECT count(*) FROM backlog.item WHERE version = (SELECT revision FROM backlog.document)").Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if got := written(); got != 1110 {
		t.Fatalf("%d rows at first", got)
	}
	for _, want := range []int{1, 5, 10} {
		for task := 1; task <= want; task++ {
			if _, err := b.Apply(t.Context(), batching.Force(plantest.TaskID(want, 2, task), plantest.Failed, "test")); err != nil {
				t.Fatal(err)
			}
		}
		flush(t, b)
		if got := written(); got != want {
			t.Errorf("%d rows written, want %d", got, want)
		}
	}
	addTask(t, b)
	flush(t, b)
	if got := written(); got != 1 {
		t.Errorf("%d rows written for one more child", got)
	}
}

// TestLogIsPruned keeps the last revisions only.
func TestLogIsPruned(t *testing.T) {
	t.Parallel()
	pool, sa, _, _ := twoStores(t, plantest.Text(1, 1, 2))
	b := open(t, sa)
	// As after 20,000 revisions, the last of which were long.
	run(t, pool, 20_000, `
		INSERT INTO backlog.change (document, revision, token, schema, digest, logged)
		SELECT id, n, '', '', '', CASE WHEN n > 15000 THEN (n - 15000) * 100000::bigint ELSE 0 END FROM backlog.document, generate_series(2, 20001) AS n`)
	run(t, pool, 1, "UPDATE backlog.document SET revision = 20001, logged = 500100000")
	for n := range 64 {
		update(t, b, 1, plantest.Status(1+(n+1)%2))
		flush(t, b)
	}
	var first, count int
	if err := pool.QueryRow(t.Context(), "SELECT min(revision), count(*) FROM backlog.change").Scan(&first, &count); err != nil {
		t.Fatal(err)
	}
	if count > 1000 || first < 19_000 {
		t.Errorf("%d entries from %d", count, first)
	}
}

// TestLongEntries are not logged: others load the document.
func TestLongEntries(t *testing.T) {
	pool, sa, sb, log := twoStores(t, plantest.Text(1, 1, 2))
	a, b := open(t, sa), open(t, sb)
	if _, err := a.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) {
		return p.WithTitle(plantest.MakeID("E1"), strings.Repeat("long ", 1<<18))
	}); err != nil {
		t.Fatal(err)
	}
	flush(t, a)
	run(t, pool, 2, "UPDATE backlog.change SET at = at WHERE groups IS NULL")
	if _, err := b.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if b.Snapshot().String() != a.Snapshot().String() || !strings.Contains(log.String(), "document loaded") {
		t.Error("not loaded", fmt.Sprint(log))
	}
}
