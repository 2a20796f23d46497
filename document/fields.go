package document

import (
	"encoding/json"
	"iter"
	"time"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// The getters below exist for Item and Object. f is the position of the field
// in the descriptor. They report false where the member is missing, null, or of
// another kind than the getter's.

// Text returns the value of a text, time, enum or constant field as text.
func (it Item) Text(f int) (string, bool) { return asText(it.raw(f)) }

// Int returns the value of an integer field.
func (it Item) Int(f int) (int64, bool) { return asInt(it.raw(f)) }

// Float returns the value of a number field.
func (it Item) Float(f int) (float64, bool) { return asFloat(it.raw(f)) }

// Bool returns the value of a bool field.
func (it Item) Bool(f int) (value, ok bool) { return asBool(it.raw(f)) }

// Time returns the value of a time field, in UTC where it is a number.
func (it Item) Time(f int) (time.Time, bool) { return it.time(f)(it.raw(f)) }

// Date returns the value of a date field.
func (it Item) Date(f int) (Date, bool) { return asDate(it.raw(f)) }

// Duration returns the value of a duration field.
func (it Item) Duration(f int) (time.Duration, bool) { return asDuration(it.raw(f)) }

// Enum returns the value of an enum field, from 1; 0 and true for a text that is
// no value of the enum, where the enum only warns.
func (it Item) Enum(f int) (uint8, bool) { return it.enum(f).Value(it.raw(f)) }

// Raw returns a copy of the JSON text of a field.
func (it Item) Raw(f int) (json.RawMessage, bool) { return asRaw(it.raw(f)) }

// IsNull reports whether the member is there and null.
func (it Item) IsNull(f int) bool { return string(it.raw(f)) == "null" }

// Object returns the value of an object field.
func (it Item) Object(f int) (Object, bool) { return it.object(f)(it.raw(f)) }

// Reference returns the id that a reference field holds, as it resolves from
// this item: a sibling's first, then by full id.
func (it Item) Reference(f int) (ID, bool) {
	raw := it.raw(f)
	if jsontext.IsNull(raw) {
		return ID{}, false
	}
	return it.resolve(raw), true
}

// Texts returns the elements of a list of texts.
func (it Item) Texts(f int) iter.Seq[string] { return eachOf(it.raw(f), asText) }

// Ints returns the elements of a list of integers.
func (it Item) Ints(f int) iter.Seq[int64] { return eachOf(it.raw(f), asInt) }

// Floats returns the elements of a list of numbers.
func (it Item) Floats(f int) iter.Seq[float64] { return eachOf(it.raw(f), asFloat) }

// Bools returns the elements of a list of bools.
func (it Item) Bools(f int) iter.Seq[bool] { return eachOf(it.raw(f), asBool) }

// Times returns the elements of a list of times.
func (it Item) Times(f int) iter.Seq[time.Time] { return eachOf(it.raw(f), it.time(f)) }

// Dates returns the elements of a list of dates.
func (it Item) Dates(f int) iter.Seq[Date] { return eachOf(it.raw(f), asDate) }

// Durations returns the elements of a list of durations.
func (it Item) Durations(f int) iter.Seq[time.Duration] { return eachOf(it.raw(f), asDuration) }

// Enums returns the elements of a list of enum values.
func (it Item) Enums(f int) iter.Seq[uint8] { return eachOf(it.raw(f), it.enum(f).Value) }

// Raws returns copies of the elements of a list of any JSON values.
func (it Item) Raws(f int) iter.Seq[json.RawMessage] { return eachOf(it.raw(f), asRaw) }

// Objects returns the elements of a list of objects.
func (it Item) Objects(f int) iter.Seq[Object] { return eachOf(it.raw(f), it.object(f)) }

// References returns the ids that a list of references holds, as they resolve
// from this item. A reference to nothing is returned as it is written.
func (it Item) References(f int) iter.Seq[ID] {
	return eachOf(it.raw(f), func(raw []byte) (ID, bool) { return it.resolve(raw), true })
}

// AllReferences returns the ids that a field refers to, as they resolve from this
// item: the references that it holds, or those in its objects.
func (it Item) AllReferences(f int) iter.Seq[ID] {
	return func(yield func(ID) bool) {
		if !it.IsZero() {
			it.typ().format.AllReferences(it.field(f), it.raw(f), func(_ *compiled.Field, ref []byte) bool { return yield(it.resolve(ref)) })
		}
	}
}

func (it Item) field(f int) *compiled.Field {
	return &it.levelType().Record.Fields[compiled.FirstField+f]
}

func (it Item) enum(f int) *compiled.Enum {
	if it.IsZero() {
		return &compiled.Enum{}
	}
	return it.typ().format.EnumOf(it.field(f))
}

func (it Item) time(f int) func(raw []byte) (time.Time, bool) {
	if it.IsZero() {
		return asTime(format.RFC3339)
	}
	return asTime(it.field(f).Form)
}

func (it Item) object(f int) func(raw []byte) (Object, bool) {
	if it.IsZero() {
		return noObject
	}
	return it.typ().objectOf(it.field(f))
}

// objectOf returns what reads the objects of a field.
func (t *Type) objectOf(f *compiled.Field) func(raw []byte) (Object, bool) {
	if f.Kind != format.ObjectField {
		return noObject
	}
	return func(raw []byte) (Object, bool) {
		if len(raw) == 0 || raw[0] != '{' {
			return Object{}, false
		}
		return Object{of: t, n: f.Object, json: jsontext.SharedString(raw)}, true
	}
}

func noObject([]byte) (Object, bool) { return Object{}, false }

func eachOf[V any](raw []byte, decode func([]byte) (V, bool)) iter.Seq[V] {
	return func(yield func(V) bool) {
		jsontext.Elements(raw, func(e []byte) bool {
			v, ok := decode(e)
			return !ok || yield(v)
		})
	}
}

func asText(raw []byte) (string, bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	return jsontext.Unquote(raw), true
}

func asInt(raw []byte) (int64, bool) {
	n, err := jsontext.ParseInt(raw)
	return n, err == nil
}

func asFloat(raw []byte) (float64, bool) {
	if jsontext.NumberLength(raw) == 0 {
		return 0, false
	}
	n, err := jsontext.ParseFloat(raw)
	return n, err == nil
}

func asBool(raw []byte) (value, ok bool) {
	if len(raw) == 0 {
		return false, false
	}
	return raw[0] == 't', raw[0] == 't' || raw[0] == 'f'
}

// asTime returns what reads times of a form.
func asTime(form format.TimeForm) func(raw []byte) (time.Time, bool) {
	return func(raw []byte) (time.Time, bool) { return compiled.Time(form, raw) }
}

func asDate(raw []byte) (Date, bool) {
	text, ok := asText(raw)
	if !ok {
		return Date{}, false
	}
	d, err := ParseDate(text)
	return d, err == nil
}

func asDuration(raw []byte) (time.Duration, bool) {
	text, ok := asText(raw)
	if !ok {
		return 0, false
	}
	d, err := time.ParseDuration(text)
	return d, err == nil
}

func asRaw(raw []byte) (json.RawMessage, bool) {
	return append(json.RawMessage(nil), raw...), len(raw) > 0
}
