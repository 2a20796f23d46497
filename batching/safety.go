package batching

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

const (
	// firstReserve is the space reserved with the first update: enough for a
	// few hundred. It doubles when it becomes short.
	firstReserve = 64 << 10
	// recordOverhead is what a record needs beyond its groups.
	recordOverhead = 4 << 10
)

// safety is where pending updates go that cannot be saved. Without a
// RecoveryStore it does nothing.
type safety struct {
	store RecoveryStore
	// reserved is the space for which no more needs to be done.
	reserved atomic.Int64

	// mu guards what follows.
	mu sync.Mutex
	// own is ours, nil before the first update. It holds whether something is
	// preserved there, stale whether that is saved by now.
	own          Recovery
	holds, stale bool
	// short is set while reserving has failed.
	short bool
	// closed is set by close: no space is reserved from then on, though an
	// update that was accepted before may still ask for it.
	closed bool
	// claimed are those of ended programs whose updates are pending now.
	claimed []Recovery
	// left are those of our own that Close has given up.
	left []string
}

// reserve makes room for so many bytes. It reports a failure once, and tries
// again when twice as much is needed, or after the next successful flush.
func (s *safety) reserve(space int64) error {
	if s.store == nil || space <= s.reserved.Load() {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	size := max(s.reserved.Load(), firstReserve)
	for size < space {
		size *= 2
	}
	s.reserved.Store(size)
	err := s.place().Reserve(size + recordOverhead)
	s.short = err != nil
	return err
}

// place returns our own place. The caller holds mu.
func (s *safety) place() Recovery {
	if s.own == nil {
		s.own = s.store.NewRecovery()
	}
	return s.own
}

// preserve keeps a record of everything pending, and returns where. The places
// that were claimed are part of it and not needed any more.
func (s *safety) preserve(record []byte) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	place := s.place()
	if err := place.Preserve(record); err != nil {
		if s.holds && !s.stale {
			return place.Name(), err // an older record
		}
		return "", err
	}
	s.holds, s.stale = true, false
	// Those that stay are ours still, and tried again with the next ones.
	_ = s.removeClaimed()
	return place.Name(), nil
}

// held returns the place that holds a record of ours, "" if none does.
func (s *safety) held() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.holds {
		return ""
	}
	return s.own.Name()
}

// claim takes over a place whose updates are pending now.
func (s *safety) claim(r Recovery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.claimed = append(s.claimed, r)
}

// remove removes every record: what they hold is durable. One that cannot be
// removed stays ours until the next time, so that nobody recovers it meanwhile.
// Space stays reserved for what is pending next.
func (s *safety) remove(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	errs := []error{s.removeClaimed()}
	if s.holds {
		err := s.own.Remove()
		s.holds, s.stale = err != nil, err != nil
		s.short = true
		errs = append(errs, err)
	}
	if s.short {
		s.short = false
		s.reserved.Store(0)
	}
	var left []string
	for _, name := range s.left {
		if err := s.removeLeft(ctx, name); err != nil {
			left = append(left, name)
			errs = append(errs, err)
		}
	}
	s.left = left
	return errors.Join(errs...)
}

func (s *safety) removeClaimed() error {
	var errs []error
	var left []Recovery
	for _, r := range s.claimed {
		if err := r.Remove(); err != nil {
			left = append(left, r)
			errs = append(errs, err)
			continue
		}
		errs = append(errs, r.Close())
	}
	s.claimed = left
	return errors.Join(errs...)
}

// removeLeft removes what Close has left, unless somebody else has it.
func (s *safety) removeLeft(ctx context.Context, name string) error {
	r, _, err := s.store.Claim(ctx, name)
	if err != nil || r == nil {
		return err
	}
	return errors.Join(r.Remove(), r.Close())
}

// close gives up every place. What they hold stays for Recover.
func (s *safety) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, r := range s.claimed {
		errs = append(errs, r.Close())
	}
	s.claimed = nil
	if s.own != nil {
		if s.holds {
			s.left = append(s.left, s.own.Name())
		}
		errs = append(errs, s.own.Close())
	}
	s.own, s.holds, s.stale, s.short, s.closed = nil, false, false, false, true
	s.reserved.Store(0)
	return errors.Join(errs...)
}
