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
	// Status is nil where items have none: they only group others.
	Status *StatusKey
	// Machine that the statuses of these items follow; nil where they have none.
	Machine *Machine
	// Children are the lists of items below one of this level; none on a leaf.
	Children []List
	Fields   []*Field
	Guards   []*Guard
	// Dependencies are the references that say what has to be finished before
	// an item can be handed out: those that the claim names, else those of the
	// first guard on dependencies, else the first field that is a list of
	// references; nil if there are none.
	Dependencies *References
	// NamesDependencies says that the schema names them, under the claim.
	NamesDependencies bool
	// Rollup is nil if there is none.
	Rollup *Rollup
	// Claim is nil if items of the level are not handed out.
	Claim *Claim
	Pos   Pos
}

// StatusKey says where an item keeps its status, and what statuses look like.
type StatusKey struct {
	// Path leads to the status.
	Path Path
	// Values of all states of the machine, in the order of Model.Statuses;
	// none where statuses are their names and aliases.
	Values []StatusValue
	// Optional accepts items without a status, Nullable null in its place: they
	// are in the initial state.
	Optional, Nullable bool
	// WarnUnknown accepts other values on reading and reports them as warnings.
	WarnUnknown bool
	Pos         Pos
}

// StatusValue says which JSON values are a status.
type StatusValue struct {
	Status *Status
	// JSON is the text of each value, at least one: the first is written.
	JSON []string
	// Canonical is the same in a form in which equal values have equal texts:
	// 1, 1.0 and 1e0 are one number, and members have no order.
	Canonical []string
	Pos       Pos
}

// ID describes the ids of a level.
type ID struct {
	Kind format.IDKind
	// Path leads to the id; nil for positions.
	Path Path
	// Prefix of the last segment of a path id, "" for other kinds.
	Prefix string
	// Pattern (RE2) that a text or local id must match as a whole; "" if any
	// text will do.
	Pattern string
	// String, Int and Float say which JSON kinds are accepted: at least one, but
	// for positions.
	String, Int, Float bool
	// NextPrefix and NextSuffix are what stands around the number of a new text
	// or local id; Next says that new ids are made so.
	Next                   bool
	NextPrefix, NextSuffix string
	// WarnDuplicate accepts items of one id on reading and reports them as
	// warnings.
	WarnDuplicate bool
	Pos           Pos
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
	// References are what DependenciesIn looks at, nil for other kinds.
	References *References
	// Custom is the guard the program supplies, nil for other kinds.
	Custom *CustomGuard
	Doc    string
	Pos    Pos
}

// References are those of an item that something looks at.
type References struct {
	// Fields lead from one of the level to one of references: all but the last
	// hold objects. There is at least one.
	Fields []*Field
	// Where holds what the object around the reference has to hold beside it;
	// empty to look at all references.
	Where []Condition
}

// Field is the field of references.
func (r *References) Field() *Field { return r.Fields[len(r.Fields)-1] }

// String says in words what is looked at: "blocks.id where type is \"hard\"".
func (r *References) String() string {
	words := r.Path().String()
	for i, c := range r.Where {
		words += []string{" where ", " and "}[min(i, 1)] + c.Field.Key + " is " + c.JSON
	}
	return words
}

// Path leads from the item to the references.
func (r *References) Path() Path {
	var path Path
	for _, f := range r.Fields {
		path = append(path, f.Key)
	}
	return path
}

// Condition is a value that a field of an object has to have.
type Condition struct {
	Field *Field
	// JSON is the text of the value.
	JSON string
	Pos  Pos
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
