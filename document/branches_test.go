package document_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// rollingPlan is the plan format with a rollup, so that changes reach beyond the
// item that they name.
func rollingPlan(t *testing.T) *document.Type {
	t.Helper()
	d := planDescriptor()
	for i := range d.Levels[:3] {
		d.Levels[i].Rollup = &format.Rollup{When: format.CategorySet(format.Done, format.Dropped), To: complete}
	}
	typ, err := document.NewType(d)
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

// TestSnapshotsOfBranches takes random groups along random branches. Each must do
// what it does to a document that was read from the text of the snapshot, and
// every snapshot must stay as it was.
func TestSnapshotsOfBranches(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			typ := rollingPlan(t)
			type snapshot struct {
				doc  *document.Document
				text string
			}
			text := string(samplePlan(2, 2, 2, 3))
			all := []snapshot{{mustParse(t, typ, text), text}}
			var ids []document.ID
			for it := range all[0].doc.All() {
				ids = append(ids, it.ID())
			}
			refused := 0
			for range 400 {
				from := all[len(all)-1]
				if r.IntN(20) == 0 {
					from = all[r.IntN(len(all))]
				}
				group := randomStatuses(r, ids)
				if r.IntN(30) == 0 {
					group = append(group, editTitle(ids[len(ids)-1].Text(), fmt.Sprint("Title ", r.Int()))...)
				}
				read := mustParse(t, typ, from.text)
				fresh, wantApplied, want := read.Apply(group...)
				next, applied, err := from.doc.Apply(group...)
				if fmt.Sprint(err) != fmt.Sprint(want) || applied != wantApplied {
					t.Fatalf("%v: %v, %v; of a document that was read: %v, %v", group, applied, err, wantApplied, want)
				}
				if err != nil {
					refused++
					continue
				}
				if (next == from.doc) != (fresh == read) {
					t.Fatalf("%v: a snapshot of its own: %v; of a document that was read: %v", group, next != from.doc, fresh != read)
				}
				all = append(all, snapshot{next, string(fresh.AppendJSON(nil))})
			}
			if refused == 0 || len(all) < 100 {
				t.Fatalf("%d groups refused, %d accepted", refused, len(all)-1)
			}
			for _, n := range r.Perm(len(all)) {
				if diff := cmp.Diff(all[n].text, string(all[n].doc.AppendJSON(nil))); diff != "" {
					t.Fatalf("snapshot %d differs (-want +got):\n%s", n, diff)
				}
				checkCounts(t, all[n].doc)
			}
		})
	}
}

// randomStatuses is a group of one to four status changes, most of them legal.
func randomStatuses(r *rand.Rand, ids []document.ID) []document.Change {
	var group []document.Change
	for range 1 + r.IntN(4)/2*r.IntN(4) {
		item, to := ids[r.IntN(len(ids))], document.Status(1+r.IntN(8))
		switch r.IntN(8) {
		case 0:
			group = append(group, document.Force(item, to, "so"))
		case 1:
			group = append(group, document.Fire(item, document.Event(1+r.IntN(9))))
		case 2:
			group = append(group, document.Set(item, to))
		default:
			group = append(group, document.Advance(item, to))
		}
	}
	return group
}

// TestReadersOfOldSnapshots has readers look at snapshots, new and old ones,
// while a writer goes on, and at the same ones at the same time.
func TestReadersOfOldSnapshots(t *testing.T) {
	d := mustParse(t, planType(t), string(samplePlan(1, 2, 5, 20)))
	total := d.Len(3)
	const count = 3000
	type snapshot struct {
		doc         *document.Document
		researching int
	}
	held := make([]atomic.Pointer[snapshot], count+1)
	held[0].Store(&snapshot{doc: d})
	var written atomic.Int64
	var group sync.WaitGroup
	for n := range 4 {
		r := rand.New(rand.NewPCG(uint64(n), 5))
		group.Go(func() {
			for written.Load() < count {
				newest := int(written.Load())
				s := held[max(0, newest-r.IntN(3)*r.IntN(500))].Load()
				if got := s.doc.Count(3, researching); got != s.researching {
					t.Errorf("%d are being researched, want %d", got, s.researching)
					return
				}
			}
		})
	}
	var leaves []document.ID
	for it := range d.Items(3) {
		leaves = append(leaves, it.ID())
	}
	for n := range count {
		to, now := researching, held[n].Load().researching+1
		if n/total%2 == 1 {
			to, now = planned, now-2
		}
		next, _, err := held[n].Load().doc.Apply(document.Force(leaves[n%total], to, "so"))
		if err != nil {
			t.Fatal(err)
		}
		held[n+1].Store(&snapshot{next, now})
		written.Store(int64(n + 1))
	}
	group.Wait()
	for n := range held {
		if s := held[n].Load(); s.doc.Count(3, researching) != s.researching {
			t.Fatalf("snapshot %d: %d are being researched, want %d", n, s.doc.Count(3, researching), s.researching)
		}
	}
}

// TestWritersFromOneSnapshot has many goroutines go on from the same snapshot.
func TestWritersFromOneSnapshot(t *testing.T) {
	d := mustParse(t, planType(t), string(samplePlan(1, 1, 2, 20)))
	var leaves []document.ID
	for it := range d.Items(3) {
		leaves = append(leaves, it.ID())
	}
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			own := d
			for i, leaf := range leaves {
				next, _, err := own.Apply(document.Force(leaf, document.Status(1+(n+i)%8), "so"))
				if err != nil {
					t.Error(err)
					return
				}
				own = next
			}
			for i, leaf := range leaves {
				if it, _ := own.Find(leaf); it.Status() != document.Status(1+(n+i)%8) {
					t.Errorf("writer %d: %s", n, it)
				}
			}
		})
	}
	group.Wait()
	if d.Count(3, planned) != len(leaves) {
		t.Error("the snapshot that all began with has changed")
	}
}
