package document

import (
	"fmt"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// WithItem puts what With and WithStatus changed in an item into the item of
// the document that has its level and id. Of a new item it takes the fields,
// and not the status. The error is a *NotFoundError if there is no such item,
// or that of Apply.
func (d *Document) WithItem(it Item) (*Document, error) {
	if it.IsZero() {
		return nil, &NotFoundError{}
	}
	at, ok := d.Find(it.ID())
	if !ok || at.node.Kind != it.node.Kind {
		return nil, d.noneOf(it.node.Kind, it.ID())
	}
	if it.doc == nil {
		at.draft = &draft{typ: it.draft.typ, values: it.draft.values}
		it = at
	}
	changes := it.Changes()
	it.doc.See(changes)
	to, _, err := d.Apply(changes...)
	return to, err
}

// noneOf is the error for an id that names no item of a level.
func (d *Document) noneOf(l Level, id ID) error {
	err := d.notFound(id)
	err.Level = d.typ.format.Levels[l].Name
	return err
}

// AddItem adds a new item as a child of a parent of the level above, the last one
// or the one at a place. The zero ID, with only the group set where documents have
// groups, stands for the top. An item without an id gets the one that NextID returns,
// unless its level has none. The error is a
// *NotFoundError for the parent, or that of Apply.
func (d *Document) AddItem(it Item, parent ID, at ...Place) (*Document, error) {
	if it.IsZero() {
		return nil, changeError(it.ID(), "operation", "there is no item to add")
	}
	if above, ok := d.typ.format.ParentLevel(it.node.Kind); ok {
		if l, ok := d.levelOf(parent); !ok || l != above {
			return nil, d.noneOf(above, parent)
		}
	}
	if it.draft != nil && it.draft.id.text == "" && it.levelType().ID.Kind != format.PositionID {
		id, ok := d.NextID(parent)
		if !ok {
			return nil, changeError(parent, "id", fmt.Sprintf("the new %s needs an id: there is no next one", it.levelType().Name))
		}
		numbered := *it.draft
		numbered.id = id
		it.draft = &numbered
	}
	to, _, err := d.Apply(it.AddChange(parent, at...))
	return to, err
}
