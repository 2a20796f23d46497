// Package merge joins changes of ours with what another writer has stored
// meanwhile, as a pure function. It works by item and field: only a group of
// changes that would overwrite something of the other writer, that means an item
// which is not there, or that the document refuses is left out.
package merge

import (
	"slices"

	"github.com/backlog-gen/backlog-gen/document"
)

// Input is what is to be merged.
type Input struct {
	// Stored is what the other writer has stored.
	Stored *document.Document
	// Onto is what our groups are applied to: Stored with other changes of ours,
	// Stored itself if it is nil.
	Onto *document.Document
	// Ours is the document that our groups have led to, nil if it is not known.
	Ours *document.Document
	// Groups are our changes, in order. A group is applied as a whole or left
	// out as a whole.
	Groups [][]document.Change
	// Saved is how many of the first groups are certainly in Stored.
	Saved int
	// Known are the versions that our side had seen, oldest first. With none,
	// nothing is known of what the other writer has changed, and the gate alone
	// decides.
	Known []Known
	// Refuse returns why a group is to be left out for another reason, nil if
	// there is none. It may be nil.
	Refuse func(group []document.Change) error
}

// Outcome is what became of one group.
type Outcome struct {
	// Contained is set if Stored has the group already. Nothing is applied.
	Contained bool
	// Err is why the group is left out: what the gate said, what Refuse said, or
	// one or several *Errors. It is nil if the group is applied, or contained.
	Err error
	// Before and After are the documents before and after the group, the same
	// one unless it is applied and does something.
	Before, After *document.Document
	// Updates is how many of the applied changes have done something.
	Updates int
}

// Merge applies our groups, one after the other, and returns the document that
// they lead to, with what became of each. What follows from a group that is left
// out, such as a change of an item that it should have added, is left out too.
func Merge(in Input) (*document.Document, []Outcome) {
	m := newMerge(&in)
	outcomes := make([]Outcome, len(in.Groups))
	for i, group := range in.Groups {
		before := m.now
		o := &outcomes[i]
		switch {
		case i < in.Saved || m.contained(i, group):
			o.Contained = true
		default:
			o.Updates, o.Err = m.group(i, group)
		}
		o.Before, o.After = before, m.now
	}
	return m.now, outcomes
}

// merge is a merge under way.
type merge struct {
	known []Known
	// stored is what the other writer has stored, now what is merged with the
	// groups so far, ours what our groups have led to, nil if unknown.
	stored, now, ours *document.Document
	refuse            func(group []document.Change) error
	// added are the items that groups applied here have added, and missing those
	// that groups left out should have.
	added, missing map[document.ID]bool
	// redone are the items that groups applied here have changed, and reordered the
	// lists where they have moved items. What later groups have made of them has to
	// be made again.
	redone, reordered map[document.ID]bool
	orders            map[comparison]order
	keys              itemKeys
}

func newMerge(in *Input) *merge {
	m := &merge{
		known: in.Known, stored: in.Stored, now: in.Onto, ours: in.Ours, refuse: in.Refuse,
		added: map[document.ID]bool{}, missing: map[document.ID]bool{},
		redone: map[document.ID]bool{}, reordered: map[document.ID]bool{}, orders: map[comparison]order{},
		keys: keysOf(in.Stored.Type()),
	}
	if m.now == nil {
		m.now = in.Stored
	}
	return m
}

// contained reports whether what is stored has the group at this position
// already. It can only if the group was saved before.
func (m *merge) contained(position int, group []document.Change) bool {
	if slices.ContainsFunc(group, func(c document.Change) bool { return c.ByPlace() }) {
		return false // what stands at a place may be another item
	}
	for k, then := range m.known {
		if then.Groups > position && !slices.ContainsFunc(group, func(c document.Change) bool {
			return m.isRedone(&c) || !m.contains(k, position, &c)
		}) {
			return true
		}
	}
	return false
}

// isRedone reports whether a change is about what an earlier group has changed here.
func (m *merge) isRedone(c *document.Change) bool {
	if m.redone[c.ID] || c.Op != document.OpMove {
		return m.redone[c.ID]
	}
	now, ok := m.stored.Find(c.ID)
	return m.reordered[targetList(c)] || ok && m.reordered[ListID(now)]
}

// redo notes what a group has changed that is applied to a document.
func (m *merge) redo(before *document.Document, group []document.Change) {
	for i := range group {
		c := &group[i]
		m.redone[c.ID] = true
		if c.Op != document.OpMove {
			continue
		}
		m.reordered[targetList(c)] = true
		if old, ok := before.Find(c.ID); ok {
			m.reordered[ListID(old)] = true
		}
	}
}

// group applies the group at this position, or returns why it is left out.
func (m *merge) group(position int, group []document.Change) (updates int, err error) {
	if m.refuse != nil {
		err = m.refuse(group)
	}
	next := m.now
	if err == nil {
		next, updates, err = m.try(position, group)
	}
	if err != nil {
		m.leaveOut(group)
		return 0, err
	}
	if next != m.now && m.perhapsSaved(position+1) {
		m.redo(m.now, group)
	}
	m.now = next
	for i := range group {
		if c := &group[i]; c.Op == document.OpAdd {
			m.added[c.ID] = true
		}
	}
	return updates, nil
}

func (m *merge) try(position int, group []document.Change) (*document.Document, int, error) {
	var errs []error
	var own map[document.ID]bool // added by this group
	if err := m.unknownPlaces(position, group); err != nil {
		return nil, 0, err
	}
	for i := range group {
		c := &group[i]
		if c.Op == document.OpAdd {
			if own == nil {
				own = map[document.ID]bool{}
			}
			own[c.ID] = true
		}
		errs = append(errs, m.meansMissing(c, own), m.overwrites(position, c))
	}
	if err := joinAll(errs); err != nil {
		return nil, 0, err
	}
	next, applied, err := m.now.Apply(group...)
	if err != nil {
		return nil, 0, err
	}
	for i := range group {
		errs = append(errs, m.refersToMissing(next, &group[i], own))
	}
	return next, applied.Updates, joinAll(errs)
}

// unknownPlaces refuses a group that may be stored already if it adds, removes or
// moves items that are known by their places: those of another writer might look the
// same.
func (m *merge) unknownPlaces(position int, group []document.Change) error {
	if !m.perhapsSaved(position) {
		return nil
	}
	for i := range group {
		if c := &group[i]; c.ByPlace() && (c.Op == document.OpAdd || c.Op == document.OpRemove || c.Op == document.OpMove) {
			return &Error{ID: c.ID, Message: "another writer has changed the document since this was perhaps stored: where items have no ids, it cannot be told whether it was"}
		}
	}
	return nil
}

// leaveOut remembers the items that are missing without a group.
func (m *merge) leaveOut(group []document.Change) {
	for i := range group {
		c := &group[i]
		if c.Op != document.OpAdd || m.added[c.ID] {
			continue
		}
		m.missing[c.ID] = true
		if m.ours == nil {
			continue
		}
		if item, ok := m.ours.Find(c.ID); ok {
			for below := range Tree(item) {
				m.missing[below.ID()] = true
			}
		}
	}
}

// meansMissing refuses a change that means an item of ours which is not there.
func (m *merge) meansMissing(c *document.Change, own map[document.ID]bool) error {
	// What was seen at a place is compared when the change is applied.
	if c.Op != document.OpAdd && !c.HasSeen(c.ID) && m.isMissing(c.ID, own) {
		return &Error{ID: c.ID, Message: "the item that was meant is not there: another writer has given this id to one of theirs, or it could not be added"}
	}
	if (c.Op == document.OpAdd || c.Op == document.OpMove) && c.Edit != nil && !c.HasSeen(c.Edit.Parent) && m.isMissing(c.Edit.Parent, own) {
		return &Error{ID: c.Edit.Parent, Message: "the parent that was meant is not there: another writer has given this id to one of theirs, or it could not be added"}
	}
	if sibling, ok := sibling(c); ok && !c.HasSeen(sibling) && m.isMissing(sibling, own) {
		return &Error{ID: c.ID, Message: "the item that it was to stand beside, " + sibling.String() + ", is not there: another writer has given this id to one of theirs, or it could not be added"}
	}
	return nil
}

// sibling returns the item that a change puts its own beside.
func sibling(c *document.Change) (document.ID, bool) {
	if !hasPlace(c) {
		return document.ID{}, false
	}
	p := c.Edit.Place
	return p.Sibling, p.Kind == document.PlaceBefore || p.Kind == document.PlaceAfter
}

// isMissing reports whether an id means an item of ours that is not there: one
// that was left out, or one whose id another writer has given to an item of
// theirs.
func (m *merge) isMissing(id document.ID, own map[document.ID]bool) bool {
	t := m.stored.Type()
	for at := id; at.Text() != ""; at = t.ParentID(at) {
		if own[at] || m.added[at] {
			return false
		}
		if m.missing[at] {
			return true
		}
	}
	if id.Text() == "" || len(m.known) == 0 {
		return false
	}
	if slices.ContainsFunc(m.known, func(then Known) bool { return then.Has(id) }) {
		return false
	}
	_, theirs := m.stored.Find(id)
	return theirs
}
