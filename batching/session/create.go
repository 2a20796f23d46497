package session

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"regexp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

const stagingSuffix = ".tmp"

// stagingName matches the names under which sessions are made.
var stagingName = regexp.MustCompile(`^\.[0-9]{3,}_[0-9a-f]{12}\.[0-9a-f]{16}\.tmp$`)

// draft is what a new session starts with.
type draft struct {
	prd    prd
	parent string             // "" for none
	tasks  *document.Document // nil for none
}

// create makes the next session. It is made under another name, and renamed
// when it is complete and durable. The caller holds the lock of the plan.
func (p *plan) create(d draft) (Metadata, error) {
	sessions, err := p.sessions()
	if err != nil {
		return Metadata{}, err
	}
	sequence := 1
	if len(sessions) > 0 {
		sequence = sessions[len(sessions)-1].Sequence + 1
	}
	id := nameOf(sequence, d.prd.hash)
	m, ok := parseName(p.dir, id)
	if !ok {
		return Metadata{}, failed("create", p.path(id), &NameError{Name: id}) // no number is left
	}
	p.removeStale()
	staging := atomicfile.HiddenName(id, stagingSuffix)
	err = p.fill(staging, d)
	if err == nil {
		err = p.fsys.Rename(staging, id)
	}
	if err != nil {
		_ = p.root.RemoveAll(staging) // what cannot be removed now is stale, and removed as such later
		return Metadata{}, failed("create", p.path(id), err)
	}
	m.Parent = d.parent
	return m, failed("create", p.path(id), p.fsys.SyncDir("."))
}

// fill makes a session directory with all that a new session has. The file that
// is written last makes the names of all the others durable as well.
func (p *plan) fill(dir string, d draft) error {
	if err := p.fsys.Mkdir(dir, 0o777); err != nil {
		return err
	}
	for _, name := range directories {
		if err := p.fsys.Mkdir(filepath.Join(dir, name), 0o777); err != nil {
			return err
		}
	}
	if d.parent != "" {
		if err := p.write(dir, ParentFile, d.parent+"\n"); err != nil {
			return err
		}
	}
	if d.tasks != nil {
		err := p.replace(dir, BacklogFile, func(w io.Writer) error {
			_, err := d.tasks.WriteTo(w)
			return err
		})
		if err != nil {
			return err
		}
	}
	return p.write(dir, SnapshotFile, d.prd.text)
}

// removeStale removes what programs have left that were killed while they made
// a session. It is no matter if that fails: it is in nobody's way. The caller
// holds the lock.
func (p *plan) removeStale() {
	names, err := p.fsys.ReadDir(".")
	if err != nil {
		return
	}
	for _, name := range names {
		if stagingName.MatchString(name) {
			_ = p.root.RemoveAll(name)
		}
	}
}

// complete makes what a session lacks that another program has made, or that
// has lost its snapshot. The PRD has the session's hash.
func (p *plan) complete(ctx context.Context, id string, content prd) error {
	missing, err := p.missing(id)
	if err != nil || len(missing) == 0 {
		return err
	}
	lock, err := p.lock(ctx)
	if err != nil {
		return err
	}
	defer lock.Unlock()
	if missing, err = p.missing(id); err != nil {
		return err
	}
	for _, name := range missing {
		if name == SnapshotFile {
			err = p.write(id, name, content.text)
		} else {
			err = p.fsys.Mkdir(filepath.Join(id, name), 0o777)
		}
		if err != nil {
			return failed("complete", p.path(id, name), err)
		}
	}
	return failed("complete", p.path(id), p.fsys.SyncDir(id))
}

// missing returns which of its directories a session lacks, and the snapshot.
func (p *plan) missing(id string) ([]string, error) {
	var missing []string
	for _, name := range append(directories, SnapshotFile) {
		_, err := p.fsys.Lstat(filepath.Join(id, name))
		if errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, name)
		} else if err != nil {
			return nil, failed("complete", p.path(id, name), err)
		}
	}
	return missing, nil
}
