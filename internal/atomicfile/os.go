package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/gofrs/flock"
)

// OS is the file system of the operating system.
type OS struct{}

var _ FS = OS{}

// OpenFile is os.OpenFile.
func (OS) OpenFile(name string, flag int, perm fs.FileMode) (File, error) {
	f, err := openFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return OSFile{f}, nil
}

// OSFile is a file of the operating system.
type OSFile struct{ *os.File }

// Lstat is os.Lstat.
func (OS) Lstat(name string) (fs.FileInfo, error) { return os.Lstat(name) }

// Readlink is os.Readlink.
func (OS) Readlink(name string) (string, error) { return os.Readlink(name) }

// EvalSymlinks is filepath.EvalSymlinks.
func (OS) EvalSymlinks(name string) (string, error) { return filepath.EvalSymlinks(name) }

// ReadDir returns the names in a directory.
func (OS) ReadDir(name string) ([]string, error) {
	d, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.Readdirnames(-1)
}

// Mkdir is os.Mkdir.
func (OS) Mkdir(name string, perm fs.FileMode) error { return os.Mkdir(name, perm) }

// Rename is os.Rename. On Windows it replaces also what somebody has open, where
// that can be done, and is patient where not.
func (OS) Rename(oldName, newName string) error { return rename(oldName, newName) }

// Remove is os.Remove, and on Windows like Rename.
func (OS) Remove(name string) error { return remove(name) }

// SyncDir opens a directory and syncs it. File systems that do not know how to
// sync a directory, and say so, are taken at their word that it is not needed.
func (OS) SyncDir(name string) error {
	if runtime.GOOS == "windows" {
		return nil // which has no such thing
	}
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	if err == nil {
		// XFS, when it has shut down after an error, says yes to a sync for
		// which nothing is left to do. To this it says no.
		_, err = d.Stat()
	}
	return errors.Join(err, d.Close())
}

// TryLock takes a lock with flock(2), or what the platform has in its place.
// Two locks exclude each other also within one process.
func (OS) TryLock(name string, flag int) (Locked, error) {
	l := flock.New(name, flock.SetFlag(flag|doNotWait))
	ok, err := l.TryLock()
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, nil
	}
	return osLock{l}, nil
}

// osLock is a lock that has been taken.
type osLock struct{ lock *flock.Flock }

// Stat describes the file that is locked.
func (l osLock) Stat() (fs.FileInfo, error) { return l.lock.Stat() }

// Unlock gives the lock back. A failure would leave it taken for as long as the
// process lives, so it is tried again.
func (l osLock) Unlock() error {
	var err error
	for range 3 {
		if err = l.lock.Unlock(); err == nil {
			break
		}
	}
	return err
}
