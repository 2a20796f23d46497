package session_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/backlog-gen/backlog-gen/batching/session"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
)

// roleVariable makes the test binary play a program that uses sessions.
const roleVariable = "SESSION_TEST_ROLE"

func TestMain(m *testing.M) {
	roles := map[string]func(args []string) error{
		"init": initAtOnce,
		"run":  runUntilSignal,
		"lock": holdLock,
	}
	if role := roles[os.Getenv(roleVariable)]; role != nil {
		if err := role(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// program returns the test binary in a role.
func program(t testing.TB, role string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	// The race detector would let each program sleep for a second in the end.
	cmd.Env = append(os.Environ(), roleVariable+"="+role, "GORACE=atexit_sleep_ms=0")
	return cmd
}

type (
	backlogSession = session.Session[backlog.Backlog, backlog.ItemID, backlog.Status]
	backlogDelta   = session.Delta[backlog.Backlog, backlog.ItemID, backlog.Status]
	carry          = session.Carry[backlog.ItemID]
)

const (
	prdText = "# Product\n\n## Import\n\nReads files.\n"
	// prdHash is what sha256sum says of prdText, cut to 12 digits.
	prdHash = "779c9ecdd0e4"
)

var (
	phase    = backlog.MustItemID("P1")
	subtask1 = backlog.MustItemID("P1.M1.T1.S1")
	subtask2 = backlog.MustItemID("P1.M1.T1.S2")
	subtask3 = backlog.MustItemID("P1.M1.T1.S3")
)

// tasksText is a backlog with three subtasks, all planned.
var tasksText = strings.Join([]string{
	`{"backlog": [{"type": "Phase", "id": "P1", "title": "Phase", "status": "Planned", "description": "d", "milestones": [`,
	`  {"type": "Milestone", "id": "P1.M1", "title": "Milestone", "status": "Planned", "description": "d", "tasks": [`,
	`    {"type": "Task", "id": "P1.M1.T1", "title": "Task", "status": "Planned", "description": "d", "subtasks": [`,
	subtaskText(1) + ",", subtaskText(2) + ",", subtaskText(3),
	`    ]}]}]}], "kept": 1.50}`,
}, "\n")

func subtaskText(n int) string {
	return fmt.Sprintf(`      {"type": "Subtask", "id": "P1.M1.T1.S%d", "title": "Subtask %d", "status": "Planned", "story_points": 1, "dependencies": [], "context_scope": "c"}`, n, n)
}

func parse(t testing.TB, text string) backlog.Backlog {
	t.Helper()
	b, err := backlog.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// project is a directory with a PRD, and a plan directory that does not exist
// yet.
type project struct {
	t              testing.TB
	dir, prd, plan string
}

func newProject(t testing.TB) project {
	t.Helper()
	dir := t.TempDir()
	p := project{t: t, dir: dir, prd: filepath.Join(dir, "PRD.md"), plan: filepath.Join(dir, "plan")}
	p.write("PRD.md", prdText)
	return p
}

func (p project) path(elements ...string) string {
	return filepath.Join(append([]string{p.dir}, elements...)...)
}

func (p project) write(name, text string) {
	p.t.Helper()
	path := p.path(filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

func (p project) read(name string) string {
	p.t.Helper()
	data, err := os.ReadFile(p.path(filepath.FromSlash(name)))
	if err != nil {
		p.t.Fatal(err)
	}
	return string(data)
}

func (p project) link(to, name string) {
	p.t.Helper()
	if err := os.MkdirAll(filepath.Dir(p.path(name)), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Symlink(to, p.path(name)); err != nil {
		p.t.Skipf("no symbolic links here: %v", err)
	}
}

// tree lists what is in a directory, with a slash behind directories.
func tree(t testing.TB, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if d.IsDir() {
			name += "/"
		}
		names = append(names, filepath.ToSlash(name))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

func (p project) init(opts ...session.Option) *backlogSession {
	p.t.Helper()
	s, err := session.Init(p.t.Context(), backlog.Format(), p.plan, p.prd, append([]session.Option{quiet}, opts...)...)
	return p.opened(s, err)
}

func (p project) load(id string, opts ...session.Option) *backlogSession {
	p.t.Helper()
	s, err := session.Load(p.t.Context(), backlog.Format(), filepath.Join(p.plan, id), append([]session.Option{quiet}, opts...)...)
	return p.opened(s, err)
}

// withTasks initialises a session with the sample backlog.
func (p project) withTasks(opts ...session.Option) *backlogSession {
	p.t.Helper()
	s := p.init(opts...)
	if err := s.Save(p.t.Context(), parse(p.t, tasksText)); err != nil {
		p.t.Fatal(err)
	}
	return s
}

func (p project) opened(s *backlogSession, err error) *backlogSession {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = s.Close(context.Background()) })
	return s
}

// stored reads the backlog from the file of a session.
func (p project) stored(id string) backlog.Backlog {
	p.t.Helper()
	return parse(p.t, p.read("plan/"+id+"/tasks.json"))
}

func (p project) list() []string {
	p.t.Helper()
	sessions, err := session.List(p.t.Context(), p.plan)
	if err != nil {
		p.t.Fatal(err)
	}
	return ids(sessions)
}

func ids(sessions []session.Metadata) []string {
	var ids []string
	for _, m := range sessions {
		ids = append(ids, m.ID)
	}
	return ids
}

var quiet = session.WithLogger(slog.New(slog.DiscardHandler))

func update(t testing.TB, s *backlogSession, id backlog.ItemID, to backlog.Status) {
	t.Helper()
	if _, err := s.UpdateStatus(t.Context(), id, to); err != nil {
		t.Fatal(err)
	}
}

func wantStatus(t testing.TB, b backlog.Backlog, id backlog.ItemID, want backlog.Status) {
	t.Helper()
	item, ok := b.Item(id)
	if !ok {
		t.Fatalf("%s is not there", id)
	}
	if item.Status() != want {
		t.Errorf("%s is %v, want %v", id, item.Status(), want)
	}
}

func diff(t testing.TB, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// logBuffer collects log records.
type logBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buffer.Write(p)
}

func (l *logBuffer) option() session.Option {
	return session.WithLogger(slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug})))
}

// find returns the records with a message, without time and level.
func (l *logBuffer) find(t testing.TB, message string) []map[string]any {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []map[string]any
	for line := range bytes.Lines(l.buffer.Bytes()) {
		record := map[string]any{}
		if err := json.Unmarshal(line, &record); err != nil {
			t.Fatal(err)
		}
		if record["msg"] == message {
			delete(record, "time")
			delete(record, "level")
			delete(record, "msg")
			found = append(found, record)
		}
	}
	return found
}
