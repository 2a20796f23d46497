package filestore

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/engine"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

// maxLooks is how often a file is compared that changes under our eyes.
const maxLooks = 5

// looksUnchanged is a first look at the file, so that a conflict does not cost
// a write. Only unchanged is sure.
func (s *Store) looksUnchanged(target string, save batching.Save) error {
	info, err := s.fsys.Lstat(target)
	if save.Base == "" && isMissing(err) || err == nil && parseRevision(save.Base).matches(info) {
		return nil
	}
	return s.unchanged(target, save)
}

// unchanged returns nil if the file is what the base says, a *batching.Conflict
// with what it is if not, and fs.ErrExist if there should be none. A missing
// file is an error: whoever removed it may not want it back.
func (s *Store) unchanged(target string, save batching.Save) error {
	for range maxLooks {
		info, err := s.fsys.Lstat(target)
		if save.Base == "" {
			if isMissing(err) {
				return nil
			}
			if err != nil {
				return err
			}
			return &fs.PathError{Op: "create", Path: s.given, Err: fs.ErrExist}
		}
		if err != nil {
			return err
		}
		if base := parseRevision(save.Base); base.settled() && base.matches(info) {
			return nil
		}
		same, err := s.holds(target, save.Stored)
		if err != nil {
			return err
		}
		if !same {
			return s.conflict(target, save)
		}
		after, err := s.fsys.Lstat(target)
		if err != nil {
			return err
		}
		if s.stamp(info).matches(after) {
			return nil
		}
	}
	return fmt.Errorf("%s keeps changing: %w", s.given, batching.ErrTransient)
}

func (s *Store) conflict(target string, save batching.Save) error {
	d, revision, err := s.load(target, save.Document.Type())
	if err != nil {
		return err
	}
	return &batching.Conflict{Document: d, Revision: revision}
}

var errDiffers = errors.New("differs")

// holds reports whether the file is exactly the document.
func (s *Store) holds(target string, d *document.Document) (bool, error) {
	f, info, err := atomicfile.OpenRegular(s.fsys, target)
	if err != nil {
		return false, err
	}
	defer f.Close()
	text := engine.TextOf(d)
	if info.Size() != text.Size() {
		return false, nil
	}
	c := &comparer{r: f, buffer: make([]byte, min(compareBuffer, info.Size()+1))}
	_, err = text.WriteTo(c)
	if errors.Is(err, errDiffers) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return c.atEnd()
}

// comparer compares what is written to it with what it reads.
type comparer struct {
	r      io.Reader
	buffer []byte
	unread []byte // part of buffer
}

// compareBuffer bounds how much is read at a time.
const compareBuffer = 256 << 10

func (c *comparer) Write(p []byte) (int, error) {
	for n := 0; n < len(p); {
		if err := c.fill(); err != nil {
			return n, err
		}
		k := min(len(p)-n, len(c.unread))
		if !bytes.Equal(p[n:n+k], c.unread[:k]) {
			return n, errDiffers
		}
		n += k
		c.unread = c.unread[k:]
	}
	return len(p), nil
}

// fill reads on if nothing is left to compare with.
func (c *comparer) fill() error {
	for len(c.unread) == 0 {
		n, err := c.r.Read(c.buffer)
		c.unread = c.buffer[:n]
		if n > 0 {
			return nil
		}
		if errors.Is(err, io.EOF) {
			return errDiffers
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// atEnd reports whether there is nothing more to read.
func (c *comparer) atEnd() (bool, error) {
	err := c.fill()
	if errors.Is(err, errDiffers) {
		return true, nil
	}
	return false, err
}
