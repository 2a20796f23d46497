package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
	"github.com/backlog-gen/backlog-gen/internal/pgtest"
)

// backlogText has what exporters like to change: spacing, escapes, numbers, a
// byte-order mark, unknown members, no final newline.
const backlogText = "\ufeff{ \"x\": 1.0, \"backlog\": [\r\n\t{\"type\":\"Phase\",\"id\":\"P1\",\"title\":\"\\u00e9 é\",\"status\":\"Planned\",\"description\":\"d\",\"y\":[1e3]}\r\n] }"

// server returns the PostgreSQL server that the tests share.
var server, removeServer = pgtest.Shared()

// newDatabase makes a database of the test's own, which the PG variables lead to.
func newDatabase(t *testing.T) (url string) {
	t.Helper()
	url = server(t).Database(t)
	for name, value := range pgtest.Environment(t, url) {
		t.Setenv(name, value)
	}
	return url
}

// backlogSchema returns the path of the schema of backlogText.
func backlogSchema(t *testing.T) string {
	t.Helper()
	schema, err := filepath.Abs(filepath.Join("..", "..", "schema", "formats", "prp", "schema.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// TestImportAndExport moves a backlog to a database and back.
func TestImportAndExport(t *testing.T) {
	url := newDatabase(t)
	schema := backlogSchema(t)
	t.Chdir(t.TempDir())
	files := map[string]string{
		"tasks.json":   backlogText,
		"other.json":   `{"backlog":[]}`,
		"refused.json": `{"backlog":[{"id":"P1"}]}`,
	}
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	steps := []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no tables yet", []string{"export", "--name", "b", "none.json"}, exitFailure, "import makes the tables"},
		{"still no tables", []string{"export", "--name", "b", "-"}, exitFailure, "import makes the tables"},
		{"no name", []string{"import", "--schema", schema, "tasks.json"}, exitFailure, "say with --name"},
		{"impossible name", []string{"import", "--schema", schema, "--name", "a b", "tasks.json"}, exitFailure, `"a b" is not a name that a document can have`},
		{"refused", []string{"import", "--schema", schema, "--name", "b", "refused.json"}, exitFindings, "refused.json:1:13: P1: "},
		{"import", []string{"import", "--schema", schema, "--name", "b", "tasks.json"}, exitClean, ""},
		{"is there", []string{"import", "--schema", schema, "--name", "b", "other.json"}, exitFindings, `there is a backlog "b" in the database: --replace replaces it`},
		{"not there", []string{"export", "--name", "c", "none.json"}, exitFailure, `document "c": file does not exist`},
		{"export", []string{"export", "--name", "b", "back.json"}, exitClean, ""},
		{"export over a folder", []string{"export", "--name", "b", "--force", "."}, exitFailure, ". is not a regular file"},
		{"file is there", []string{"export", "--name", "b", "other.json"}, exitFindings, "other.json is there already: --force replaces it"},
		{"export over a file", []string{"export", "--name", "b", "--force", "other.json"}, exitClean, ""},
		{"replace", []string{"import", "--schema", schema, "--name", "b", "--replace", "other.json"}, exitClean, ""},
		{"by URL", []string{"export", "--database", url, "--name", "b", "again.json"}, exitClean, ""},
		{"no server", []string{"export", "--database", "postgres://me:sesame@127.0.0.1:1/x", "--name", "b", "never.json"}, exitFailure, "connect"},
		{"no URL", []string{"export", "--database", "postgres://me:sesame@[/x", "--name", "b", "never.json"}, exitFailure, "parse"},
		{"name before server", []string{"export", "--database", "postgres://127.0.0.1:1/x", "--name", "a b", "never.json"}, exitFailure, `"a b" is not a name that a document can have`},
		{"name before server and file", []string{"import", "--schema", schema, "--database", "postgres://127.0.0.1:1/x", "--name", "a b", "missing.json"}, exitFailure, `"a b" is not a name that a document can have`},
	}
	for _, step := range steps {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), step.args, &stdout, &stderr)
		said := stdout.String() + stderr.String()
		if code != step.code || !strings.Contains(said, step.says) || step.says == "" && said != "" {
			t.Errorf("%s: exit code %d, want %d; says %q, want %q", step.name, code, step.code, said, step.says)
		}
		if strings.Contains(said, "sesame") {
			t.Errorf("%s: says the password: %q", step.name, said)
		}
	}
	for _, name := range []string{"back.json", "other.json", "again.json"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if string(data) != backlogText {
			t.Errorf("%s is %q", name, data)
		}
	}
	if _, err := os.Stat("never.json"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("never.json: %v", err)
	}
	var stdout bytes.Buffer
	if code := run(t.Context(), []string{"export", "--name", "b", "-"}, &stdout, &stdout); code != exitClean || stdout.String() != backlogText {
		t.Errorf("exit code %d, %q", code, stdout.String())
	}
}

// TestDatabaseErrorsHoldNoSecrets has passwords that are not written as they must
// be. Nothing of them is printed.
func TestDatabaseErrorsHoldNoSecrets(t *testing.T) {
	t.Setenv("PGCONNECT_TIMEOUT", "1")
	for name, test := range map[string]struct{ url, says string }{
		"spaces around the sign": {"host=h password = sesame port=abc", "invalid port"},
		"a space in a value":     {`host=h password=ses\ ame port=abc`, "invalid port"},
		"a space, not escaped":   {"host=127.0.0.1 port=1 password=ses ame", "failed to parse as keyword/value"},
		"no end of a value":      {"host=h password='ses ame", "failed to parse as keyword/value"},
		"two signs":              {"postgres://me:ses@ame@h:no/x", "%40"},
		"two signs, port is one": {"postgres://me:ses@ame@127.0.0.1:1/x", "%40"},
		"a slash":                {"postgres://me:1/ame@127.0.0.1:1/x", "%2F"},
		"a value with a sign":    {"postgres://127.0.0.1:1/x?password=ses@ame", "%40"},
		"another scheme":         {"postgre://me:ses=ame@127.0.0.1:1/x", "postgres://"},
		"an unknown value":       {"postgres://me@127.0.0.1:1/x?target_session_attrs=sesame", "unknown target_session_attrs value"},
		"a size that is not":     {"postgres://me:sesame@127.0.0.1:1/x?pool_max_conns=ame", "cannot parse pool_max_conns"},
		"all is well":            {"postgres://me:ses%40ame@127.0.0.1:1/x", "connect"},
	} {
		t.Run(name, func(t *testing.T) {
			var said bytes.Buffer
			code := run(t.Context(), []string{"export", "--name", "b", "--database", test.url, "-"}, &said, &said)
			text := strings.ReplaceAll(said.String(), "name", "")
			if code != exitFailure || !strings.Contains(text, test.says) || strings.Contains(text, "ame") || strings.Contains(text, "ses@") {
				t.Errorf("exit code %d, says %q, want %q", code, said.String(), test.says)
			}
		})
	}
}

// TestExportLeavesTheDatabaseAlone looks for tables that nobody has asked for.
func TestExportLeavesTheDatabaseAlone(t *testing.T) {
	url := newDatabase(t)
	var said bytes.Buffer
	if code := run(t.Context(), []string{"export", "--name", "b", "-"}, &said, &said); code != exitFailure {
		t.Errorf("exit code %d: %s", code, &said)
	}
	var schemas int
	if err := pgtest.Pool(t, url).QueryRow(t.Context(), "SELECT count(*) FROM pg_namespace WHERE nspname = 'backlog'").Scan(&schemas); err != nil {
		t.Fatal(err)
	}
	if schemas != 0 {
		t.Error("export has made the tables")
	}
}

// TestImportLeavesNoUpdatesBehind has a file beside which there are updates that
// could not be saved to it.
func TestImportLeavesNoUpdatesBehind(t *testing.T) {
	newDatabase(t)
	schema := backlogSchema(t)
	t.Chdir(t.TempDir())
	if err := os.WriteFile("tasks.json", []byte(backlogText), 0o644); err != nil {
		t.Fatal(err)
	}
	place := filestore.New("tasks.json").NewRecovery()
	if err := errors.Join(place.Preserve([]byte("pending")), place.Close()); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(".tasks.json.*.recovery")
	if err != nil || len(left) != 1 {
		t.Fatal(left, err)
	}
	args := []string{"import", "--schema", schema, "--name", "b", "tasks.json"}
	var said bytes.Buffer
	if code := run(t.Context(), args, &said, &said); code != exitFindings || !strings.Contains(said.String(), "preserved them in ") || !strings.Contains(said.String(), left[0]) {
		t.Errorf("exit code %d, says %q", code, &said)
	}
	if err := os.Remove(left[0]); err != nil {
		t.Fatal(err)
	}
	said.Reset()
	if code := run(t.Context(), args, &said, &said); code != exitClean {
		t.Errorf("exit code %d, says %q", code, &said)
	}
}

// TestImportIsInterrupted interrupts an import that waits for somebody else.
func TestImportIsInterrupted(t *testing.T) {
	url := newDatabase(t)
	pool := pgtest.Pool(t, url)
	if err := pgstore.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	schema := backlogSchema(t)
	t.Chdir(t.TempDir())
	if err := os.WriteFile("tasks.json", []byte(backlogText), 0o644); err != nil {
		t.Fatal(err)
	}
	blocker, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = blocker.Rollback(context.Background()) }()
	if _, err := blocker.Exec(t.Context(), "LOCK TABLE backlog.document"); err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	var said bytes.Buffer
	code := make(chan int)
	go func() {
		code <- run(ctx, []string{"import", "--schema", schema, "--name", "b", "tasks.json"}, &said, &said)
	}()
	for waiting := 0; waiting == 0; {
		if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'backlog.document'::regclass").Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	interrupt()
	if got := <-code; got != exitFailure || !strings.Contains(said.String(), "interrupted: context canceled") {
		t.Errorf("exit code %d, says %q", got, &said)
	}
}

// TestExportWaitsForTheLock exports over a file that a program is saving.
func TestExportWaitsForTheLock(t *testing.T) {
	newDatabase(t)
	schema := backlogSchema(t)
	t.Chdir(t.TempDir())
	if err := os.WriteFile("tasks.json", []byte(backlogText), 0o644); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	if code := run(t.Context(), []string{"import", "--schema", schema, "--name", "b", "tasks.json"}, &said, &said); code != exitClean {
		t.Fatal(said.String())
	}
	if err := os.WriteFile("tasks.json", []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	lock, err := atomicfile.TryLock(atomicfile.OS{}, "tasks.json.lock", "tasks.json")
	if err != nil || lock == nil {
		t.Fatal(lock, err)
	}
	export := []string{"export", "--name", "b", "--force", "tasks.json"}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if code := run(ctx, export, &said, &said); code != exitFailure || !strings.Contains(said.String(), "interrupted") {
		t.Errorf("locked: exit code %d, says %q", code, &said)
	}
	if data, err := os.ReadFile("tasks.json"); err != nil || string(data) != "old" {
		t.Errorf("locked: %q, %v", data, err)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	if code := run(t.Context(), export, &said, &said); code != exitClean {
		t.Errorf("exit code %d, says %q", code, &said)
	}
	if data, err := os.ReadFile("tasks.json"); err != nil || string(data) != backlogText {
		t.Errorf("%q, %v", data, err)
	}
}
