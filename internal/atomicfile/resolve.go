package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// maxLinks is how many symbolic links in a row Linux follows.
const maxLinks = 40

// linkFollower is an FS whose directories can be symbolic links.
type linkFollower interface {
	// EvalSymlinks returns the name of a directory without links in it.
	EvalSymlinks(name string) (string, error)
}

// Resolve returns the name of the file that name stands for: name itself, or
// what it leads to if it is a symbolic link. The file need not exist. Replacing
// the link itself would cut it off from its file. There are no links among the
// directories of the result either, where the file system knows how to follow
// them: in "link/../file" the two dots lead up from where the link leads, and
// not back to the directory of the link.
func Resolve(fsys FS, name string) (string, error) {
	asked := name
	for range maxLinks {
		resolved, err := resolveDir(fsys, name)
		if errors.Is(err, fs.ErrNotExist) {
			return name, nil
		}
		if err != nil {
			return "", err
		}
		name = resolved
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
			dir, _ := filepath.Split(name)
			to = dir + to // not joined, which would take "link/.." out
		}
		name = to
	}
	return "", &fs.PathError{Op: "resolve", Path: asked, Err: syscall.ELOOP}
}

// resolveDir returns the name with links in its directory followed.
func resolveDir(fsys FS, name string) (string, error) {
	f, ok := fsys.(linkFollower)
	if !ok {
		return filepath.Clean(name), nil
	}
	dir, base := filepath.Split(name)
	if dir == "" || base == "" {
		return name, nil
	}
	dir, err := f.EvalSymlinks(dir)
	return filepath.Join(dir, base), err
}

// sameFile reports whether both describe one file, and not two that are alike.
// A number that is free again is given to the next file: so size and time have
// to agree, too. A file system other than the system's can say that two are one
// by returning the same pointer as Sys.
func sameFile(a, b fs.FileInfo) bool {
	return a.Size() == b.Size() && a.ModTime().Equal(b.ModTime()) && isSame(a, b)
}

// isSame reports whether both describe one file, of which at least one is open.
func isSame(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) || a.Sys() != nil && a.Sys() == b.Sys()
}

// Abs returns an absolute path of what name stands for now, in whatever directory
// the program works later on. Unlike [filepath.Abs] it does not clean the path:
// in "link/../file" the two dots lead up from where the link leads.
func Abs(name string) (string, error) {
	if filepath.IsAbs(name) {
		return name, nil
	}
	if runtime.GOOS == "windows" { // which cleans each path itself
		return filepath.Abs(name)
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(dir, "/") + "/" + name, nil
}
