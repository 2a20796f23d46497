package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/engine"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

func updatesOfTwo(t *testing.T, p Place) {
	put(t, p, plantest.Text(1, 1, 4))
	a, b := open(t, p), open(t, p)
	update(t, a, 1, plantest.Active)
	update(t, b, 2, plantest.Active)
	flush(t, b)
	if stats := flush(t, a); stats.Rebased != 1 || stats.ItemsWritten != 1 {
		t.Errorf("stats %+v", stats)
	}
	wantStatuses(t, a.Snapshot(), plantest.Active, plantest.Active)
	// And again, with nothing loaded but what was refreshed.
	update(t, b, 3, plantest.Active)
	update(t, a, 4, plantest.Active)
	flush(t, a)
	flush(t, b)
	wantStatuses(t, stored(t, p), plantest.Active, plantest.Active, plantest.Active, plantest.Active)
	wantSame(t, stored(t, p), b.Snapshot())
}

func illegalGroup(t *testing.T, p Place) {
	put(t, p, plantest.Text(1, 1, 3))
	a, b := open(t, p), open(t, p)
	update(t, a, 1, plantest.Active)
	if _, err := a.Apply(t.Context(), batching.Set(task(2), plantest.Active), batching.Set(task(3), plantest.Active)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Advance(t.Context(), task(3), plantest.Done); err != nil {
		t.Fatal(err)
	}
	flush(t, b)
	stats, err := a.Flush(t.Context())
	var conflict *batching.ConflictError
	var transition *statemachine.TransitionError
	if !errors.As(err, &conflict) || !errors.As(err, &transition) || len(conflict.Groups) != 1 {
		t.Fatalf("error %v", err)
	}
	if want := "E1.S1.T3 (ours Active, theirs Done)"; !strings.Contains(err.Error(), want) {
		t.Errorf("message %q does not say %q", err, want)
	}
	if stats.ItemsWritten != 1 || stats.Rebased != 1 {
		t.Errorf("stats %+v", stats)
	}
	wantStatuses(t, stored(t, p), plantest.Active, plantest.Open, plantest.Done)
	wantSame(t, a.Snapshot(), stored(t, p))
}

// chosenEvent fires one of two events that lead to a status, the other of which
// is refused: it has to stay that event on the way through the store, beside
// another writer.
func chosenEvent(t *testing.T, p Place) {
	put(t, p, plantest.Text(1, 1, 2))
	a, b := open(t, p), open(t, p)
	story := plantest.MakeID("E1.S1")
	change(t, a, document.Set(story.Document(), document.Status(plantest.Active)))
	change(t, a, document.Fire(story.Document(), plantest.Waive))
	groups := a.Pending()
	if got := groups[len(groups)-1].String(); got != "fire waive on E1.S1" {
		t.Errorf("pending is %s", got)
	}
	update(t, b, 1, plantest.Active)
	flush(t, b)
	if stats := flush(t, a); stats.Rebased != 2 {
		t.Errorf("stats %+v", stats)
	}
	if got := stored(t, p).Status(story); got != plantest.Done {
		t.Errorf("the story is %v", got)
	}
	if _, err := b.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantSame(t, b.Snapshot(), stored(t, p))
	if got := b.Snapshot().Status(story); got != plantest.Done {
		t.Errorf("the story is %v to who refreshes", got)
	}
}

// structureOfTwo has both add, remove, move and edit.
func structureOfTwo(t *testing.T, p Place) {
	put(t, p, plantest.Text(2, 2, 3))
	a, b := open(t, p), open(t, p)
	id := func(text string) document.ID { return document.NewID("", text) }
	addTo := func(parent, text string) document.Change {
		return document.Change{Op: document.OpAdd, ID: id(text), Edit: &document.Edit{
			Parent: id(parent), Item: fmt.Sprintf(`{"id":%q,"title":"added","status":"Open"}`, text)}}
	}
	change(t, a, document.Remove(id("E1.S1.T1")), document.Move(id("E1.S1.T2"), id("E1.S2")), addTo("E2.S1", "E2.S1.T4"))
	change(t, a, addTo("", "E3"))
	change(t, a, addTo("E3", "E3.S1"))
	flush(t, a)
	wantSame(t, stored(t, p), a.Snapshot())
	change(t, b, addTo("E2.S2", "E2.S2.T4"))
	update(t, b, 3, plantest.Active)
	change(t, b, document.Remove(id("E2.S1.T2")))
	flush(t, b)
	wantSame(t, stored(t, p), b.Snapshot())
	if _, err := a.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantSame(t, a.Snapshot(), b.Snapshot())
	// Additions at one place over and over, first and last children among what
	// is removed, and an item that loses all its children and gets others.
	for n := 5; n < 12; n++ {
		change(t, a, addTo("E2.S1", fmt.Sprintf("E2.S1.T%d", n)))
		flush(t, a)
	}
	change(t, b, document.Remove(id("E2.S2.T1")), document.Remove(id("E2.S2.T4")))
	flush(t, b)
	for _, text := range []string{"E2.S2.T2", "E2.S2.T3"} {
		change(t, b, document.Remove(id(text)))
	}
	flush(t, b)
	wantSame(t, stored(t, p), b.Snapshot())
	change(t, b, addTo("E2.S2", "E2.S2.T1"), document.Remove(id("E3")))
	flush(t, b)
	wantSame(t, stored(t, p), b.Snapshot())
}

// orderOfTwo has both put items between others, and move them.
func orderOfTwo(t *testing.T, p Place) {
	put(t, p, plantest.Text(2, 2, 4))
	a, b := open(t, p), open(t, p)
	id := func(text string) document.ID { return document.NewID("", text) }
	add := func(parent, text string, at document.Place) document.Change {
		return document.Change{Op: document.OpAdd, ID: id(text), Edit: &document.Edit{
			Parent: id(parent), Place: at, Item: fmt.Sprintf(`{"id":%q,"title":"added","status":"Open"}`, text)}}
	}
	move := func(parent, text string, at document.Place) document.Change {
		return document.Move(id(text), id(parent), at)
	}
	change(t, a, add("E1.S1", "E1.S1.T5", document.Before(id("E1.S1.T2"))), move("E1.S1", "E1.S1.T4", document.First()))
	change(t, a, move("", "E2", document.First()), move("E1", "E1.S1", document.Last()))
	flush(t, a)
	wantSame(t, stored(t, p), a.Snapshot())
	wantOrder(t, stored(t, p), "E1.S1", "E1.S1.T4", "E1.S1.T1", "E1.S1.T5", "E1.S1.T2", "E1.S1.T3")
	// Another writer, who has not seen that.
	change(t, b, move("E1.S1", "E1.S1.T3", document.After(id("E1.S1.T1"))))
	change(t, b, move("E1.S1", "E1.S1.T4", document.Before(id("E1.S1.T2"))))
	change(t, b, add("E2.S2", "E2.S2.T5", document.First()))
	_, err := b.Flush(t.Context())
	var conflict *batching.ConflictError
	if want := "E1.S1.T4: another writer has moved it, too"; !errors.As(err, &conflict) || len(conflict.Groups) != 1 || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want one group with %q", err, want)
	}
	wantSame(t, stored(t, p), b.Snapshot())
	wantOrder(t, stored(t, p), "E1.S1", "E1.S1.T4", "E1.S1.T1", "E1.S1.T3", "E1.S1.T5", "E1.S1.T2")
	wantOrder(t, stored(t, p), "E2.S2", "E2.S2.T5", "E2.S2.T1", "E2.S2.T2", "E2.S2.T3", "E2.S2.T4")
	// The same place over and over.
	for n := 6; n < 16; n++ {
		change(t, b, add("E2.S2", fmt.Sprintf("E2.S2.T%d", n), document.Before(id("E2.S2.T1"))))
		flush(t, b)
	}
	if _, err := a.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantSame(t, a.Snapshot(), b.Snapshot())
	wantSame(t, stored(t, p), b.Snapshot())
}

func wantOrder(t *testing.T, p plantest.Plan, parent string, want ...string) {
	t.Helper()
	above, _ := p.Document.Find(document.NewID("", parent))
	var got []string
	for it := range above.Children() {
		got = append(got, it.ID().String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the order below %s (-want +got):\n%s", parent, diff)
	}
}

func refresh(t *testing.T, p Place) {
	put(t, p, plantest.Text(1, 1, 3))
	a, b := open(t, p), open(t, p)
	before := b.Snapshot()
	if now, err := b.Refresh(t.Context()); err != nil || now.Document != before.Document {
		t.Errorf("a refresh without news gives another document, or %v", err)
	}
	update(t, a, 1, plantest.Active)
	flush(t, a)
	update(t, b, 2, plantest.Active)
	now, err := b.Refresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wantStatuses(t, now, plantest.Active, plantest.Active, plantest.Open)
	wantStatuses(t, stored(t, p), plantest.Active, plantest.Open, plantest.Open)
	flush(t, b)
	wantStatuses(t, stored(t, p), plantest.Active, plantest.Active, plantest.Open)
}

func watch(t *testing.T, p Place) {
	put(t, p, plantest.Text(1, 1, 6))
	a, b := open(t, p), open(t, p)
	ctx, cancel := context.WithCancel(t.Context())
	seen := make(chan plantest.Plan, 16)
	ended := make(chan error)
	go func() { ended <- b.Watch(ctx, func(p plantest.Plan) { seen <- p }) }()
	for n := 1; n <= 3; n++ {
		update(t, a, n, plantest.Active)
		flush(t, a)
		for {
			if now := <-seen; now.Status(task(n)) == plantest.Active {
				break
			}
		}
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("watch ended with %v", err)
	}
}

// manyAtOnce has batchers flush at the same time, again and again.
func manyAtOnce(t *testing.T, p Place) {
	const batchers, rounds = 4, 15
	put(t, p, plantest.Text(1, batchers, rounds))
	var running sync.WaitGroup
	for n := range batchers {
		b := open(t, p)
		running.Go(func() {
			for round := range rounds {
				if _, err := b.UpdateStatus(t.Context(), plantest.TaskID(1, n+1, round+1), plantest.Active); err != nil {
					t.Error(err)
				}
				if _, err := b.Flush(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	running.Wait()
	now := stored(t, p)
	if got := now.Document.Count(plantest.TaskLevel, document.Status(plantest.Active)); got != batchers*rounds {
		t.Errorf("%d tasks active, want %d", got, batchers*rounds)
	}
}

// randomChanges has two writers take turns with random changes. What is stored
// is always what the one that has flushed believes it is.
func randomChanges(t *testing.T, p Place) {
	put(t, p, plantest.Text(2, 2, 3))
	writers := []*plantest.Batcher{open(t, p), open(t, p)}
	r := rand.New(rand.NewPCG(7, 7))
	accepted := 0
	for range 150 {
		b := writers[r.IntN(2)]
		for range 1 + r.IntN(3) {
			c := randomChange(r, b.Snapshot())
			_, err := b.Edit(t.Context(), func(p plantest.Plan) (plantest.Plan, error) { return p.Apply(c) })
			if err == nil {
				accepted++
			}
		}
		if r.IntN(3) == 0 || !b.Dirty() {
			continue // with nothing pending, a flush does not look
		}
		var conflict *batching.ConflictError
		if _, err := b.Flush(t.Context()); err != nil && !errors.As(err, &conflict) {
			t.Fatal(err)
		}
		wantSame(t, stored(t, p), b.Snapshot())
	}
	if accepted < 100 {
		t.Errorf("only %d changes accepted", accepted)
	}
}

func randomChange(r *rand.Rand, p plantest.Plan) document.Change {
	var items []document.Item
	for it := range p.Document.All() {
		items = append(items, it)
	}
	if len(items) == 0 {
		return addition(p.Document, document.ID{}, r)
	}
	it := items[r.IntN(len(items))]
	parent, beside := engine.ParentID(it), items[r.IntN(len(items))].ID()
	if before, after := it.Siblings(); r.IntN(2) == 0 {
		beside = before.ID()
	} else if !after.IsZero() {
		beside = after.ID()
	}
	places := []document.Place{document.First(), document.Last(), document.Before(beside), document.After(beside)}
	place := places[r.IntN(len(places))]
	switch r.IntN(10) {
	case 8:
		return document.Move(it.ID(), parent, place)
	case 9:
		c := addition(p.Document, parent, r)
		c.Edit.Place = place
		return c
	case 0:
		return addition(p.Document, it.ID(), r)
	case 1:
		return addition(p.Document, document.ID{}, r)
	case 2:
		return document.Remove(it.ID())
	case 3:
		return document.Move(it.ID(), items[r.IntN(len(items))].ID())
	case 4:
		edit, _ := it.With(plantest.TitleField, document.TextValue(fmt.Sprintf("title\n%d", r.Int()))).EditChange()
		return edit
	default:
		return document.Advance(it.ID(), document.Status(1+r.IntN(4)))
	}
}

func addition(d *document.Document, parent document.ID, r *rand.Rand) document.Change {
	id, _ := d.NextID(parent)
	return document.Change{Op: document.OpAdd, ID: id, Edit: &document.Edit{
		Parent: parent, Item: fmt.Sprintf(`{"id":%q,"title":"new %d","status":"Open"}`, id.Text(), r.IntN(100)),
	}}
}
