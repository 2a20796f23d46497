package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/windows"
)

// A file that somebody has open can be removed and replaced only if both sides
// agree to that. An os.Root opens files so that others may, and renames and
// removes them with the semantics of POSIX where the system knows these: the
// name is gone at once, and who has the old file open reads on.

// openFile opens a file so that others may replace and remove it.
func openFile(name string, flag int, perm fs.FileMode) (f *os.File, err error) {
	err = within(name, func(root *os.Root, base string) error {
		f, err = root.OpenFile(base, flag, perm)
		return err
	})
	return f, err
}

// rename moves a file over another one in its directory.
func rename(oldName, newName string) error {
	if filepath.Dir(oldName) != filepath.Dir(newName) {
		return patiently(func() error { return os.Rename(oldName, newName) })
	}
	return patiently(func() error {
		err := within(oldName, func(root *os.Root, base string) error {
			return root.Rename(base, filepath.Base(newName))
		})
		if unknown(err) {
			return os.Rename(oldName, newName)
		}
		return err
	})
}

func remove(name string) error {
	return patiently(func() error {
		err := within(name, func(root *os.Root, base string) error { return root.Remove(base) })
		if unknown(err) {
			return os.Remove(name)
		}
		return err
	})
}

// unknown reports whether the system, or the one that keeps the files, does not know
// the semantics of POSIX: Wine 8 and some network drives do not. An older call does
// it then, which takes the name away when the last handle is closed.
func unknown(err error) bool {
	return errors.Is(err, windows.ERROR_INVALID_FUNCTION) || errors.Is(err, windows.ERROR_INVALID_PARAMETER) ||
		errors.Is(err, windows.ERROR_NOT_SUPPORTED)
}

// within does something with a file in its directory. Errors name the whole path.
func within(name string, do func(root *os.Root, base string) error) error {
	root, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return err
	}
	defer root.Close()
	err = do(root, filepath.Base(name))
	var where *fs.PathError
	if errors.As(err, &where) {
		where.Path = name
	}
	return err
}

// maxRefusals is how often something is tried again that somebody keeps from
// being done who has the file open: in all for about a second.
const maxRefusals = 10

// patiently tries again what virus scanners, indexers and programs that read the
// file refuse for a moment.
func patiently(do func() error) error {
	wait := time.Millisecond
	for range maxRefusals {
		err := do()
		if !errors.Is(err, windows.ERROR_SHARING_VIOLATION) && !errors.Is(err, windows.ERROR_ACCESS_DENIED) &&
			!errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
			return err
		}
		time.Sleep(wait)
		wait *= 2
	}
	return do()
}

// OpenExclusive opens a file and locks a byte far behind its content: a lock on
// the content would keep other handles of this process from it, too. The lock
// ends with the handle.
func (OS) OpenExclusive(name string, flag int, perm fs.FileMode) (File, error) {
	f, err := openFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	const most = 0x7fffffff
	at := &windows.Overlapped{Offset: most, OffsetHigh: most}
	err = windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, at)
	if err == nil {
		return OSFile{f}, nil
	}
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		err = nil
	} else {
		err = &fs.PathError{Op: "lock", Path: name, Err: err}
	}
	return nil, errors.Join(err, f.Close())
}
