package document_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// TestSnapshotsStay holds 10,000 snapshots and checks each at the end.
func TestSnapshotsStay(t *testing.T) {
	d := mustParse(t, planType(t), string(samplePlan(2, 5, 5, 40)))
	var leaves []document.Item
	for it := range d.Items(3) {
		leaves = append(leaves, it)
	}
	const count = 10_000
	type snapshot struct {
		doc    *document.Document
		item   document.ID
		status document.Status
		title  string
		counts [9]int
	}
	r := rand.New(rand.NewPCG(1, 2))
	statuses := make([]document.Status, len(leaves))
	for i := range statuses {
		statuses[i] = planned
	}
	var held []snapshot
	var counts [9]int
	counts[planned] = len(leaves)
	for n := range count {
		i := r.IntN(len(leaves))
		to := document.Status(1 + r.IntN(8))
		changes := []document.Change{document.Force(leaves[i].ID(), to, "so")}
		title := ""
		if n%7 == 0 {
			title = fmt.Sprint("Title ", n)
			changes = append(changes, editTitle(leaves[i].ID().Text(), title)...)
		}
		next, _, err := d.Apply(changes...)
		if err != nil {
			t.Fatal(err)
		}
		counts[statuses[i]]--
		counts[to]++
		statuses[i], d = to, next
		held = append(held, snapshot{d, leaves[i].ID(), to, title, counts})
	}
	for n, s := range held {
		it, _ := s.doc.Find(s.item)
		title, _ := it.Text(titleField)
		if it.Status() != s.status || s.title != "" && title != s.title {
			t.Fatalf("snapshot %d: %s, want status %d and title %q", n, it, s.status, s.title)
		}
		var counts [9]int
		for status := range counts {
			counts[status] = s.doc.Count(3, document.Status(status))
		}
		if counts != s.counts {
			t.Fatalf("snapshot %d counts %v, want %v", n, counts, s.counts)
		}
	}
	for n := 0; n < count; n += 997 {
		checkCounts(t, held[n].doc)
	}
}

// TestReadersAndAWriter lets readers look at every snapshot that one writer
// makes.
func TestReadersAndAWriter(t *testing.T) {
	d := mustParse(t, planType(t), string(samplePlan(2, 3, 3, 30)))
	var newest atomic.Pointer[document.Document]
	newest.Store(d)
	var done atomic.Bool
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for !done.Load() {
				d := newest.Load()
				open, all := 0, 0
				for it := range d.Items(3) {
					all++
					if it.Status() == planned {
						open++
					}
				}
				if open != d.Count(3, planned) || all != d.Len(3) {
					t.Errorf("%d of %d open, counted %d of %d", open, all, d.Count(3, planned), d.Len(3))
					return
				}
				if _, err := d.Type().Parse(d.AppendJSON(nil)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	r := rand.New(rand.NewPCG(3, 4))
	task := id("P1.M1.T1")
	for n := range 300 {
		var next *document.Document
		var err error
		switch d := newest.Load(); n % 10 {
		case 3:
			next, err = d.AddItem(newSubtask(d.Type(), fmt.Sprint("New ", n)), task)
		case 7:
			next, _, err = d.Apply(editTitle("P2.M1.T1.S1", fmt.Sprint("Title ", n))...)
		default:
			leaf := fmt.Sprintf("P%d.M%d.T%d.S%d", 1+r.IntN(2), 1+r.IntN(3), 1+r.IntN(3), 1+r.IntN(30))
			next, _, err = d.Apply(document.Force(id(leaf), document.Status(1+r.IntN(8)), "so"))
		}
		if err != nil {
			t.Error(err)
			break
		}
		newest.Store(next)
	}
	done.Store(true)
	readers.Wait()
	checkCounts(t, newest.Load())
}

// TestAdditionsToAnyVersion adds to versions of a document picked at random,
// from several goroutines, and compares each with what one group makes of it.
func TestAdditionsToAnyVersion(t *testing.T) {
	for name, typ := range map[string]*document.Type{"path ids": planType(t), "text ids": boardType(t)} {
		t.Run(name, func(t *testing.T) {
			type version struct {
				doc     *document.Document
				changes []document.Change
			}
			base := typ.New()
			versions := []version{{doc: base}}
			var mu sync.Mutex
			var workers sync.WaitGroup
			for w := range 4 {
				workers.Go(func() {
					r := rand.New(rand.NewPCG(5, uint64(w)))
					for range 60 {
						mu.Lock()
						v := versions[len(versions)-1-r.IntN(min(len(versions), 6))]
						mu.Unlock()
						change := randomAddition(r, typ, v.changes)
						to, _, err := v.doc.Apply(change)
						if err != nil {
							t.Error(err)
							return
						}
						if r.IntN(4) == 0 {
							to.Len(0) // have the additions put in
						}
						mu.Lock()
						versions = append(versions, version{to, append(v.changes[:len(v.changes):len(v.changes)], change)})
						mu.Unlock()
					}
				})
			}
			workers.Wait()
			for n, v := range versions {
				want, _, err := base.Apply(v.changes...)
				if err != nil {
					t.Fatal(err)
				}
				if diff := document.Diff(want, v.doc); diff != nil {
					t.Fatalf("version %d differs from its additions in one group: %+v", n, diff)
				}
				if n%20 == 0 {
					checkCounts(t, v.doc)
					if diff := cmp.Diff(document.Diff(base, want), document.Diff(base, v.doc), cmp.Comparer(func(a, b document.ID) bool { return a == b })); diff != "" {
						t.Errorf("version %d: differences from the first version:\n%s", n, diff)
					}
				}
			}
		})
	}
}

// randomAddition adds below one of the items that earlier additions have made,
// or at the top.
func randomAddition(r *rand.Rand, typ *document.Type, before []document.Change) document.Change {
	parent, level := document.ID{}, document.Level(0)
	if len(before) > 0 && r.IntN(8) > 0 {
		above := before[r.IntN(len(before))].ID
		if below := strings.Count(above.Text(), ".") + 1; below < len(typ.Descriptor().Levels) {
			parent, level = above, document.Level(below)
		}
	}
	n := uint32(1 + 3*len(before) + r.IntN(3))
	item := typ.LocalID(parent, fmt.Sprint(n))
	if typ.Descriptor().Levels[0].ID.Kind == format.PathID {
		item = typ.PathID(level, parent, n)
	}
	it := typ.NewItem(level, item)
	for f, field := range typ.Descriptor().Levels[level].Fields {
		switch {
		case field.Kind == format.TextField:
			it = it.With(f, document.TextValue("text"))
		case field.Kind == format.FloatField:
			it = it.With(f, document.FloatValue(1))
		case field.List:
			it = it.With(f, document.ListValue())
		}
	}
	return it.AddChange(parent)
}

func TestChangesInHandDoNotReachDocuments(t *testing.T) {
	typ := boardType(t)
	spoil := func(c document.Change) { *c.Edit = document.Edit{Parent: id("nobody"), Item: "spoiled"} }
	given := add("1", "", `{"id":1}`)
	d, _, err := typ.New().Apply(given)
	if err != nil {
		t.Fatal(err)
	}
	spoil(given)
	for _, c := range document.Changes(typ.New(), d) {
		spoil(c)
	}
	base := typ.New()
	d2, _, err := base.Apply(add("2", "", `{"id":2}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range document.Changes(base, d2) {
		spoil(c)
	}
	if _, ok := d.Find(id("1")); !ok {
		t.Error("the item is not there")
	}
	if _, ok := d2.Find(id("2")); !ok {
		t.Error("the item is not there")
	}
}
