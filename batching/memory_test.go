package batching_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// heap returns how much memory is in use, in bytes.
func heap() int64 {
	runtime.GC()
	runtime.GC() // what has a finalizer takes two
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestFlushedAndRefusedGroupsAreFreed has updates flushed and groups refused: neither is
// anybody's any more, and must not stay in memory.
func TestFlushedAndRefusedGroupsAreFreed(t *testing.T) {
	const large, little = 8 << 20, 2 << 20
	tests := []struct {
		name string
		fill func(t *testing.T, b *plantest.Batcher)
	}{
		{"flushed", func(t *testing.T, b *plantest.Batcher) {
			before := heap()
			for n := range 2000 {
				reason := fmt.Sprint(n, strings.Repeat("x", large/1000))
				if _, err := b.Force(t.Context(), plantest.TaskID(1, 1, 1), []plantest.Status{plantest.Active, plantest.Open}[n%2], reason); err != nil {
					t.Fatal(err)
				}
			}
			if pending := heap() - before; pending < large {
				t.Errorf("%d bytes are pending: too few for the test to mean something", pending)
			}
			flush(t, b)
		}},
		{"refused", func(t *testing.T, b *plantest.Batcher) {
			for n := 1000; n < 3000; n += 50 {
				group := make([]batching.Change[plantest.ID, plantest.Status], n)
				for i := range group {
					group[i] = batching.Set(plantest.TaskID(9, 9, 9), plantest.Done)
				}
				if _, err := b.Apply(t.Context(), group...); err == nil {
					t.Fatal("accepted")
				}
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := open(t, filestore.New(newFile(t, 1, 1, 3)))
			update(t, b, 2, plantest.Active)
			flush(t, b)
			before := heap()
			tt.fill(t, b)
			if kept := heap() - before; kept > little {
				t.Errorf("%d bytes are kept", kept)
			}
			update(t, b, 3, plantest.Active) // the batcher is still in use
		})
	}
}
