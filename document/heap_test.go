package document_test

import (
	"runtime"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
)

// TestHeapStaysFlat makes a million updates and holds the newest snapshot only:
// nothing of the older ones may stay in memory.
func TestHeapStaysFlat(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector needs memory of its own")
	}
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
		next, _, err := d.Apply(document.Force(leaves[n*7919%len(leaves)], to, "so"))
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

// liveHeap returns how many bytes are reachable.
func liveHeap() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC() // frees what the first has found to be garbage only late
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
