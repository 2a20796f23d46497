package merge

import (
	"slices"

	"github.com/backlog-gen/backlog-gen/document"
)

// overwrites refuses a change of what another writer has changed, too.
func (m *merge) overwrites(position int, c *document.Change) error {
	if isOwn(c) {
		return m.overwritesOwn(c)
	}
	if c.ByPlace() {
		return nil // it is refused where another item stands by now
	}
	now, ok := m.stored.Find(c.ID)
	if !ok || m.added[c.ID] {
		return nil // what is not there is a matter of the gate
	}
	unchanged := func(same func(then Known) bool) bool {
		for _, then := range m.known {
			if then.Has(c.ID) && same(then) {
				return true
			}
		}
		return !slices.ContainsFunc(m.known, func(then Known) bool { return then.Has(c.ID) })
	}
	switch c.Op {
	case document.OpEdit:
		return m.overwritesFields(c, now, unchanged)
	case document.OpRemove:
		if !unchanged(func(then Known) bool { return then.SameTree(now) }) {
			return &Error{ID: c.ID, Message: "another writer has changed what we have removed"}
		}
	case document.OpMove:
		if m.overwritesMove(c, now, unchanged) {
			return &Error{ID: c.ID, Message: "another writer has moved it, too"}
		}
	case document.OpAdd:
	default:
		// Legal is legal, but where the status might be one that was set on
		// top of ours.
		if m.perhapsSaved(position) && !unchanged(func(then Known) bool { return then.SameStatus(now) }) {
			return &Error{ID: c.ID, Message: "another writer has changed the status, too"}
		}
	}
	return nil
}

// overwritesMove reports whether another writer has moved an item elsewhere that we
// have moved.
func (m *merge) overwritesMove(c *document.Change, now document.Item, unchanged func(func(Known) bool) bool) bool {
	if ParentID(now) != newParent(c) {
		return !unchanged(func(then Known) bool { return then.SameParent(now) })
	}
	return hasPlace(c) && m.movedSince(now) && !isThere(now, c.Edit.Place)
}

func (m *merge) overwritesFields(c *document.Change, now document.Item, unchanged func(func(Known) bool) bool) error {
	var keys []string
	for _, f := range EditedFields(c) {
		if !unchanged(func(then Known) bool { return then.SameField(now, f.Key) }) && !says(now, f) {
			keys = append(keys, f.Key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	return &Error{ID: c.ID, Fields: keys, Message: "another writer has changed it, too"}
}

// overwritesOwn refuses a change of fields of the document itself that another writer
// has changed, too.
func (m *merge) overwritesOwn(c *document.Change) error {
	var keys []string
	for _, f := range EditedFields(c) {
		same := len(m.known) == 0 || slices.ContainsFunc(m.known, func(then Known) bool { return then.SameOwnField(m.stored, f.Key) })
		if !same && !leaves(m.stored, document.Change{Op: document.OpEdit, Edit: &document.Edit{Fields: []document.FieldEdit{f}}}) {
			keys = append(keys, f.Key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	return &Error{Fields: keys, Message: "another writer has changed it, too"}
}

// perhapsSaved reports whether the group at this position may have been saved
// before.
func (m *merge) perhapsSaved(position int) bool {
	return slices.ContainsFunc(m.known, func(then Known) bool { return then.Groups > position })
}

// says reports whether an item has this value already.
func says(item document.Item, f document.FieldEdit) bool {
	return doesNothing(&document.Change{Op: document.OpEdit, ID: item.ID(), Edit: &document.Edit{Fields: []document.FieldEdit{f}}}, item)
}

// doesNothing reports whether a change would leave the item's document as it is.
func doesNothing(c *document.Change, item document.Item) bool {
	return leaves(item.Document(), *c)
}

// leaves reports whether a change would leave a document as it is.
func leaves(d *document.Document, c document.Change) bool {
	_, applied, err := d.Apply(c)
	return err == nil && applied.Updates == 0
}

// newParent returns where a change puts its item, the zero ID for the top.
func newParent(c *document.Change) document.ID {
	if c.Edit == nil || c.Edit.Parent.Text() == "" {
		return document.ID{}
	}
	return c.Edit.Parent
}

// targetList returns the list where a move puts its item.
func targetList(c *document.Change) document.ID {
	if parent := newParent(c); parent != (document.ID{}) {
		return parent
	}
	return document.NewID(c.ID.Group(), "")
}
