package atomicfile

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// MkdirAll makes a directory and its missing parents, and makes their names
// durable.
func MkdirAll(fsys FS, name string, perm fs.FileMode) error {
	name = filepath.Clean(name)
	switch _, err := fsys.Lstat(name); {
	case err == nil:
		return nil // if it is no directory, the first use says so
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	parent := filepath.Dir(name)
	if err := MkdirAll(fsys, parent, perm); err != nil {
		return err
	}
	if err := fsys.Mkdir(name, perm); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return fsys.SyncDir(parent)
}
