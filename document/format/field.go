package format

import "fmt"

// FieldKind is the type of a field's value, or of its elements for lists.
type FieldKind uint8

// The kinds of fields.
const (
	TextField FieldKind = iota + 1
	IntField
	FloatField
	BoolField
	// TimeField is a time, as the field's Form has it.
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
	// DateField is a day as text: 2006-01-02.
	DateField
	// DurationField is a span of time as text, as Go has it: 1h30m.
	DurationField
)

// TimeForm is how documents write a TimeField.
type TimeForm uint8

const (
	// RFC3339 is text: 2006-01-02T15:04:05Z.
	RFC3339 TimeForm = iota
	// CompactTime is text without punctuation: 20060102T150405Z.
	CompactTime
	// UnixSeconds and UnixMilliseconds are whole numbers.
	UnixSeconds
	UnixMilliseconds
)

// String returns the form as schemas write it, "" for an invalid one.
func (f TimeForm) String() string {
	switch f {
	case RFC3339:
		return "rfc3339"
	case CompactTime:
		return "compact"
	case UnixSeconds:
		return "unix"
	case UnixMilliseconds:
		return "unix_ms"
	}
	return ""
}

// FieldDescriptor describes one field of a level or an object.
type FieldDescriptor struct {
	// Name is the Go name, Key the JSON key.
	Name, Key string
	Kind      FieldKind
	// Form is how a TimeField is written.
	Form TimeForm
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

var ruleNames = [...]string{
	MinLength: "minLength", MaxLength: "maxLength", MinItems: "minItems", MaxItems: "maxItems",
	Minimum: "minimum", Maximum: "maximum", ExclusiveMinimum: "exclusiveMinimum",
	ExclusiveMaximum: "exclusiveMaximum", MultipleOf: "multipleOf", Pattern: "pattern",
	OneOf: "oneOf", Prefix: "prefix", Sections: "sections", UniqueItems: "uniqueItems",
}

// String returns the rule's name as problems show it: "maxLength".
func (k RuleKind) String() string {
	if int(k) >= len(ruleNames) || k == 0 {
		return fmt.Sprintf("RuleKind(%d)", uint8(k))
	}
	return ruleNames[k]
}

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
