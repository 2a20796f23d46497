package batching

import (
	"errors"
	"slices"

	"github.com/backlog-gen/backlog-gen/document"
)

// merge applies groups of ours to what another writer has stored. The gate has
// the last word; before it, a group is left out that would overwrite what the
// other writer has changed since ours was made, or that means an item of ours
// which is not there.
type merge struct {
	// past are the moments that our groups know of, oldest first. It is empty
	// if nothing is known.
	past []moment
	// stored is what the other writer has stored, now that with the groups
	// applied so far. ours is what our groups have led to, nil if unknown.
	stored, now, ours *document.Document
	// updates are those of the group applied last.
	updates int
	// added are the items that groups applied here have added, and stray
	// those that groups left out should have.
	added, stray map[document.ID]bool
	keys         itemKeys
}

func newMerge(stored, ours *document.Document, past []moment) *merge {
	return &merge{
		past: past, stored: stored, now: stored, ours: ours,
		added: map[document.ID]bool{}, stray: map[document.ID]bool{},
		keys: keysOf(stored.Type()),
	}
}

// contained reports whether what is stored has the group at this position
// already. It can only if the group was saved before.
func (m *merge) contained(position int, g Group) bool {
	return slices.ContainsFunc(m.past, func(then moment) bool {
		if then.groups <= position {
			return false
		}
		for i := range g.Changes {
			if !then.contains(&g.Changes[i], m.stored) {
				return false
			}
		}
		return true
	})
}

// apply applies the group at this position, or returns why it is left out.
func (m *merge) apply(position int, g Group) error {
	next, err := m.try(position, g)
	if err != nil {
		m.leaveOut(g)
		return err
	}
	m.now = next
	for i := range g.Changes {
		if c := &g.Changes[i]; c.Op == document.OpAdd {
			m.added[c.ID] = true
		}
	}
	return nil
}

func (m *merge) try(position int, g Group) (*document.Document, error) {
	var errs []error
	var own map[document.ID]bool // added by this group
	for i := range g.Changes {
		c := &g.Changes[i]
		if c.Op == document.OpAdd {
			if own == nil {
				own = map[document.ID]bool{}
			}
			own[c.ID] = true
		}
		errs = append(errs, m.strays(c, own), m.overwrites(position, c))
	}
	if err := joinAll(errs); err != nil {
		return nil, err
	}
	next, applied, err := m.now.Apply(g.Changes...)
	if err != nil {
		return nil, err
	}
	m.updates = applied.Updates
	for i := range g.Changes {
		errs = append(errs, m.refersAstray(next, &g.Changes[i], own))
	}
	return next, joinAll(errs)
}

// leaveOut remembers what is missing now.
func (m *merge) leaveOut(g Group) {
	for i := range g.Changes {
		c := &g.Changes[i]
		if c.Op != document.OpAdd || m.added[c.ID] {
			continue
		}
		m.stray[c.ID] = true
		if m.ours == nil {
			continue
		}
		if item, ok := m.ours.Find(c.ID); ok {
			for below := range descendants(item) {
				m.stray[below.ID()] = true
			}
		}
	}
}

// strays refuses a change that means an item of ours which is not there.
func (m *merge) strays(c *document.Change, own map[document.ID]bool) error {
	if c.Op != document.OpAdd && m.astray(c.ID, own) {
		return &MergeError{ID: c.ID, Message: "the item that was meant is not there: another writer has given this id to one of theirs, or it could not be added"}
	}
	if (c.Op == document.OpAdd || c.Op == document.OpMove) && c.Edit != nil && m.astray(c.Edit.Parent, own) {
		return &MergeError{ID: c.Edit.Parent, Message: "the parent that was meant is not there: another writer has given this id to one of theirs, or it could not be added"}
	}
	return nil
}

// astray reports whether an id means an item of ours that is not there: one that
// was left out, or one whose id another writer has given to an item of theirs.
func (m *merge) astray(id document.ID, own map[document.ID]bool) bool {
	t := m.stored.Type()
	for at := id; at.Text() != ""; at = t.ParentID(at) {
		if own[at] || m.added[at] {
			return false
		}
		if m.stray[at] {
			return true
		}
	}
	if id.Text() == "" || len(m.past) == 0 {
		return false
	}
	if slices.ContainsFunc(m.past, func(then moment) bool { return then.has(id) }) {
		return false
	}
	_, theirs := m.stored.Find(id)
	return theirs
}

// overwrites refuses a change of what another writer has changed, too.
func (m *merge) overwrites(position int, c *document.Change) error {
	now, ok := m.stored.Find(c.ID)
	if !ok || m.added[c.ID] {
		return nil // what is not there is a matter of the gate
	}
	known := func(same func(then moment) bool) bool {
		for _, then := range m.past {
			if then.has(c.ID) && same(then) {
				return true
			}
		}
		return !slices.ContainsFunc(m.past, func(then moment) bool { return then.has(c.ID) })
	}
	switch c.Op {
	case document.OpEdit:
		return m.overwritesFields(c, now, known)
	case document.OpRemove:
		if !known(func(then moment) bool { return then.sameTree(now) }) {
			return &MergeError{ID: c.ID, Message: "another writer has changed what we have removed"}
		}
	case document.OpMove:
		if parentOf(now) != parentMeant(c) && !known(func(then moment) bool { return then.sameParent(now) }) {
			return &MergeError{ID: c.ID, Message: "another writer has moved it, too"}
		}
	case document.OpAdd:
	default:
		// Legal is legal, but where the status might be one that was set on
		// top of ours.
		if m.perhapsSaved(position) && !known(func(then moment) bool { return then.sameStatus(now) }) {
			return &MergeError{ID: c.ID, Message: "another writer has changed the status, too"}
		}
	}
	return nil
}

func (m *merge) overwritesFields(c *document.Change, now document.Item, known func(func(moment) bool) bool) error {
	var keys []string
	for _, f := range fieldsOf(c) {
		if !known(func(then moment) bool { return then.sameField(now, f.Key) }) && !says(now, f) {
			keys = append(keys, f.Key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	return &MergeError{ID: c.ID, Fields: keys, Message: "another writer has changed it, too"}
}

// perhapsSaved reports whether the group at this position may have been saved
// before.
func (m *merge) perhapsSaved(position int) bool {
	return slices.ContainsFunc(m.past, func(then moment) bool { return then.groups > position })
}

// says reports whether an item has this value already.
func says(item document.Item, f document.FieldEdit) bool {
	same := document.Change{Op: document.OpEdit, ID: item.ID(), Edit: &document.Edit{Fields: []document.FieldEdit{f}}}
	_, applied, err := item.Document().Apply(same)
	return err == nil && applied.Updates == 0
}

// parentMeant returns where a change puts its item, the zero ID for the top.
func parentMeant(c *document.Change) document.ID {
	if c.Edit == nil || c.Edit.Parent.Text() == "" {
		return document.ID{}
	}
	return c.Edit.Parent
}

// joinAll joins the errors that there are, and returns a single one as it is.
func joinAll(errs []error) error {
	errs = slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}
