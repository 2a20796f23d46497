package schema

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
	// EnumField is a value of Field.Enum.
	EnumField
	// ReferenceField is the id of an item.
	ReferenceField
	// ObjectField is a Field.Object.
	ObjectField
	// RawField is any JSON value, passed through.
	RawField
	// ConstantField is the fixed text Field.Constant. It has no getter.
	ConstantField
)

// Field describes one field of a level or an object.
type Field struct {
	// Index is the position among the fields of its level or object.
	Index int
	// Name is the exported Go name, Key the JSON key.
	Name, Key string
	Doc       string
	Kind      FieldKind
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
	// Pattern is an RE2 expression that must match somewhere in the text.
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

// Rule is one check on a field's value.
type Rule struct {
	Kind RuleKind
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
