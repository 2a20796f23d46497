package atomicfile

import (
	"io"
	"io/fs"
)

// FS is what this package and the file store need of a file system. Names are
// paths as the os package takes them, and errors are those of the os package:
// they satisfy errors.Is with fs.ErrNotExist and fs.ErrExist. Implementations
// are safe for concurrent use.
type FS interface {
	// OpenFile opens a file with the flags of os.OpenFile.
	OpenFile(name string, flag int, perm fs.FileMode) (File, error)
	// Lstat describes a file without following a symbolic link.
	Lstat(name string) (fs.FileInfo, error)
	// Readlink returns what a symbolic link points to.
	Readlink(name string) (string, error)
	// ReadDir returns the names in a directory, in no particular order.
	ReadDir(name string) ([]string, error)
	// Mkdir makes one directory.
	Mkdir(name string, perm fs.FileMode) error
	// Rename moves a file over another.
	Rename(oldName, newName string) error
	// Remove removes a file.
	Remove(name string) error
	// SyncDir makes the names in a directory durable.
	SyncDir(name string) error
	// TryLock opens a file that is there, with os.O_RDWR or os.O_RDONLY, and
	// takes its advisory lock, exclusively and without waiting. It returns nil
	// and no error when somebody else holds it.
	TryLock(name string, flag int) (Locked, error)
	// Attributes returns the extended attributes of a file, ACLs included, that
	// a file in its place is to have.
	Attributes(name string) (map[string][]byte, error)
}

// File is an open file. It is used by one goroutine at a time.
type File interface {
	io.Reader
	io.Writer
	io.ReaderAt
	io.WriterAt
	io.Closer
	Stat() (fs.FileInfo, error)
	// Sync makes the content durable. After it has failed once, nothing that
	// was written before can be trusted, whatever a second Sync returns.
	Sync() error
	// Allocate makes the file at least so large, and takes the space for it
	// from the disk: what is written there later cannot fail for lack of it.
	// The error satisfies errors.Is(err, errors.ErrUnsupported) where that
	// cannot be done.
	Allocate(size int64) error
	Chmod(mode fs.FileMode) error
	Chown(uid, gid int) error
	// Attributes is that of FS.
	Attributes() (map[string][]byte, error)
	SetAttribute(name string, value []byte) error
	// RemoveAttribute returns nil where there is no such attribute.
	RemoveAttribute(name string) error
}

// Locked is a file whose advisory lock is held until Unlock, or until the process
// ends.
type Locked interface {
	// Stat describes the file that is locked.
	Stat() (fs.FileInfo, error)
	Unlock() error
}
