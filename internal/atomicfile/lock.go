package atomicfile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Lock is the advisory lock of a file that has been taken. It is given back by
// Unlock, or when the process ends.
type Lock struct {
	fsys   FS
	name   string
	locked Locked
}

// ErrVanished says that a file has been taken away by somebody who does not know
// about it, such as one who tidies up: a lock, or a temporary file. What was to
// be done can begin anew.
var ErrVanished = errors.New("removed or replaced by another program")

const (
	// How long to wait between two attempts to get a lock: from the one,
	// doubling, to the other.
	firstWait = time.Millisecond
	lastWait  = 16 * time.Millisecond
	// maxAttempts is how often a lock is tried whose file is taken away, or
	// whose owner is about to be set.
	maxAttempts = 8
)

// WaitLock waits for the lock of a file, or for the context. The file is made
// where it is missing, and stays. It gets owner, group and mode of the file or
// directory called like, so that whoever may write to that can take the lock.
func WaitLock(ctx context.Context, fsys FS, name, like string) (*Lock, error) {
	refused := 0
	for wait := firstWait; ; wait = min(2*wait, lastWait) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		lock, err := TryLock(fsys, name, like)
		if errors.Is(err, fs.ErrPermission) && refused < maxAttempts {
			// Whoever has just made the file opens it to others next.
			refused++
			err = nil
		}
		if err != nil || lock != nil {
			return lock, err
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// TryLock is WaitLock without waiting: it returns nil and no error when somebody
// else has the lock.
func TryLock(fsys FS, name, like string) (*Lock, error) {
	for range maxAttempts {
		locked, err := tryLock(fsys, name)
		if errors.Is(err, fs.ErrNotExist) {
			if err := makeLock(fsys, name, like); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil || locked == nil {
			return nil, err
		}
		lock := &Lock{fsys, name, locked}
		err = lock.Check()
		if err == nil {
			return lock, nil
		}
		_ = locked.Unlock()
		if linked, resolveErr := Resolve(fsys, name); resolveErr == nil && linked != filepath.Clean(name) {
			name = linked
			continue
		}
		if !errors.Is(err, ErrVanished) {
			return nil, err
		}
	}
	return nil, &fs.PathError{Op: "lock", Path: name, Err: ErrVanished}
}

// tryLock takes the lock of a file that is there. Where it may only be read, a
// lock for reading excludes others as well, on all but some network file systems.
func tryLock(fsys FS, name string) (Locked, error) {
	locked, err := fsys.TryLock(name, os.O_RDWR)
	if !errors.Is(err, fs.ErrPermission) {
		return locked, err
	}
	locked, err = fsys.TryLock(name, os.O_RDONLY)
	if errors.Is(err, fs.ErrPermission) {
		return nil, lockAccessError(fsys, name, err)
	}
	return locked, err
}

// makeLock makes the file of a lock. That somebody else has made it is as good.
func makeLock(fsys FS, name, like string) error {
	from, err := readOrigin(fsys, like)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	perm := fs.FileMode(0o666)
	if err == nil {
		perm = from.perm() & 0o600
	}
	f, createErr := fsys.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, perm)
	if errors.Is(createErr, fs.ErrExist) {
		return nil
	}
	if createErr != nil {
		return createErr
	}
	if err != nil { // there is no file that it could be like
		return f.Close()
	}
	if _, err := from.access().give(f); err != nil {
		// Those who could not open it would be kept out for ever.
		return errors.Join(err, f.Close(), fsys.Remove(name))
	}
	return f.Close()
}

// Check returns an error of ErrVanished unless the name of the lock still leads
// to the file that is locked: others lock what is there now.
func (l *Lock) Check() error {
	mine, err := l.locked.Stat()
	if err != nil {
		return err
	}
	there, err := l.fsys.Lstat(l.name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !isSame(mine, there) {
		return &fs.PathError{Op: "lock", Path: l.name, Err: ErrVanished}
	}
	return err
}

// Unlock gives the lock back.
func (l *Lock) Unlock() error { return l.locked.Unlock() }

// LockAccessError says that the file of a lock belongs to somebody else.
type LockAccessError struct {
	Name string
	// UID and GID are its owner and group, -1 where the system does not say.
	UID, GID int
	Mode     fs.FileMode
	Err      error
}

func lockAccessError(fsys FS, name string, err error) error {
	e := &LockAccessError{Name: name, UID: -1, GID: -1, Err: err}
	if info, statErr := fsys.Lstat(name); statErr == nil {
		e.Mode = info.Mode()
		if uid, gid, ok := owner(info); ok {
			e.UID, e.GID = uid, gid
		}
	}
	return e
}

// Error says whose the file is, and what would help.
func (e *LockAccessError) Error() string {
	return fmt.Sprintf("the lock %s belongs to user %d and group %d and has the mode %v: its owner can run chmod a+r on it, or remove it while no program is at work: %v",
		e.Name, e.UID, e.GID, e.Mode, e.Err)
}

// Unwrap returns the cause.
func (e *LockAccessError) Unwrap() error { return e.Err }

// LockedFile is an open file whose lock is ours until Close.
type LockedFile struct {
	File
	locked Locked // nil where the open file itself keeps others out
}

// exclusiveOpener is an FS that keeps others from opening a file.
type exclusiveOpener interface {
	// OpenExclusive returns nil and no error when somebody else has the lock.
	OpenExclusive(name string, flag int, perm fs.FileMode) (File, error)
}

// OpenLocked opens a file for reading and writing and takes its lock. It returns
// nil and no error when somebody else has it, or has had it and removed the file.
func OpenLocked(fsys FS, name string, flag int, perm fs.FileMode) (*LockedFile, error) {
	if opener, ok := fsys.(exclusiveOpener); ok {
		f, err := opener.OpenExclusive(name, os.O_RDWR|flag, perm)
		if f == nil || err != nil {
			return nil, err
		}
		return ifThere(fsys, &LockedFile{f, nil}, name)
	}
	f, err := fsys.OpenFile(name, os.O_RDWR|flag, perm)
	if err != nil {
		return nil, err
	}
	locked, err := fsys.TryLock(name, os.O_RDWR)
	if err != nil || locked == nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return nil, errors.Join(err, f.Close())
	}
	return ifThere(fsys, &LockedFile{f, locked}, name)
}

// ifThere returns the file unless it was removed before it was locked.
func ifThere(fsys FS, f *LockedFile, name string) (*LockedFile, error) {
	there, err := IsAt(fsys, f, name)
	if err != nil || !there {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Close closes the file and gives the lock back.
func (f *LockedFile) Close() error {
	err := f.File.Close()
	if f.locked != nil {
		err = errors.Join(err, f.locked.Unlock())
	}
	return err
}

// IsAt reports whether a name leads to an open file.
func IsAt(fsys FS, f File, name string) (bool, error) {
	mine, err := f.Stat()
	if err != nil {
		return false, err
	}
	there, err := fsys.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && isSame(mine, there), err
}
