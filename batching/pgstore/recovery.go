package pgstore

import (
	"path/filepath"
	"strings"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
)

// WithRecovery returns this store with recovery files: when a flush fails,
// pending updates are preserved in a directory of this machine, as the store of
// a file does beside the file: the server may be out of reach for longer than
// the program lives. The directory must be there, on a disk that outlives the
// program, and be the same when the program starts again, which then finds the
// updates by Recoverable and applies them by Recover. Programs may share it.
func (s *Store) WithRecovery(dir string) batching.Store {
	name := strings.ReplaceAll(s.name, "/", "%") // no name has a percent sign
	return recovering{s, filestore.New(filepath.Join(dir, name+".updates"))}
}

// recovering is a Store with recovery files.
type recovering struct {
	*Store
	files *filestore.Store
}

// Extras adds recovery to what the store can do.
func (s recovering) Extras() batching.Extras {
	extras := s.Store.Extras()
	extras.Recovery = s.files
	return extras
}
