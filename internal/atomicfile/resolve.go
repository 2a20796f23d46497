package atomicfile

import (
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"
)

// maxLinks is how many symbolic links in a row Linux follows.
const maxLinks = 40

// Resolve returns the name of the file that name stands for: name itself, or
// what it leads to if it is a symbolic link. The file need not exist. Replacing
// the link itself would cut it off from its file.
func Resolve(fsys FS, name string) (string, error) {
	asked := name
	for range maxLinks {
		info, err := fsys.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) {
			return name, nil
		}
		if err != nil {
			return "", err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			return name, nil
		}
		to, err := fsys.Readlink(name)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(name), to)
		}
		name = to
	}
	return "", &fs.PathError{Op: "resolve", Path: asked, Err: syscall.ELOOP}
}
