package schema

import (
	"fmt"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// Model is a schema with all names resolved. Slices are in the order of the
// file, which is the order of everything made from it. Nothing in it is nil
// unless its comment says so.
type Model struct {
	// File is the name under which the schema was read.
	File     string
	Package  Package
	Document Document
	// Levels in the order of the file, at least one: each stands after those
	// whose children it is.
	Levels []*Level
	// Statuses and Events of all machines.
	Statuses []*Status
	Events   []*Event
	Machines []*Machine
	Enums    []*Enum
	Objects  []*Object
	// CustomGuards are the guards that the program has to supply, each once,
	// however many levels use it.
	CustomGuards []*CustomGuard
	// Warnings found while loading, in the order of the file. A schema with
	// warnings is usable.
	Warnings []Diagnostic
}

// Pos is a place in a schema. Line and Column count from 1, columns in bytes.
// The zero Pos is that of something the file does not spell out.
type Pos struct {
	File         string
	Line, Column int
}

// IsValid reports whether p is a place in a file.
func (p Pos) IsValid() bool { return p.Line > 0 }

// String returns file:line:column, or "-" for the zero Pos.
func (p Pos) String() string {
	if !p.IsValid() {
		return "-"
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Package describes the generated package.
type Package struct {
	// Name is the package clause.
	Name string
	// Doc is the package's description: one or more lines without line ends,
	// "" if there is none. So are all other Docs of the model.
	Doc string
	// Root is the Go name of the type of a whole document.
	Root string
	Pos  Pos
}

// Level describes items of one kind.
type Level struct {
	// Index is the position in Model.Levels: 0 is the first.
	Index int
	// Name and Plural are exported Go names: Subtask, Subtasks.
	Name, Plural string
	Doc          string
	ID           ID
	Status       StatusKey
	// Machine that the statuses of these items follow.
	Machine *Machine
	// Children are the lists of items below one of this level; none on a leaf.
	Children []List
	Fields   []*Field
	Guards   []*Guard
	// Rollup is nil if there is none.
	Rollup *Rollup
	// Claim is nil if items of the level are not handed out.
	Claim *Claim
	Pos   Pos
}

// StatusKey says where an item keeps its status.
type StatusKey struct {
	// Key is the JSON key.
	Key string
	// Optional accepts items without a status; they are in the initial state.
	Optional bool
	Pos      Pos
}

// ID describes the ids of a level.
type ID struct {
	Kind format.IDKind
	// Key is the JSON key.
	Key string
	// Prefix of the last segment of a path id, "" for other kinds.
	Prefix string
	// Pattern (RE2) that a text or local id must match as a whole; "" if any
	// text will do.
	Pattern string
	// String, Int and Float say which JSON kinds are accepted: at least one.
	String, Int, Float bool
	Pos                Pos
}

// Status is one status.
type Status struct {
	// Index is the position in Model.Statuses.
	Index int
	// Name is the text in documents: in-progress.
	Name string
	// GoName is its exported Go name without any type's name: InProgress.
	GoName   string
	Doc      string
	Category format.Category
	// Aliases are accepted on reading and never written.
	Aliases []string
	Pos     Pos
}

// Event is one event of the machines.
type Event struct {
	// Index is the position in Model.Events.
	Index int
	// Name is the text in messages and logs: implement.
	Name string
	// GoName is its exported Go name without any type's name: Implement.
	GoName string
	Doc    string
	Pos    Pos
}

// Machine says which event leads from which status to which.
type Machine struct {
	// Index is the position in Model.Machines.
	Index int
	Name  string
	// GoName is its exported Go name: Work.
	GoName  string
	Doc     string
	Initial *Status
	// States in the order of Model.Statuses.
	States []*Status
	// Transitions in the order of Model.Events, which breaks ties between
	// shortest paths; those of one event in the order of the file.
	Transitions []*Transition
	Pos         Pos
}

// Transition is one event: it leads from any of several states to one.
type Transition struct {
	Event *Event
	// From in the order of Model.Statuses.
	From []*Status
	To   *Status
	Pos  Pos
}

// Guard is a condition on events of a level.
type Guard struct {
	Events []*Event
	Kind   format.GuardKind
	// Categories in their fixed order; empty for custom guards.
	Categories []format.Category
	// Field holds the references of DependenciesIn, else nil.
	Field *Field
	// Custom is the guard the program supplies, nil for other kinds.
	Custom *CustomGuard
	Doc    string
	Pos    Pos
}

// CustomGuard is a guard that the program supplies.
type CustomGuard struct {
	// Index is the position in Model.CustomGuards.
	Index int
	// Name is an exported Go name.
	Name string
	Doc  string
	// Pos is where it is first used.
	Pos Pos
}

// Rollup advances an item to a status when all its children, at least one,
// are in the categories When.
type Rollup struct {
	When []format.Category
	To   *Status
	Pos  Pos
}

// Claim says how items are handed out to workers: those in one of the statuses
// From, whose dependencies hold nobody up, are put into the status To, that of
// taken work.
type Claim struct {
	// From in the order of Model.Statuses.
	From []*Status
	// To is of the category Active.
	To  *Status
	Pos Pos
}
