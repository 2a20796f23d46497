package filestore

import (
	"context"
	"os"
	"time"

	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

const (
	lockSuffix = ".lock"
	// How long to wait between two attempts to get the lock: from the one,
	// doubling, to the other.
	firstWait = time.Millisecond
	lastWait  = 16 * time.Millisecond
)

// tryLock takes the lock of a file. It returns nil if somebody else has it.
func (s *Store) tryLock(target string) (atomicfile.Lock, error) {
	return s.fsys.TryLock(target+lockSuffix, os.O_CREATE, 0o666)
}

// locked does work on the file that the name leads to, under its lock.
func (s *Store) locked(ctx context.Context, work func(target string) error) error {
	target, err := s.target()
	if err != nil {
		return err
	}
	lock, err := s.lock(ctx, target)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	return work(target)
}

// lock waits for the lock of a file, or for the context.
func (s *Store) lock(ctx context.Context, target string) (atomicfile.Lock, error) {
	for wait := firstWait; ; wait = min(2*wait, lastWait) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		lock, err := s.tryLock(target)
		if err != nil || lock != nil {
			return lock, err
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}
