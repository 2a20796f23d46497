package pgstore

import "time"

// AskFor sets how long the server is asked what became of a commit.
func AskFor(d time.Duration) Option { return func(s *Store) { s.askFor = d } }
