package atomicfile_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

func take(t *testing.T, name string) *atomicfile.Lock {
	t.Helper()
	lock, err := atomicfile.TryLock(atomicfile.OS{}, name, filepath.Dir(name))
	if err != nil {
		t.Fatal(err)
	}
	return lock
}

func TestLocksExcludeEachOther(t *testing.T) {
	name := filepath.Join(t.TempDir(), "tasks.json.lock")
	if _, err := (atomicfile.OS{}).TryLock(name, os.O_RDWR); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a lock of no file: %v", err)
	}
	first := take(t, name)
	if first == nil {
		t.Fatal("nobody has the lock, and it is not given")
	}
	if second := take(t, name); second != nil {
		t.Error("a second lock")
	}
	if err := first.Unlock(); err != nil {
		t.Fatal(err)
	}
	third := take(t, name)
	if third == nil {
		t.Fatal("not given after Unlock")
	}
	if err := third.Unlock(); err != nil {
		t.Fatal(err)
	}
}

func TestWaitingForALockEndsWithTheContext(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	first := take(t, name)
	defer first.Unlock()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := atomicfile.WaitLock(ctx, atomicfile.OS{}, name, filepath.Dir(name))
		ended <- err
	}()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// A lock whose file was removed is no lock any more: others lock a new one.
func TestLockOfAFileThatWasRemoved(t *testing.T) {
	for what, vanish := range map[string]func(name string) error{
		"removed": os.Remove,
		"replaced": func(name string) error {
			return errors.Join(os.Rename(name, name+".old"), os.WriteFile(name, nil, 0o666))
		},
	} {
		t.Run(what, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "lock")
			first := take(t, name)
			defer first.Unlock()
			if err := first.Check(); err != nil {
				t.Errorf("a lock that is held: %v", err)
			}
			if err := vanish(name); err != nil {
				t.Fatal(err)
			}
			if err := first.Check(); !errors.Is(err, atomicfile.ErrVanished) {
				t.Errorf("got %v, want %v", err, atomicfile.ErrVanished)
			}
			second := take(t, name)
			if second == nil {
				t.Fatal("the lock of the new file is not given")
			}
			defer second.Unlock()
			if err := second.Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

// Many take the lock while its file is removed again and again. Each gets one, or
// is told why not. They go on until a lock was good.
func TestLocksWhileTheirFileIsRemoved(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	stop := make(chan struct{})
	var removing, working sync.WaitGroup
	removing.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				_ = os.Remove(name)
			}
		}
	})
	var good atomic.Bool
	for range 4 {
		working.Go(func() {
			for n := 0; n < 50 || !good.Load(); n++ {
				lock, err := atomicfile.WaitLock(t.Context(), atomicfile.OS{}, name, filepath.Dir(name))
				if errors.Is(err, atomicfile.ErrVanished) {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				if lock.Check() == nil {
					good.Store(true)
				}
				if err := lock.Unlock(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	working.Wait()
	close(stop)
	removing.Wait()
}

func TestLockMayBeALink(t *testing.T) {
	dir := t.TempDir()
	name, real := filepath.Join(dir, "lock"), filepath.Join(dir, "real")
	if err := errors.Join(os.WriteFile(real, nil, 0o666), os.Symlink("real", name)); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	first := take(t, name)
	if first == nil {
		t.Fatal("not given")
	}
	defer first.Unlock()
	if second := take(t, real); second != nil {
		t.Error("the file that the link leads to can be locked as well")
	}
}
