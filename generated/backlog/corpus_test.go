package backlog_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
	"github.com/backlog-gen/backlog-gen/internal/corpus"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

func parse(t *testing.T, data []byte) backlog.Backlog {
	t.Helper()
	b, err := backlog.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRealFilesComeBackByteForByte(t *testing.T) {
	for name, data := range corpus.Files(t, corpus.PRP) {
		t.Run(name, func(t *testing.T) {
			b := parse(t, data)
			if diff := cmp.Diff(string(data), string(b.AppendJSON(nil))); diff != "" {
				t.Errorf("AppendJSON (-file +got):\n%s", diff)
			}
			var buf bytes.Buffer
			if n, err := b.WriteTo(&buf); err != nil || n != int64(len(data)) || !bytes.Equal(buf.Bytes(), data) {
				t.Errorf("WriteTo wrote %d bytes of %d, error %v", n, len(data), err)
			}
		})
	}
}

// TestRealFilesTakeUpdates updates one item of each level, and then counts the
// lines of the file that differ.
func TestRealFilesTakeUpdates(t *testing.T) {
	for name, data := range corpus.Files(t, corpus.PRP) {
		t.Run(name, func(t *testing.T) {
			b := parse(t, data)
			updates := 0
			for _, level := range backlog.Levels() {
				if b.Len(level) == 0 {
					t.Errorf("the file has no %s", level)
					continue
				}
				next, ok := updateOne(t, b, level)
				if !ok {
					t.Errorf("no %s takes an update", level)
					continue
				}
				b = next
				updates++
			}
			if got := changedLines(data, b.AppendJSON(nil)); got != updates {
				t.Errorf("%d updates changed %d lines", updates, got)
			}
		})
	}
}

// updateOne fires the first event that an item of the level accepts.
func updateOne(t *testing.T, b backlog.Backlog, level backlog.Level) (backlog.Backlog, bool) {
	t.Helper()
	machine, err := statemachine.New(backlog.WorkMachine())
	if err != nil {
		t.Fatal(err)
	}
	for item := range b.Items() {
		if item.Level() != level {
			continue
		}
		for _, step := range machine.Legal(item.Status()) {
			next, err := b.Fire(item.ItemID(), step.Event)
			if err != nil {
				continue // a guard
			}
			if now, _ := next.Item(item.ItemID()); now.Status() != step.To {
				t.Fatalf("%v is %v after %v, want %v", item, now.Status(), step.Event, step.To)
			}
			return next, true
		}
	}
	return backlog.Backlog{}, false
}

// changedLines counts the lines that differ; -1 if there are more or fewer.
func changedLines(a, b []byte) int {
	before, after := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	if len(before) != len(after) {
		return -1
	}
	changed := 0
	for i := range before {
		if !bytes.Equal(before[i], after[i]) {
			changed++
		}
	}
	return changed
}

func TestBrokenFilesAreRefusedWithTheirPlace(t *testing.T) {
	for name, data := range corpus.Files(t, corpus.Broken) {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "tasks.json")
			if err := os.WriteFile(path, data, 0o666); err != nil {
				t.Fatal(err)
			}
			bt, err := backlog.Open(t.Context(), path)
			if err == nil {
				_ = bt.Close(t.Context())
				t.Fatal("Open accepted the file")
			}
			var refused *document.ParseError
			if !errors.As(err, &refused) {
				t.Fatalf("Open: %v, want a *document.ParseError", err)
			}
			if refused.File != path || len(refused.Problems) == 0 {
				t.Errorf("Open refused %q with %d problems, want %q and some", refused.File, len(refused.Problems), path)
			}
			for _, problem := range refused.Problems {
				if problem.Line == 0 || problem.Column == 0 {
					t.Errorf("no place: %v", problem)
				}
			}
		})
	}
}

// TestRealItemsSurviveTheirSpec makes new items of the specs of real ones.
func TestRealItemsSurviveTheirSpec(t *testing.T) {
	for name, data := range corpus.Files(t, corpus.PRP) {
		b := parse(t, data)
		for subtask := range b.Subtasks() {
			if again := backlog.NewSubtask(subtask.Spec()); !again.Equal(subtask) {
				t.Errorf("%s: %v changed:\n%s", name, subtask, cmp.Diff(subtask.Spec(), again.Spec()))
			}
		}
		for phase := range b.Phases() {
			if again := backlog.NewPhase(phase.Spec()); !again.Equal(phase) {
				t.Errorf("%s: %v changed:\n%s", name, phase, cmp.Diff(phase.Spec(), again.Spec()))
			}
		}
	}
}
