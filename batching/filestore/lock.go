package filestore

import (
	"context"
	"errors"
	"fmt"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

const (
	lockSuffix = ".lock"
	// maxBegins is how often work under the lock begins anew, because somebody
	// has removed files that it needs.
	maxBegins = 8
)

// locked does work on the file that the name leads to, under its lock. It begins
// anew if the lock turns out to be no more the one that others take, or if
// another file was removed that the work had made. So the work keeps nothing of a
// former time, and checks the lock before it puts anything in place.
func (s *Store) locked(ctx context.Context, work func(target string, lock *atomicfile.Lock) error) error {
	var err error
	for range maxBegins {
		if err = s.lockedOnce(ctx, work); !errors.Is(err, atomicfile.ErrVanished) {
			return err
		}
	}
	return fmt.Errorf("%w: %w", batching.ErrTransient, err)
}

func (s *Store) lockedOnce(ctx context.Context, work func(target string, lock *atomicfile.Lock) error) error {
	target, err := s.target()
	if err != nil {
		return err
	}
	lock, err := atomicfile.WaitLock(ctx, s.fsys, target+lockSuffix, target)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	return work(target, lock)
}
