// Package format describes the documents of one format as plain data: what items
// they hold, which statuses these have, and which rules the values keep.
//
// Generated packages hold a [Descriptor] as a literal, and the command makes one
// from a schema. Package document checks, compiles and uses it.
package format

import "slices"

// Descriptor is everything that package document has to know about a format.
// document.NewType checks and compiles it.
type Descriptor struct {
	// Name of the format, for messages: the name of the generated package.
	Name string
	// Roots are the shapes a document may have, told apart when reading. New
	// documents are written in the first.
	Roots []Root
	// Fields of the document itself, beside the list of a root object. Documents of
	// other kinds have none of them. They hold no references.
	Fields []FieldDescriptor
	// Levels from the top to the leaf.
	Levels []LevelDescriptor
	// Statuses of all machines, in schema order.
	Statuses []StatusDescriptor
	// Events of all machines, in schema order.
	Events []string
	// Machines that levels refer to by position.
	Machines []Machine
	// Enums and Objects that fields refer to by position.
	Enums   []EnumDescriptor
	Objects []ObjectDescriptor
	// Indent of new documents: "" writes them on one line.
	Indent string
	// FinalNewline ends new documents with a newline.
	FinalNewline bool
}

// RootKind is the JSON shape of the outermost value.
type RootKind uint8

const (
	// RootObject is an object that holds the top items under Key, in itself or in
	// an object of it: {"backlog":[…]}. Other members are kept as they are.
	RootObject RootKind = iota + 1
	// RootArray is a bare array of the top items.
	RootArray
	// RootGroups is an object of groups, each an object that holds top items
	// under Key: {"master":{"tasks":[…]}}. The group's name is part of the ids.
	RootGroups
	// RootLines is JSON Lines, an item a line.
	RootLines
)

// Root is one shape of a document.
type Root struct {
	Kind RootKind
	Key  string
	// Within are the keys of the objects around the list, the outermost first; none
	// where the document, or the group, holds it itself.
	Within []string
}

// MaxPath is the largest number of keys that lead to a list, an id or a status.
const MaxPath = 16

// Path returns the keys that lead to the list, none for a root array.
func (r Root) Path() []string {
	if r.Key == "" {
		return nil
	}
	return append(slices.Clone(r.Within), r.Key)
}

// Machine is a state machine: which event leads from which status to which.
type Machine struct {
	// Name of the machine, for messages.
	Name string
	// Initial is the status of new items. It is one of States.
	Initial Status
	// States in schema order, without duplicates.
	States []Status
	// Transitions in schema order. Where several lead to one status, the first is
	// taken.
	Transitions []Transition
}

// Transition leads from any of several statuses to one.
type Transition struct {
	Event Event
	From  []Status
	To    Status
}
