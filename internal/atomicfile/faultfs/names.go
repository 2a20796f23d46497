package faultfs

import (
	"io/fs"
	"maps"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

// kind shortens a name for the trace, so that random names look alike.
func kind(name string) string {
	base := filepath.Base(name)
	if strings.HasPrefix(base, ".") {
		return "*" + filepath.Ext(base)
	}
	return base
}

// Lstat describes a file, a directory or a link.
func (f *FS) Lstat(name string) (fs.FileInfo, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if v := f.operation("lstat " + kind(name)); v.err != nil {
		return nil, pathError("lstat", name, v.err)
	}
	if f.dirs[filepath.Clean(name)] != nil {
		return info{name: filepath.Base(name), mode: fs.ModeDir | 0o755}, nil
	}
	d, base := f.split(name)
	if d == nil || d.names[base] == nil {
		return nil, pathError("lstat", name, syscall.ENOENT)
	}
	return d.names[base].info(base), nil
}

// Readlink returns what a symbolic link points to.
func (f *FS) Readlink(name string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if v := f.operation("readlink " + kind(name)); v.err != nil {
		return "", pathError("readlink", name, v.err)
	}
	d, base := f.split(name)
	if d == nil || d.names[base] == nil {
		return "", pathError("readlink", name, syscall.ENOENT)
	}
	return d.names[base].link, nil
}

// ReadDir returns the names in a directory.
func (f *FS) ReadDir(name string) ([]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if v := f.operation("readdir"); v.err != nil {
		return nil, pathError("readdir", name, v.err)
	}
	d := f.dirs[filepath.Clean(name)]
	if d == nil {
		return nil, pathError("readdir", name, syscall.ENOENT)
	}
	var names []string
	for n := range d.names {
		names = append(names, n)
	}
	return names, nil
}

// Mkdir makes a directory, whose name is not durable yet.
func (f *FS) Mkdir(name string, _ fs.FileMode) error {
	return f.change("mkdir", name, func(d *directory, _ string) error {
		name := filepath.Clean(name)
		if f.dirs[name] != nil {
			return syscall.EEXIST
		}
		f.dirs[name] = &directory{names: map[string]*inode{}, durable: map[string]*inode{}}
		return nil
	})
}

// Remove removes a file.
func (f *FS) Remove(name string) error {
	return f.change("remove", name, func(d *directory, base string) error {
		if d.names[base] == nil {
			return syscall.ENOENT
		}
		delete(d.names, base)
		return nil
	})
}

// Rename moves a file over another.
func (f *FS) Rename(oldName, newName string) error {
	return f.change("rename", oldName, func(d *directory, base string) error {
		to, newBase := f.split(newName)
		if d.names[base] == nil || to == nil {
			return syscall.ENOENT
		}
		to.names[newBase] = d.names[base]
		delete(d.names, base)
		return nil
	})
}

// SyncDir makes the names in a directory durable.
func (f *FS) SyncDir(name string) error {
	return f.change("syncdir", filepath.Join(name, "."), func(*directory, string) error {
		name := filepath.Clean(name)
		d := f.dirs[name]
		if d == nil {
			return syscall.ENOENT
		}
		d.durable = maps.Clone(d.names)
		for child, c := range f.dirs {
			if filepath.Dir(child) == name {
				c.synced = true
			}
		}
		return nil
	})
}

// change does one operation on the directory of name.
func (f *FS) change(op, name string, do func(d *directory, base string) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	v := f.operation(op + " " + kind(name))
	if v.skip || v.half && !v.lie {
		return pathError(op, name, v.err)
	}
	d, base := f.split(name)
	if d == nil {
		return pathError(op, name, syscall.ENOENT)
	}
	err := do(d, base)
	if err == nil {
		err = v.err
	}
	if err != nil {
		return pathError(op, name, err)
	}
	return nil
}

// TryLock takes the lock of a file.
func (f *FS) TryLock(name string, flag int) (atomicfile.Locked, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if v := f.operation("lock " + kind(name)); v.err != nil {
		return nil, pathError("lock", name, v.err)
	}
	n, err := f.open(name, flag, 0)
	if err != nil {
		return nil, pathError("lock", name, err)
	}
	if f.locks[n] {
		return nil, nil
	}
	f.locks[n] = true
	return &lock{fs: f, name: name, inode: n, boot: f.boot}, nil
}

// Locked reports whether somebody has the lock of a file, without counting as an
// operation.
func (f *FS) Locked(name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, base := f.split(name)
	return d.names[base] != nil && f.locks[d.names[base]]
}

// Attributes lists none: a test that is about them needs a real file system.
func (f *FS) Attributes(string) (map[string][]byte, error) { return nil, nil }

type lock struct {
	fs    *FS
	name  string
	inode *inode
	boot  int
}

// Stat describes the file that is locked.
func (l *lock) Stat() (fs.FileInfo, error) {
	l.fs.mu.Lock()
	defer l.fs.mu.Unlock()
	if v := l.fs.operation("stat " + kind(l.name)); v.err != nil {
		return nil, pathError("stat", l.name, v.err)
	}
	return l.inode.info(l.name), nil
}

// Unlock gives the lock back. It is no operation: a lock cannot outlive its
// process, whatever happens.
func (l *lock) Unlock() error {
	l.fs.mu.Lock()
	defer l.fs.mu.Unlock()
	if l.boot == l.fs.boot {
		delete(l.fs.locks, l.inode)
	}
	return nil
}

// info describes a file.
type info struct {
	name     string
	size     int64
	mode     fs.FileMode
	modified time.Time
	inode    *inode
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return i.mode }
func (i info) ModTime() time.Time { return i.modified }
func (i info) IsDir() bool        { return i.mode.IsDir() }

// Sys tells one file from another.
func (i info) Sys() any {
	if i.inode == nil {
		return nil
	}
	return i.inode
}
