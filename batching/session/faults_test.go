package session_test

import (
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching/session"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

// faultyFS is a file system that fails at one operation, before or after it is
// done, and knows which directories have names in them that are not durable.
type faultyFS struct {
	atomicfile.FS
	failAt, count int
	after         bool
	trace         []string
	// unsynced holds directories and files, by name.
	unsynced map[string]bool
}

func newFaultyFS(failAt int, after bool) *faultyFS {
	return &faultyFS{failAt: failAt, after: after, unsynced: map[string]bool{}}
}

func (f *faultyFS) option() session.Option {
	return session.WithFS(func(below atomicfile.FS) atomicfile.FS {
		f.FS = below
		return f
	})
}

// do does one operation.
func (f *faultyFS) do(what, name string, operation func() error) error {
	f.count++
	f.trace = append(f.trace, what+" "+name)
	fails := f.count == f.failAt
	if fails && !f.after {
		return &fs.PathError{Op: what, Path: name, Err: syscall.EIO}
	}
	if err := operation(); err != nil {
		return err
	}
	if fails {
		return &fs.PathError{Op: what, Path: name, Err: syscall.EIO}
	}
	return nil
}

func (f *faultyFS) fired() bool { return f.count >= f.failAt }

func (f *faultyFS) OpenFile(name string, flag int, perm fs.FileMode) (file atomicfile.File, err error) {
	err = f.do("open", name, func() error {
		file, err = f.FS.OpenFile(name, flag, perm)
		if filepath.Base(name) != ".session.lock" { // which may be made anew at any time
			f.unsynced[filepath.Dir(name)], f.unsynced[name] = true, true
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &faultyFile{file, f, name}, nil
}

func (f *faultyFS) Mkdir(name string, perm fs.FileMode) error {
	return f.do("mkdir", name, func() error {
		f.unsynced[filepath.Dir(name)] = true
		return f.FS.Mkdir(name, perm)
	})
}

func (f *faultyFS) Rename(oldName, newName string) error {
	return f.do("rename", oldName, func() error {
		f.unsynced[filepath.Dir(oldName)], f.unsynced[filepath.Dir(newName)] = true, true
		for name := range f.unsynced {
			if rest, ok := strings.CutPrefix(name, oldName); ok {
				delete(f.unsynced, name)
				f.unsynced[newName+rest] = true
			}
		}
		return f.FS.Rename(oldName, newName)
	})
}

func (f *faultyFS) SyncDir(name string) error {
	return f.do("syncdir", name, func() error {
		delete(f.unsynced, name)
		return f.FS.SyncDir(name)
	})
}

func (f *faultyFS) ReadDir(name string) (names []string, err error) {
	err = f.do("readdir", name, func() error {
		names, err = f.FS.ReadDir(name)
		return err
	})
	return names, err
}

func (f *faultyFS) TryLock(name string, flag int) (atomicfile.Locked, error) {
	if err := f.do("lock", name, func() error { return nil }); err != nil {
		return nil, err
	}
	return f.FS.TryLock(name, flag)
}

type faultyFile struct {
	atomicfile.File
	fsys *faultyFS
	name string
}

func (f *faultyFile) Write(p []byte) (n int, err error) {
	err = f.fsys.do("write", f.name, func() error {
		n, err = f.File.Write(p)
		return err
	})
	return n, err
}

func (f *faultyFile) Sync() error {
	return f.fsys.do("sync", f.name, func() error {
		delete(f.fsys.unsynced, f.name)
		return f.File.Sync()
	})
}

func (f *faultyFile) Close() error {
	return f.fsys.do("close", f.name, f.File.Close)
}

// TestEveryFault repeats Init, and then CreateDelta, with a fault at operation 1,
// 2, 3, … until a run meets none. Whatever fails: it is reported, there is never
// half a session, and the next try succeeds.
func TestEveryFault(t *testing.T) {
	injected := 0
	for _, after := range []bool{false, true} {
		for at := 1; ; at++ {
			p := newProject(t)
			fsys := newFaultyFS(at, after)
			made, err := session.Init(t.Context(), backlog.Format(), p.plan, p.prd, quiet, fsys.option())
			p.wantWhole(fsys, err, "001_"+prdHash)
			if err == nil {
				p.opened(made, nil)
			}
			p.init()
			diff(t, "sessions", []string{"001_" + prdHash}, p.list())
			if fsys.fired() {
				injected++
				continue
			}
			break
		}
	}
	for _, after := range []bool{false, true} {
		for at := 1; ; at++ {
			p := newProject(t)
			s := p.withTasks()
			p.write("PRD.md", newText)
			fsys := newFaultyFS(at, after)
			through := p.load(s.Metadata().ID, fsys.option())
			d, err := through.CreateDelta(t.Context(), p.prd, &carry{Reset: []backlog.ItemID{subtask1}})
			sessions := p.list()
			if err == nil {
				p.opened(d.Session, nil)
			}
			p.wantWhole(fsys, err, sessions[len(sessions)-1])
			next := p.init() // the delta, if there is one
			if len(sessions) == 2 {
				diff(t, "parent", s.Metadata().ID, next.Metadata().Parent)
				diff(t, "carried over", 3, next.Backlog().Len(backlog.LevelSubtask))
			}
			if fsys.fired() {
				injected++
				continue
			}
			break
		}
	}
	t.Logf("faults injected: %d", injected)
}

// wantWhole checks that a session is there with all that belongs to it, or not
// at all, and that what was not reported as failed is durable.
func (p project) wantWhole(fsys *faultyFS, err error, id string) {
	p.t.Helper()
	if err != nil && !strings.Contains(err.Error(), syscall.EIO.Error()) {
		p.t.Errorf("failed at operation %d of %v: %v", fsys.failAt, fsys.trace, err)
	}
	for _, name := range tree(p.t, p.plan) {
		if strings.HasSuffix(name, ".tmp") || strings.HasSuffix(name, ".tmp/") {
			p.t.Errorf("%s is left behind after %v", name, fsys.trace)
		}
	}
	if ids := p.list(); err == nil || len(ids) > 0 && ids[len(ids)-1] == id {
		if _, err := session.Load(p.t.Context(), backlog.Format(), p.path("plan", id), quiet); err != nil {
			p.t.Errorf("half a session after %v: %v", fsys.trace, err)
		}
	}
	if err != nil {
		return
	}
	if len(fsys.unsynced) > 0 {
		p.t.Errorf("not durable: %v after %v", slices.Sorted(maps.Keys(fsys.unsynced)), strings.Join(fsys.trace, "; "))
	}
}

// TestRenameComesLast: a session gets its name when all of it is durable.
func TestRenameComesLast(t *testing.T) {
	fsys := newFaultyFS(0, false)
	newProject(t).init(fsys.option())
	for i, step := range fsys.trace {
		if strings.HasPrefix(step, "rename .001_"+prdHash) && !strings.Contains(step, "/") {
			diff(t, "after the rename", []string{"syncdir ."}, fsys.trace[i+1:])
			return
		}
	}
	t.Errorf("no rename in %v", fsys.trace)
}

// TestFoundSessionIsDurable: who has made a session may have been stopped before
// its name was durable.
func TestFoundSessionIsDurable(t *testing.T) {
	p := newProject(t)
	p.init()
	fsys := newFaultyFS(0, false)
	p.init(fsys.option())
	diff(t, "operations", []string{"readdir .", "syncdir ."}, fsys.trace)
}
