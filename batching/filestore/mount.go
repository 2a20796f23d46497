package filestore

import (
	"fmt"
	"io/fs"

	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

// MountError says that a file was mounted by itself, as it is done for
// containers. It can be read and written there, but not replaced.
type MountError struct{ Name string }

// Error says what to do.
func (e *MountError) Error() string {
	return fmt.Sprintf("%s is mounted by itself, and cannot be replaced: mount its directory", e.Name)
}

// checkMount refuses a file that no flush could replace.
func (s *Store) checkMount(target string) error {
	mounts, ok := s.fsys.(interface{ IsMountPoint(string) bool })
	if ok && mounts.IsMountPoint(target) {
		return &MountError{Name: s.given}
	}
	return nil
}

// warnOfLinks warns of hard links: only the name that we know leads to what is
// flushed.
func (s *Store) warnOfLinks(info fs.FileInfo) {
	if n := atomicfile.Links(info); n > 1 {
		err := fmt.Errorf("%s has %d names (hard links), and a flush replaces the file under this one", s.given, n)
		s.warn(err.Error(), "Other names of the file keep its old content", err)
	}
}
