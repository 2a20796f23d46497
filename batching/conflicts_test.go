package batching_test

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// TestConflictsThatNobodyAsksFor lets conflicts pile up, as they do where a
// program only flushes by itself: a bounded number is kept, the newest, and no
// document is kept alive by them.
func TestConflictsThatNobodyAsksFor(t *testing.T) {
	const rounds, each = 15, 100
	name := newFile(t, 1, 1, each)
	before, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, filestore.New(name))
	collected := make(chan int, rounds)
	for round := range rounds {
		for task := range each {
			update(t, b, task+1, plantest.Active)
		}
		runtime.AddCleanup(b.Snapshot().Document, func(n int) { collected <- n }, round)
		theirs := strings.ReplaceAll(string(before), `"Open"`, `"Done"`)
		if err := os.WriteFile(name, []byte(theirs), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Refresh(t.Context()); err != nil { // all are illegal now
			t.Fatal(err)
		}
		if err := os.WriteFile(name, before, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for len(collected) < rounds-1 { // waits for ever if conflicts keep them
		runtime.GC()
		runtime.Gosched()
	}
	_, err = b.Flush(t.Context())
	var conflict *batching.ConflictError
	if !errors.As(err, &conflict) || len(conflict.Groups) != 1000 || conflict.Omitted != rounds*each-1000 {
		t.Fatalf("%d groups, %d omitted", len(conflict.Groups), conflict.Omitted)
	}
	if first, _, _ := strings.Cut(err.Error(), "\n"); first != "1500 groups left out because of another writer's changes, the oldest 500 of which are not listed" {
		t.Errorf("message %q", first)
	}
	last := conflict.Groups[999].Items[0]
	if last.ID != plantest.TaskID(1, 1, each).Document() || last.String() != fmt.Sprintf("E1.S1.T%d (ours Active, theirs Done)", each) {
		t.Errorf("last: %v", last)
	}
	if text, ok := last.Theirs.Text(plantest.TitleField); !ok || text != fmt.Sprintf("Title of E1.S1.T%d", each) {
		t.Errorf("their title %q", text)
	}
	if _, err := b.Flush(t.Context()); err != nil {
		t.Errorf("reported twice: %v", err)
	}
}
