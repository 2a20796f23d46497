package filestore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

const (
	recoverySuffix = ".recovery"
	// maxNames is how many new files are tried. One that somebody takes for a
	// stale one is an accident.
	maxNames = 100
)

// NewRecovery returns a recovery file of the caller's own, with a name that no
// other has. It is made with the first Reserve or Preserve.
func (s *Store) NewRecovery() batching.Recovery { return &recovery{store: s} }

// Abandoned returns the recovery files that hold something and that nobody has
// locked, and removes those that hold nothing.
func (s *Store) Abandoned(ctx context.Context) ([]string, error) {
	target, err := s.target()
	if err != nil {
		return nil, err
	}
	dir := filepath.Dir(target)
	names, err := s.fsys.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var abandoned []string
	var errs []error
	for _, name := range names {
		if !atomicfile.IsHiddenName(name, target, recoverySuffix) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		name = filepath.Join(dir, name)
		holds, err := s.look(name)
		if holds {
			abandoned = append(abandoned, name)
		}
		errs = append(errs, err)
	}
	return abandoned, errors.Join(errs...)
}

// look reports whether a recovery file is abandoned and holds something. One
// that is abandoned and empty is removed.
func (s *Store) look(name string) (bool, error) {
	r, data, err := s.claim(name)
	if r == nil {
		return false, err
	}
	if err == nil && len(data) == 0 {
		return false, errors.Join(r.Remove(), r.Close())
	}
	// A file that is damaged holds something: whoever claims it is told.
	return true, r.Close()
}

// Claim locks an abandoned recovery file and returns what it holds. If that is
// damaged, the file is returned together with the error.
func (s *Store) Claim(ctx context.Context, name string) (batching.Recovery, []byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	r, data, err := s.claim(name)
	if r == nil {
		return nil, nil, err // not a nil *recovery in an interface
	}
	if err == nil && len(data) == 0 {
		return nil, nil, errors.Join(r.Remove(), r.Close())
	}
	return r, data, err
}

// claim returns nil if the file is gone or locked.
func (s *Store) claim(name string) (*recovery, []byte, error) {
	file, err := atomicfile.OpenLocked(s.fsys, name, 0, 0)
	if isMissing(err) {
		err = nil
	}
	if file == nil {
		return nil, nil, err
	}
	r := &recovery{store: s, name: name, file: file}
	data, err := r.read()
	return r, data, err
}

// recovery is one recovery file. Its lock is held from the moment it exists: a
// program that tidies up removes a file only while holding its lock. Others may
// remove it at any time, so that it is looked for after each change.
type recovery struct {
	store *Store
	// name and file are unset while there is no file.
	name string
	file *atomicfile.LockedFile
	// size of the file; its space is ours.
	size int64
	// last is the newest record, if holds. A damaged file has none, and is
	// kept all the same.
	last           place
	holds, damaged bool
	// broken is set when a sync has failed: the file is not synced again.
	broken bool
	// unsynced is the directory that a file was removed from, until that is
	// durable.
	unsynced string
	// former is a broken file that this one stands for, and that could not be
	// removed.
	former *recovery
}

// Name returns the file's path, "" while there is none.
func (r *recovery) Name() string { return r.name }

// Reserve makes the file so large that two records of the size have room.
func (r *recovery) Reserve(ctx context.Context, size int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if r.broken {
		return fmt.Errorf("%s could not be synced, and is not used any more", r.name)
	}
	if err := r.forgetVanished(); err != nil {
		return err
	}
	if r.file == nil {
		if err := r.create(); err != nil {
			return err
		}
	}
	size = 2 * align(recordSize(size))
	err := errors.ErrUnsupported
	if r.size > 0 {
		err = r.file.Allocate(size)
	}
	if errors.Is(err, errors.ErrUnsupported) {
		// What is written and synced is sure to be there, so the first piece
		// is made like this everywhere.
		err = r.extend(ctx, size)
	}
	if err != nil {
		return err
	}
	info, err := r.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() < size {
		return &atomicfile.SizeError{Name: r.name, Written: size, Size: info.Size()}
	}
	r.size = max(r.size, size)
	return nil
}

// zeros is only read.
var zeros [64 << 10]byte

// extend writes zeros up to the size.
func (r *recovery) extend(ctx context.Context, size int64) error {
	for at := r.size; at < size; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := r.file.WriteAt(zeros[:min(int64(len(zeros)), size-at)], at)
		if err != nil {
			return err
		}
		at += int64(n)
	}
	return r.sync()
}

// forgetVanished gives up a file that somebody has removed: what is written there
// from now on is lost.
func (r *recovery) forgetVanished() error {
	if r.file == nil {
		return nil
	}
	there, err := atomicfile.IsAt(r.store.fsys, r.file, r.name)
	if err != nil || there {
		return err
	}
	return r.release()
}

// Preserve writes a record beside the newest one. It is done once more, on a new
// file, after a sync that failed, or if somebody has removed the file.
func (r *recovery) Preserve(data []byte) error {
	if r.file != nil && !r.broken {
		err := r.append(data)
		if err == nil {
			err = r.forgetVanished()
		}
		if r.file != nil && (err == nil || !r.broken) {
			return err
		}
	}
	fresh := &recovery{store: r.store}
	err := fresh.create()
	if err == nil {
		err = fresh.append(data)
	}
	if err == nil {
		err = fresh.forgetVanished()
	}
	if err == nil && fresh.file == nil {
		err = fmt.Errorf("a recovery file was %w", atomicfile.ErrVanished)
	}
	if err != nil {
		return errors.Join(err, fresh.Close())
	}
	old := *r
	*r = *fresh
	// The old file is not needed any more. It is kept from others until it is
	// gone.
	if old.Remove() != nil {
		r.former = &old
	}
	return nil
}

func (r *recovery) append(data []byte) error {
	next := nextPlace(r.last, r.holds, int64(len(data)))
	record := encode(next.sequence, data)
	if _, err := r.file.WriteAt(record, next.at); err != nil {
		return err
	}
	if err := r.sync(); err != nil {
		return err
	}
	written := make([]byte, len(record))
	if _, err := r.file.ReadAt(written, next.at); err != nil {
		return err
	}
	if !bytes.Equal(record, written) {
		return fmt.Errorf("%s does not hold what was written to it", r.name)
	}
	r.last, r.holds = next, true
	r.size = max(r.size, next.end())
	return nil
}

func (r *recovery) sync() error {
	err := r.file.Sync()
	if err != nil {
		r.broken = true
	}
	return err
}

// create makes the file and locks it.
func (r *recovery) create() error {
	s := r.store
	target, err := s.target()
	if err != nil {
		return err
	}
	for range maxNames {
		name := atomicfile.HiddenName(target, recoverySuffix)
		// It is nil if somebody has taken the new, empty file for a stale one.
		file, err := atomicfile.OpenLocked(s.fsys, name, os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil && !errors.Is(err, fs.ErrExist) {
			_ = s.fsys.Remove(name)
			return err
		}
		if file != nil {
			r.name, r.file = name, file
			break
		}
	}
	if r.file == nil {
		return fmt.Errorf("no recovery file can be made: each new one was %w", atomicfile.ErrVanished)
	}
	if err := r.share(target); err != nil {
		// The file is ours, and to have one comes first.
		s.warn("recovery of "+target, "Others may be unable to recover what is pending", err)
	}
	return s.fsys.SyncDir(filepath.Dir(target))
}

// share lets whoever may read and write the data recover what belongs to it. Its
// owner may, also where the data cannot be written to (0444).
func (r *recovery) share(target string) error {
	err := atomicfile.KeepAccess(r.store.fsys, r.file, target)
	info, statErr := r.file.Stat()
	if statErr != nil {
		return errors.Join(err, statErr)
	}
	const owners = 0o600
	if perm := info.Mode().Perm(); perm&owners != owners {
		err = errors.Join(err, r.file.Chmod(perm|owners))
	}
	return err
}

// Remove removes the file. One that cannot be removed is kept, and its lock.
func (r *recovery) Remove() error {
	var errs []error
	if r.former != nil {
		err := r.former.Remove()
		if err == nil {
			r.former = nil
		}
		errs = append(errs, err)
	}
	return errors.Join(append(errs, r.unlink(), r.syncRemoval())...)
}

func (r *recovery) unlink() error {
	if r.file == nil {
		return nil
	}
	if err := r.store.fsys.Remove(r.name); err != nil && !isMissing(err) {
		return err
	}
	r.unsynced = filepath.Dir(r.name)
	return r.release()
}

func (r *recovery) syncRemoval() error {
	if r.unsynced == "" {
		return nil
	}
	err := r.store.fsys.SyncDir(r.unsynced)
	if err == nil {
		r.unsynced = ""
	}
	return err
}

// Close unlocks the file, and removes it if it holds nothing.
func (r *recovery) Close() error {
	var errs []error
	if r.former != nil {
		errs = append(errs, r.former.Close())
		r.former = nil
	}
	if r.file != nil && !r.holds && !r.damaged {
		errs = append(errs, r.unlink(), r.syncRemoval())
	}
	if r.file != nil {
		errs = append(errs, r.release())
	}
	return errors.Join(errs...)
}

func (r *recovery) release() error {
	err := r.file.Close()
	*r = recovery{store: r.store, unsynced: r.unsynced, former: r.former}
	return err
}
