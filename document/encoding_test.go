package document_test

import (
	"bytes"
	"io"
	"runtime"
	"runtime/debug"
	"sync"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/engine"
)

// startedBoard is a document of which many statuses differ from the text.
func startedBoard(t *testing.T, n int) *document.Document {
	t.Helper()
	d := largePlan(t, false)
	var changes []document.Change
	for it := range d.Items(3) {
		if len(changes) < n {
			changes = append(changes, document.Set(it.ID(), researching))
		}
	}
	d, _, err := d.Apply(changes...)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDifferencesAreWorkedOutOnceForAnEncoding(t *testing.T) {
	measures(t)
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	const n = 50_000
	d := startedBoard(t, n)
	size := d.Size()
	e := engine.TextOf(d)
	got := allocated(func() {
		for range 10 {
			if e.Size() != size || d.Size() != size {
				t.Error("another size")
			}
			if written, err := e.WriteTo(io.Discard); err != nil || written != size {
				t.Errorf("%d bytes written, %v: want %d", written, err, size)
			}
		}
	})
	const each = 80 << 10 // the buffer of WriteTo
	if got > 10*each {
		t.Errorf("%d bytes allocated, want at most %d", got, 10*each)
	}
}

func TestSnapshotsKeepNothingOfTheirEncoding(t *testing.T) {
	measures(t)
	const versions = 20
	d := startedBoard(t, 50_000)
	snapshots := []*document.Document{d}
	for it := range d.Items(3) {
		if len(snapshots) == versions {
			break
		}
		next, _, err := snapshots[len(snapshots)-1].Apply(document.Advance(it.ID(), implementing))
		if err != nil {
			t.Fatal(err)
		}
		snapshots = append(snapshots, next)
	}
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	for _, s := range snapshots {
		s.Size()
	}
	if grown := int64(heap()) - int64(before); grown > 4<<20 {
		t.Errorf("%d bytes are kept", grown)
	}
	runtime.KeepAlive(snapshots)
}

func TestSnapshotsAreEncodedSideBySide(t *testing.T) {
	d := mustParse(t, planType(t), string(samplePlan(2, 2, 2, 2)))
	next, _, err := d.Apply(document.Set(id("P1.M1.T1.S1"), researching))
	if err != nil {
		t.Fatal(err)
	}
	want := [][]byte{d.AppendJSON(nil), next.AppendJSON(nil)}
	var wait sync.WaitGroup
	for n := range 8 {
		wait.Go(func() {
			for i := range 100 {
				s := []*document.Document{d, next}[(n+i)%2]
				if got := s.AppendJSON(nil); !bytes.Equal(got, want[(n+i)%2]) || s.Size() != int64(len(got)) {
					t.Error("the text of another snapshot")
				}
			}
		})
	}
	wait.Wait()
}
