// Package storetest is what every store has to do, as tests: the stores of files
// and of databases are to behave alike, so that a program can grow from one to
// the other.
package storetest

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// Place is where one document is kept.
type Place interface {
	// Store returns a new store on the document, as another program has one.
	Store() batching.Store
	// Hide takes the document away, and Restore puts it back.
	Hide(t testing.TB)
	Restore(t testing.TB)
}

// Run runs the suite. Each test has a place of its own, with nothing in it.
func Run(t *testing.T, newPlace func(t testing.TB) Place) {
	tests := map[string]func(*testing.T, Place){
		"create":                       create,
		"missing":                      missing,
		"what goes in comes out":       roundTrip,
		"updates of two":               updatesOfTwo,
		"illegal after another writer": illegalGroup,
		"structure of two":             structureOfTwo,
		"order of two":                 orderOfTwo,
		"refresh":                      refresh,
		"watch":                        watch,
		"removed under a batcher":      removedUnderABatcher,
		"flush with nothing new":       nothingNew,
		"force and its reason":         force,
		"an event that was chosen":     chosenEvent,
		"many at once":                 manyAtOnce,
		"random changes":               randomChanges,
		"claims":                       claims,
		"claims wait for others":       claimsWait,
		"leases end":                   leasesEnd,
		"claims of many at once":       claimsOfMany,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newPlace(t))
		})
	}
}

// put stores a document as a new one.
func put(t testing.TB, p Place, text string) {
	t.Helper()
	if _, err := p.Store().Save(t.Context(), batching.Save{Document: plantest.Parse(text).Document}); err != nil {
		t.Fatal(err)
	}
}

// open opens a batcher that is closed with the test.
func open(t testing.TB, p Place) *plantest.Batcher {
	t.Helper()
	quiet := batching.WithLogger(slog.New(slog.DiscardHandler))
	b, err := batching.Open(t.Context(), plantest.Format(), p.Store(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close(context.Background()) })
	return b
}

// stored returns what is stored, as a program sees it that starts now.
func stored(t testing.TB, p Place) plantest.Plan {
	t.Helper()
	d, _, err := p.Store().Load(t.Context(), plantest.Type())
	if err != nil {
		t.Fatal(err)
	}
	return plantest.Plan{Document: d}
}

func task(n int) plantest.ID { return plantest.TaskID(1, 1, n) }

// update sets the status of a task of the first story.
func update(t testing.TB, b *plantest.Batcher, n int, to plantest.Status) {
	t.Helper()
	if _, err := b.UpdateStatus(t.Context(), task(n), to); err != nil {
		t.Fatal(err)
	}
}

// change applies changes as one group.
func change(t testing.TB, b *plantest.Batcher, changes ...document.Change) {
	t.Helper()
	if _, err := b.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) { return p.Apply(changes...) }); err != nil {
		t.Fatal(err)
	}
}

func flush(t testing.TB, b *plantest.Batcher) batching.Stats {
	t.Helper()
	stats, err := b.Flush(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return stats
}

func wantStatuses(t testing.TB, p plantest.Plan, want ...plantest.Status) {
	t.Helper()
	for i, status := range want {
		if got := p.Status(task(i + 1)); got != status {
			t.Errorf("task %d is %v, want %v", i+1, got, status)
		}
	}
}

func wantSame(t testing.TB, got, want plantest.Plan) {
	t.Helper()
	if diff := cmp.Diff(want.String(), got.String()); diff != "" {
		t.Errorf("documents differ (-want +got):\n%s", diff)
	}
}

func create(t *testing.T, p Place) {
	text := plantest.Text(1, 2, 3)
	put(t, p, text)
	if got := stored(t, p).String(); got != text {
		t.Errorf("stored %q", got)
	}
	_, err := p.Store().Save(t.Context(), batching.Save{Document: plantest.Parse(plantest.Text(1, 1, 1)).Document})
	if !errors.Is(err, fs.ErrExist) {
		t.Errorf("created twice: %v", err)
	}
	if got := stored(t, p).String(); got != text {
		t.Errorf("stored after that %q", got)
	}
}

func missing(t *testing.T, p Place) {
	d, revision, err := p.Store().Load(t.Context(), plantest.Type())
	if !errors.Is(err, fs.ErrNotExist) || d != nil || revision != "" {
		t.Errorf("%v, %q, %v", d, revision, err)
	}
}

func roundTrip(t *testing.T, p Place) {
	for _, text := range []string{
		`{"plan":[]}`, "\ufeff {\"z\": 1, \"plan\" :\r\n [ \t ], \"a\": \"\\u0000\"}\n\n",
		`{"plan":[{"id":"E1","status":"Open","title":"\u0000 \ud83d\ude00 é\\","stories":[]}]}`,
		plantest.Text(12, 3, 2),
	} {
		put(t, p, text)
		if got := stored(t, p).String(); got != text {
			t.Errorf("stored %q, want %q", got, text)
		}
		b := open(t, p)
		change(t, b, document.Change{Op: document.OpAdd, ID: document.NewID("", "E99"),
			Edit: &document.Edit{Item: `{"id":"E99","title":"new","status":"Open"}`}})
		flush(t, b)
		wantSame(t, stored(t, p), b.Snapshot())
		p.Hide(t)
	}
}

// nothingNew: a flush that has nothing to do, and one whose updates have taken
// each other back.
func nothingNew(t *testing.T, p Place) {
	put(t, p, plantest.Text(1, 1, 1))
	b := open(t, p)
	if stats := flush(t, b); stats.Attempts != 0 {
		t.Errorf("%+v", stats)
	}
	update(t, b, 1, plantest.Active)
	update(t, b, 1, plantest.Open)
	flush(t, b)
	if b.Dirty() {
		t.Error("still dirty")
	}
	update(t, b, 1, plantest.Active)
	flush(t, b)
	wantStatuses(t, stored(t, p), plantest.Active)
}

func force(t *testing.T, p Place) {
	put(t, p, plantest.Text(1, 1, 2))
	a, b := open(t, p), open(t, p)
	if _, err := a.Force(t.Context(), task(1), plantest.Done, "by hand"); err != nil {
		t.Fatal(err)
	}
	flush(t, a)
	if _, err := b.Force(t.Context(), task(1), plantest.Failed, "no"); err != nil {
		t.Fatal(err)
	}
	flush(t, b)
	wantStatuses(t, stored(t, p), plantest.Failed, plantest.Open)
}

func removedUnderABatcher(t *testing.T, p Place) {
	put(t, p, plantest.Text(1, 1, 2))
	b := open(t, p)
	update(t, b, 1, plantest.Active)
	p.Hide(t)
	_, err := b.Flush(t.Context())
	var failure *batching.FlushError
	if !errors.As(err, &failure) || !errors.Is(err, fs.ErrNotExist) || failure.Pending != 1 {
		t.Errorf("error %v", err)
	}
	p.Restore(t)
	update(t, b, 2, plantest.Active)
	flush(t, b)
	wantStatuses(t, stored(t, p), plantest.Active, plantest.Active)
}
