package batching

import "github.com/backlog-gen/backlog-gen/document"

// Format connects the types of a generated package to the engine. B is its
// snapshot, ID names an item of any level, S is its status. Generated packages
// supply one.
type Format[B any, ID, S comparable] struct {
	// Type parses and checks documents.
	Type *document.Type
	// Wrap and Unwrap convert snapshots. Unwrap returns nil for the zero B, so
	// that an edit that returns it by mistake does not empty the document.
	Wrap   func(*document.Document) B
	Unwrap func(B) *document.Document
	// ID and Status convert what names an item and a status, and WrapID is the
	// inverse of ID.
	ID     func(ID) document.ID
	WrapID func(document.ID) ID
	Status func(S) document.Status
}

// Change is one step of a group for [Batcher.Apply]: see [Set], [Advance] and
// [Force].
type Change[ID, S comparable] struct {
	op     document.Op
	id     ID
	to     S
	reason string
}

// Set changes the status of an item by the one event that leads there. To the
// status that the item has it does nothing.
func Set[ID, S comparable](id ID, to S) Change[ID, S] {
	return Change[ID, S]{op: document.OpSet, id: id, to: to}
}

// Advance changes the status of an item along the shortest legal path of
// events. To the status that the item has it does nothing.
func Advance[ID, S comparable](id ID, to S) Change[ID, S] {
	return Change[ID, S]{op: document.OpAdvance, id: id, to: to}
}

// Force gives an item a status whatever the machine and the guards say. It is
// logged as a warning, with the reason, which must not be empty.
func Force[ID, S comparable](id ID, to S, reason string) Change[ID, S] {
	return Change[ID, S]{op: document.OpForce, id: id, to: to, reason: reason}
}

// untyped returns the change as the engine takes it.
func (f *Format[B, ID, S]) untyped(c Change[ID, S]) document.Change {
	return document.Change{Op: c.op, ID: f.ID(c.id), To: f.Status(c.to), Reason: c.reason}
}
