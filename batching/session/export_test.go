package session

import "github.com/backlog-gen/backlog-gen/internal/atomicfile"

// WithFS puts something between a session and its file system.
func WithFS(wrap func(atomicfile.FS) atomicfile.FS) Option {
	return func(o *options) { o.wrap = wrap }
}
