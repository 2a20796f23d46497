package document

import (
	"bytes"
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
// A v that is none of its values makes a text that the gate refuses.
func (t *Type) EnumValue(enum int, v uint8) Value {
	if v == 0 || int(v) > len(t.enums[enum].Values) {
		return TextValue("")
	}
	return TextValue(t.enums[enum].Values[v-1].Name)
}

// ReferenceValue is a reference to an item. The gate writes it as references
// are written in the format: see Document.Apply.
func ReferenceValue(id ID) Value { return TextValue(id.text) }

// RawValue is any JSON text. The gate refuses what is not JSON.
func RawValue(raw []byte) Value {
	s := scanner{src: raw}
	ok := s.value(0)
	s.space()
	return Value{json: string(bytes.TrimSpace(raw)), broken: !ok || s.pos < len(raw)}
}

// ListValue is an array.
func ListValue(values ...Value) Value {
	broken := false
	b := []byte{'['}
	for i, v := range values {
		if i > 0 {
			b = append(b, ',')
		}
		if v.broken || v.json == "" {
			broken = true
		}
		b = append(b, v.json...)
	}
	return Value{json: string(append(b, ']')), broken: broken}
}

// ObjectValue is an object.
func ObjectValue(o Object) Value { return Value{json: string(o.text())} }

// canonical appends JSON text in one spelling: no space, no needless escapes,
// numbers as encoding/json writes them. raw has been scanned.
func canonical(dst, raw []byte) []byte {
	if len(raw) == 0 {
		return dst
	}
	switch c := raw[0]; {
	case c == '"':
		return appendQuoted(dst, unquote(raw))
	case c == '{' || c == '[':
		return canonicalContainer(dst, raw)
	case c == '-' || c >= '0' && c <= '9':
		if n, err := parseInt(raw); err == nil {
			return strconv.AppendInt(dst, n, 10)
		}
		if n, ok := asFloat(raw); ok {
			return appendFloat(dst, n)
		}
	}
	return append(dst, raw...)
}

func canonicalContainer(dst, raw []byte) []byte {
	dst = append(dst, raw[0])
	n := 0
	elements(raw, func(e []byte) bool {
		if n > 0 {
			dst = append(dst, ',')
		}
		dst = canonical(dst, e)
		n++
		return true
	})
	members(raw, func(key string, value []byte) bool {
		if n > 0 {
			dst = append(dst, ',')
		}
		dst = canonical(append(appendQuoted(dst, key), ':'), value)
		n++
		return true
	})
	if raw[0] == '{' {
		return append(dst, '}')
	}
	return append(dst, ']')
}

// raw returns the JSON text, nil if there is none.
func (v Value) raw() []byte {
	if v.broken || v.json == "" {
		return nil
	}
	return []byte(v.json)
}
