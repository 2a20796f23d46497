package filestore

import (
	"context"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
)

// Refresh returns what is stored now, given a document and its revision. It
// loads the file only if that is not the document: a file whose attributes prove
// it unchanged is not read, any other is compared.
func (s *Store) Refresh(ctx context.Context, stored *document.Document, base batching.Revision) (*document.Document, batching.Revision, error) {
	if err := ctx.Err(); err != nil {
		return nil, "", err
	}
	target, err := s.target()
	if err != nil {
		return nil, "", err
	}
	info, err := s.fsys.Lstat(target)
	if err != nil {
		return nil, "", err
	}
	if known := parseRevision(base); known.settled() && known.matches(info) {
		return stored, base, nil
	}
	// The attributes are taken before, so that a change in between shows later.
	seen := s.stamp(info)
	same, err := s.holds(target, stored)
	if err != nil {
		return nil, "", err
	}
	if same {
		return stored, seen.revision(), nil
	}
	return s.load(target, stored.Type())
}
