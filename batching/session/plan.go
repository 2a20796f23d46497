package session

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
	"github.com/backlog-gen/backlog-gen/internal/regularfile"
)

// plan is an open plan directory. Everything in it is reached through its root,
// so that no name and no symbolic link leads out of it. Names are relative to
// it.
type plan struct {
	dir  string
	root *os.Root
	fsys atomicfile.FS
}

// openPlan opens a plan directory. Its path is absolute from then on: a program
// may change its working directory.
func openPlan(dir string, o options) (*plan, error) {
	dir, err := absolute(dir)
	if err != nil {
		return nil, err
	}
	root, err := openRoot(dir)
	if err != nil {
		return nil, err
	}
	p := &plan{dir: dir, root: root, fsys: rootFS{root, dir}}
	if o.wrap != nil {
		p.fsys = o.wrap(p.fsys)
	}
	return p, nil
}

// absolute returns an absolute and clean path.
func absolute(path string) (string, error) {
	path, err := atomicfile.Abs(path)
	return filepath.Clean(path), err
}

// openRoot opens a plan directory. One inside a session is reached through the
// outer plan directory, so that it lies in there.
func openRoot(dir string) (*os.Root, error) {
	outer, inner, ok := splitNested(dir)
	if !ok {
		return os.OpenRoot(dir)
	}
	root, err := openRoot(outer)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.OpenRoot(inner)
}

// makePlanDir makes a plan directory and its parents, durable.
func makePlanDir(dir string) error {
	dir, err := absolute(dir)
	if err != nil {
		return err
	}
	outer, inner, ok := splitNested(dir)
	if !ok {
		return atomicfile.MkdirAll(atomicfile.OS{}, dir, 0o777)
	}
	root, err := openRoot(outer)
	if err != nil {
		return err
	}
	defer root.Close()
	return atomicfile.MkdirAll(rootFS{root, outer}, inner, 0o777)
}

// splitNested splits plan/001_14b9dc2a33c7/bugfix into the outer plan directory
// and the rest.
func splitNested(dir string) (outer, inner string, ok bool) {
	session := filepath.Dir(dir)
	if filepath.Base(dir) != BugfixDir || !sessionName.MatchString(filepath.Base(session)) {
		return "", "", false
	}
	return filepath.Dir(session), filepath.Join(filepath.Base(session), BugfixDir), true
}

func (p *plan) close() { _ = p.root.Close() }

// path returns the path of something in the plan directory.
func (p *plan) path(elements ...string) string {
	return filepath.Join(append([]string{p.dir}, elements...)...)
}

// sessions returns what the names say that are those of sessions, in order of
// their sequence numbers. It does not look into the directories.
func (p *plan) sessions() ([]Metadata, error) {
	names, err := p.fsys.ReadDir(".")
	if err != nil {
		return nil, failed("list", p.dir, err)
	}
	var sessions []Metadata
	for _, name := range names {
		if m, ok := parseName(p.dir, name); ok {
			sessions = append(sessions, m)
		}
	}
	slices.SortFunc(sessions, func(a, b Metadata) int {
		return cmp.Or(cmp.Compare(a.Sequence, b.Sequence), strings.Compare(a.ID, b.ID))
	})
	return sessions, nil
}

// checkDirectory returns an error if a session's directory cannot be read.
func (p *plan) checkDirectory(id string) error {
	info, err := p.root.Stat(id)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return syscall.ENOTDIR
	}
	d, err := p.root.Open(id)
	if err != nil {
		return err
	}
	defer d.Close()
	if _, err := d.Readdirnames(1); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// read returns the text of a file.
func (p *plan) read(id, file string) (string, error) {
	name := filepath.Join(id, file)
	info, err := p.root.Stat(name)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() { // to read a pipe might take for ever
		return "", errNotRegular
	}
	f, err := p.root.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := regularfile.ReadAll(f, maxTextBytes)
	if err != nil {
		return "", err
	}
	return string(data), checkUTF8(data)
}

// write replaces a file, durable.
func (p *plan) write(id, file, text string) error {
	return p.replace(id, file, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

func (p *plan) replace(id, file string, write func(io.Writer) error) error {
	return atomicfile.Replace(p.fsys, atomicfile.Replacement{Name: filepath.Join(id, file), Perm: 0o666, Write: write})
}

// remove removes a file, durable. It need not exist.
func (p *plan) remove(id, file string) error {
	if err := p.fsys.Remove(filepath.Join(id, file)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return p.fsys.SyncDir(id)
}

// lock waits for the lock of the plan directory, or for the context. The lock
// is not for those who read: sessions appear when they are complete.
func (p *plan) lock(ctx context.Context) (*atomicfile.Lock, error) {
	lock, err := atomicfile.WaitLock(ctx, p.fsys, lockFile, ".")
	return lock, failed("lock", p.path(lockFile), err)
}
