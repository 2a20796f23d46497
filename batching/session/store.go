package session

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync/atomic"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
)

// backlogStore is a file store that takes a file which is not there yet for an
// empty document. Once it has seen the file, a missing one is an error: whoever
// removed it may not want it back.
type backlogStore struct {
	batching.Store
	path string
	seen atomic.Bool
	// first is what saveFirst has to replace: a document of its own that might
	// not survive a power cut. Nobody else uses it.
	first batching.Save
}

func newBacklogStore(path string, o options) *backlogStore {
	s := &backlogStore{Store: filestore.New(path, filestore.WithLogger(o.logger)), path: path}
	if o.wrapStore != nil {
		s.Store = o.wrapStore(s.Store)
	}
	return s
}

// Extras are those of the file store. Only a refresh has to know that there may
// be no file yet.
func (s *backlogStore) Extras() batching.Extras {
	extras := s.Store.Extras()
	if extras.Refresher != nil {
		extras.Refresher = backlogRefresher{s, extras.Refresher}
	}
	return extras
}

// Load returns an empty document, of the revision "", where there is no file.
func (s *backlogStore) Load(ctx context.Context, t *document.Type) (*document.Document, batching.Revision, error) {
	d, revision, err := s.Store.Load(ctx, t)
	if errors.Is(err, fs.ErrNotExist) && !s.seen.Load() {
		return t.New(), "", nil
	}
	if err == nil {
		s.seen.Store(true)
	}
	return d, revision, err
}

// backlogRefresher brings the document of a backlogStore up to date.
type backlogRefresher struct {
	store *backlogStore
	below batching.Refresher
}

// Refresh returns the document that it is given where there is still no file.
func (r backlogRefresher) Refresh(ctx context.Context, stored *document.Document, base batching.Revision) (*document.Document, batching.Revision, error) {
	d, revision, err := r.below.Refresh(ctx, stored, base)
	if base == "" && errors.Is(err, fs.ErrNotExist) && !r.store.seen.Load() {
		return stored, base, nil
	}
	if err == nil {
		r.store.seen.Store(true)
	}
	return d, revision, err
}

// Save makes the file if there is none. If somebody else has made it in the
// meantime, that is a conflict like any other.
func (s *backlogStore) Save(ctx context.Context, save batching.Save) (batching.Revision, error) {
	revision, err := s.Store.Save(ctx, save)
	if save.Base == "" && errors.Is(err, fs.ErrExist) {
		d, revision, err := s.Load(ctx, save.Document.Type())
		if err != nil {
			return "", err
		}
		return "", &batching.Conflict{Document: d, Revision: revision}
	}
	if err == nil || errors.Is(err, batching.ErrNotDurable) {
		s.seen.Store(true)
	}
	return revision, err
}

// saveFirst stores the first document as it is. If somebody else was faster, the
// error satisfies errors.Is(err, batching.ErrConflict). After any other error it
// can be called again, also with another document.
func (s *backlogStore) saveFirst(ctx context.Context, d *document.Document) error {
	save := s.first
	save.Document = d
	revision, err := s.Store.Save(ctx, save)
	switch {
	case err == nil:
		s.first = batching.Save{}
	case errors.Is(err, fs.ErrExist), errors.Is(err, batching.ErrConflict):
		return fmt.Errorf("a first backlog was %w", batching.ErrConflict)
	case errors.Is(err, batching.ErrNotDurable):
		s.first = batching.Save{Base: revision, Stored: d}
	}
	return err
}
