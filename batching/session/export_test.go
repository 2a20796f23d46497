package session

import (
	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

// WithFS puts something between a session and its file system.
func WithFS(wrap func(atomicfile.FS) atomicfile.FS) Option {
	return func(o *options) { o.wrap = wrap }
}

// WithStore puts something between a session and the store of its backlog.
func WithStore(wrap func(batching.Store) batching.Store) Option {
	return func(o *options) { o.wrapStore = wrap }
}

// NewBacklogStore returns the store of a session's backlog.
func NewBacklogStore(path string, opts ...Option) batching.Store {
	o, err := newOptions(opts)
	if err != nil {
		panic(err)
	}
	return newBacklogStore(path, o)
}
