package document

import (
	"slices"
	"sync/atomic"
)

// Track calls edit with a document that has the content of d, and returns the
// group of changes that leads from d to what edit returns: all that was applied
// on the way, in order, so that an event that was chosen is still that event. A
// document that does not come from the one that edit was given is compared with
// it instead: see [Changes].
//
// What was applied is remembered in the documents that edit makes, and by no
// other.
//
// A move that gives an item another id (see [Move]) is a removal, an addition
// and an Advance in the group, as for Changes.
func (d *Document) Track(edit func(*Document) (*Document, error)) ([]Change, error) {
	given := d.again()
	given.history = &history{tracking: new(tracking)}
	defer given.history.tracking.ended.Store(true)
	edited, err := edit(given)
	if err != nil {
		return nil, err
	}
	if edited == given || edited == d {
		return nil, nil
	}
	if h := edited.history; h != nil && h.tracking == given.history.tracking {
		return h.leading(d, edited), nil
	}
	return Changes(d, edited), nil
}

// again returns another document with the same content.
func (d *Document) again() *Document {
	if o := d.unbuilt(); o != nil {
		return o.document()
	}
	again := *d
	again.additions = nil
	return &again
}

// tracking is one call of Track.
type tracking struct{ ended atomic.Bool }

// history is the last group that was applied while changes were tracked, and what
// was applied before. It holds changes only, so that it keeps no document alive.
type history struct {
	tracking *tracking
	before   *history // nil for the document that was given out
	changes  []Change
	rolledUp []Change // what the rollup did then
}

// next returns the history after another group, nil once Track has ended.
func (h *history) next(changes, rolledUp []Change) *history {
	if h == nil || h.tracking.ended.Load() {
		return nil
	}
	own := make([]Change, len(changes))
	for i, c := range changes {
		own[i] = c.clone()
	}
	return &history{tracking: h.tracking, before: h, changes: own, rolledUp: rolledUp}
}

// leading returns the group that leads from a document to another one that has
// this history.
func (h *history) leading(from, to *Document) []Change {
	var groups []*history
	for at := h; at.before != nil; at = at.before {
		groups = append(groups, at)
	}
	slices.Reverse(groups)
	var plain, full []Change
	rolledUp := false
	for _, g := range groups {
		plain = append(plain, g.changes...)
		full = append(append(full, g.changes...), g.rolledUp...)
		rolledUp = rolledUp || len(g.rolledUp) > 0
	}
	if slices.ContainsFunc(plain, func(c Change) bool { return c.Op == OpMove && from.typ.movesChangeIDs() }) {
		return chosenChanges(from, to, full)
	}
	if !rolledUp {
		return plain
	}
	// Mostly the rollup does the same at the end of the whole group. Where what
	// follows builds on what it did before, that has to be said.
	if same, _, err := from.Apply(plain...); err == nil && len(Diff(same, to)) == 0 {
		return plain
	}
	return full
}

// movesChangeIDs reports whether ids say where an item is.
func (t *Type) movesChangeIDs() bool {
	return slices.ContainsFunc(t.levels, func(l levelType) bool { return l.ID.Kind != TextID })
}

// chosenChanges is Changes with the status changes that were applied, for the
// items that have kept their ids.
func chosenChanges(from, to *Document, applied []Change) []Change {
	l := listChanges(from, to)
	chosen := map[ID][]Change{}
	for _, c := range applied {
		if c.Op == OpSet || c.Op == OpAdvance || c.Op == OpFire || c.Op == OpForce {
			chosen[c.ID] = append(chosen[c.ID], c)
		}
	}
	var statuses []Change
	for _, c := range l.advances {
		if changes := chosen[c.ID]; changes != nil && !l.added[c.ID] {
			statuses = append(statuses, changes...)
		} else {
			statuses = append(statuses, c)
		}
	}
	return slices.Concat(l.copies(), l.moves, l.removals, l.edits, statuses)
}
