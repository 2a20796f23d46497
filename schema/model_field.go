package schema

import "github.com/backlog-gen/backlog-gen/document/format"

// Enum is a named set of texts that a field may hold.
type Enum struct {
	// Index is the position in Model.Enums.
	Index int
	// Name is the exported Go name of the type.
	Name   string
	Doc    string
	Values []*EnumValue
	// Warn accepts unknown values on reading and reports them as warnings.
	Warn bool
	Pos  Pos
}

// EnumValue is one value of an enum.
type EnumValue struct {
	// Index is the position in Enum.Values.
	Index int
	// Name is the text in documents, GoName its exported Go name without the
	// enum's.
	Name, GoName string
	Doc          string
	// Aliases are accepted on reading and never written.
	Aliases []string
	Pos     Pos
}

// Object is a named struct that a field may hold. Objects do not contain
// themselves.
type Object struct {
	// Index is the position in Model.Objects.
	Index int
	// Name is the exported Go name of the type.
	Name   string
	Doc    string
	Fields []*Field
	Pos    Pos
}

// Field describes one field of a level or an object.
type Field struct {
	// Index is the position among the fields of its level or object.
	Index int
	// Name is the exported Go name, Key the JSON key.
	Name, Key string
	Doc       string
	Kind      format.FieldKind
	// Form is how a time is written.
	Form format.TimeForm
	// List makes the value an array of Kind.
	List bool
	// Required refuses a missing key; Nullable accepts null.
	Required, Nullable bool
	// Enum and Object are the types of those kinds of fields, else nil.
	Enum   *Enum
	Object *Object
	// Targets are the levels a reference may lead to: all of them unless the
	// schema names some. It is nil for other kinds.
	Targets []*Level
	// AnyTarget says that the schema names no levels.
	AnyTarget bool
	// Constant is the text of a ConstantField.
	Constant string
	// Default is the JSON text of the value that new items get when the
	// program gives none; "" if there is none.
	Default string
	Rules   []Rule
	Pos     Pos
}

// Rule is one check on a field's value.
type Rule struct {
	Kind format.RuleKind
	// Warn makes a broken rule a warning instead of a refusal.
	Warn bool
	// Number is the argument of rules about lengths, items and numbers.
	Number float64
	// Text is the argument of Pattern and Prefix.
	Text string
	// Values are the arguments of OneOf and Sections.
	Values []string
	Pos    Pos
}
