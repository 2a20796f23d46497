package infer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
)

// kind is the kind of a JSON value; whole numbers of 64 bits are apart.
type kind uint8

const (
	null kind = iota + 1
	boolean
	integer
	float
	text
	list
	object
	// hugeNumber is one that no float64 holds.
	hugeNumber
)

// value is a JSON value whose members are in the order of the document.
type value struct {
	kind     kind
	text     string // of a scalar; numbers as they are written
	elements []*value
	members  []member
}

type member struct {
	key   string
	value *value
}

// get returns the member with the key, nil if there is none.
func (v *value) get(key string) *value {
	for _, m := range v.members {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

func (v *value) isID() bool {
	return v != nil && (v.kind == text && v.text != "" || v.kind == integer || v.kind == float)
}

// maxDepth of a document: far beyond any real one.
const maxDepth = 200

var errDepth = fmt.Errorf("nested deeper than %d", maxDepth)

func decode(data []byte) (*value, error) {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\uFEFF"))))
	d.UseNumber()
	v, err := decodeValue(d, 0)
	if errors.Is(err, io.EOF) {
		return nil, io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	var syntax *json.SyntaxError
	if _, err := d.Token(); errors.As(err, &syntax) {
		return nil, err
	} else if !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("something follows the document, from byte %d on", d.InputOffset())
	}
	return v, nil
}

// notJSON says what is wrong with a text, and where.
func notJSON(data []byte, err error) error {
	var whole json.RawMessage
	var syntax *json.SyntaxError
	text := bytes.TrimPrefix(data, []byte("\uFEFF"))
	if !errors.As(err, &syntax) || !errors.As(json.Unmarshal(text, &whole), &syntax) || syntax.Offset < 1 || syntax.Offset > int64(len(text)) {
		return fmt.Errorf("not JSON: %w", err)
	}
	at := int(syntax.Offset) - 1
	what := syntax.Error()
	before := len(bytes.TrimRight(text[:at], " \t\r\n")) - 1
	switch c := text[at]; {
	case c == '/':
		what = "JSON has no comments: remove this one"
	case (c == ']' || c == '}') && before >= 0 && text[before] == ',':
		at, what = before, "a comma before "+string(c)+": JSON has none after the last value"
	}
	line := bytes.Count(text[:at], []byte("\n")) + 1
	column := at - bytes.LastIndexByte(text[:at], '\n')
	return &syntaxError{fmt.Sprintf("not JSON: line %d, column %d: %s", line, column, what), err}
}

// syntaxError says in words of its own what its cause is about.
type syntaxError struct {
	text  string
	cause error
}

func (e *syntaxError) Error() string { return e.text }

func (e *syntaxError) Unwrap() error { return e.cause }

func decodeValue(d *json.Decoder, depth int) (*value, error) {
	if depth > maxDepth {
		return nil, errDepth
	}
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		return decodeComposite(d, t, depth)
	case bool:
		return &value{kind: boolean}, nil
	case string:
		return &value{kind: text, text: t}, nil
	case json.Number:
		return &value{kind: numberKind(t.String()), text: t.String()}, nil
	default:
		return &value{kind: null}, nil
	}
}

func decodeComposite(d *json.Decoder, opening json.Delim, depth int) (*value, error) {
	v := &value{kind: list}
	if opening == '{' {
		v.kind = object
	}
	for d.More() {
		var key string
		if v.kind == object {
			token, err := d.Token()
			if err != nil {
				return nil, err
			}
			key, _ = token.(string)
		}
		inner, err := decodeValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		if v.kind == object {
			v.members = append(v.members, member{key, inner})
		} else {
			v.elements = append(v.elements, inner)
		}
	}
	_, err := d.Token()
	return v, err
}

func numberKind(s string) kind {
	if _, err := strconv.ParseInt(s, 10, 64); err == nil {
		return integer
	}
	if f, err := strconv.ParseFloat(s, 64); err != nil || math.IsInf(f, 0) {
		return hugeNumber
	}
	return float
}
