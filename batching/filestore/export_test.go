package filestore

import (
	"time"

	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

// WithFS puts another file system under a store.
func WithFS(fsys atomicfile.FS) Option { return func(s *Store) { s.fsys = fsys } }

// WithClock gives a store another clock.
func WithClock(now func() time.Time) Option { return func(s *Store) { s.now = now } }

// EncodeRecord returns a whole record of a recovery file.
func EncodeRecord(data []byte) []byte { return encode(1, data) }
