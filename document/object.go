package document

import (
	"encoding/json"
	"iter"
	"slices"
	"time"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// Object is the value of an object field: an immutable JSON object of a named
// type. Members that the type does not know are kept. The zero Object is none.
type Object struct {
	of   *Type
	n    int
	json string
	// refusal is why the gate refuses what With was given, "" if it does not.
	refusal string
}

// NewObject returns an object of the type at position n in the descriptor, with
// the defaults and constants of its fields.
func (t *Type) NewObject(n int) Object {
	o := Object{of: t, n: n, json: "{}"}
	for f := range t.format.Objects[n].Fields {
		switch d := t.format.Objects[n].Fields[f]; {
		case d.Kind == format.ConstantField:
			o = o.With(f, TextValue(d.Constant))
		case d.Default != "":
			o = o.With(f, Value{json: d.Default})
		}
	}
	return o
}

// IsZero reports whether it is no object.
func (o Object) IsZero() bool { return o.of == nil }

// Equal reports whether both are of one type and have equal values in the
// fields that the type knows.
func (o Object) Equal(other Object) bool {
	if o.IsZero() || other.IsZero() {
		return o.IsZero() && other.IsZero()
	}
	if o.n != other.n || o.refusal != other.refusal {
		return false
	}
	for f := range o.of.format.Objects[o.n].Fields {
		if !o.of.equalValue(o.field(f), o.raw(f), other.raw(f)) {
			return false
		}
	}
	return true
}

// equalValue is sameValue without the unknown members of objects.
func (t *Type) equalValue(f *compiled.Field, a, b []byte) bool {
	if t.format.SameValue(f, a, b) {
		return true
	}
	if f.Kind != format.ObjectField || len(a) == 0 || len(b) == 0 || a[0] != b[0] {
		return false
	}
	decode := t.objectOf(f)
	if !f.List {
		x, okX := decode(a)
		y, okY := decode(b)
		return okX && okY && x.Equal(y)
	}
	return slices.EqualFunc(slices.Collect(eachOf(a, decode)), slices.Collect(eachOf(b, decode)), Object.Equal)
}

// String returns the JSON text.
func (o Object) String() string { return o.text() }

func (o Object) text() string {
	if o.json == "" {
		return "{}"
	}
	return o.json
}

// With returns a copy in which field f has a new value. Apply judges the value.
func (o Object) With(f int, v Value) Object {
	if o.IsZero() || o.refusal != "" {
		return o
	}
	if message, refused := v.refusal(); refused {
		o.refusal = message
		return o
	}
	if o.of.format.SameValue(o.field(f), o.raw(f), v.raw()) {
		return o
	}
	key := o.of.format.Objects[o.n].Fields[f].Key
	place := o.placeFor(f)
	out, n := []byte{'{'}, 0
	jsontext.Members([]byte(o.json), func(k string, value []byte) bool {
		if n == place && v.json != "" {
			out = jsontext.AppendMember(out, string(jsontext.AppendQuoted(nil, key)), []byte(v.json))
		}
		if k != key {
			out = jsontext.AppendMember(out, string(jsontext.AppendQuoted(nil, k)), value)
		}
		n++
		return true
	})
	if n == place && v.json != "" {
		out = jsontext.AppendMember(out, string(jsontext.AppendQuoted(nil, key)), []byte(v.json))
	}
	o.json = string(append(out, '}'))
	return o
}

// placeFor returns before which member of the text field f belongs: where it is,
// or behind all that new objects have before it, or before the first that they
// have behind it.
func (o Object) placeFor(f int) int {
	n, here, behind, before := 0, -1, -1, -1
	jsontext.Members([]byte(o.json), func(k string, _ []byte) bool {
		slot, known := o.of.format.Objects[o.n].Slots[k]
		switch {
		case !known:
		case slot == f:
			here = n
		case slot < f:
			behind = n + 1
		case slot > f && before < 0:
			before = n
		}
		n++
		return true
	})
	for _, place := range []int{here, behind, before} {
		if place >= 0 {
			return place
		}
	}
	return n
}

func (o Object) field(f int) *compiled.Field { return &o.of.format.Objects[o.n].Fields[f] }

func (o Object) raw(f int) []byte {
	if o.IsZero() {
		return nil
	}
	key := o.field(f).Key
	var raw []byte
	jsontext.Members([]byte(o.json), func(k string, value []byte) bool {
		if k == key {
			raw = value
		}
		return k != key
	})
	return raw
}

// Text returns the value of a text, time, enum or constant field as text.
func (o Object) Text(f int) (string, bool) { return asText(o.raw(f)) }

// Int returns the value of an integer field.
func (o Object) Int(f int) (int64, bool) { return asInt(o.raw(f)) }

// Float returns the value of a number field.
func (o Object) Float(f int) (float64, bool) { return asFloat(o.raw(f)) }

// Bool returns the value of a bool field.
func (o Object) Bool(f int) (value, ok bool) { return asBool(o.raw(f)) }

// Time returns the value of a time field, in UTC where it is a number.
func (o Object) Time(f int) (time.Time, bool) { return o.time(f)(o.raw(f)) }

// Date returns the value of a date field.
func (o Object) Date(f int) (Date, bool) { return asDate(o.raw(f)) }

// Duration returns the value of a duration field.
func (o Object) Duration(f int) (time.Duration, bool) { return asDuration(o.raw(f)) }

// Enum returns the value of an enum field, as Item.Enum does.
func (o Object) Enum(f int) (uint8, bool) { return o.enum(f).Value(o.raw(f)) }

func (o Object) enum(f int) *compiled.Enum {
	if o.IsZero() {
		return &compiled.Enum{}
	}
	return o.of.format.EnumOf(o.field(f))
}

func (o Object) time(f int) func(raw []byte) (time.Time, bool) {
	if o.IsZero() {
		return asTime(format.RFC3339)
	}
	return asTime(o.field(f).Form)
}

func (o Object) object(f int) func(raw []byte) (Object, bool) {
	if o.IsZero() {
		return noObject
	}
	return o.of.objectOf(o.field(f))
}

// Raw returns a copy of the JSON text of a field.
func (o Object) Raw(f int) (json.RawMessage, bool) { return asRaw(o.raw(f)) }

// IsNull reports whether the member is there and null.
func (o Object) IsNull(f int) bool { return string(o.raw(f)) == "null" }

// Object returns the value of an object field.
func (o Object) Object(f int) (Object, bool) { return o.object(f)(o.raw(f)) }

// Reference returns the id that a reference field holds, as it is written.
func (o Object) Reference(f int) (ID, bool) {
	raw := o.raw(f)
	return ID{text: compiled.IDText(raw)}, !jsontext.IsNull(raw)
}

// Texts returns the elements of a list of texts.
func (o Object) Texts(f int) iter.Seq[string] { return eachOf(o.raw(f), asText) }

// Ints returns the elements of a list of integers.
func (o Object) Ints(f int) iter.Seq[int64] { return eachOf(o.raw(f), asInt) }

// Floats returns the elements of a list of numbers.
func (o Object) Floats(f int) iter.Seq[float64] { return eachOf(o.raw(f), asFloat) }

// Bools returns the elements of a list of bools.
func (o Object) Bools(f int) iter.Seq[bool] { return eachOf(o.raw(f), asBool) }

// Times returns the elements of a list of times.
func (o Object) Times(f int) iter.Seq[time.Time] { return eachOf(o.raw(f), o.time(f)) }

// Dates returns the elements of a list of dates.
func (o Object) Dates(f int) iter.Seq[Date] { return eachOf(o.raw(f), asDate) }

// Durations returns the elements of a list of durations.
func (o Object) Durations(f int) iter.Seq[time.Duration] { return eachOf(o.raw(f), asDuration) }

// Enums returns the elements of a list of enum values.
func (o Object) Enums(f int) iter.Seq[uint8] { return eachOf(o.raw(f), o.enum(f).Value) }

// Raws returns copies of the elements of a list of any JSON values.
func (o Object) Raws(f int) iter.Seq[json.RawMessage] { return eachOf(o.raw(f), asRaw) }

// Objects returns the elements of a list of objects.
func (o Object) Objects(f int) iter.Seq[Object] { return eachOf(o.raw(f), o.object(f)) }

// References returns the ids that a list of references holds, as written.
func (o Object) References(f int) iter.Seq[ID] {
	return eachOf(o.raw(f), func(raw []byte) (ID, bool) { return ID{text: compiled.IDText(raw)}, true })
}
