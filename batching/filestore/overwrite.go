package filestore

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

// Overwrite puts a text in place of the file, whatever that holds, or makes the
// file, under the lock: no save of another program is in between. Those that have
// it open take the text in as they would any change. That it is a document of
// their format is for the caller to know.
func (s *Store) Overwrite(ctx context.Context, text []byte) error {
	target, err := atomicfile.Resolve(s.fsys, s.name)
	if err != nil {
		return err
	}
	lock, err := s.lock(ctx, target)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	err = atomicfile.Replace(s.fsys, atomicfile.Replacement{
		Name: target,
		Perm: 0o666,
		Write: func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		},
	})
	var notDurable *atomicfile.NotDurableError
	if errors.As(err, &notDurable) {
		return fmt.Errorf("%w: %w", batching.ErrNotDurable, err)
	}
	return err
}
