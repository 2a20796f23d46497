package batching_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// TestRebaseOfManyAdditions applies many additions, each a group, to what another
// writer has stored: that must not cost a look at the whole document for each.
func TestRebaseOfManyAdditions(t *testing.T) {
	// rebase returns the bytes that taking in another writer's change takes.
	rebase := func(additions int) uint64 {
		name := newFile(t, 1, 1, 2000)
		b := open(t, filestore.New(name))
		story := plantest.MakeID("E1.S1").Document()
		for range additions {
			_, err := b.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) {
				item := plantest.Type().NewItem(plantest.TaskLevel, document.ID{}).
					With(plantest.TitleField, document.TextValue("new")).
					With(plantest.AfterField, document.ListValue(document.ReferenceValue(plantest.TaskID(1, 1, 7).Document())))
				d, err := p.Document.AddItem(item, story)
				return plantest.Plan{Document: d}, err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		rewrite(t, name, plantest.TaskID(1, 1, 5), plantest.Active, false)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := b.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if got := b.Snapshot().Document.Len(plantest.TaskLevel); got != 2000+additions {
			t.Errorf("%d tasks after %d additions", got, additions)
		}
		return after.TotalAlloc - before.TotalAlloc
	}
	one, many := rebase(1), rebase(50)
	if many > 5*one {
		t.Errorf("a rebase of 50 additions takes %d bytes, of one %d", many, one)
	}
}

// TestNewItemsThatReferToAnItemOfAnotherWriter adds items that refer to an item of ours, whose id
// another writer has given to one of theirs.
func TestNewItemsThatReferToAnItemOfAnotherWriter(t *testing.T) {
	tests := []struct {
		name string
		kind format.IDKind
		// new is the text of the new item, parent where it goes.
		new, parent string
		left        int
	}{
		{"a task", format.TextID, `{"id": "n", "title": "N", "status": "Open", "after": ["a", "c"]}`, "two", 2},
		{"a task that refers to another one", format.TextID, `{"id": "n", "title": "N", "status": "Open", "after": ["a"]}`, "two", 1},
		{"a task that refers to itself", format.TextID, `{"id": "n", "title": "N", "status": "Open", "after": ["n"]}`, "two", 1},
		{"a task that only looks like it", format.TextID, `{"id": "n", "title": "c", "status": "Open"}`, "two", 1},
		{"a task below a new story", format.TextID,
			`{"id": "s", "title": "S", "status": "Open", "tasks": [{"id": "n", "title": "N", "status": "Open", "after": ["c"]}]}`, "e", 2},
		{"a sibling", format.LocalID, `{"id": "n", "title": "N", "status": "Open", "after": ["c"]}`, "e.two", 2},
		{"a namesake", format.LocalID, `{"id": "n", "title": "N", "status": "Open", "after": ["c"]}`, "e.one", 1},
		{"by full id", format.LocalID, `{"id": "n", "title": "N", "status": "Open", "after": ["e.two.c"]}`, "e.one", 2},
		{"by full id below a new story", format.LocalID,
			`{"id": "s", "title": "S", "status": "Open", "tasks": [{"id": "n", "title": "N", "status": "Open", "after": ["e.two.c"]}]}`, "e", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			of, id := textFormat(t), func(text string) document.ID { return document.NewID("", text) }
			two := "two"
			if tt.kind == format.LocalID {
				of, two = localFormat(t), "e.two"
			}
			name := filepath.Join(t.TempDir(), "plan.json")
			if err := os.WriteFile(name, []byte(textPlan), 0o644); err != nil {
				t.Fatal(err)
			}
			b, err := batching.Open(t.Context(), of, filestore.New(name))
			if err != nil {
				t.Fatal(err)
			}
			add := func(text, parent string) planEdit {
				own := strings.SplitN(text, `"`, 5)[3]
				if tt.kind == format.LocalID {
					own = parent + "." + own
				}
				return func(p plantest.Plan) (plantest.Plan, error) {
					return p.Apply(document.Change{Op: document.OpAdd, ID: id(own), Edit: &document.Edit{Parent: id(parent), Item: text}})
				}
			}
			taken := `{"id": "c", "title": "%s", "status": "Open"}`
			theirs, err := add(fmt.Sprintf(taken, "theirs"), two)(b.Snapshot())
			if err != nil {
				t.Fatal(err)
			}
			for _, edit := range []planEdit{add(fmt.Sprintf(taken, "ours"), two), add(tt.new, tt.parent)} {
				if _, err := b.Edit(t.Context(), edit); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(name, []byte(theirs.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			err = b.Close(t.Context())
			var conflict *batching.ConflictError
			if !errors.As(err, &conflict) || len(conflict.Groups) != tt.left {
				t.Fatalf("want %d groups left out: %v", tt.left, err)
			}
			var astray *batching.MergeError
			if tt.left == 2 && (!errors.As(conflict.Groups[1].Err, &astray) || !strings.Contains(astray.Message, "refers to")) {
				t.Errorf("left out because of %v", conflict.Groups[1].Err)
			}
		})
	}
}
