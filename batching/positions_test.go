package batching_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// todoFormat is a format of todos that have no ids.
func todoFormat(t *testing.T) batching.Format[*document.Document, document.ID, document.Status] {
	t.Helper()
	typ, err := document.NewType(format.Descriptor{
		Name: "todos", Roots: []format.Root{{Kind: format.RootArray}},
		Statuses: []format.StatusDescriptor{{Name: "open", Category: format.Todo}, {Name: "done", Category: format.Done}}, Events: []string{"finish", "reopen"},
		Machines: []format.Machine{{Name: "life", Initial: 1, States: []document.Status{1, 2}, Transitions: []format.Transition{{Event: 1, From: []document.Status{1}, To: 2}, {Event: 2, From: []document.Status{2}, To: 1}}}},
		Levels: []format.LevelDescriptor{{Name: "Todo", Plural: "Todos", ID: format.IDDescriptor{Kind: format.PositionID}, StatusOptional: true,
			Fields: []format.FieldDescriptor{{Name: "Content", Key: "content", Kind: format.TextField}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return batching.Format[*document.Document, document.ID, document.Status]{
		Type: typ,
		Wrap: func(d *document.Document) *document.Document { return d }, Unwrap: func(d *document.Document) *document.Document { return d },
		ID: func(id document.ID) document.ID { return id }, WrapID: func(id document.ID) document.ID { return id },
		Status: func(s document.Status) document.Status { return s },
	}
}

func atPlace(text string) document.ID { return document.NewID("", text) }

type todoBatcher = batching.Batcher[*document.Document, document.ID, document.Status]

func openTodos(t *testing.T, store batching.Store) *todoBatcher {
	t.Helper()
	var log logBuffer
	b, err := batching.Open(t.Context(), todoFormat(t), store, batching.WithLogger(log.logger()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close(context.Background()) })
	return b
}

func changeTodos(t *testing.T, b *todoBatcher, changes ...document.Change) {
	t.Helper()
	if _, err := b.Edit(t.Context(), func(d *document.Document) (*document.Document, error) {
		for _, c := range changes {
			var err error
			if d, _, err = d.Apply(c); err != nil {
				return nil, err
			}
		}
		return d, nil
	}); err != nil {
		t.Fatal(err)
	}
}

const threeTodos = `[{"content":"a"},{"content":"b"},{"content":"c"}]`

func newTodos(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "todos.json")
	if err := os.WriteFile(name, []byte(threeTodos), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

func textOf(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestTwoWritersOfItemsWithoutIDs has the second change what the first has shifted.
func TestTwoWritersOfItemsWithoutIDs(t *testing.T) {
	name := newTodos(t)
	a, b := openTodos(t, filestore.New(name)), openTodos(t, filestore.New(name))
	changeTodos(t, a, document.Remove(atPlace("#1")))
	if _, err := a.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.UpdateStatus(t.Context(), atPlace("#2"), 2); err != nil {
		t.Fatal(err)
	}
	_, err := b.Flush(t.Context())
	var conflict *batching.ConflictError
	if !errors.As(err, &conflict) || len(conflict.Groups) != 1 || !strings.Contains(err.Error(), `another item stands here by now: {"content":"c"}, where {"content":"b"} was meant`) {
		t.Errorf("got %v", err)
	}
	if _, err := b.UpdateStatus(t.Context(), atPlace("#1"), 2); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := textOf(t, name); got != `[{"content":"b","status":"done"},{"content":"c"}]` {
		t.Errorf("stored is %s", got)
	}
}

// TestRecoverItemsWithoutIDs recovers what an ended program could not save, with and
// without another writer.
func TestRecoverItemsWithoutIDs(t *testing.T) {
	for _, test := range []struct{ name, stored, want, refused string }{
		{"nobody else", threeTodos, `[{"content":"b"},{"content":"c","status":"done"}]`, ""},
		{"somebody behind it", threeTodos[:len(threeTodos)-1] + `,{"content":"d"}]`, threeTodos[:len(threeTodos)-1] + `,{"content":"d"}]`, "where items have no ids, it cannot be told whether it was"},
		{"somebody before it", `[{"content":"z"},{"content":"a"},{"content":"b"},{"content":"c"}]`, `[{"content":"z"},{"content":"a"},{"content":"b"},{"content":"c"}]`,
			`#2: another item stands here by now: {"content":"a"}, where {"content":"c"} was meant`},
		{"it was saved after all", `[{"content":"b"},{"content":"c","status":"done"}]`, `[{"content":"b"},{"content":"c","status":"done"}]`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			name := newTodos(t)
			dead := openTodos(t, &faultyStore{Store: filestore.New(name), before: func(int) error { return syscall.ENOSPC }})
			changeTodos(t, dead, document.Remove(atPlace("#1")))
			if _, err := dead.UpdateStatus(t.Context(), atPlace("#2"), 2); err != nil {
				t.Fatal(err)
			}
			var failure *batching.FlushError
			if err := dead.Close(t.Context()); !errors.As(err, &failure) || failure.Preserved == "" {
				t.Fatalf("got %v", err)
			}
			if err := os.WriteFile(name, []byte(test.stored), 0o666); err != nil {
				t.Fatal(err)
			}
			b := openTodos(t, filestore.New(name))
			_, err := b.Recover(t.Context())
			if (err == nil) != (test.refused == "") || err != nil && !strings.Contains(err.Error(), test.refused) {
				t.Errorf("got %v", err)
			}
			if err := b.Close(t.Context()); err != nil {
				t.Error(err)
			}
			if got := textOf(t, name); got != test.want {
				t.Errorf("stored is %s", got)
			}
		})
	}
}
