package document

import "github.com/backlog-gen/backlog-gen/statemachine"

// Status is a status of a descriptor: its position in Descriptor.Statuses plus
// one. Zero means none.
type Status uint8

// Event is an event of a descriptor: its position in Descriptor.Events plus
// one. Zero means none.
type Event uint8

// Level says what kind of item one is: its position in Descriptor.Levels. Zero is
// the kind of the items at the top of the document.
type Level uint8

// Category says what a status means for the work, whatever its name.
type Category uint8

// The categories of a status.
const (
	Todo Category = iota + 1
	Active
	Done
	Failed
	Dropped
)

// Categories is a set of categories.
type Categories uint8

// CategorySet returns the set of the given categories.
func CategorySet(categories ...Category) Categories {
	var s Categories
	for _, c := range categories {
		s |= 1 << c
	}
	return s
}

// Has reports whether the set holds c.
func (s Categories) Has(c Category) bool { return s&(1<<c) != 0 }

// Descriptor is everything the engine has to know about a document format. It
// is plain data: generated packages hold one as a literal, and the command
// makes one from a schema at run time. NewType checks and compiles it.
type Descriptor struct {
	// Name of the format, for messages: the name of the generated package.
	Name string
	// Roots are the shapes a document may have, told apart when reading. New
	// documents are written in the first.
	Roots []Root
	// Levels from the top to the leaf.
	Levels []LevelDescriptor
	// Statuses of all machines, in schema order.
	Statuses []StatusDescriptor
	// Events of all machines, in schema order.
	Events []string
	// Machines that levels refer to by position.
	Machines []statemachine.Definition[Status, Event]
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
	// RootObject is an object that holds the top items under Key:
	// {"backlog":[…]}. Other members are kept as they are.
	RootObject RootKind = iota + 1
	// RootArray is a bare array of the top items.
	RootArray
	// RootGroups is an object of groups, each an object that holds top items
	// under Key: {"master":{"tasks":[…]}}. The group's name is part of the ids.
	RootGroups
)

// Root is one shape of a document.
type Root struct {
	Kind RootKind
	Key  string
}

// IDKind says how the ids of a level are made and where they are unique.
type IDKind uint8

const (
	// PathID is the parent's id, a dot, Prefix and a number: P1.M2.
	PathID IDKind = iota + 1
	// TextID is any text, unique in the document (or in its group).
	TextID
	// LocalID is unique among its siblings only; the full id is the path of
	// ids joined by dots. One that begins with its parent's id and a dot is
	// the full id already.
	LocalID
)

// IDDescriptor describes the ids of a level.
type IDDescriptor struct {
	Kind IDKind
	// Key is the JSON key, "id" where empty.
	Key string
	// Prefix of the last segment of a path id.
	Prefix string
	// Pattern (RE2) that a text or local id must match as a whole, if any.
	Pattern string
	// String, Int and Float say which JSON kinds are accepted, Float any number;
	// none set means String only. The spelling is kept: 3.1 and 3.10 are two ids.
	String, Int, Float bool
}

// LevelDescriptor describes the items of one level.
type LevelDescriptor struct {
	// Name and Plural are Go names: Subtask, Subtasks.
	Name, Plural string
	ID           IDDescriptor
	// StatusKey is the JSON key of the status, "status" where empty.
	StatusKey string
	// StatusOptional accepts items without a status; they are in the
	// machine's initial state, and the key is added when they leave it.
	StatusOptional bool
	// Machine is the position in Descriptor.Machines.
	Machine int
	// Children is the JSON key of the next level's items; "" on the leaf.
	Children string
	// ChildrenRequired refuses items without the key; ChildrenNullable
	// accepts null for it.
	ChildrenRequired, ChildrenNullable bool
	Fields                             []FieldDescriptor
	Guards                             []Guard
	Rollup                             *Rollup
	// Claim is nil if items of the level are not handed out.
	Claim *Claim
}

// StatusDescriptor describes one status.
type StatusDescriptor struct {
	// Name as written in documents.
	Name     string
	Category Category
	// Aliases are accepted on reading and never written.
	Aliases []string
}

// FieldKind is the type of a field's value, or of its elements for lists.
type FieldKind uint8

// The kinds of fields.
const (
	TextField FieldKind = iota + 1
	IntField
	FloatField
	BoolField
	// TimeField is RFC 3339 text.
	TimeField
	EnumField
	// ReferenceField is the id of an item.
	ReferenceField
	// ObjectField is an object of a named type.
	ObjectField
	// RawField is any JSON value, passed through.
	RawField
	// ConstantField is a fixed text, such as a discriminator. It has no
	// getter and is written into new items by the engine.
	ConstantField
)

// FieldDescriptor describes one field of a level or an object.
type FieldDescriptor struct {
	// Name is the Go name, Key the JSON key.
	Name, Key string
	Kind      FieldKind
	// List makes the value an array of Kind.
	List bool
	// Required refuses a missing key; Nullable accepts null.
	Required, Nullable bool
	// Enum and Object are positions in the descriptor, for those kinds.
	Enum, Object int
	// Targets are the levels that references should lead to; none means any.
	// Document.Validate reports those that lead elsewhere.
	Targets []Level
	// Constant is the text of a ConstantField.
	Constant string
	// Default is the JSON text of the value that new items get when the
	// program gives none; "" for none.
	Default string
	Rules   []Rule
}

// RuleKind names a check on a value.
type RuleKind uint8

// The rules. MinLength and MaxLength count characters of text; MinItems and
// MaxItems count elements of a list; the others apply to the value, or to
// every element of a list.
const (
	MinLength RuleKind = iota + 1
	MaxLength
	MinItems
	MaxItems
	Minimum
	Maximum
	ExclusiveMinimum
	ExclusiveMaximum
	MultipleOf
	// Pattern is an RE2 expression that must match somewhere in the text
	// (anchor it to match the whole).
	Pattern
	// OneOf restricts text to Values.
	OneOf
	// Prefix is what the text must begin with.
	Prefix
	// Sections must all occur in the text, in the order of Values.
	Sections
	// UniqueItems refuses equal elements in a list.
	UniqueItems
)

// Rule is one check. A rule that warns never refuses a document or a change:
// Document.Validate reports it.
type Rule struct {
	Kind   RuleKind
	Warn   bool
	Number float64
	Text   string
	Values []string
}

// EnumDescriptor is a named enum. Values are numbered from one.
type EnumDescriptor struct {
	Name   string
	Values []EnumValue
	// Warn accepts unknown values when reading and reports them by Validate.
	Warn bool
}

// EnumValue is one value of an enum. Aliases are accepted on reading.
type EnumValue struct {
	Name    string
	Aliases []string
}

// ObjectDescriptor is a named object type. Objects do not contain themselves.
type ObjectDescriptor struct {
	Name   string
	Fields []FieldDescriptor
}

// GuardKind is what a guard looks at.
type GuardKind uint8

const (
	// ChildrenIn needs every direct child in Categories. No children passes.
	ChildrenIn GuardKind = iota + 1
	// DependenciesIn needs every item that Field refers to in Categories. A
	// reference to nothing blocks.
	DependenciesIn
	// ParentIn needs the parent in Categories. Top items pass.
	ParentIn
	// CustomGuard asks the program: Type.WithGuards.
	CustomGuard
)

// Guard is a condition on an event, judged on the document that the whole
// group of changes would produce.
type Guard struct {
	Events     []Event
	Kind       GuardKind
	Categories Categories
	// Field is the position of the reference field of DependenciesIn.
	Field int
	// Name of a custom guard.
	Name string
	// Doc says in a few words of the schema what the guard demands. Messages
	// quote it.
	Doc string
}

// Rollup advances an item when all its children (at least one) are in When. An
// item that is done or dropped already stays as it is.
type Rollup struct {
	When Categories
	To   Status
}

// Claim says how items are handed out: see Document.Claimable.
type Claim struct {
	// From are the statuses in which an item may be handed out.
	From []Status
	// To is the status of taken work. One event leads to it from each of From.
	To Status
}
