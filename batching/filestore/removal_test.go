package filestore_test

import (
	"context"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// stubbornFS does not remove recovery files for so many times, and fails to sync
// directories for so many.
type stubbornFS struct {
	atomicfile.OS
	removals, syncs int
}

func (f *stubbornFS) Remove(name string) error {
	if f.removals > 0 && strings.HasSuffix(name, ".recovery") {
		f.removals--
		return syscall.EIO
	}
	return f.OS.Remove(name)
}

func (f *stubbornFS) SyncDir(name string) error {
	if f.syncs > 0 {
		f.syncs--
		return syscall.EIO
	}
	return f.OS.SyncDir(name)
}

// fullStore is a store that cannot save while it is full.
type fullStore struct {
	*filestore.Store
	full bool
}

func (s *fullStore) Save(ctx context.Context, save batching.Save) (batching.Revision, error) {
	if s.full {
		return "", syscall.ENOSPC
	}
	return s.Store.Save(ctx, save)
}

func recoveryFiles(t *testing.T, name string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(name), ".*.recovery"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A recovery file that cannot be removed at once must not be recovered later:
// what it holds is saved, and may have been taken back since.
func TestARecoveryFileThatIsNotRemoved(t *testing.T) {
	tests := []struct {
		name string
		fsys *stubbornFS
		// flush is what happens after the removal has failed.
		flush bool
	}{
		{"goes with the next flush", &stubbornFS{removals: 1}, true},
		{"goes with Close", &stubbornFS{removals: 1}, false},
		{"goes with the last of many attempts", &stubbornFS{removals: 2}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			name := newFile(t, 1, 1, 3)
			fsys := &stubbornFS{}
			store := &fullStore{Store: filestore.New(name, filestore.WithFS(fsys)), full: true}
			b := openStore(t, store)
			set(t, b, plantest.Active, 1)
			if _, err := b.Flush(t.Context()); err == nil {
				t.Fatal("no error")
			}
			store.full = false
			*fsys = *tt.fsys
			flush(t, b)
			left := recoveryFiles(t, name)
			if len(left) != 1 {
				t.Fatal("the recovery file is gone")
			}
			other := openStore(t, filestore.New(name))
			if found := other.Recoverable(); len(found) > 0 {
				t.Errorf("recoverable beside its owner: %+v", found)
			}
			if tt.flush {
				set(t, b, plantest.Open, 1)
				flush(t, b)
			} else {
				set(t, other, plantest.Open, 1)
				flush(t, other)
			}
			if err := b.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			if exists(left[0]) {
				t.Errorf("left: %v", left)
			}
			if _, err := other.Recover(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := plantest.Parse(readFile(t, name)).Status(plantest.TaskID(1, 1, 1)); got != plantest.Open {
				t.Errorf("the task is %v again", got)
			}
		})
	}
}

// A flush that has nothing to save removes what is left.
func TestAnEmptyFlushTidies(t *testing.T) {
	name := newFile(t, 1, 1, 3)
	dead := openStore(t, &fullStore{Store: filestore.New(name), full: true})
	set(t, dead, plantest.Active, 1)
	if err := dead.Close(t.Context()); err == nil {
		t.Fatal("no error")
	}
	fsys := &stubbornFS{}
	b := openStore(t, filestore.New(name, filestore.WithFS(fsys)))
	fsys.removals = 1
	if _, err := b.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(recoveryFiles(t, name)) != 1 || len(openStore(t, filestore.New(name)).Recoverable()) != 0 {
		t.Fatal("the recovery file is gone, or nobody's")
	}
	flush(t, b)
	if left := recoveryFiles(t, name); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// A place can be asked to forget again after that has failed, and be used again.
func TestRemoveAgain(t *testing.T) {
	for _, fault := range []stubbornFS{{removals: 1}, {syncs: 1}} {
		name := newFile(t, 1, 1, 1)
		fsys := &stubbornFS{}
		r := filestore.New(name, filestore.WithFS(fsys)).NewRecovery()
		if err := r.Preserve([]byte("one")); err != nil {
			t.Fatal(err)
		}
		*fsys = fault
		if err := r.Remove(); err == nil {
			t.Fatalf("%+v: no error", fault)
		}
		if err := r.Preserve([]byte("two")); err != nil {
			t.Fatal(err)
		}
		*fsys = fault
		if err := r.Remove(); err == nil {
			t.Fatalf("%+v: no error", fault)
		}
		if err := r.Remove(); err != nil || len(recoveryFiles(t, name)) != 0 {
			t.Errorf("%+v: %v, left %v", fault, err, recoveryFiles(t, name))
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}
