package document

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
)

// Track calls edit with a document that has the content of d, and returns the
// group of changes that leads from d to what edit returns: all that was applied
// on the way, in order, so that an event that was chosen is still that event. Only
// additions may come earlier, where nothing is removed or moved. A
// document that does not come from the one that edit was given is compared with
// it instead: see [Changes].
//
// What was applied is remembered in the documents that edit makes, and by no
// other.
//
// A move that gives an item another id (see [Move]) is a removal, an addition
// and an Advance in the group, as for Changes.
//
// The error is that of edit, or a *TrackError if there is no such group.
func (d *Document) Track(edit func(*Document) (*Document, error)) ([]Change, error) {
	given := d.again()
	given.history = &history{tracking: new(tracking)}
	defer given.history.tracking.ended.Store(true)
	edited, err := edit(given)
	if err != nil {
		return nil, err
	}
	if edited == nil {
		return nil, errors.New("document: the edit has returned no document: want the one it was given, changed or not")
	}
	if edited == given || edited == d {
		return nil, nil
	}
	if h := edited.history; h != nil && h.tracking == given.history.tracking {
		return h.leading(d, edited)
	}
	if d.typ.format.Positions {
		return nil, errors.New("document: the edit has returned a document that does not come from the one it was given: where items have no ids, nothing says what has changed")
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
		own[i].Seen = nil // what was seen on the way is not what the group begins with
	}
	return &history{tracking: h.tracking, before: h, changes: own, rolledUp: rolledUp}
}

// leading returns the group that leads from a document to another one that has
// this history. The error is a *TrackError.
func (h *history) leading(from, to *Document) ([]Change, error) {
	plain, full, steps := h.applied()
	positions := from.typ.format.Positions
	moved := !positions && from.typ.movesChangeIDs() && slices.ContainsFunc(plain, func(c Change) bool { return c.leavesParent() })
	if !moved && (steps == 1 || !from.typ.mayRollUp(plain)) {
		return plain, nil
	}
	// The rollup looks at the end of a group, and so it may do there what it did
	// not do after a step. Ids that moves have changed may be those of others.
	groups := []func() []Change{
		func() []Change { return plain },
		func() []Change { return full }, // for what builds on what the rollup did before
		func() []Change { return Changes(from, to) },
	}
	if positions {
		groups = groups[:2] // what has no id cannot be compared
	}
	if moved {
		groups = []func() []Change{func() []Change { return chosenChanges(from, to, full) }, groups[2]}
	}
	failure := new(TrackError)
	for _, group := range groups {
		changes := group()
		result, _, err := from.Apply(changes...)
		if err != nil {
			failure.Refusal = cmp.Or(failure.Refusal, err)
			continue
		}
		differences := Diff(result, to)
		if len(differences) == 0 {
			return changes, nil
		}
		if failure.Differences == nil {
			failure.typ, failure.Differences = from.typ, differences
		}
	}
	return nil, failure
}

// applied returns all changes in order, without and with what the rollup did, and
// in how many steps they were applied.
func (h *history) applied() (plain, full []Change, steps int) {
	var groups []*history
	for at := h; at.before != nil; at = at.before {
		groups = append(groups, at)
	}
	for _, g := range slices.Backward(groups) {
		plain = append(plain, g.changes...)
		full = append(append(full, g.changes...), g.rolledUp...)
	}
	return additionsFirst(plain), additionsFirst(full), len(groups)
}

// additionsFirst puts additions before changes of what is there: each run of them
// is a rebuild. Where items go or move, an id may mean another item later, and so
// the order stays.
func additionsFirst(changes []Change) []Change {
	if !slices.ContainsFunc(changes, func(c Change) bool { return c.Op == OpRemove || c.Op == OpMove }) {
		slices.SortStableFunc(changes, func(a, b Change) int {
			switch {
			case a.Op == OpAdd && b.Op != OpAdd:
				return -1
			case a.Op != OpAdd && b.Op == OpAdd:
				return 1
			}
			return 0
		})
	}
	return changes
}

// TrackError reports that no single group of changes leads to what an edit
// returned, although each of its steps was accepted.
type TrackError struct {
	// Differences are from what a group would lead to, to what the edit returned.
	// They are nil if every group is refused.
	Differences []Difference
	// Refusal is why the gate refuses a group, nil if it refuses none.
	Refusal error

	typ *Type
}

// Error names the first difference, or else the refusal.
func (e *TrackError) Error() string {
	const message = "no single group of changes leads to what the edit returned, so it takes two edits"
	if len(e.Differences) == 0 || e.typ == nil {
		return fmt.Sprintf("%s: %v", message, e.Refusal)
	}
	d := e.Differences[0]
	if d.Kind == ItemChanged && d.From != d.To {
		return fmt.Sprintf("%s: in one, %s would become %s instead of %s", message, d.ID, e.typ.StatusName(d.From), e.typ.StatusName(d.To))
	}
	return fmt.Sprintf("%s: in one, %s would be another", message, d.ID)
}

// Unwrap returns the refusal.
func (e *TrackError) Unwrap() error { return e.Refusal }

// mayRollUp reports whether a rollup may look at something after some changes.
func (t *Type) mayRollUp(changes []Change) bool {
	return t.format.RollsUp && slices.ContainsFunc(changes, func(c Change) bool { return c.Op != OpAdd && c.Op != OpEdit })
}

// leavesParent reports whether a change may move an item to another parent.
func (c *Change) leavesParent() bool {
	if c.Op != OpMove || c.Edit == nil || c.Edit.Place.IsZero() {
		return c.Op == OpMove
	}
	parent := c.Edit.Parent.text
	return parent != "" && !strings.HasPrefix(c.ID.text, parent+".")
}

// movesChangeIDs reports whether ids say where an item is.
func (t *Type) movesChangeIDs() bool {
	return slices.ContainsFunc(t.format.Levels, func(l compiled.Level) bool { return l.ID.Kind != format.TextID })
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
