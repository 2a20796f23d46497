//go:build !windows

package atomicfile

import (
	"io/fs"
	"os"
)

func openFile(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, perm)
}

func rename(oldName, newName string) error { return os.Rename(oldName, newName) }

func remove(name string) error { return os.Remove(name) }
