package compiled

import (
	"bytes"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// SameValue reports whether two values of a field of the type say the same: the
// spelling does not matter, an alias is its value, and references are the ids
// that they name.
func (t *Format) SameValue(f *Field, a, b []byte) bool {
	return bytes.Equal(a, b) || bytes.Equal(t.canonicalField(f, a), t.canonicalField(f, b))
}

func (t *Format) canonicalField(f *Field, raw []byte) []byte {
	if f.Kind != format.EnumField && f.Kind != format.ReferenceField || jsontext.IsNull(raw) {
		return jsontext.Canonical(nil, raw)
	}
	if raw[0] != '[' {
		return t.canonicalName(nil, f, raw)
	}
	dst := []byte{'['}
	jsontext.Elements(raw, func(e []byte) bool {
		dst = append(t.canonicalName(dst, f, e), ',')
		return true
	})
	return append(dst, ']')
}

// canonicalName appends a value of an enum, or the id in a reference.
func (t *Format) canonicalName(dst []byte, f *Field, raw []byte) []byte {
	if raw[0] != '"' && jsontext.NumberLength(raw) == 0 {
		return jsontext.Canonical(dst, raw)
	}
	text := IDText(raw)
	if raw[0] == '"' {
		text = jsontext.ExactText(raw)
	}
	if f.Kind == format.EnumField {
		if e := &t.Enums[f.Enum]; e.byText[text] > 0 {
			text = e.Values[e.byText[text]-1].Name
		}
	}
	return jsontext.AppendQuoted(dst, text)
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
