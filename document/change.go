package document

import "slices"

// Op is what a Change does.
type Op uint8

// The operations of a Change.
const (
	OpSet Op = iota + 1
	OpAdvance
	OpFire
	OpForce
	OpEdit
	OpAdd
	OpRemove
	OpMove
)

// Change is one step of a group for Document.Apply. An OpAdd of an item that has no
// id has a zero ID. It is plain data that
// refers to no document, so that it can be applied to another version of the
// document, or be written down: see Type.MarshalChanges.
type Change struct {
	Op     Op
	To     Status
	Event  Event
	ID     ID
	Reason string
	// Edit belongs to OpEdit, OpAdd and OpMove.
	Edit *Edit
	// Seen are the items that the change knows by their places, where items have no
	// ids: see [Document.See]. Apply refuses it where other items stand there.
	Seen []Seen
}

// Edit is the part of a Change that is not about a status.
type Edit struct {
	// Parent of the item to add or move; the zero ID for the top level, with
	// only its group set where documents have groups.
	Parent ID
	// Place is where among the children of the parent the item goes.
	Place Place
	// Item is the JSON text of the item to add, children included.
	Item string
	// Fields are the new values of an OpEdit, by JSON key. With the zero ID they are
	// those of the document itself.
	Fields []FieldEdit
}

// FieldEdit is the new value of one field: JSON text, or "" to remove the key.
type FieldEdit struct {
	Key, Value string
}

// Set changes the status of an item by the one event that leads from its status
// to the given one. It does nothing if the item has the status.
func Set(id ID, to Status) Change { return Change{Op: OpSet, ID: id, To: to} }

// Advance changes the status of an item along the shortest legal path of
// events. It does nothing if the item has the status.
func Advance(id ID, to Status) Change { return Change{Op: OpAdvance, ID: id, To: to} }

// Fire changes the status of an item by an event.
func Fire(id ID, event Event) Change { return Change{Op: OpFire, ID: id, Event: event} }

// Force gives an item a status, whatever the machine and the guards say. The
// reason must not be empty; it goes to the log.
func Force(id ID, to Status, reason string) Change {
	return Change{Op: OpForce, ID: id, To: to, Reason: reason}
}

// Remove takes an item and all below it out of the document.
func Remove(id ID) Change { return Change{Op: OpRemove, ID: id} }

// Move makes an item a child of a parent of the same level as its own: the last
// one, or the one at a place. Below another parent a path id gets the next free
// number, and references follow. To stay below its parent an item needs a place,
// and keeps its id. The zero parent is the top, for a document with groups the
// group that the item is in.
func Move(id, parent ID, at ...Place) Change {
	return Change{Op: OpMove, ID: id, Edit: &Edit{Parent: parent, Place: onePlace(at)}}
}

// clone returns a copy that shares nothing that may change.
func (c Change) clone() Change {
	if c.Edit != nil {
		edit := *c.Edit
		edit.Fields = slices.Clone(edit.Fields)
		c.Edit = &edit
	}
	c.Seen = slices.Clone(c.Seen)
	return c
}
