package batching

import "time"

// WithWallClock sets the clock on the wall.
func WithWallClock(now func() time.Time) Option { return func(o *options) { o.wall = now } }
