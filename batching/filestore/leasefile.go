package filestore

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

const (
	leasesSuffix = ".leases"
	// leasesVersion is raised when the form of the file changes.
	leasesVersion = 1
	// maxLeasesBytes is more than a hundred thousand workers at work need.
	maxLeasesBytes = 32 << 20
)

// LeasesError reports a file of leases that cannot be used. It is left alone:
// nothing is handed out until it is repaired, or removed while no worker is at
// work.
type LeasesError struct {
	Name string
	Err  error
}

// Error says which file, and why.
func (e *LeasesError) Error() string { return fmt.Sprintf("leases %s: %v", e.Name, e.Err) }

// Unwrap returns the cause.
func (e *LeasesError) Unwrap() error { return e.Err }

// leaseFile is what the file holds.
type leaseFile struct {
	Version int           `json:"version"`
	Leases  []storedLease `json:"leases"`
}

type storedLease struct {
	Group   string    `json:"group,omitempty"`
	ID      string    `json:"id"`
	Worker  string    `json:"worker"`
	Expires time.Time `json:"expires"`
}

// leasesName returns .NAME.leases, beside the file.
func leasesName(target string) string {
	dir, base := filepath.Split(target)
	return dir + "." + base + leasesSuffix
}

// readLeases returns the leases on a file that have not expired.
func (s *Store) readLeases(target string) (*leaseList, error) {
	l := &leaseList{now: s.now().Round(0).UTC(), of: map[document.ID]batching.Lease{}}
	name := leasesName(target)
	data, err := s.readSmall(name)
	if isMissing(err) {
		return l, nil
	}
	if err == nil {
		err = l.decode(data)
	}
	if err != nil {
		return nil, &LeasesError{Name: name, Err: err}
	}
	return l, nil
}

// readSmall reads a regular file of limited size. A link is none: the file lies
// beside the one that it is about.
func (s *Store) readSmall(name string) ([]byte, error) {
	info, err := s.fsys.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, atomicfile.ErrIrregular
	}
	f, info, err := atomicfile.OpenRegular(s.fsys, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readBounded(f, info.Size(), maxLeasesBytes)
}

// decode adds the leases in data that have not expired. One that would last
// longer than any can is from before the clock was set back: it lasts as long as
// the longest from now on, and that is written down with the next change.
func (l *leaseList) decode(data []byte) error {
	var file leaseFile
	if err := json.Unmarshal(data, &file); err != nil {
		return err
	}
	if file.Version != leasesVersion {
		return fmt.Errorf("version %d, want %d", file.Version, leasesVersion)
	}
	seen := map[document.ID]bool{}
	for i, stored := range file.Leases {
		id := document.NewID(stored.Group, stored.ID)
		switch {
		case stored.ID == "" || stored.Worker == "" || stored.Expires.IsZero():
			return fmt.Errorf("lease %d lacks an id, a worker or an end", i)
		case seen[id]:
			return fmt.Errorf("two leases on %s", id)
		}
		seen[id] = true
		expires := stored.Expires
		if last := l.now.Add(batching.MaxLease); expires.After(last) {
			expires, l.changed = last, true
		}
		if expires.After(l.now) {
			l.of[id] = batching.Lease{ID: id, Worker: stored.Worker, Expires: expires}
		}
	}
	return nil
}

// writeLeases replaces the file, or removes it if there are no leases.
func (s *Store) writeLeases(target string, l *leaseList, lock *atomicfile.Lock) error {
	name := leasesName(target)
	if len(l.of) == 0 {
		if err := lock.Check(); err != nil {
			return err
		}
		return s.removeLeases(name)
	}
	file := leaseFile{Version: leasesVersion}
	for _, lease := range l.list() {
		file.Leases = append(file.Leases, storedLease{
			Group: lease.ID.Group(), ID: lease.ID.Text(), Worker: lease.Worker, Expires: lease.Expires,
		})
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(file); err != nil {
		return err
	}
	if b.Len() > maxLeasesBytes {
		return &LeasesError{Name: name, Err: fmt.Errorf("would be larger than %d bytes", maxLeasesBytes)}
	}
	staged, err := s.stage(atomicfile.Replacement{
		Name: name,
		Like: target, // who may not read the items may not read of them
		Write: func(w io.Writer) error {
			_, err := w.Write(b.Bytes())
			return err
		},
	})
	if err != nil {
		return err
	}
	return s.commit(staged, lock.Check)
}

func (s *Store) removeLeases(name string) error {
	err := s.fsys.Remove(name)
	if isMissing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.fsys.SyncDir(filepath.Dir(name))
}
