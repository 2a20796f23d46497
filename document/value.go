package document

import (
	"bytes"
	"cmp"
	"strconv"
	"time"
)

// Value is a new value for a field: JSON text. The zero Value takes the member
// away.
type Value struct {
	json string
	// broken says that json is not JSON: only the gate looks at it.
	broken bool
}

// Absent takes the member away.
func Absent() Value { return Value{} }

// Null is the JSON null.
func Null() Value { return Value{json: "null"} }

// TextValue is a text.
func TextValue(s string) Value { return Value{json: string(appendQuoted(nil, s))} }

// IntValue is an integer.
func IntValue(n int64) Value { return Value{json: strconv.FormatInt(n, 10)} }

// FloatValue is a number. NaN and infinities are not JSON: the gate refuses
// them.
func FloatValue(n float64) Value { return RawValue(appendFloat(nil, n)) }

// BoolValue is a bool.
func BoolValue(b bool) Value { return Value{json: strconv.FormatBool(b)} }

// TimeValue is a time in RFC 3339, with fractions of a second where it has any.
func TimeValue(t time.Time) Value { return TextValue(t.Format(time.RFC3339Nano)) }

// EnumValue is value v of an enum, by the enum's position in the descriptor.
// A v that is none of its values makes one that the gate refuses.
func (t *Type) EnumValue(enum int, v uint8) Value {
	e := &t.enums[enum]
	if v == 0 || int(v) > len(e.Values) {
		return brokenValue(e.Name + "-" + strconv.Itoa(int(v)))
	}
	return TextValue(e.Values[v-1].Name)
}

// ReferenceValue is a reference to an item. The gate writes it as references
// are written in the format: see Document.Apply.
func ReferenceValue(id ID) Value { return TextValue(id.text) }

// RawValue is any JSON text. The gate refuses what is not JSON.
func RawValue(raw []byte) Value {
	s := scanner{src: bytes.Trim(raw, jsonSpace)}
	if !s.value(0) || s.pos < len(s.src) || len(s.repeated) > 0 {
		return Value{json: cmp.Or(string(s.src), " "), broken: true}
	}
	return Value{json: string(s.src)}
}

// jsonSpace is what JSON takes for white space.
const jsonSpace = " \t\r\n"

// ListValue is an array. The gate refuses one that has an absent element.
func ListValue(values ...Value) Value {
	b := []byte{'['}
	for i, v := range values {
		if v.broken || v.json == "" {
			return brokenValue(v.json)
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, v.json...)
	}
	return Value{json: string(append(b, ']'))}
}

// ObjectValue is an object.
func ObjectValue(o Object) Value {
	if o.broken != "" {
		return brokenValue(o.broken)
	}
	return Value{json: o.text()}
}

// brokenValue is one that the gate refuses wherever it stands, also inside other
// JSON text. A single word is kept, so that the refusal shows it.
func brokenValue(text string) Value {
	if word := (&scanner{src: []byte(text)}).word(); text == "" || len(word) < len(text) {
		text = "!"
	}
	return Value{json: text, broken: true}
}

// raw returns the JSON text, nil if there is none.
func (v Value) raw() []byte {
	if v.broken || v.json == "" {
		return nil
	}
	return []byte(v.json)
}
