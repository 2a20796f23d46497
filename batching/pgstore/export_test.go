package pgstore

import "time"

// LostCommits counts the saves whose outcome is not known.
func LostCommits(s *Store) int {
	s.lost.mu.Lock()
	defer s.lost.mu.Unlock()
	return len(s.lost.list)
}

// AskFor sets how long the server is asked what became of a commit.
func AskFor(d time.Duration) Option { return func(s *Store) { s.askFor = d } }
