package atomicfile

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
)

// bufferSize joins small writes; larger ones pass through.
const bufferSize = 64 << 10

// Replacement says what to replace, and by what.
type Replacement struct {
	// Name of the file. A symbolic link is followed, not replaced.
	Name string
	// Perm is the mode of a file that is not there yet, before the umask.
	Perm fs.FileMode
	// Write writes the new content.
	Write func(io.Writer) error
	// Check, if set, is asked when the new content is on disk under its
	// temporary name, just before it takes the place of the old. An error of
	// Check is returned as it is, and the old content stays.
	Check func() error
}

// Replace writes a file anew: to a temporary file beside it, synced, renamed
// over it, directory synced. When it returns nil the new content survives a
// power cut. A *NotDurableError means that the new content is in place but
// might not; after any other error the old content is in place. Either way the
// next Replace starts from scratch: a file whose sync failed is never synced
// again.
func Replace(fsys FS, r Replacement) error {
	target, err := Resolve(fsys, r.Name)
	if err != nil {
		return err
	}
	temp, written, err := writeTemp(fsys, target, r)
	if err != nil {
		return err
	}
	if r.Check != nil {
		if err := r.Check(); err != nil {
			_ = fsys.Remove(temp)
			return err
		}
	}
	if err := rename(fsys, temp, target, written); err != nil {
		return err
	}
	if err := fsys.SyncDir(filepath.Dir(target)); err != nil {
		return &NotDurableError{Name: target, Err: err}
	}
	return nil
}

// writeTemp leaves the new content synced under the name it returns, together
// with its description, or leaves nothing.
func writeTemp(fsys FS, target string, r Replacement) (string, fs.FileInfo, error) {
	old, err := fsys.Lstat(target)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", nil, err
	}
	perm := r.Perm
	if err == nil {
		if !old.Mode().IsRegular() {
			return "", nil, irregular("replace", target, old.Mode())
		}
		// Its owner's alone until owner and group are those of the old one:
		// others could read now what they could not read before.
		perm = old.Mode().Perm() & 0o600
	}
	f, temp, err := CreateHidden(fsys, target, tempSuffix, perm)
	if err != nil {
		return "", nil, err
	}
	err = fill(f, temp, r.Write)
	if err == nil && old != nil {
		err = keepAttributes(f, old)
	}
	if err == nil {
		err = f.Sync()
	}
	var written fs.FileInfo
	if err == nil {
		written, err = f.Stat()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		// What cannot be removed now is stale, and removed as such later.
		_ = fsys.Remove(temp)
		return "", nil, err
	}
	return temp, written, nil
}

// fill writes the content and checks that all of it has arrived: some file
// systems acknowledge more than they have taken.
func fill(f File, name string, write func(io.Writer) error) error {
	counter := &countingWriter{w: f}
	buffer := bufio.NewWriterSize(counter, bufferSize)
	if err := write(buffer); err != nil {
		return err
	}
	if err := buffer.Flush(); err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() != counter.n {
		return &SizeError{Name: name, Written: counter.n, Size: info.Size()}
	}
	return nil
}

type countingWriter struct {
	w io.Writer
	n int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// keepAttributes gives a new file the owner and mode of the old one. A process
// that may not give files away keeps at least the group if it may.
func keepAttributes(f File, old fs.FileInfo) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	uid, gid, _ := owner(info)
	if oldUID, oldGID, ok := owner(old); ok && (oldUID != uid || oldGID != gid) {
		err := f.Chown(oldUID, oldGID)
		if errors.Is(err, fs.ErrPermission) {
			err = f.Chown(-1, oldGID)
		}
		if err != nil && !errors.Is(err, fs.ErrPermission) {
			return err
		}
	}
	if info.Mode().Perm() == old.Mode().Perm() {
		return nil
	}
	return f.Chmod(old.Mode().Perm())
}

// rename moves the temporary file into place. Should it fail, whether the file
// there is the temporary one tells whether it was moved all the same. That the
// temporary file is gone tells nothing: somebody may have tidied it up.
func rename(fsys FS, temp, target string, written fs.FileInfo) error {
	err := fsys.Rename(temp, target)
	if err == nil {
		return nil
	}
	if there, statErr := fsys.Lstat(target); statErr == nil && sameFile(written, there) {
		return &NotDurableError{Name: target, Err: err}
	}
	_ = fsys.Remove(temp)
	return err
}

// WriteFile replaces a file of the operating system by data; see [Replace].
func WriteFile(name string, data []byte, perm fs.FileMode) error {
	return Replace(OS{}, Replacement{Name: name, Perm: perm, Write: func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}})
}
