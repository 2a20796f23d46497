package atomicfile

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
)

// bufferSize joins small writes; larger ones pass through.
const bufferSize = 4 << 10

// Replacement says what to replace, and by what.
type Replacement struct {
	// Name of the file. A symbolic link is followed, not replaced.
	Name string
	// Perm is the mode of a file that is not there yet, before the umask.
	Perm fs.FileMode
	// Like, if set, is the file whose owner, group, mode and ACL the new one
	// gets, in place of those of the file called Name.
	Like string
	// Write writes the new content.
	Write func(io.Writer) error
	// NotKept, if set, is told what the new file has not got of the old one: a
	// *NotKeptError each.
	NotKept func(error)
}

// Replace writes a file anew: to a temporary file beside it, synced, renamed
// over it, directory synced. When it returns nil the new content survives a
// power cut. A *NotDurableError means that the new content is in place but
// might not; after any other error the old content is in place. Either way the
// next Replace starts from scratch: a file whose sync failed is never synced
// again.
func Replace(fsys FS, r Replacement) error {
	staged, err := Stage(fsys, r)
	if err != nil {
		return err
	}
	return staged.Commit()
}

// Staged is the new content of a file, which is on disk under a temporary name
// and waits to take the place of the old.
type Staged struct {
	fsys         FS
	target, temp string
	written      fs.FileInfo
}

// Stage is the first half of [Replace]. Commit or Discard what it returns.
func Stage(fsys FS, r Replacement) (*Staged, error) {
	target, err := Resolve(fsys, r.Name)
	if err != nil {
		return nil, err
	}
	from, perm, err := r.origin(fsys, target)
	if err != nil {
		return nil, err
	}
	f, temp, err := CreateHidden(fsys, target, tempSuffix, perm)
	if err != nil {
		return nil, err
	}
	written, err := r.write(f, temp, from)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		// What cannot be removed now is stale, and removed as such later.
		_ = fsys.Remove(temp)
		return nil, err
	}
	return &Staged{fsys, target, temp, written}, nil
}

// origin returns the file that the new one is to be like, nil if there is none,
// and the mode to make the new one with.
func (r Replacement) origin(fsys FS, target string) (*origin, fs.FileMode, error) {
	from, err := readOrigin(fsys, target)
	missing := errors.Is(err, fs.ErrNotExist)
	if err == nil && from.info.IsDir() {
		err = irregular("replace", target, from.info.Mode())
	}
	if err != nil && !missing {
		return nil, 0, err
	}
	if r.Like != "" {
		if from, err = readOrigin(fsys, r.Like); err != nil {
			return nil, 0, err
		}
		from, missing = from.access(), false
	}
	if missing {
		return nil, r.Perm, nil
	}
	// Its owner's alone until owner and group are those of the old one: others
	// could read now what they could not read before.
	return &from, from.perm() & 0o600, nil
}

// write fills a new file, makes it like another, and syncs it.
func (r Replacement) write(f File, name string, from *origin) (fs.FileInfo, error) {
	if err := fill(f, name, r.Write); err != nil {
		return nil, err
	}
	if from != nil {
		notKept, err := from.give(f)
		if err != nil {
			return nil, err
		}
		for _, err := range notKept {
			if r.NotKept != nil {
				r.NotKept(err)
			}
		}
	}
	if err := f.Sync(); err != nil {
		return nil, err
	}
	return f.Stat()
}

// Discard removes the new content. The old stays.
func (s *Staged) Discard() { _ = s.fsys.Remove(s.temp) }

// Commit puts the new content in place of the old, durably. Errors are those of
// Replace. One of [ErrVanished] says that somebody has removed the temporary
// file: Stage it anew.
func (s *Staged) Commit() error {
	if err := s.rename(); err != nil {
		return err
	}
	if err := s.fsys.SyncDir(filepath.Dir(s.target)); err != nil {
		return &NotDurableError{Name: s.target, Err: err}
	}
	return nil
}

// IsAt reports whether the file described is the new content, moved into place.
func (s *Staged) IsAt(info fs.FileInfo) bool { return sameFile(s.written, info) }

// rename moves the temporary file into place. Should it fail, whether the file
// there is the temporary one tells whether it was moved all the same. That the
// temporary file is gone tells nothing: somebody may have tidied it up.
func (s *Staged) rename() error {
	err := s.fsys.Rename(s.temp, s.target)
	if err == nil {
		return nil
	}
	if there, statErr := s.fsys.Lstat(s.target); statErr == nil && s.IsAt(there) {
		return &NotDurableError{Name: s.target, Err: err}
	}
	if _, statErr := s.fsys.Lstat(s.temp); errors.Is(err, fs.ErrNotExist) && errors.Is(statErr, fs.ErrNotExist) {
		return &fs.PathError{Op: "rename", Path: s.temp, Err: ErrVanished}
	}
	s.Discard()
	return err
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

// WriteFile replaces a file of the operating system by data; see [Replace].
func WriteFile(name string, data []byte, perm fs.FileMode) error {
	return Replace(OS{}, Replacement{Name: name, Perm: perm, Write: func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}})
}
