package filestore_test

import (
	"io"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// countingFS counts what costs time. It is for one goroutine at a time.
type countingFS struct {
	atomicfile.OS
	counts *operations
}

type operations struct {
	Syncs, SyncedDirs, Renames int
	// Read are the bytes read.
	Read int64
}

func (c countingFS) OpenFile(name string, flag int, perm fs.FileMode) (atomicfile.File, error) {
	f, err := c.OS.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return countingFile{f, c.counts}, nil
}

func (c countingFS) SyncDir(name string) error {
	c.counts.SyncedDirs++
	return c.OS.SyncDir(name)
}

func (c countingFS) Rename(oldName, newName string) error {
	c.counts.Renames++
	return c.OS.Rename(oldName, newName)
}

type countingFile struct {
	atomicfile.File
	counts *operations
}

func (f countingFile) Sync() error {
	f.counts.Syncs++
	return f.File.Sync()
}

func (f countingFile) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	f.counts.Read += int64(n)
	return n, err
}

func (f countingFile) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.File.ReadAt(p, off)
	f.counts.Read += int64(n)
	return n, err
}

var _ io.ReaderAt = countingFile{}

// TestOperationsOfAFlush counts what flushes of a hundred changes ask the disk
// for: one sync of the file and one of its directory. The file that the flush
// before has written is read once more, because its times have not settled.
func TestOperationsOfAFlush(t *testing.T) {
	name := filepath.Join(t.TempDir(), "plan.json")
	writeFile(t, name, plantest.Text(1, 1, 1000))
	counts := new(operations)
	b := openStore(t, filestore.New(name, filestore.WithFS(countingFS{counts: counts})))
	for n := range 4 {
		to := []plantest.Status{plantest.Active, plantest.Open}[n%2]
		var group []batching.Change[plantest.ID, plantest.Status]
		for i := range 100 {
			group = append(group, batching.Set(plantest.TaskID(1, 1, 10*i+1), to))
		}
		if _, err := b.Apply(t.Context(), group...); err != nil {
			t.Fatal(err)
		}
		size := int64(len(readFile(t, name)))
		if n > 0 {
			*counts = operations{}
		} // else space is being reserved in the background, which the flush waits for
		if _, err := b.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			continue
		}
		want := operations{Syncs: 1, SyncedDirs: 1, Renames: 1, Read: size}
		if diff := cmp.Diff(want, *counts); diff != "" {
			t.Errorf("flush %d (-want +got):\n%s", n, diff)
		}
	}
}
