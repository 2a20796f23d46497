package batching_test

import (
	"runtime"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// TestUpdateStatusAllocates holds an update to its budget: 6 allocations and
// 1 KB, of which batching adds no allocation to the engine's own.
func TestUpdateStatusAllocates(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	const tasks = 3000
	b := open(t, filestore.New(newFile(t, 10, 10, tasks/100)))
	var ids []plantest.ID
	for item := range b.Snapshot().Document.Items(plantest.TaskLevel) {
		ids = append(ids, plantest.MakeID(item.ID().Text()))
	}
	statuses := []plantest.Status{plantest.Active, plantest.Open}
	round := 0
	step := func() {
		if _, err := b.UpdateStatus(t.Context(), ids[round%tasks], statuses[round/tasks%2]); err != nil {
			t.Fatal(err)
		}
		round++
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const runs = 6 * tasks
	allocations := testing.AllocsPerRun(runs, step)
	runtime.ReadMemStats(&after)
	bytes := (after.TotalAlloc - before.TotalAlloc) / runs
	d := b.Snapshot().Document
	group := make([]document.Change, 1)
	engine := testing.AllocsPerRun(1000, func() {
		group[0] = document.Set(ids[round%tasks].Document(), document.Status(statuses[round/tasks%2]))
		next, _, err := d.Apply(group...)
		if err != nil {
			t.Fatal(err)
		}
		d = next
		round++
	})
	t.Logf("%.0f allocations and %d bytes an update; the engine takes %.0f allocations", allocations, bytes, engine)
	if allocations > 6 || allocations > engine {
		t.Errorf("%.0f allocations, the engine takes %.0f", allocations, engine)
	}
	if bytes > 1024 {
		t.Errorf("%d bytes", bytes)
	}
}
