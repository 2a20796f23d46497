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

// projectFormat is that of todos without ids, in an object with fields of its own.
func projectFormat(t *testing.T) batching.Format[*document.Document, document.ID, document.Status] {
	t.Helper()
	f := todoFormat(t)
	d := f.Type.Descriptor()
	d.Roots = []format.Root{{Kind: format.RootObject, Key: "todos"}}
	d.Fields = []format.FieldDescriptor{
		{Name: "Project", Key: "project", Kind: format.TextField},
		{Name: "Size", Key: "size", Kind: format.IntField},
	}
	var err error
	if f.Type, err = document.NewType(d); err != nil {
		t.Fatal(err)
	}
	return f
}

func openProject(t *testing.T, store batching.Store) *todoBatcher {
	t.Helper()
	var log logBuffer
	b, err := batching.Open(t.Context(), projectFormat(t), store, batching.WithLogger(log.logger()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close(context.Background()) })
	return b
}

// TestRecoverDocumentFields recovers fields of the document that an ended program
// could not save, with and without another writer.
func TestRecoverDocumentFields(t *testing.T) {
	const (
		before = `{"project":"lamp","size":1,"todos":[{"content":"a"}]}`
		after  = `{"project":"porch","size":2,"todos":[{"content":"a"},{"content":"b","status":"open"}]}`
	)
	typ := projectFormat(t).Type
	project := typ.FieldChange(0, document.TextValue("porch"))
	size := typ.FieldChange(1, document.IntValue(2))
	todo := typ.NewItem(0, document.ID{}).With(0, document.TextValue("b")).AddChange(document.ID{})
	for _, test := range []struct {
		name, stored, want, refused string
		changes                     []document.Change
	}{
		{"nobody else", before, `{"project":"porch","size":2,"todos":[{"content":"a"}]}`, "", []document.Change{project, size}},
		{"with an item", before, after, "", []document.Change{project, size, todo}},
		{"somebody changed the same", `{"project":"shed","size":1,"todos":[]}`, `{"project":"shed","size":2,"todos":[]}`,
			"the document: the document: project: another writer has changed it, too", []document.Change{project, size}},
		{"somebody changed something else", `{"project":"lamp","size":7,"todos":[]}`, `{"project":"porch","size":7,"todos":[]}`, "", []document.Change{project}},
		{"somebody said the same", `{"project":"porch","size":1,"todos":[]}`, `{"project":"porch","size":1,"todos":[]}`, "", []document.Change{project}},
		{"it was saved after all", after, after, "", []document.Change{project, size, todo}},
	} {
		t.Run(test.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "project.json")
			if err := os.WriteFile(name, []byte(before), 0o666); err != nil {
				t.Fatal(err)
			}
			dead := openProject(t, &faultyStore{Store: filestore.New(name), before: func(int) error { return syscall.ENOSPC }})
			for _, c := range test.changes {
				changeTodos(t, dead, c)
			}
			var failure *batching.FlushError
			if err := dead.Close(t.Context()); !errors.As(err, &failure) || failure.Preserved == "" {
				t.Fatalf("got %v", err)
			}
			if err := os.WriteFile(name, []byte(test.stored), 0o666); err != nil {
				t.Fatal(err)
			}
			b := openProject(t, filestore.New(name))
			_, err := b.Recover(t.Context())
			if (err == nil) != (test.refused == "") || err != nil && !strings.Contains(err.Error(), test.refused) {
				t.Errorf("got %v", err)
			}
			if err := b.Close(t.Context()); err != nil {
				t.Error(err)
			}
			if got := textOf(t, name); got != test.want {
				t.Errorf("stored is %s, want %s", got, test.want)
			}
		})
	}
}

// TestConflictNamesWhatHasNoID names the document and new items without ids.
func TestConflictNamesWhatHasNoID(t *testing.T) {
	name := filepath.Join(t.TempDir(), "project.json")
	if err := os.WriteFile(name, []byte(`{"project":"lamp","todos":[]}`), 0o666); err != nil {
		t.Fatal(err)
	}
	typ := projectFormat(t).Type
	a, b := openProject(t, filestore.New(name)), openProject(t, filestore.New(name))
	changeTodos(t, a, typ.FieldChange(0, document.TextValue("theirs")))
	if _, err := a.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	changeTodos(t, b, typ.FieldChange(0, document.TextValue("ours")), typ.NewItem(0, document.ID{}).AddChange(document.ID{}))
	_, err := b.Flush(t.Context())
	if want := "\ta new item, the document: the document: project: another writer has changed it, too"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	var merged *batching.MergeError
	if !errors.As(err, &merged) || !merged.ID.IsZero() || strings.Join(merged.Fields, " ") != "project" {
		t.Errorf("got %+v", merged)
	}
}
