package session

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

// rootFS is the file system below a plan directory. Names are relative to that,
// and nothing outside of it can be reached.
type rootFS struct {
	root *os.Root
	dir  string
}

var _ atomicfile.FS = rootFS{}

func (r rootFS) OpenFile(name string, flag int, perm fs.FileMode) (atomicfile.File, error) {
	f, err := r.root.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return atomicfile.OSFile{File: f}, nil
}

func (r rootFS) Lstat(name string) (fs.FileInfo, error) { return r.root.Lstat(name) }

func (r rootFS) Readlink(name string) (string, error) { return r.root.Readlink(name) }

func (r rootFS) ReadDir(name string) ([]string, error) {
	d, err := r.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.Readdirnames(-1)
}

func (r rootFS) Mkdir(name string, perm fs.FileMode) error { return r.root.Mkdir(name, perm) }

func (r rootFS) Rename(oldName, newName string) error { return r.root.Rename(oldName, newName) }

func (r rootFS) Remove(name string) error { return r.root.Remove(name) }

// SyncDir does what atomicfile.OS does.
func (r rootFS) SyncDir(name string) error {
	if runtime.GOOS == "windows" {
		return nil // which has no such thing
	}
	d, err := r.root.Open(name)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, d.Close())
}

// TryLock opens the file below the root first: a link that leads outside is
// refused there.
func (r rootFS) TryLock(name string, flag int) (atomicfile.Locked, error) {
	f, err := r.root.OpenFile(name, flag, 0)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	return atomicfile.OS{}.TryLock(filepath.Join(r.dir, name), flag)
}

// Attributes opens the file below the root first, too.
func (r rootFS) Attributes(name string) (map[string][]byte, error) {
	f, err := r.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return atomicfile.OSFile{File: f}.Attributes()
}
