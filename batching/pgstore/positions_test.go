package pgstore_test

import (
	"context"
	"errors"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/pgstore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// TestItemsWithoutIDsAreStoredByTheirPlaces shifts items in one store, and looks at
// them in another.
func TestItemsWithoutIDsAreStoredByTheirPlaces(t *testing.T) {
	level := func(name, children string) format.LevelDescriptor {
		return format.LevelDescriptor{Name: name, Plural: name + "s", ID: format.IDDescriptor{Kind: format.PositionID}, StatusOptional: true, Children: children,
			Fields: []format.FieldDescriptor{{Name: "Content", Key: "content", Kind: format.TextField}}}
	}
	typ, err := document.NewType(format.Descriptor{
		Name: "todos", Roots: []format.Root{{Kind: format.RootArray}},
		Statuses: []format.StatusDescriptor{{Name: "open", Category: format.Todo}, {Name: "done", Category: format.Done}}, Events: []string{"finish"},
		Machines: []format.Machine{{Name: "life", Initial: 1, States: []document.Status{1, 2}, Transitions: []format.Transition{{Event: 1, From: []document.Status{1}, To: 2}}}},
		Levels:   []format.LevelDescriptor{level("Todo", "steps"), level("Step", "")},
	})
	if err != nil {
		t.Fatal(err)
	}
	f := batching.Format[*document.Document, document.ID, document.Status]{
		Type: typ,
		Wrap: func(d *document.Document) *document.Document { return d }, Unwrap: func(d *document.Document) *document.Document { return d },
		ID: func(id document.ID) document.ID { return id }, WrapID: func(id document.ID) document.ID { return id },
		Status: func(s document.Status) document.Status { return s },
	}
	at := func(text string) document.ID { return document.NewID("", text) }
	pool, _ := newDatabase(t)
	store := func() *pgstore.Store { return pgstore.New(pool, "todos", pgstore.WithLogger(quiet)) }
	d, err := typ.Parse([]byte(`[{"content":"a","steps":[{"content":"x"}]},{"content":"b","steps":[{"content":"x","other":1},{"content":"y"}]},{"content":"c"}]`))
	if err != nil {
		t.Fatal(err)
	}
	if err := store().Create(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	open := func() *batching.Batcher[*document.Document, document.ID, document.Status] {
		b, err := batching.Open(t.Context(), f, store(), batching.WithLogger(quiet))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = b.Close(context.Background()) })
		return b
	}
	a, b := open(), open()
	for _, c := range []document.Change{
		document.Remove(at("#1")),
		document.Set(at("#1.#2"), 2),
		typ.NewItem(0, document.ID{}).With(0, document.TextValue("z")).AddChange(document.ID{}, document.First()),
		document.Move(at("#3"), document.ID{}, document.First()),
		document.Move(at("#3.#2"), at("#1")),
		typ.NewItem(1, document.ID{}).AddChange(at("#2")),
	} {
		if _, err := a.Edit(t.Context(), func(d *document.Document) (*document.Document, error) {
			next, _, err := d.Apply(c)
			return next, err
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		refreshed, err := b.Refresh(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		loaded, _, err := store().Load(t.Context(), typ)
		if err != nil {
			t.Fatal(err)
		}
		want := string(a.Snapshot().AppendJSON(nil))
		if got := string(loaded.AppendJSON(nil)); got != want {
			t.Fatalf("after %s loaded is\n%s\nwant\n%s", typ.Describe(c), got, want)
		}
		if got := string(refreshed.AppendJSON(nil)); got != want {
			t.Fatalf("after %s the other store has\n%s\nwant\n%s", typ.Describe(c), got, want)
		}
	}
	if _, err := a.UpdateStatus(t.Context(), at("#1"), 2); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Edit(t.Context(), func(d *document.Document) (*document.Document, error) {
		next, _, err := d.Apply(document.Remove(at("#1")))
		return next, err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	var conflict *batching.ConflictError
	if _, err := a.Flush(t.Context()); !errors.As(err, &conflict) {
		t.Errorf("got %v, want a conflict", err)
	}
}
