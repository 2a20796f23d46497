package document_test

import (
	"runtime"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
)

// TestHeapStaysFlat makes a million updates and holds the newest snapshot only:
// nothing of the older ones may stay in memory.
func TestHeapStaysFlat(t *testing.T) {
	measures(t)
	const updates, slack = 1_000_000, 1 << 20
	d := mustParse(t, planType(t), string(samplePlan(10, 10, 10, 10)))
	var leaves []document.ID
	for it := range d.Items(3) {
		leaves = append(leaves, it.ID())
	}
	before := liveHeap()
	for n := range updates {
		to := researching
		if n/len(leaves)%2 == 1 {
			to = planned
		}
		// Far apart, so that each leaf and branch is older than the ones beside it.
		next, _, err := d.Apply(document.Force(leaves[n%len(leaves)*7919%len(leaves)], to, "so"))
		if err != nil {
			t.Fatal(err)
		}
		d = next
	}
	after := liveHeap()
	t.Logf("%d bytes before, %d after", before, after)
	if after > before+slack {
		t.Errorf("the heap has grown from %d to %d bytes", before, after)
	}
	runtime.KeepAlive(d)
}

// TestHeapStaysFlatOverEdits does the same with changes that are tracked.
func TestHeapStaysFlatOverEdits(t *testing.T) {
	measures(t)
	const edits, slack = 100_000, 1 << 20
	d := mustParse(t, reviewType(t), reports)
	var held *document.Document // the last that an edit has made
	edit := func(n int) {
		changes, err := d.Track(func(given *document.Document) (*document.Document, error) {
			to, _, err := given.Apply(document.Fire(id("R2.S1"), []document.Event{override, again}[n%2]))
			held = to
			return to, err
		})
		if err != nil {
			t.Fatal(err)
		}
		if d, _, err = d.Apply(changes...); err != nil {
			t.Fatal(err)
		}
	}
	edit(0)
	before := liveHeap()
	for n := range edits {
		edit(n + 1)
	}
	after := liveHeap()
	t.Logf("%d bytes before, %d after", before, after)
	if after > before+slack {
		t.Errorf("the heap has grown from %d to %d bytes", before, after)
	}
	runtime.KeepAlive(d)
	runtime.KeepAlive(held)
}

// liveHeap returns how many bytes are reachable.
func liveHeap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC() // frees what the first has found to be garbage only late
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// measures skips a test of one goroutine that looks at time or memory under the
// race detector, which has both for itself. make test runs it without.
func measures(t *testing.T) {
	t.Helper()
	if raceEnabled {
		t.Skip("this test runs without the race detector")
	}
}
