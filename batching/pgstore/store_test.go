package pgstore_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/internal/pgtest"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

func TestNames(t *testing.T) {
	pool, _ := newDatabase(t)
	d := plantest.Parse(plantest.Text(1, 1, 1)).Document
	for _, name := range []string{"a", "Team-7/plan_1.json", strings.Repeat("x", 200)} {
		if _, err := pgstore.New(pool, name).Save(t.Context(), batching.Save{Document: d}); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{"", strings.Repeat("x", 201), "a b", "é", "a'; DROP TABLE backlog.item; --", "a\x00", "a\n", "a%"} {
		s := pgstore.New(pool, name)
		_, save := s.Save(t.Context(), batching.Save{Document: d})
		_, _, load := s.Load(t.Context(), plantest.Type())
		_, acquire := s.Acquire(t.Context(), batching.Acquire{})
		_, leases := s.Leases(t.Context())
		for _, err := range []error{save, load, acquire, leases, s.Replace(t.Context(), d), s.Watch(t.Context(), "")} {
			var wrong *pgstore.NameError
			if !errors.As(err, &wrong) || len(err.Error()) > 400 {
				t.Errorf("%q: %v", name, err)
			}
		}
	}
}

// TestTransientErrors tells what is worth another try.
func TestTransientErrors(t *testing.T) {
	pool, at := newDatabase(t)
	s := pgstore.New(pool, "plan")
	if _, err := s.Save(t.Context(), batching.Save{Document: plantest.Parse(plantest.Text(1, 1, 1)).Document}); err != nil {
		t.Fatal(err)
	}
	load := func(url string) error {
		other, err := pgxpool.New(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		_, _, err = pgstore.New(other, "plan").Load(t.Context(), plantest.Type())
		return err
	}
	for name, test := range map[string]struct {
		url  string
		want bool
	}{
		"nobody listens":   {"postgres://postgres@127.0.0.1:1/x", true},
		"no such database": {pgtest.Edit(t, at, func(u *url.URL) { u.Path += "x" }), false},
		"no such role":     {pgtest.Edit(t, at, func(u *url.URL) { u.User = url.User("nobody") }), false},
	} {
		if err := load(test.url); err == nil || errors.Is(err, batching.ErrTransient) != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	b := open(t, s)
	// The server ends the connections: the flush is tried again by itself.
	update(t, b, 1, plantest.Active)
	admin := pgtest.Pool(t, at)
	if _, err := admin.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"); err != nil {
		t.Fatal(err)
	}
	flush(t, b)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Save(ctx, batching.Save{Base: "1.x", Stored: stored(t, s).Document, Document: b.Snapshot().Document})
	if !errors.Is(err, context.Canceled) || errors.Is(err, batching.ErrTransient) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := s.Save(t.Context(), batching.Save{Base: "nonsense", Stored: b.Snapshot().Document, Document: b.Snapshot().Document}); err == nil {
		t.Error("a revision of another store is accepted")
	}
}

// TestAnyDocument stores documents in each other's place that have nothing to do
// with each other: the order of items, and what is among them, may be any.
func TestAnyDocument(t *testing.T) {
	s := newStore(t, plantest.Text(2, 2, 2))
	r := rand.New(rand.NewPCG(3, 4))
	now, revision, err := s.Load(t.Context(), plantest.Type())
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		d := plantest.Parse(shuffledPlan(r)).Document
		if revision, err = s.Save(t.Context(), batching.Save{Base: revision, Stored: now, Document: d}); err != nil {
			t.Fatal(err)
		}
		now = d
		if got, want := stored(t, s).String(), string(d.AppendJSON(nil)); got != want {
			t.Fatalf("stored\n%s\nwant\n%s", got, want)
		}
	}
}

// shuffledPlan returns epics in any order, each with some stories.
func shuffledPlan(r *rand.Rand) string {
	var epics []string
	for _, e := range r.Perm(9)[:r.IntN(9)] {
		var stories []string
		for _, s := range r.Perm(5)[:r.IntN(5)] {
			stories = append(stories, fmt.Sprintf("\n{\"id\":\"E%d.S%d\",\"title\":\"%d\",\"status\":\"Open\"}", e+1, s+1, r.IntN(3)))
		}
		epics = append(epics, fmt.Sprintf(`{"id":"E%d","title":"x","status":"Open","stories":[%s]}`, e+1, strings.Join(stories, ",")))
	}
	return fmt.Sprintf(`{"z":%d,"plan":[%s]}`, r.IntN(2), strings.Join(epics, ", "))
}

// TestPositionsAreMadeAnew has no room left between two items.
func TestPositionsAreMadeAnew(t *testing.T) {
	pool, _ := newDatabase(t)
	s := pgstore.New(pool, "plan")
	if _, err := s.Save(t.Context(), batching.Save{Document: plantest.Parse(plantest.Text(1, 2, 3)).Document}); err != nil {
		t.Fatal(err)
	}
	// The last task of the first story, and the second story, as after very
	// many additions between the two.
	long := strings.Repeat("0101", 101)
	run(t, pool, 1, "UPDATE backlog.item SET position = position || '\\x"+long+"' WHERE id = 'E1.S1.T3'")
	run(t, pool, 1, "UPDATE backlog.item SET position = (SELECT position FROM backlog.item WHERE id = 'E1.S1.T3') || '\\x0101' WHERE id = 'E1.S2'")
	b := open(t, s)
	for range 3 {
		addTask(t, b)
		flush(t, b)
		if got, want := stored(t, s).String(), b.Snapshot().String(); got != want {
			t.Fatalf("stored\n%s\nwant\n%s", got, want)
		}
	}
	var longest int
	if err := pool.QueryRow(t.Context(), "SELECT max(length(position)) FROM backlog.item").Scan(&longest); err != nil {
		t.Fatal(err)
	}
	if longest > 8 {
		t.Errorf("a position has %d bytes", longest)
	}
}

// TestDamagedRows are errors, not other documents.
func TestDamagedRows(t *testing.T) {
	t.Parallel()
	pool, _ := newDatabase(t)
	for name, statement := range map[string]string{
		"an item is missing":      "DELETE FROM backlog.item WHERE id = 'E1.S1'",
		"all children missing":    "DELETE FROM backlog.item WHERE level = 2",
		"no mark":                 "UPDATE backlog.item SET text = replace(text, e'\\x01', '') WHERE id = 'E1.S1'",
		"no mark in the frame":    "UPDATE backlog.document SET frame = replace(frame, e'\\x01', '')",
		"two marks in the frame":  "UPDATE backlog.document SET frame = replace(frame, e'\\x01', e'\\x01\\x01')",
		"a level that is not":     "UPDATE backlog.item SET level = 7 WHERE id = 'E1.S1.T1'",
		"a negative level":        "UPDATE backlog.item SET level = -1 WHERE id = 'E1.S1.T1'",
		"order":                   "UPDATE backlog.item SET position = '\\x00' WHERE id = 'E1.S1.T1'",
		"another group":           "UPDATE backlog.item SET parent = 'x' WHERE id = 'E2'",
		"text that is no JSON":    "UPDATE backlog.item SET text = 'x' WHERE id = 'E1.S1.T1'",
		"mark in an item's place": "UPDATE backlog.item SET text = text || e'\\x01' WHERE id = 'E1.S1.T1'",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := pool.Exec(t.Context(), "TRUNCATE backlog.document, backlog.item, backlog.change"); err != nil {
				t.Fatal(err)
			}
			s := pgstore.New(pool, "plan")
			if _, err := s.Save(t.Context(), batching.Save{Document: plantest.Parse(plantest.Text(2, 1, 2)).Document}); err != nil {
				t.Fatal(err)
			}
			if _, err := pool.Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
			if d, _, err := s.Load(t.Context(), plantest.Type()); err == nil {
				t.Errorf("loaded: %s", d.AppendJSON(nil))
			}
		})
	}
}

// TestWatchWithoutNotify polls, as with a server that has no LISTEN.
func TestWatchWithoutNotify(t *testing.T) {
	pool, url := newDatabase(t)
	one, err := pgxpool.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	one.MaxConns = 1 // none to spare for listening
	narrow, err := pgxpool.NewWithConfig(t.Context(), one)
	if err != nil {
		t.Fatal(err)
	}
	defer narrow.Close()
	a := pgstore.New(pool, "plan")
	revision, err := a.Save(t.Context(), batching.Save{Document: plantest.Parse(plantest.Text(1, 1, 2)).Document})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() {
		ended <- pgstore.New(narrow, "plan", pgstore.WithPollEvery(10*time.Millisecond)).Watch(t.Context(), revision)
	}()
	b := open(t, a)
	update(t, b, 1, plantest.Active)
	flush(t, b)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestRecovery preserves what cannot be saved, and another program recovers it.
func TestRecovery(t *testing.T) {
	_, url := newDatabase(t)
	p := newProxy(t, server(t))
	pool := p.pool(t, url)
	dir := t.TempDir()
	s := pgstore.New(pool, "team/plan", pgstore.AskFor(0))
	if _, err := s.Save(t.Context(), batching.Save{Document: plantest.Parse(plantest.Text(1, 1, 3)).Document}); err != nil {
		t.Fatal(err)
	}
	b := open(t, s.WithRecovery(dir), batching.WithRetry(batching.RetryPolicy{Attempts: 1}))
	update(t, b, 2, plantest.Active)
	p.plan(1, false, true)
	var failure *batching.FlushError
	if _, err := b.Flush(t.Context()); !errors.As(err, &failure) || !strings.HasPrefix(failure.Preserved, dir) || failure.PreserveErr != nil {
		t.Fatalf("error %v", err)
	}
	if err := b.Close(t.Context()); err == nil {
		t.Error("closed without saving")
	}
	p.mend()
	next := open(t, pgstore.New(pool, "team/plan").WithRecovery(dir))
	if found := next.Recoverable(); len(found) != 1 || len(found[0].Groups) != 1 {
		t.Fatalf("recoverable: %v", found)
	}
	if _, err := next.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, stored(t, s), 2, plantest.Active)
	if _, err := next.Claim(t.Context(), "worker", 1, time.Hour); err != nil {
		t.Error("claims with recovery:", err)
	}
}

// TestOtherPackagesDoNotImportTheDriver lists what programs compile that do not use this
// package.
func TestOtherPackagesDoNotImportTheDriver(t *testing.T) {
	const module = "github.com/backlog-gen/backlog-gen/"
	out, err := exec.Command("go", "list", "-deps", module+"generated/...", module+"statemachine", module+"document",
		module+"batching", module+"batching/filestore", module+"batching/session").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), module+"document\n") {
		t.Fatalf("listed: %s", out)
	}
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "jackc") || strings.Contains(line, "pgstore") {
			t.Errorf("compiled: %s", line)
		}
	}
}

// TestExecModes uses the driver in each way that poolers ask for.
func TestExecModes(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"cache_statement", "cache_describe", "describe_exec", "exec", "simple_protocol"} {
		t.Run(mode, func(t *testing.T) {
			_, url := newDatabase(t)
			pool := pgtest.Pool(t, pgtest.WithParameters(t, url, "default_query_exec_mode", mode))
			s := pgstore.New(pool, "plan", pgstore.WithLogger(quiet))
			if err := s.Create(t.Context(), plantest.Parse(plantest.Text(1, 2, 3)).Document); err != nil {
				t.Fatal(err)
			}
			a, b := open(t, s), open(t, s)
			update(t, a, 1, plantest.Active)
			addTask(t, a)
			flush(t, a)
			if claims, err := b.Claim(t.Context(), "worker", 9, time.Hour); err != nil || len(claims) != 7 { // also the one that is active in nobody's hands
				t.Fatalf("%v, %v", claims, err)
			}
			renewed, err := b.Renew(t.Context(), "worker", time.Hour, plantest.TaskID(1, 1, 2), plantest.TaskID(1, 1, 3))
			if err != nil || len(renewed) != 2 {
				t.Errorf("%v, %v", renewed, err)
			}
			update(t, a, 1, plantest.Done)
			addTask(t, a)
			flush(t, a)
			if got, want := stored(t, s).String(), a.Snapshot().String(); got != want {
				t.Errorf("stored\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestProgress follows a document into the database and out of it.
func TestProgress(t *testing.T) {
	pool, _ := newDatabase(t)
	var seen []int64
	d := plantest.Parse(plantest.Text(10, 20, 100)).Document
	size := d.Size()
	s := pgstore.New(pool, "plan", pgstore.WithProgress(func(done, total int64) {
		if total != size || len(seen) > 0 && seen[len(seen)-1] > done {
			t.Errorf("%d of %d, after %v", done, total, seen)
		}
		seen = append(seen, done)
	}))
	load := func() error {
		_, _, err := s.Load(t.Context(), plantest.Type())
		return err
	}
	for _, transfer := range []func() error{
		func() error { return s.Create(t.Context(), d) }, load, func() error { return s.Replace(t.Context(), d) }, load,
	} {
		seen = nil
		if err := transfer(); err != nil {
			t.Fatal(err)
		}
		if len(seen) < 2 || seen[len(seen)-1] != size {
			t.Errorf("%v, want up to %d", seen, size)
		}
	}
}
