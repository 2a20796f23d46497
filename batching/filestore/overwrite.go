package filestore

import (
	"context"
	"io"

	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

// Overwrite puts a text in place of the file, whatever that holds, or makes the
// file, under the lock: no save of another program is in between. Those that
// have it open take the text in as they would any change. The caller makes sure
// that it is a document of their format.
func (s *Store) Overwrite(ctx context.Context, text []byte) error {
	return s.locked(ctx, func(target string, lock *atomicfile.Lock) error {
		staged, err := s.stage(atomicfile.Replacement{Name: target, Perm: 0o666, Write: func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		}})
		if err != nil {
			return err
		}
		return s.commit(staged, lock.Check)
	})
}
