package filestore

import (
	"context"
	"io"
)

// Overwrite puts a text in place of the file, whatever that holds, or makes the
// file, under the lock: no save of another program is in between. Those that have
// it open take the text in as they would any change. That it is a document of
// their format is for the caller to know.
func (s *Store) Overwrite(ctx context.Context, text []byte) error {
	return s.locked(ctx, func(target string) error {
		return s.replace(target, func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		}, nil)
	})
}
