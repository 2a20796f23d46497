package session

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

// Init returns the session of a PRD: the one in the plan directory that has the
// hash of its content, of several the latest, or else a new one with the next
// sequence number. The plan directory is made if need be. Programs that call it
// at the same time get the same session, and once it returns that session
// survives a power cut.
//
// If another program has made the session without a snapshot or some of the
// directories, Init makes them.
//
// Close the session in the end, or use Run.
func Init[B any, ID, S comparable](ctx context.Context, f batching.Format[B, ID, S], planDir, prdPath string, opts ...Option) (*Session[B, ID, S], error) {
	if err := ctx.Err(); err != nil {
		return nil, failed("init", planDir, err)
	}
	o, err := newOptions(slices.Concat(opts, []Option{WithPRD(prdPath)}))
	if err != nil {
		return nil, failed("init", planDir, err)
	}
	content, err := readPRD(prdPath)
	if err != nil {
		return nil, err
	}
	err = makePlanDir(planDir)
	if err != nil {
		return nil, failed("init", planDir, err)
	}
	p, err := openPlan(planDir, o)
	if err != nil {
		return nil, failed("init", planDir, err)
	}
	defer p.close()
	id, err := p.findOrCreate(ctx, content)
	if err != nil {
		return nil, err
	}
	return load(ctx, f, p, id, o)
}

// findOrCreate returns the ID of the session of a PRD.
func (p *plan) findOrCreate(ctx context.Context, content prd) (string, error) {
	found, err := p.findHash(content.hash)
	if err != nil || found != "" {
		return found, errors.Join(err, p.settle(ctx, found, content))
	}
	lock, err := p.lock(ctx)
	if err != nil {
		return "", err
	}
	defer lock.Unlock()
	if found, err := p.findHash(content.hash); err != nil || found != "" {
		return found, err
	}
	m, err := p.create(draft{prd: content})
	return m.ID, err
}

// settle makes sure that a session that was found is complete and durable: who
// has made it may have been stopped just before.
func (p *plan) settle(ctx context.Context, id string, content prd) error {
	if id == "" {
		return nil
	}
	if err := p.checkDirectory(id); err != nil {
		return failed("init", p.path(id), err)
	}
	if err := p.complete(ctx, id, content); err != nil {
		return err
	}
	return failed("init", p.dir, p.fsys.SyncDir("."))
}

// findHash returns the ID of the latest session with a hash, "" if none has it.
func (p *plan) findHash(hash string) (string, error) {
	sessions, err := p.sessions()
	for _, m := range slices.Backward(sessions) {
		if m.Hash == hash {
			return m.ID, nil
		}
	}
	return "", err
}

// Load loads a session from its directory, plan/001_14b9dc2a33c7. For a name
// that comes from outside use Open: nothing keeps a path from leading elsewhere.
//
// It reads the snapshot, the parent, the current item and the backlog; a session
// without a tasks.json is empty. Nothing is pending. What an ended program has
// left in a recovery file is logged and listed by Recoverable, and applied by
// Recover only.
func Load[B any, ID, S comparable](ctx context.Context, f batching.Format[B, ID, S], dir string, opts ...Option) (*Session[B, ID, S], error) {
	full, err := absolute(dir)
	if err != nil {
		return nil, failed("load", dir, err)
	}
	return Open(ctx, f, filepath.Dir(full), filepath.Base(full), opts...)
}

// Open loads a session by its name, which may come from anywhere: what is not
// the plain name of a session is a *NameError. See Load.
func Open[B any, ID, S comparable](ctx context.Context, f batching.Format[B, ID, S], planDir, name string, opts ...Option) (*Session[B, ID, S], error) {
	if err := ctx.Err(); err != nil {
		return nil, failed("load", planDir, err)
	}
	if !sessionName.MatchString(name) {
		return nil, failed("load", planDir, &NameError{Name: name})
	}
	o, err := newOptions(opts)
	if err != nil {
		return nil, failed("load", planDir, err)
	}
	p, err := openPlan(planDir, o)
	if err != nil {
		return nil, failed("load", planDir, err)
	}
	defer p.close()
	return load(ctx, f, p, name, o)
}

func load[B any, ID, S comparable](ctx context.Context, f batching.Format[B, ID, S], p *plan, id string, o options) (*Session[B, ID, S], error) {
	m, err := p.metadata(id)
	if err != nil {
		return nil, failed("load", p.path(id), err)
	}
	s := &Session[B, ID, S]{format: f, metadata: m, options: o}
	if s.prd, err = p.snapshot(ctx, m, o.logger); err != nil {
		return nil, err
	}
	if s.current, err = readCurrent[ID](p, id); err != nil {
		return nil, err
	}
	if s.store, err = p.store(id, o); err != nil {
		return nil, err
	}
	s.batcher, err = batching.Open(ctx, f, s.store, o.batcher()...)
	if err != nil {
		return nil, failed("load", p.path(id, BacklogFile), err)
	}
	return s, nil
}

// snapshot reads the PRD as it was at the start.
func (p *plan) snapshot(ctx context.Context, m Metadata, log *slog.Logger) (string, error) {
	path := p.path(m.ID, SnapshotFile)
	text, err := p.read(m.ID, SnapshotFile)
	if err != nil {
		return "", failed("load", path, err)
	}
	if hash := newPRD([]byte(text)).hash; hash != m.Hash {
		log.LogAttrs(ctx, slog.LevelWarn, "PRD snapshot does not have the hash of its session",
			slog.String("path", path), slog.String("hash", hash))
	}
	return text, nil
}

// store returns the store of a session's backlog. The store itself would follow a
// link that leads outside of the plan directory, so there must be none.
func (p *plan) store(id string, o options) (*backlogStore, error) {
	path := p.path(id, BacklogFile)
	info, err := p.root.Stat(filepath.Join(id, BacklogFile))
	if err == nil && !info.Mode().IsRegular() {
		err = errNotRegular
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, failed("load", path, err)
	}
	target, err := atomicfile.Resolve(p.fsys, filepath.Join(id, BacklogFile))
	if err != nil {
		return nil, failed("load", path, err)
	}
	if err := p.checkBeside(target); err != nil {
		return nil, err
	}
	return newBacklogStore(path, o), nil
}

// checkBeside returns an error if one of the files that a store keeps beside its
// own is a link that leads outside.
func (p *plan) checkBeside(target string) error {
	dir, base := filepath.Split(target)
	dir = filepath.Clean(dir)
	names, err := rootFS{p.root, p.dir}.ReadDir(dir)
	if err != nil {
		return failed("load", p.path(dir), err)
	}
	for _, name := range names {
		if !strings.HasPrefix(name, base+".") && !strings.HasPrefix(name, "."+base+".") {
			continue
		}
		if _, err := p.root.Stat(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return failed("load", p.path(dir, name), err)
		}
	}
	return nil
}
