package pgstore_test

import (
	"errors"
	"io/fs"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

func TestADocumentInWhichItemsShareAnIDIsRefused(t *testing.T) {
	typ, err := document.NewType(format.Descriptor{
		Name: "notes", Roots: []format.Root{{Kind: format.RootArray}}, Statuses: []format.StatusDescriptor{{Name: "open", Category: format.Todo}},
		Machines: []format.Machine{{Name: "life", Initial: 1, States: []document.Status{1}}},
		Levels:   []format.LevelDescriptor{{Name: "Note", Plural: "Notes", ID: format.IDDescriptor{Kind: format.TextID, WarnDuplicate: true}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	pool, _ := newDatabase(t)
	s := pgstore.New(pool, "notes", pgstore.WithLogger(quiet))
	for _, test := range []struct {
		text  string
		items int
	}{
		{`[{"id":"a","status":"open"},{"id":"b","status":"open"},{"id":"a","status":"open"}]`, 2},
		{`[{"id":"a","status":"open"},{"id":"b","status":"open"}]`, 0},
	} {
		d, err := typ.Parse([]byte(test.text))
		if err != nil {
			t.Fatal(err)
		}
		for name, err := range map[string]error{"create": s.Create(t.Context(), d), "replace": s.Replace(t.Context(), d)} {
			if name == "create" && errors.Is(err, fs.ErrExist) {
				continue
			}
			var shared *document.NotFoundError
			if got := errors.As(err, &shared); got != (test.items > 0) || got && shared.Items != test.items || !got && err != nil {
				t.Errorf("%s of %s: %v", name, test.text, err)
			}
		}
	}
}
