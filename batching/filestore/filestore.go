// Package filestore keeps a document in one JSON file.
//
// The file is replaced atomically and durably: at every instant one whole
// version of it is on disk, and a version that was saved survives a power cut.
// Saves of all programs that use this package are serialised by the advisory
// lock NAME.lock beside the file, which is never removed. Other programs, such
// as editors, do not take it; what they have written until the moment before the
// file is replaced is noticed and taken in, and only a write in the instant
// between that look and the rename can be lost.
//
// The file is replaced, not written to, and that has consequences:
//   - Owner, group, mode and, on Linux, ACL and extended attributes are kept as
//     far as the process may. Nobody may do more with the new file than with the
//     old one; what could not be kept is logged. A file that nobody may write to
//     (0444) is replaced all the same and stays 0444: what counts is the right to
//     write to its directory. To keep it from being changed, take that right away.
//   - A hard link to the old file keeps the old content. Load warns of one.
//   - A symbolic link is followed, and stays.
//   - Anything but a regular file is refused, and so is a file that is mounted by
//     itself: mount its directory.
//
// Beside the file there can also be .NAME.*.recovery, where pending updates are
// put when they cannot be saved, and .NAME.*.tmp, a version being written. Both
// are tidied up when the file is next opened. All of these may be removed at any
// time, such as by git clean: that is noticed, and they are made anew. While items are in the hands of
// workers, .NAME.leases says of whom; see [Store.Acquire].
package filestore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
	"github.com/backlog-gen/backlog-gen/internal/regularfile"
)

// Store is a batching.Store on one file. It is safe for concurrent use, also by
// several Batchers, and holds nothing open.
type Store struct {
	// given is the name as it was given, for messages, and name its absolute
	// path: a program may change its working directory.
	given, name string
	// err is what is wrong with the name or an option. Nothing works then.
	err error

	log *slog.Logger
	// warned holds the keys of what was logged, which is not said again.
	warned   map[string]bool
	warnedMu sync.Mutex
	fsys     atomicfile.FS
	poll     time.Duration
	now      func() time.Time
}

var _ batching.Store = (*Store)(nil)

// Extras says that the store can do all that a store may.
func (s *Store) Extras() batching.Extras {
	return batching.Extras{Refresher: s, Watcher: s, Recovery: s, Leases: s}
}

// Option configures a Store.
type Option func(*Store)

// WithPollEvery sets how often Watch looks at the file: each second by default.
func WithPollEvery(d time.Duration) Option {
	return func(s *Store) {
		if d <= 0 {
			s.err = errors.Join(s.err, &batching.OptionError{Option: "WithPollEvery", Message: fmt.Sprintf("%v: want more than 0", d)})
		}
		s.poll = d
	}
}

// WithLogger sets where the store logs, in place of slog.Default(). It logs
// attributes of a file that could not be kept, and hard links.
func WithLogger(l *slog.Logger) Option {
	return func(s *Store) {
		if l == nil {
			s.err = errors.Join(s.err, &batching.OptionError{Option: "WithLogger", Message: "no logger: want one, slog.New(slog.DiscardHandler) for none"})
		}
		s.log = l
	}
}

// maxWarned is how many warnings are remembered.
const maxWarned = 1000

// warn logs once what has a key. The text of an error is none where it names a
// temporary file.
func (s *Store) warn(key, message string, err error) {
	s.warnedMu.Lock()
	known := s.warned[key]
	if len(s.warned) >= maxWarned || s.warned == nil {
		s.warned = map[string]bool{}
	}
	s.warned[key] = true
	s.warnedMu.Unlock()
	if !known {
		s.log.Warn(message, slog.String("path", s.given), slog.Any("error", err))
	}
}

// New returns a store on a file, which need not exist yet. A symbolic link is
// followed, not replaced. A relative name is one in the directory in which the
// program works now. If an option makes no sense, every method returns the
// error, and so does opening a Batcher.
func New(name string, opts ...Option) *Store {
	s := &Store{given: name, log: slog.Default(), fsys: atomicfile.OS{}, poll: time.Second, now: time.Now}
	s.name, s.err = atomicfile.Abs(name)
	for _, opt := range opts {
		opt(s)
	}
	return s
}

// maxNameBytes is how long the name of a file may be on most file systems.
const maxNameBytes = 255

// target returns the file that the name leads to now. There must be room for the
// names of the files beside it.
func (s *Store) target() (string, error) {
	if s.err != nil {
		return "", s.err
	}
	target, err := atomicfile.Resolve(s.fsys, s.name)
	if err != nil {
		return "", err
	}
	longest := filepath.Base(atomicfile.TempName(leasesName(target)))
	if over := len(longest) - maxNameBytes; over > 0 {
		return "", fmt.Errorf("%s: the name is %d bytes too long for the files beside it, such as %s: %w",
			s.given, over, longest, syscall.ENAMETOOLONG)
	}
	return target, nil
}

// Create writes a document to a new file. Directories that are missing are made
// first, with mode 0777 before the umask, and made durable; they stay if the file
// cannot be written.
// If the file exists already the error satisfies errors.Is(err, fs.ErrExist).
func Create(ctx context.Context, name string, d *document.Document, opts ...Option) error {
	s := New(name, opts...)
	if s.err != nil {
		return s.err
	}
	if err := atomicfile.MkdirAll(s.fsys, filepath.Dir(s.name), 0o777); err != nil {
		return err
	}
	_, err := s.Save(ctx, batching.Save{Document: d})
	return err
}

// Load reads the file. A *document.ParseError names it.
func (s *Store) Load(ctx context.Context, t *document.Type) (*document.Document, batching.Revision, error) {
	if err := ctx.Err(); err != nil {
		return nil, "", err
	}
	target, err := s.target()
	if err != nil {
		return nil, "", err
	}
	s.removeStale(target)
	if err := s.checkMount(target); err != nil {
		return nil, "", err
	}
	if info, err := s.fsys.Lstat(target); err == nil {
		s.warnOfLinks(info)
	}
	return s.load(target, t)
}

func (s *Store) load(target string, t *document.Type) (*document.Document, batching.Revision, error) {
	data, stamp, err := s.read(target)
	if err != nil {
		return nil, "", err
	}
	d, err := t.ParseOwned(data)
	if err != nil {
		var parseError *document.ParseError
		if errors.As(err, &parseError) {
			parseError.File = s.given
		}
		return nil, "", err
	}
	return d, stamp.revision(), nil
}

// read returns the content of a file. The stamp is taken before, so that a
// change in between shows later.
func (s *Store) read(target string) ([]byte, stamp, error) {
	f, info, err := atomicfile.OpenRegular(s.fsys, target)
	if err != nil {
		return nil, stamp{}, err
	}
	defer f.Close()
	data, err := readBounded(f, info.Size(), document.MaxSize)
	if err != nil {
		return nil, stamp{}, &fs.PathError{Op: "read", Path: target, Err: err}
	}
	return data, s.stamp(info), nil
}

// readBounded reads what is said to have a size. Nothing is made for more than
// the limit.
func readBounded(r io.Reader, size, limit int64) ([]byte, error) {
	if size > min(limit, math.MaxInt-bytes.MinRead) {
		return nil, &regularfile.SizeError{Size: size, Limit: limit}
	}
	var b bytes.Buffer
	b.Grow(int(size) + bytes.MinRead) // or the buffer would double at the end
	n, err := b.ReadFrom(io.LimitReader(r, limit+1))
	if err == nil && n > limit { // it has grown meanwhile
		err = &regularfile.SizeError{Size: n, Limit: limit}
	}
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// removeStale removes temporary files that killed programs have left. It is no
// matter if that fails: they are in nobody's way.
func (s *Store) removeStale(target string) {
	temps, err := atomicfile.StaleTemps(s.fsys, target)
	if err != nil {
		return
	}
	leaseTemps, err := atomicfile.StaleTemps(s.fsys, leasesName(target))
	if err != nil || len(temps)+len(leaseTemps) == 0 {
		return
	}
	lock, err := atomicfile.TryLock(s.fsys, target+lockSuffix, target)
	if err != nil || lock == nil {
		return
	}
	_ = atomicfile.RemoveStale(s.fsys, target)
	_ = atomicfile.RemoveStale(s.fsys, leasesName(target))
	_ = lock.Unlock()
}

// Save replaces the file, under the lock. If it is not what the base says, Save
// leaves it alone and loads it: the error is a *batching.Conflict then. Save
// also leaves it alone if a lease that it relies on has ended.
func (s *Store) Save(ctx context.Context, save batching.Save) (batching.Revision, error) {
	var revision batching.Revision
	err := s.locked(ctx, func(target string, lock *atomicfile.Lock) error {
		if err := s.looksUnchanged(target, save); err != nil {
			return err
		}
		// Whoever wants to claim the items waits for the lock from here on.
		if err := s.checkHeld(target, save.Leases); err != nil {
			return err
		}
		staged, err := s.stage(atomicfile.Replacement{Name: target, Perm: 0o666, Write: func(w io.Writer) error {
			_, err := save.Document.WriteTo(w)
			return err
		}})
		if err != nil {
			return err
		}
		// Who has taken a new lock since the comparison began shows in the lock,
		// who has taken none in the last look.
		err = s.commit(staged,
			func() error { return s.unchanged(target, save) },
			lock.Check,
			func() error { return s.looksUnchanged(target, save) })
		if err == nil || errors.Is(err, batching.ErrNotDurable) {
			revision = s.revision(target, staged)
		}
		return err
	})
	return revision, err
}

// stage writes what is to be put in place of a file.
func (s *Store) stage(r atomicfile.Replacement) (*atomicfile.Staged, error) {
	r.NotKept = func(err error) {
		key := err.Error()
		var notKept *atomicfile.NotKeptError
		if errors.As(err, &notKept) {
			key = notKept.What + " of " + notKept.Name
		}
		s.warn(key, "Part of a file is not kept", err)
	}
	return atomicfile.Stage(s.fsys, r)
}

// commit puts what is staged in its place if the checks agree, in this order: that
// the lock is still the one that all others take, and what else must be so until
// the last moment.
func (s *Store) commit(staged *atomicfile.Staged, checks ...func() error) error {
	for _, check := range checks {
		if err := check(); err != nil {
			staged.Discard()
			return err
		}
	}
	err := staged.Commit()
	if errors.Is(err, syscall.EBUSY) {
		target, mountErr := s.target()
		if mountErr == nil {
			mountErr = s.checkMount(target)
		}
		if mountErr != nil {
			return mountErr // which will not pass by itself
		}
	}
	var notDurable *atomicfile.NotDurableError
	if errors.As(err, &notDurable) {
		return fmt.Errorf("%w: %w", batching.ErrNotDurable, err)
	}
	return err
}

// revision returns the revision of what has just been written. If that cannot
// be told, or is there no more, it is one that only the content can be compared
// with.
func (s *Store) revision(target string, written *atomicfile.Staged) batching.Revision {
	info, err := s.fsys.Lstat(target)
	if err != nil || !written.IsAt(info) {
		return stamp{}.revision()
	}
	return s.stamp(info).revision()
}

// Watch looks at the file now and then, and returns when it has changed. A file
// that is missing may be one that an editor is about to replace, and counts as
// unchanged.
func (s *Store) Watch(ctx context.Context, base batching.Revision) error {
	if s.err != nil {
		return s.err
	}
	ticker := time.NewTicker(s.poll)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
		target, err := s.target()
		if err != nil {
			continue
		}
		info, err := s.fsys.Lstat(target)
		if err == nil && !parseRevision(base).matches(info) {
			return nil
		}
	}
}

// isMissing reports whether an error says that a file is not there.
func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
