package session

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	udiff "github.com/aymanbagabas/go-udiff"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile"
)

// contextLines is how many equal lines a diff shows around those that differ.
const contextLines = 3

// Delta is a session that was derived from another, and what is different about
// its PRD.
type Delta[B any, ID, S comparable] struct {
	// Session is the new session. It is the caller's to close.
	Session *Session[B, ID, S]
	// OldPRD is the PRD of the session that it was derived from, NewPRD its own.
	OldPRD, NewPRD string
	// Sections are what CompareSections returns for the two.
	Sections []SectionChange
	// Diff is the difference between the two in unified format.
	Diff string
}

// Summary returns the sections that differ, one a line.
func (d *Delta[B, ID, S]) Summary() string {
	var b strings.Builder
	for _, c := range d.Sections {
		fmt.Fprintln(&b, c)
	}
	return b.String()
}

// Carry says that a derived session starts with the backlog of the other one,
// and which items change their status on the way. All of it is one group that
// passes the state machines and the guards.
type Carry[ID comparable] struct {
	// Reset lists items to advance to the initial status of their machine.
	Reset []ID
	// Obsolete lists items to advance to the first status of their machine that
	// means that they are not wanted any more.
	Obsolete []ID
}

// CreateDelta makes a new session for a PRD that has changed, in the same plan
// directory, derived from this one. It has its own snapshot, and starts without
// a backlog unless carry is given. What is pending is flushed first. The present
// session stays as it is, and open.
//
// If the PRD still has the session's hash the error wraps ErrUnchanged. If there
// is a session for it already that was derived from this one, it satisfies
// errors.Is(err, fs.ErrExist), and Init returns that session. If the backlog
// cannot be carried as asked, the error says why for each item, as from
// [document.Document.Apply], and nothing is made.
func (s *Session[B, ID, S]) CreateDelta(ctx context.Context, newPRD string, carry *Carry[ID]) (*Delta[B, ID, S], error) {
	content, err := readPRD(newPRD)
	if err != nil {
		return nil, err
	}
	if content.hash == s.metadata.Hash {
		return nil, failed("create delta", newPRD, ErrUnchanged)
	}
	diff, err := unifiedDiff(s.metadata.ID, s.prd, content.text)
	if err != nil {
		return nil, failed("create delta", newPRD, err)
	}
	d := draft{prd: content, parent: s.metadata.ID}
	if _, err := s.Flush(ctx); err != nil {
		return nil, err
	}
	if carry != nil {
		if d.tasks, err = s.carried(carry); err != nil {
			return nil, s.failed("carry backlog", err)
		}
	}
	derived, err := s.derive(ctx, d, newPRD)
	if err != nil {
		return nil, err
	}
	return &Delta[B, ID, S]{
		Session: derived, OldPRD: s.prd, NewPRD: content.text,
		Sections: CompareSections(s.prd, content.text), Diff: diff,
	}, nil
}

// derive makes a session from a draft and loads it.
func (s *Session[B, ID, S]) derive(ctx context.Context, d draft, newPRD string) (*Session[B, ID, S], error) {
	o := s.options
	var err error
	if o.prdPath, err = atomicfile.Abs(newPRD); err != nil {
		return nil, failed("create delta", newPRD, err)
	}
	p, err := openPlan(s.metadata.PlanDir, o)
	if err != nil {
		return nil, failed("create delta", s.metadata.PlanDir, err)
	}
	defer p.close()
	m, err := p.createOnce(ctx, d)
	if err != nil {
		return nil, err
	}
	return load(ctx, s.format, p, m.ID, o)
}

// createOnce makes a session unless there is one with that PRD and that parent.
func (p *plan) createOnce(ctx context.Context, d draft) (Metadata, error) {
	lock, err := p.lock(ctx)
	if err != nil {
		return Metadata{}, err
	}
	defer lock.Unlock()
	sessions, err := p.sessions()
	if err != nil {
		return Metadata{}, err
	}
	for _, m := range sessions {
		if m.Hash != d.prd.hash {
			continue
		}
		parent, err := p.parentOf(m.ID)
		if err != nil {
			return Metadata{}, err
		}
		if parent == d.parent {
			return Metadata{}, failed("create delta", p.path(m.ID), fs.ErrExist)
		}
	}
	return p.create(d)
}

// carried returns the backlog for a derived session, nil if there is none.
func (s *Session[B, ID, S]) carried(c *Carry[ID]) (*document.Document, error) {
	from := s.document(s.Backlog())
	var changes []document.Change
	var errs []error
	add := func(ids []ID, destination func(*document.Type, document.Level) (document.Status, error)) {
		for _, typed := range ids {
			id := s.format.ID(typed)
			item, err := from.Lookup(id)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			to, err := destination(from.Type(), item.Level())
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", id, err))
				continue
			}
			changes = append(changes, document.Advance(id, to))
		}
	}
	add(c.Reset, initial)
	add(c.Obsolete, dropped)
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	if !s.store.seen.Load() {
		return nil, nil
	}
	to, _, err := from.Apply(changes...)
	return to, err
}

func initial(t *document.Type, l document.Level) (document.Status, error) {
	m := t.Machine(l)
	if m == nil {
		return 0, errNoStatus
	}
	return m.Initial(), nil
}

// dropped returns the first status of a level that means that an item is not
// wanted any more.
func dropped(t *document.Type, l document.Level) (document.Status, error) {
	m := t.Machine(l)
	if m == nil {
		return 0, errNoStatus
	}
	statuses := t.Descriptor().Statuses
	for _, status := range m.States() {
		if statuses[status-1].Category == format.Dropped {
			return status, nil
		}
	}
	return 0, fmt.Errorf("no status of the machine %q means that an item is dropped", m.Name())
}

var errNoStatus = errors.New("items of its level have no status")

// unifiedDiff compares the PRD of a session with a new one.
func unifiedDiff(id, oldText, newText string) (string, error) {
	return udiff.ToUnified(id+"/"+SnapshotFile, "new PRD", oldText, udiff.Lines(oldText, newText), contextLines)
}
