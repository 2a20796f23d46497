package session

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// List returns the sessions in a plan directory, in order of their sequence
// numbers. What is not named like a session is ignored. Sessions that cannot be
// read are left out and reported by the error, one *Error for each; the others
// are returned all the same. A plan directory that does not exist has no
// sessions.
func List(ctx context.Context, planDir string) ([]Metadata, error) {
	p, names, err := openList(ctx, planDir)
	if err != nil || p == nil {
		return nil, err
	}
	defer p.close()
	var sessions []Metadata
	var errs []error
	for _, m := range names {
		if err := ctx.Err(); err != nil {
			return nil, failed("list", p.dir, err)
		}
		m, err := p.metadata(m.ID)
		if err != nil {
			errs = append(errs, failed("list", p.path(m.ID), err))
			continue
		}
		sessions = append(sessions, m)
	}
	return sessions, errors.Join(errs...)
}

// Latest returns the session with the highest sequence number. If that cannot
// be read it is an error.
func Latest(ctx context.Context, planDir string) (Metadata, error) {
	return find(ctx, "find latest", planDir, func(Metadata) bool { return true })
}

// FindByPRD returns the session of a PRD: the one with the hash of its content,
// and of several the latest.
func FindByPRD(ctx context.Context, planDir, prdPath string) (Metadata, error) {
	content, err := readPRD(prdPath)
	if err != nil {
		return Metadata{}, err
	}
	return find(ctx, "find by PRD", planDir, func(m Metadata) bool { return m.Hash == content.hash })
}

// find returns the latest session that matches.
func find(ctx context.Context, op, planDir string, matches func(Metadata) bool) (Metadata, error) {
	p, names, err := openList(ctx, planDir)
	if err != nil {
		return Metadata{}, err
	}
	if p != nil {
		defer p.close()
		for _, m := range slices.Backward(names) {
			if !matches(m) {
				continue
			}
			if m, err = p.metadata(m.ID); err != nil {
				return Metadata{}, failed(op, p.path(m.ID), err)
			}
			return m, nil
		}
	}
	return Metadata{}, failed(op, planDir, fmt.Errorf("no such session: %w", fs.ErrNotExist))
}

// openList opens a plan directory and lists it. The plan is nil if there is no
// such directory.
func openList(ctx context.Context, planDir string) (*plan, []Metadata, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, failed("list", planDir, err)
	}
	p, err := openPlan(planDir, options{})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, failed("list", planDir, err)
	}
	names, err := p.sessions()
	if err != nil {
		p.close()
		return nil, nil, err
	}
	return p, names, nil
}

// Parent returns the session that a session was derived from. If it was derived
// from none, or that one is gone, the error satisfies
// errors.Is(err, fs.ErrNotExist).
func Parent(ctx context.Context, m Metadata) (Metadata, error) {
	const op = "find parent"
	if err := ctx.Err(); err != nil {
		return Metadata{}, failed(op, m.Dir(), err)
	}
	switch {
	case m.Parent == "":
		return Metadata{}, failed(op, m.Dir(), fmt.Errorf("it was derived from no other session: %w", fs.ErrNotExist))
	case !sessionName.MatchString(m.Parent):
		return Metadata{}, failed(op, m.Dir(), fmt.Errorf("it was derived from session number %s: %w", m.Parent, fs.ErrNotExist))
	}
	p, err := openPlan(m.PlanDir, options{})
	if err != nil {
		return Metadata{}, failed(op, m.PlanDir, err)
	}
	defer p.close()
	parent, err := p.metadata(m.Parent)
	if err != nil {
		return Metadata{}, failed(op, p.path(m.Parent), err)
	}
	return parent, nil
}

// Lineage returns a session, the one that it was derived from, and so on to the
// first. With an error it returns them as far as they could be followed.
func Lineage(ctx context.Context, m Metadata) ([]Metadata, error) {
	lineage := []Metadata{m}
	for m.Parent != "" {
		parent, err := Parent(ctx, m)
		if err != nil {
			return lineage, err
		}
		if slices.ContainsFunc(lineage, func(known Metadata) bool { return known.ID == parent.ID }) {
			return lineage, failed("follow lineage", m.Dir(), fmt.Errorf("%s is derived from itself", parent.ID))
		}
		lineage = append(lineage, parent)
		m = parent
	}
	return lineage, nil
}

// metadata returns the metadata of a session that can be read. With an error it
// returns the ID.
func (p *plan) metadata(id string) (Metadata, error) {
	m, ok := parseName(p.dir, id)
	if !ok {
		return Metadata{ID: id, PlanDir: p.dir}, &NameError{Name: id}
	}
	if err := p.checkDirectory(id); err != nil {
		return m, err
	}
	var err error
	m.Parent, err = p.parentOf(id)
	return m, err
}

// parentOf returns what the parent file of a session says.
func (p *plan) parentOf(id string) (string, error) {
	for _, file := range []string{ParentFile, olderParentFile} {
		text, err := p.read(id, file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		var parent string
		if err == nil {
			parent, err = p.parseParent(strings.TrimSpace(text))
		}
		return parent, failed("read parent", p.path(id, file), err)
	}
	return "", nil
}

// parseParent returns the name that a parent file stands for: a name itself, or
// a path that ends in one, or a sequence number.
func (p *plan) parseParent(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	name := filepath.Base(filepath.FromSlash(text))
	if sessionName.MatchString(name) {
		return name, nil
	}
	sequence, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return "", &NameError{Name: text}
	}
	sessions, err := p.sessions()
	if err != nil {
		return "", err
	}
	for _, m := range sessions {
		if m.Sequence == int(sequence) {
			return m.ID, nil
		}
	}
	return fmt.Sprintf("%03d", sequence), nil
}
