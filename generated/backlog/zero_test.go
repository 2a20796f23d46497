package backlog_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
)

func TestTheZeroBacklogIsANewOne(t *testing.T) {
	var zero backlog.Backlog
	if !zero.Equal(backlog.New()) || len(backlog.Diff(zero, backlog.New())) > 0 {
		t.Error("the zero Backlog differs from a new one")
	}
	spec := backlog.PhaseSpec{Title: "First", Description: "Begin."}
	var texts []string
	for _, b := range []backlog.Backlog{zero, backlog.New()} {
		b, err := b.AddPhase(spec)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(b.AppendJSON(nil)))
	}
	if diff := cmp.Diff(texts[1], texts[0]); diff != "" {
		t.Errorf("added to a new Backlog (-) and to the zero one (+):\n%s", diff)
	}
}

// TestEditsThatReturnTheZeroBacklog are mistakes, and must not empty the file;
// those that return a new one mean it.
func TestEditsThatReturnTheZeroBacklog(t *testing.T) {
	ctx := context.Background()
	b, err := backlog.Parse([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "backlog.json")
	if err := backlog.Create(ctx, path, b); err != nil {
		t.Fatal(err)
	}
	batcher, err := backlog.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer batcher.Close(ctx)
	edit := func(to backlog.Backlog) (backlog.Backlog, error) {
		return batcher.Edit(ctx, func(backlog.Backlog) (backlog.Backlog, error) { return to, nil })
	}
	after, err := edit(backlog.Backlog{})
	if err == nil || !strings.Contains(err.Error(), "zero value") || !after.Equal(b) || batcher.Dirty() {
		t.Errorf("%v; changed: %v", err, !after.Equal(b))
	}
	if after, err = edit(backlog.New()); err != nil || after.Len(backlog.LevelPhase) != 0 {
		t.Errorf("%d phases, %v: want none", after.Len(backlog.LevelPhase), err)
	}
}

func TestRefusedChangesReturnTheBacklogAsItWas(t *testing.T) {
	b, err := backlog.Parse([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func() (backlog.Backlog, error){
		"an event":   func() (backlog.Backlog, error) { return b.Fire(backlog.ItemID{}, backlog.EventResearch) },
		"an update":  func() (backlog.Backlog, error) { return b.WithTask(backlog.Task{}) },
		"an item":    func() (backlog.Backlog, error) { return b.AddTask(backlog.MilestoneID{}, backlog.TaskSpec{}) },
		"no phase":   func() (backlog.Backlog, error) { return b.AddPhase(backlog.PhaseSpec{}) },
		"a removal":  func() (backlog.Backlog, error) { return b.Remove(backlog.ItemID{}) },
		"one status": func() (backlog.Backlog, error) { return b.Advance(backlog.ItemID{}, backlog.StatusReady) },
	} {
		t.Run(name, func(t *testing.T) {
			after, err := change()
			if err == nil {
				t.Fatal("accepted")
			}
			if diff := cmp.Diff(sample, string(after.AppendJSON(nil))); diff != "" {
				t.Errorf("(-was +is):\n%s", diff)
			}
		})
	}
}

func TestZeroItemsAreNamedByTheirLevel(t *testing.T) {
	b, err := backlog.Parse([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	failure := func(_ backlog.Backlog, err error) error { return err }
	for want, err := range map[string]error{
		"no Phase is meant":     failure(b.WithPhase(backlog.Phase{})),
		"no Milestone is meant": failure(b.WithMilestone(backlog.Milestone{})),
		"no Task is meant":      failure(b.WithTask(backlog.Task{}.WithTitle("x"))),
		"no Subtask is meant":   failure(b.WithSubtask(backlog.Subtask{})),
		"no item is meant":      failure(b.Remove(backlog.ItemID{})),
	} {
		missing, ok := err.(*document.NotFoundError)
		if !ok || !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), "zero") || !missing.ID.IsZero() {
			t.Errorf("got %v, want one that begins with %q", err, want)
		}
	}
	if err := failure(b.AddTask(backlog.MilestoneID{}, backlog.TaskSpec{})); err == nil || !strings.HasPrefix(err.Error(), "no Milestone is meant") {
		t.Errorf("got %v", err)
	}
}
