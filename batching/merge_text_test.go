package batching_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// textFormat is the format of plans with ids of their own, so that items can
// move. localFormat is the one with ids of their own among siblings.
func textFormat(t *testing.T) batching.Format[plantest.Plan, plantest.ID, plantest.Status] {
	t.Helper()
	return formatWith(t, format.TextID)
}

func localFormat(t *testing.T) batching.Format[plantest.Plan, plantest.ID, plantest.Status] {
	t.Helper()
	return formatWith(t, format.LocalID)
}

func formatWith(t *testing.T, kind format.IDKind) batching.Format[plantest.Plan, plantest.ID, plantest.Status] {
	t.Helper()
	descriptor := plantest.Type().Descriptor()
	descriptor.Name = "text"
	descriptor.Levels = slices.Clone(descriptor.Levels)
	for i := range descriptor.Levels {
		descriptor.Levels[i].ID = format.IDDescriptor{Kind: kind}
	}
	typ, err := document.NewType(descriptor)
	if err != nil {
		t.Fatal(err)
	}
	f := plantest.Format()
	f.Type = typ
	return f
}

const textPlan = `{"plan": [{"id": "e", "title": "E", "status": "Open", "stories": [
  {"id": "one", "title": "1", "status": "Open", "tasks": [
    {"id": "a", "title": "A", "status": "Open"},
    {"id": "b", "title": "B", "status": "Open"}]},
  {"id": "two", "title": "2", "status": "Open"},
  {"id": "three", "title": "3", "status": "Open"}]}]}`

// TestThreeWayMovesAndReferences has both sides move items, and one side refer
// to an item of its own that is left out.
func TestThreeWayMovesAndReferences(t *testing.T) {
	format := textFormat(t)
	id := func(text string) document.ID { return document.NewID("", text) }
	move := func(item, to string) planEdit {
		return func(p plantest.Plan) (plantest.Plan, error) { return p.Apply(document.Move(id(item), id(to))) }
	}
	add := func(text, title string) planEdit {
		return func(p plantest.Plan) (plantest.Plan, error) {
			item := format.Type.NewItem(plantest.TaskLevel, id(text)).With(plantest.TitleField, document.TextValue(title))
			return p.Apply(item.AddChange(id("two")))
		}
	}
	after := func(item, ref string) planEdit {
		return func(p plantest.Plan) (plantest.Plan, error) {
			old, _ := p.Document.Find(id(item))
			edit, _ := old.With(plantest.AfterField, document.ListValue(document.ReferenceValue(id(ref)))).EditChange()
			return p.Apply(edit)
		}
	}
	tests := []struct {
		name         string
		ours, theirs []planEdit
		left         int
		parent       string // of a
		refers       bool   // b to something
	}{
		{"both move one item", []planEdit{move("a", "two")}, []planEdit{move("a", "three")}, 1, "three", false},
		{"both move it alike, which the gate refuses", []planEdit{move("a", "two")}, []planEdit{move("a", "two")}, 1, "two", false},
		{"they edit what we move", []planEdit{move("a", "two")}, []planEdit{after("a", "b")}, 0, "two", false},
		{"they move what we edit", []planEdit{after("b", "a")}, []planEdit{move("b", "three")}, 0, "one", true},
		{"we remove what they move", []planEdit{remove("b")}, []planEdit{move("b", "three")}, 1, "one", false},
		{"we refer to an item of ours that is theirs now", []planEdit{add("c", "ours"), after("b", "c")}, []planEdit{add("c", "theirs")}, 2, "one", false},
		{"we refer to an item of ours", []planEdit{add("c", "ours"), after("b", "c")}, []planEdit{add("d", "theirs")}, 0, "one", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "plan.json")
			if err := os.WriteFile(name, []byte(textPlan), 0o644); err != nil {
				t.Fatal(err)
			}
			b, err := batching.Open(t.Context(), format, filestore.New(name), batching.WithLogger(slog.New(slog.DiscardHandler)))
			if err != nil {
				t.Fatal(err)
			}
			theirs := b.Snapshot()
			for _, edit := range tt.ours {
				if _, err := b.Edit(t.Context(), edit); err != nil {
					t.Fatal(err)
				}
			}
			for _, edit := range tt.theirs {
				if theirs, err = edit(theirs); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(name, []byte(theirs.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			err = b.Close(t.Context())
			var conflict *batching.ConflictError
			left := 0
			if errors.As(err, &conflict) {
				left = len(conflict.Groups)
			}
			if left != tt.left {
				t.Errorf("%d groups left out, want %d: %v", left, tt.left, err)
			}
			a, _ := b.Snapshot().Document.Find(id("a"))
			if parent, _ := a.Parent(); parent.ID() != id(tt.parent) {
				t.Errorf("a is in %s, want %s", parent.ID(), tt.parent)
			}
			if item, ok := b.Snapshot().Document.Find(id("b")); ok {
				if got := len(slices.Collect(item.References(plantest.AfterField))) > 0; got != tt.refers {
					t.Errorf("b refers to something: %v", got)
				}
			}
			if c, ok := b.Snapshot().Document.Find(id("c")); ok && tt.left == 2 {
				if title, _ := c.Text(plantest.TitleField); title != "theirs" {
					t.Errorf("c is %q", title)
				}
			}
		})
	}
}
