package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/internal/pgtest"
)

// backlogText has what exporters like to change: spacing, escapes, numbers, a
// byte-order mark, unknown members, no final newline.
const backlogText = "\ufeff{ \"x\": 1.0, \"backlog\": [\r\n\t{\"type\":\"Phase\",\"id\":\"P1\",\"title\":\"\\u00e9 é\",\"status\":\"Planned\",\"description\":\"d\",\"y\":[1e3]}\r\n] }"

// newDatabase makes a database of the test's own, which the PG variables lead to.
func newDatabase(t *testing.T) (url string) {
	t.Helper()
	server, remove := pgtest.Shared()
	t.Cleanup(remove)
	url = server(t).Database(t)
	for name, value := range pgtest.Environment(t, url) {
		t.Setenv(name, value)
	}
	return url
}

// TestImportAndExport moves a backlog to a database and back.
func TestImportAndExport(t *testing.T) {
	url := newDatabase(t)
	schema, err := filepath.Abs(filepath.Join("..", "..", "schema", "backlog.yaml"))
	if err != nil {
		t.Fatal(err)
	}
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
		{"nothing there yet", []string{"export", "--name", "b", "none.json"}, exitFailure, `document "b": file does not exist`},
		{"no name", []string{"import", "--schema", schema, "tasks.json"}, exitFailure, "say with --name"},
		{"impossible name", []string{"import", "--schema", schema, "--name", "a b", "tasks.json"}, exitFailure, `"a b" is no name of a document`},
		{"refused", []string{"import", "--schema", schema, "--name", "b", "refused.json"}, exitFindings, "refused.json:1:13: P1: "},
		{"import", []string{"import", "--schema", schema, "--name", "b", "tasks.json"}, exitClean, ""},
		{"is there", []string{"import", "--schema", schema, "--name", "b", "other.json"}, exitFindings, `there is a backlog "b" in the database: --replace replaces it`},
		{"export", []string{"export", "--name", "b", "back.json"}, exitClean, ""},
		{"file is there", []string{"export", "--name", "b", "other.json"}, exitFindings, "other.json is there already: --force replaces it"},
		{"export over a file", []string{"export", "--name", "b", "--force", "other.json"}, exitClean, ""},
		{"replace", []string{"import", "--schema", schema, "--name", "b", "--replace", "other.json"}, exitClean, ""},
		{"by URL", []string{"export", "--database", url, "--name", "b", "again.json"}, exitClean, ""},
		{"no server", []string{"export", "--database", "postgres://me:sesame@127.0.0.1:1/x", "--name", "b", "never.json"}, exitFailure, "connect"},
		{"no URL", []string{"export", "--database", "postgres://me:sesame@[/x", "--name", "b", "never.json"}, exitFailure, "parse"},
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
