package session

import "github.com/backlog-gen/backlog-gen/internal/atomicfile"

// WithFS puts something between a session and its file system.
func WithFS(wrap func(atomicfile.FS) atomicfile.FS) Option {
	return func(o *options) { o.wrap = wrap }
}

// FileStore is what a session's backlog is kept in.
type FileStore = fileStore

// WithStore puts something between a session and the store of its backlog.
func WithStore(wrap func(FileStore) FileStore) Option {
	return func(o *options) { o.wrapStore = wrap }
}
