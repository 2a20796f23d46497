package docs

import (
	"bytes"
	"encoding/json"
)

// members is a JSON object that keeps the order of its members.
type members []member

type member struct {
	key   string
	value any
}

// MarshalJSON writes the members in their order.
func (m members) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, each := range m {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, quoteJSON(each.key)...), ':')
		value, err := compactJSON(each.value)
		if err != nil {
			return nil, err
		}
		b = append(b, value...)
	}
	return append(b, '}'), nil
}

// quoteJSON writes a text as a JSON string.
func quoteJSON(s string) []byte {
	b, err := compactJSON(s)
	if err != nil {
		return []byte(`""`) // cannot be: every string encodes
	}
	return b
}

// compactJSON encodes a value on one line, with < > and & as they are.
func compactJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// indentJSON encodes a value in the layout of a file.
func indentJSON(v any) ([]byte, error) {
	compact, err := compactJSON(v)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, compact, "", "  "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
