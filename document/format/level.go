package format

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
	// PositionID is #1, #2 and so on among siblings: such items have no ids.
	PositionID
)

// String returns the kind as schemas write it: "path", "text", "local" and so on.
func (k IDKind) String() string {
	switch k {
	case PathID:
		return "path"
	case TextID:
		return "text"
	case LocalID:
		return "local"
	case PositionID:
		return "position"
	}
	return "none"
}

// IDDescriptor describes the ids of a level.
type IDDescriptor struct {
	Kind IDKind
	// Key is the JSON key, "id" where empty.
	Key string
	// Within are the keys of the objects of an item around the id, the outermost
	// first; none where the item holds it itself.
	Within []string
	// Prefix of the last segment of a path id.
	Prefix string
	// Pattern (RE2) that a text or local id must match as a whole, if any.
	Pattern string
	// String, Int and Float say which JSON kinds are accepted, Float any number;
	// none set means String only. The spelling is kept: 3.1 and 3.10 are two ids.
	String, Int, Float bool
	// Next is how new text and local ids are made, a text with NextNumber in the
	// place of the number; "" where they are numbers, or not made at all.
	Next string
	// WarnDuplicate accepts items of one id on reading. No id names them then:
	// they cannot be changed, claimed or referred to. Document.Validate reports
	// them.
	WarnDuplicate bool
}

// NextNumber stands in IDDescriptor.Next for the number after the greatest that
// there is.
const NextNumber = "{n}"

// MaxLevels is the largest number of levels that a format may have.
const MaxLevels = 16

// LevelDescriptor describes the items of one level.
type LevelDescriptor struct {
	// Name and Plural are Go names: Subtask, Subtasks.
	Name, Plural string
	ID           IDDescriptor
	// NoStatus says that items have none: they only group others. There is nothing
	// then about statuses, guards, roll-ups and claims.
	NoStatus bool
	// StatusKey is the JSON key of the status, "status" where empty. StatusWithin
	// are the keys of the objects around it, as for ids.
	StatusKey    string
	StatusWithin []string
	// StatusValues has the values of each state of the machine; none where statuses
	// are their names and aliases.
	StatusValues []StatusValue
	// StatusOptional accepts items without a status; they are in the
	// machine's initial state, and the key is added when they leave it.
	StatusOptional bool
	// StatusNullable accepts null in place of a status; such items are in the
	// machine's initial state, and the null is replaced when they leave it.
	StatusNullable bool
	// Machine is the position in Descriptor.Machines.
	Machine int
	// Children is the JSON key of the next level's items; "" on the leaf.
	// ChildrenWithin are the keys of the objects around them, as for ids.
	Children       string
	ChildrenWithin []string
	// ChildrenRequired refuses items without the key; ChildrenNullable
	// accepts null for it.
	ChildrenRequired, ChildrenNullable bool
	Fields                             []FieldDescriptor
	Guards                             []Guard
	Rollup                             *Rollup
	// Dependencies name what items wait for. Where it is nil, that is what the first
	// guard on dependencies looks at, else the first list of references.
	Dependencies *References
	// Claim is nil if items of the level are not handed out.
	Claim *Claim
}

// GuardKind is what a guard looks at.
type GuardKind uint8

const (
	// ChildrenIn needs every direct child in Categories. No children passes.
	ChildrenIn GuardKind = iota + 1
	// DependenciesIn needs every item that References name in Categories. A
	// reference to nothing blocks.
	DependenciesIn
	// ParentIn needs the parent in Categories. Top items pass.
	ParentIn
	// CustomGuard asks a function of the program.
	CustomGuard
)

// Guard is a condition on an event, judged on the document that the whole
// group of changes would produce.
type Guard struct {
	Events     []Event
	Kind       GuardKind
	Categories Categories
	// References are what DependenciesIn looks at.
	References References
	// Name of a custom guard.
	Name string
	// Doc says in a few words of the schema what the guard demands. Messages
	// quote it.
	Doc string
}

// References are those of an item that something looks at.
type References struct {
	// Fields are positions that lead from a field of the level to one of
	// references: all but the last are of objects.
	Fields []int
	// Where is what the object around a reference has to hold beside it; none to
	// look at all references.
	Where []Condition
}

// Condition is a value that a field of an object has to have, by its position and
// as JSON text.
type Condition struct {
	Field int
	JSON  string
}

// Rollup advances an item when all its children (at least one) are in When. An
// item that is done or dropped already stays as it is.
type Rollup struct {
	When Categories
	To   Status
}

// Claim says how items are handed out to workers.
type Claim struct {
	// From are the statuses in which an item may be handed out.
	From []Status
	// To is the status of taken work. One event leads to it from each of From.
	To Status
}
