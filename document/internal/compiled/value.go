package compiled

import (
	"bytes"
	"slices"
	"time"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// SameValue reports whether two values of a field of the type say the same: the
// spelling does not matter, an alias is its value, references are the ids that they
// name, durations are equally long, and times are the same in the same zone.
func (t *Format) SameValue(f *Field, a, b []byte) bool {
	return bytes.Equal(a, b) || bytes.Equal(t.canonicalField(f, a), t.canonicalField(f, b))
}

// spelled are the kinds of fields whose values have several spellings beyond those
// of JSON.
var spelled = []format.FieldKind{format.EnumField, format.ReferenceField, format.TimeField, format.DurationField}

func (t *Format) canonicalField(f *Field, raw []byte) []byte {
	if !slices.Contains(spelled, f.Kind) || jsontext.IsNull(raw) {
		return jsontext.Canonical(nil, raw)
	}
	if raw[0] != '[' {
		return t.canonicalElement(nil, f, raw)
	}
	dst := []byte{'['}
	jsontext.Elements(raw, func(e []byte) bool {
		dst = append(t.canonicalElement(dst, f, e), ',')
		return true
	})
	return append(dst, ']')
}

// canonicalElement appends a value of an enum, a time, a duration, or the id in a
// reference.
func (t *Format) canonicalElement(dst []byte, f *Field, raw []byte) []byte {
	if raw[0] != '"' && jsontext.NumberLength(raw) == 0 {
		return jsontext.Canonical(dst, raw)
	}
	if f.Kind == format.TimeField {
		if at, ok := Time(f.Form, raw); ok {
			return jsontext.AppendQuoted(dst, f.Form.Format(at))
		}
		return jsontext.Canonical(dst, raw)
	}
	text := IDText(raw)
	if raw[0] == '"' {
		text = jsontext.ExactText(raw)
	}
	switch f.Kind {
	case format.EnumField:
		if e := &t.Enums[f.Enum]; e.byText[text] > 0 {
			text = e.Values[e.byText[text]-1].Name
		}
	case format.DurationField:
		if d, err := time.ParseDuration(text); err == nil {
			text = d.String()
		}
	}
	return jsontext.AppendQuoted(dst, text)
}

// Time returns the time that a JSON value says in a form. It reports false for
// what is not of the form.
func Time(form format.TimeForm, raw []byte) (time.Time, bool) {
	switch {
	case form.IsNumber():
		n, err := jsontext.ParseInt(raw)
		if err != nil {
			return time.Time{}, false
		}
		return form.At(n)
	case len(raw) == 0 || raw[0] != '"':
		return time.Time{}, false
	}
	return form.Parse(jsontext.Unquote(raw))
}

// EnumOf returns the enum of a field, one without values if it has none.
func (t *Format) EnumOf(f *Field) *Enum {
	if f.Kind != format.EnumField {
		return &Enum{}
	}
	return &t.Enums[f.Enum]
}

// Value returns the number of a value that is written by its name or an alias.
func (e *Enum) Value(raw []byte) (uint8, bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return 0, false
	}
	return e.byText[jsontext.Unquote(raw)], true
}
