package document

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// Value is a new value for a field: JSON text. The zero Value removes the
// member.
type Value struct {
	// json is the text, or a mark and why there is none: only the gate says so.
	json string
	// targets are the ids that references are meant to name.
	targets []ID
}

// refusalMark begins what is no value but the reason for that: no JSON text
// begins so.
const refusalMark = "!"

// refusedValue is one that the gate refuses.
func refusedValue(message string) Value { return Value{json: refusalMark + message} }

// refusal returns why the gate refuses the value, whatever the field.
func (v Value) refusal() (message string, refused bool) {
	return strings.CutPrefix(v.json, refusalMark)
}

// Absent removes the member.
func Absent() Value { return Value{} }

// Null is the JSON null.
func Null() Value { return Value{json: "null"} }

// TextValue is a text. Apply refuses one that is not UTF-8.
func TextValue(s string) Value {
	if !utf8.ValidString(s) {
		return refusedValue("the text is not UTF-8: " + strconv.Quote(jsontext.Clipped(s, jsontext.MaxShown)))
	}
	return Value{json: string(jsontext.AppendQuoted(nil, s))}
}

// IntValue is an integer.
func IntValue(n int64) Value { return Value{json: strconv.FormatInt(n, 10)} }

// FloatValue is a number. Apply refuses NaN and infinities, which are not JSON.
func FloatValue(n float64) Value { return RawValue(jsontext.AppendFloat(nil, n)) }

// BoolValue is a bool.
func BoolValue(b bool) Value { return Value{json: strconv.FormatBool(b)} }

// TimeValue is a time in RFC 3339, with fractions of a second where it has any.
// It is in UTC where the offset of its zone has seconds, which RFC 3339 cannot
// say.
func TimeValue(t time.Time) Value { return TextValue(format.RFC3339.Format(t)) }

// CompactTimeValue is a time of the form 20060102T150405Z. Fractions of a second
// are cut off.
func CompactTimeValue(t time.Time) Value { return TextValue(format.CompactTime.Format(t)) }

// UnixTimeValue is a time as seconds since 1970. Fractions of a second are cut off.
func UnixTimeValue(t time.Time) Value { return Value{json: format.UnixSeconds.Format(t)} }

// UnixMilliTimeValue is a time as milliseconds since 1970. Fractions of a
// millisecond are cut off.
func UnixMilliTimeValue(t time.Time) Value { return Value{json: format.UnixMilliseconds.Format(t)} }

// DateValue is a day. The gate refuses one that the calendar does not have.
func DateValue(d Date) Value {
	if !d.exists() {
		return refusedValue(d.String() + " is no day of the calendar")
	}
	return TextValue(d.String())
}

// DurationValue is a duration as Go has it, without units of which there are none
// behind the last: 1h30m.
func DurationValue(d time.Duration) Value {
	text := d.String()
	for _, none := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, none) {
			text = text[:len(text)-2]
		}
	}
	return TextValue(text)
}

// EnumValue is value v of an enum, by the enum's position in the descriptor.
// Apply refuses a v that is not one of its values.
func (t *Type) EnumValue(enum int, v uint8) Value {
	e := &t.format.Enums[enum]
	if v == 0 || int(v) > len(e.Values) {
		return refusedValue(fmt.Sprintf("%d is no value of %s, which has %s", v, e.Name, e.Names()))
	}
	return TextValue(e.Values[v-1].Name)
}

// ReferenceValue is a reference to an item. Apply writes it as references are
// written in the document. It refuses one that would be read as another item
// where it stands, such as a sibling or an item of another group.
func ReferenceValue(id ID) Value {
	v := TextValue(id.text)
	if _, refused := v.refusal(); !refused {
		v.targets = []ID{id}
	}
	return v
}

// RawValue is any JSON text. Apply refuses what is not JSON.
func RawValue(raw []byte) Value {
	s := jsontext.Scanner{Src: bytes.Trim(raw, jsontext.Space)}
	switch {
	case !s.Value(0) || !s.End("the value"):
		return refusedValue(s.Fault.Message)
	case len(s.Repeated) > 0:
		return refusedValue(s.Repeated[0].Message)
	}
	return Value{json: string(s.Src)}
}

// ListValue is an array. Apply refuses one that has an absent element.
func ListValue(values ...Value) Value {
	var targets []ID
	json := []byte{'['}
	for i, v := range values {
		if _, refused := v.refusal(); refused {
			return v
		}
		if v.json == "" {
			return refusedValue("an element of the list is absent")
		}
		if i > 0 {
			json = append(json, ',')
		}
		json = append(json, v.json...)
		targets = append(targets, v.targets...)
	}
	if len(targets) < len(values) {
		targets = nil // some are JSON text, which means what it says
	}
	return Value{json: string(append(json, ']')), targets: targets}
}

// ObjectValue is an object.
func ObjectValue(o Object) Value {
	if o.refusal != "" {
		return refusedValue(o.refusal)
	}
	return Value{json: o.text()}
}

// raw returns the JSON text, nil if there is none.
func (v Value) raw() []byte {
	if _, refused := v.refusal(); refused || v.json == "" {
		return nil
	}
	return []byte(v.json)
}
