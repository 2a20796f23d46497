package document

import (
	"slices"
	"sync"
	"sync/atomic"
)

// line is a line of snapshots, each one the next after a group of status
// changes. The newest of them lies in now, where the next group changes it in
// place; the others are made when somebody looks at them. So a snapshot that
// nobody looks at costs little more than what it remembers.
type line struct {
	mu sync.Mutex
	// newest is the snapshot that now stands for, nil for none.
	newest *Document
	now    Document
	// frozen holds what snapshots have in common with now: it is copied before
	// it changes.
	frozen Document
	// ahead is how many snapshots have been taken since the last was made.
	ahead int
}

// maxAhead bounds what has to be done to make a snapshot, and what one that was
// not made keeps in memory. So only small groups are left for later.
const maxAhead = 1024

// late is what a snapshot remembers until it is made.
type late struct {
	before atomic.Pointer[Document] // nil once it is made
	hops   hopList
	made   atomic.Pointer[Document]
}

// lateDocument is a snapshot that is not made yet.
type lateDocument struct {
	Document
	late late
}

// apply takes a group of status changes through the gate. It reports false
// where somebody else is at it: whoever goes on from another snapshot must not
// wait.
func (l *line) apply(d *Document, changes []Change) (to *Document, applied Applied, free bool, err error) {
	if !l.mu.TryLock() {
		return nil, Applied{}, false, nil
	}
	defer l.mu.Unlock()
	l.seat(d)
	l.newest = nil // in case of a panic: now is neither d nor the next one yet
	g := gate{base: &l.frozen, to: &l.now}
	for i := range changes {
		g.status(&changes[i])
	}
	if len(g.errs) == 0 {
		g.judge()
	}
	if len(g.errs) > 0 {
		g.undo()
		l.newest = d
		return nil, Applied{}, true, joined(g.errs)
	}
	g.rollup()
	if !g.hops.moves() {
		l.newest = d
		return d, Applied{Updates: g.updates}, true, nil
	}
	l.now.statuses, l.now.counts = g.to.statuses, g.to.counts
	l.newest = l.next(d, g.hops)
	return l.newest, Applied{Updates: g.updates}, true, nil
}

// seat makes now the given snapshot.
func (l *line) seat(d *Document) {
	if l.newest != nil && (l.newest == d || l.newest.late != nil && l.newest.late.made.Load() == d) {
		return
	}
	made := d.settled()
	l.now = Document{shape: made.shape, statuses: made.statuses, counts: append(l.now.counts[:0], made.counts...), edits: made.edits, line: l}
	l.frozen = Document{shape: made.shape, statuses: made.statuses, edits: made.edits}
	l.ahead = 0
}

// next returns the snapshot after d that now stands for.
func (l *line) next(d *Document, hops hopList) *Document {
	if l.ahead++; l.ahead == maxAhead || hops.more != nil {
		return l.freeze()
	}
	next := &lateDocument{Document: Document{shape: l.now.shape, edits: l.now.edits, line: l}}
	next.Document.late = &next.late
	next.late.hops = hops
	next.late.before.Store(d)
	return &next.Document
}

// freeze returns the snapshot that now stands for, made.
func (l *line) freeze() *Document {
	made := l.now
	made.counts = slices.Clone(made.counts)
	l.frozen.statuses = made.statuses
	l.ahead = 0
	return &made
}

// settled returns the document as it is: made, and with all its items in its
// shape.
func (d *Document) settled() *Document {
	switch {
	case d.late != nil:
		return d.made()
	case d.additions != nil:
		return d.additions.settle()
	}
	return d
}

// made makes the document: from now if that stands for it, else from one before
// it that is made.
func (d *Document) made() *Document {
	if made := d.late.made.Load(); made != nil {
		return made
	}
	if l := d.line; l.mu.TryLock() {
		if l.newest == d && d.late.made.Load() == nil {
			d.late.keep(l.freeze())
		}
		l.mu.Unlock()
	}
	from, since := d.since()
	if len(since) == 0 {
		return from
	}
	g := gate{base: from, to: from}
	for n := len(since) - 1; n >= 0; n-- {
		g.redo(&since[n].hops)
	}
	return d.late.keep(g.to)
}

// since returns the last document before d, or d itself, that is made, and the
// newer ones, the newest first.
func (d *Document) since() (*Document, []*late) {
	var since []*late
	for at := d; at.late != nil; {
		if made := at.late.made.Load(); made != nil {
			return made, since
		}
		if before := at.late.before.Load(); before != nil {
			since = append(since, at.late)
			at = before
			if at.late == nil {
				return at, since
			}
		} // else it has been made this moment
	}
	return d, since
}

// keep keeps the document made, unless somebody else was faster, and returns the
// one to use.
func (l *late) keep(made *Document) *Document {
	l.made.CompareAndSwap(nil, made)
	l.before.Store(nil)
	return l.made.Load()
}

// undo takes all hops back.
func (g *gate) undo() {
	for n := g.hops.n - 1; n >= 0; n-- {
		if h := g.hops.at(n); h.to != h.from {
			g.set(h.level, h.i, h.to, h.from)
		}
	}
}

// redo takes hops that were judged before.
func (g *gate) redo(hops *hopList) {
	for n := range hops.n {
		if h := hops.at(n); h.to != h.from {
			g.set(h.level, h.i, h.from, h.to)
		}
	}
}

// moves reports whether a hop leads to another status.
func (l *hopList) moves() bool {
	for n := range l.n {
		if h := l.at(n); h.to != h.from {
			return true
		}
	}
	return false
}
