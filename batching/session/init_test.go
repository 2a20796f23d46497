package session_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching/session"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
)

func TestInitMakesASession(t *testing.T) {
	p := newProject(t)
	s := p.init()
	diff(t, "metadata", session.Metadata{
		ID: "001_" + prdHash, Sequence: 1, Hash: prdHash, PlanDir: p.plan,
	}, s.Metadata())
	diff(t, "directory", p.path("plan", "001_"+prdHash), s.Metadata().Dir())
	diff(t, "PRD", prdText, s.PRD())
	diff(t, "plan directory", []string{
		".session.lock",
		"001_" + prdHash + "/",
		"001_" + prdHash + "/architecture/",
		"001_" + prdHash + "/artifacts/",
		"001_" + prdHash + "/prd_snapshot.md",
		"001_" + prdHash + "/prps/",
	}, tree(t, p.plan))
	diff(t, "snapshot", prdText, p.read("plan/001_"+prdHash+"/prd_snapshot.md"))
	if n := s.Backlog().Len(backlog.LevelSubtask); n != 0 || s.Dirty() {
		t.Errorf("a new session has %d subtasks, dirty %v", n, s.Dirty())
	}
}

func TestInitFindsTheSessionOfAPRD(t *testing.T) {
	p := newProject(t)
	first := p.withTasks()
	p.write("PRD.md", "# Something else\n")
	second := p.init()
	p.write("PRD.md", prdText)
	again := p.init()
	diff(t, "the same PRD again", first.Metadata(), again.Metadata())
	diff(t, "sequence of another PRD", 2, second.Metadata().Sequence)
	diff(t, "its backlog", 3, again.Backlog().Len(backlog.LevelSubtask))
	diff(t, "sessions", []string{first.Metadata().ID, second.Metadata().ID}, p.list())
}

func TestInitCountsOn(t *testing.T) {
	tests := []struct {
		name     string
		existing []string
		want     string
	}{
		{"from the highest", []string{"001_aaaaaaaaaaaa", "007_bbbbbbbbbbbb", "003_cccccccccccc"}, "008_" + prdHash},
		{"beyond three digits", []string{"999_aaaaaaaaaaaa"}, "1000_" + prdHash},
		{"past four digits", []string{"1000_aaaaaaaaaaaa", "999_bbbbbbbbbbbb"}, "1001_" + prdHash},
		{"ignoring other names", []string{"9_aaaaaaaaaaaa", "009_AAAAAAAAAAAA", "009_aaaa", "009_aaaaaaaaaaaaa", "x009_aaaaaaaaaaaa", "docs"}, "001_" + prdHash},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newProject(t)
			for _, name := range test.existing {
				p.write("plan/"+name+"/prd_snapshot.md", "x")
			}
			diff(t, "new session", test.want, p.init().Metadata().ID)
		})
	}
}

func TestInitRefusesWhenNumbersRunOut(t *testing.T) {
	p := newProject(t)
	p.write("plan/999999999_aaaaaaaaaaaa/prd_snapshot.md", "x")
	_, err := session.Init(t.Context(), backlog.Format(), p.plan, p.prd, quiet)
	var name *session.NameError
	if !errors.As(err, &name) || name.Name != "1000000000_"+prdHash {
		t.Error(err)
	}
}

func TestInitCompletesWhatAnotherProgramMade(t *testing.T) {
	p := newProject(t)
	dir := "plan/004_" + prdHash
	p.write(dir+"/tasks.json", tasksText)
	s := p.init()
	diff(t, "directory", []string{"architecture/", "artifacts/", "prd_snapshot.md", "prps/", "tasks.json"}, tree(t, p.path(dir)))
	diff(t, "snapshot", prdText, p.read(dir+"/prd_snapshot.md"))
	diff(t, "backlog", 3, s.Backlog().Len(backlog.LevelSubtask))
}

func TestInitTidiesUp(t *testing.T) {
	p := newProject(t)
	p.write("plan/.001_"+prdHash+".0123456789abcdef.tmp/prd_snapshot.md", "half of it")
	p.write("plan/.notes.tmp/mine.md", "not a session being made")
	p.init()
	got := slices.DeleteFunc(tree(t, p.plan), func(name string) bool { return strings.HasPrefix(name, "001_") })
	diff(t, "plan directory", []string{".notes.tmp/", ".notes.tmp/mine.md", ".session.lock"}, got)
}

func TestInitOfAWrongPRD(t *testing.T) {
	p := newProject(t)
	p.write("latin1.md", "# Caf\xe9\n")
	p.write("late.md", "# Product\n\nna\xc3\xafve \xff\n")
	encoding := func(offset, line int) func(error) bool {
		return func(err error) bool {
			var e *session.EncodingError
			return errors.As(err, &e) && *e == session.EncodingError{Offset: offset, Line: line}
		}
	}
	tests := []struct {
		name, prd string
		want      func(error) bool
	}{
		{"missing", "none.md", func(err error) bool { return errors.Is(err, fs.ErrNotExist) }},
		{"a directory", ".", func(err error) bool { return strings.Contains(err.Error(), "not a regular file") }},
		{"not UTF-8", "latin1.md", encoding(5, 1)},
		{"not UTF-8 later on", "late.md", encoding(18, 3)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := session.Init(t.Context(), backlog.Format(), p.plan, p.path(test.prd), quiet)
			if err == nil || !test.want(err) {
				t.Error(err)
			}
			wantPath(t, err, "read PRD", p.path(test.prd))
			if _, err := os.Stat(p.plan); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the plan directory was touched: %v", err)
			}
		})
	}
}

// wantPath checks that an error names the operation and the path.
func wantPath(t testing.TB, err error, op, path string) {
	t.Helper()
	var e *session.Error
	if !errors.As(err, &e) || e.Op != op || e.Path != path || errors.Unwrap(e) == nil {
		t.Errorf("got %v; want the operation %q and the path %s", err, op, path)
	}
}

func TestInitStopsWithTheContext(t *testing.T) {
	p := newProject(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := session.Init(ctx, backlog.Format(), p.plan, p.prd, quiet); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// initAtOnce is one of several programs that make a session for the same PRD. It
// waits for a line, so that all begin together.
func initAtOnce(args []string) error {
	if _, err := fmt.Scanln(); err != nil && err.Error() != "unexpected newline" {
		return err
	}
	ctx := context.Background()
	s, err := session.Init(ctx, backlog.Format(), args[0], args[1], quiet)
	if err != nil {
		return err
	}
	if s.PRD() != prdText {
		return fmt.Errorf("the snapshot is %q", s.PRD())
	}
	fmt.Println(s.Metadata().ID)
	return s.Close(ctx)
}

func TestProcessesInitAtOnce(t *testing.T) {
	const rounds, programs = 12, 3
	for round := range rounds {
		p := newProject(t)
		p.write("plan/004_aaaaaaaaaaaa/prd_snapshot.md", "x")
		outputs := make([]bytes.Buffer, programs)
		var starts []*os.File
		var running sync.WaitGroup
		for i := range programs {
			cmd := program(t, "init", p.plan, p.prd)
			in, start, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			cmd.Stdin, cmd.Stdout, cmd.Stderr = in, &outputs[i], os.Stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			in.Close()
			starts = append(starts, start)
			running.Go(func() {
				if err := cmd.Wait(); err != nil {
					t.Errorf("round %d, program %d: %v", round, i, err)
				}
			})
		}
		for _, start := range starts {
			if _, err := start.WriteString("\n"); err != nil {
				t.Error(err)
			}
			start.Close()
		}
		running.Wait()
		want := "005_" + prdHash
		for i := range outputs {
			diff(t, fmt.Sprintf("round %d, program %d", round, i), want+"\n", outputs[i].String())
		}
		diff(t, "sessions", []string{"004_aaaaaaaaaaaa", want}, p.list())
		for _, name := range tree(t, p.plan) {
			if strings.HasPrefix(name, ".0") {
				t.Errorf("left behind: %s", name)
			}
		}
	}
}

func TestGoroutinesInitAtOnce(t *testing.T) {
	p := newProject(t)
	var running sync.WaitGroup
	for range 8 {
		running.Go(func() {
			s, err := session.Init(t.Context(), backlog.Format(), p.plan, p.prd, quiet)
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
	diff(t, "sessions", []string{"001_" + prdHash}, p.list())
}
