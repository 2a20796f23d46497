package survey

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Bounds of what is surveyed. They are far beyond what is needed to see what
// items are like, and keep hostile files from costing more than a moment.
const (
	// MaxBytes of a file.
	MaxBytes  = 64 << 20
	maxValues = 1_000_000
	maxDepth  = 500
)

// ErrTooLarge is the cause where a file is beyond the bounds.
var ErrTooLarge = errors.New("too large to be surveyed: a file of some of its items does as well")

// File is what a file holds.
type File struct {
	// Root is the document, of JSON Lines the list of all lines.
	Root *Value
	// Lines is set for JSON Lines: values one after the other, each on a line.
	Lines bool
}

// Read reads a file of JSON or of JSON Lines.
func Read(data []byte) (*File, error) {
	switch {
	case len(data) > MaxBytes:
		return nil, fmt.Errorf("%w (it has %d bytes, and %d are the most)", ErrTooLarge, len(data), MaxBytes)
	case isUTF16(data):
		return nil, errors.New("the text is UTF-16: backlogs are read as UTF-8, which iconv -f UTF-16 -t UTF-8 makes of it")
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	r := newReader(data)
	first, err := r.value(0)
	if err != nil {
		return nil, notJSON(data, 0, err)
	}
	end := r.decoder.InputOffset()
	rest := bytes.TrimLeft(data[end:], " \t\r\n")
	if len(rest) == 0 {
		return &File{Root: first}, nil
	}
	if !startsLine(data, rest) || first.Kind != Object || rest[0] != '{' {
		return nil, following(data, rest)
	}
	return r.lines(data, first)
}

// isUTF16 reports whether a text has the mark of UTF-16, or a first character of
// ASCII that is two bytes long.
func isUTF16(data []byte) bool {
	if len(data) < 2 {
		return false
	}
	a, b := data[0], data[1]
	return a == 0xFE && b == 0xFF || a == 0xFF && b == 0xFE || (a == 0) != (b == 0)
}

// startsLine reports whether only space is before the rest on its line.
func startsLine(data, rest []byte) bool {
	before := bytes.TrimRight(data[:len(data)-len(rest)], " \t\r")
	return bytes.HasSuffix(before, []byte("\n"))
}

// following says what follows a document: after an error of JSON in it, that.
func following(data, rest []byte) error {
	var whole json.RawMessage
	at := len(data) - len(rest)
	var syntax *json.SyntaxError
	if rest[0] == '/' && errors.As(json.Unmarshal(data, &whole), &syntax) {
		return notJSON(data, 0, syntax)
	}
	line, column := place(data, at)
	return fmt.Errorf("not JSON: line %d, column %d: something follows the document", line, column)
}

// lines reads the lines of JSON Lines after the first.
func (r *reader) lines(data []byte, first *Value) (*File, error) {
	root := &Value{Kind: List, Elements: []*Value{first}}
	begin := int(r.decoder.InputOffset())
	for {
		rest := bytes.TrimLeft(data[begin:], " \t\r\n")
		begin = len(data) - len(rest)
		if len(rest) == 0 {
			return &File{Root: root, Lines: true}, nil
		}
		if !startsLine(data, rest) {
			return nil, following(data, rest)
		}
		line, _, _ := bytes.Cut(rest, []byte("\n"))
		inner := newReader(line)
		inner.count = r.count
		v, err := inner.value(0)
		if err != nil {
			return nil, notJSON(data[:begin+len(line)], begin, err)
		}
		if after := bytes.TrimLeft(line[inner.decoder.InputOffset():], " \t\r"); len(after) > 0 {
			return nil, following(data, data[begin+len(line)-len(after):])
		}
		r.count = inner.count
		root.Elements = append(root.Elements, v)
		begin += len(line)
	}
}

type reader struct {
	decoder *json.Decoder
	count   int
}

func newReader(data []byte) *reader {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return &reader{decoder: d}
}

func (r *reader) value(depth int) (*Value, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("%w: it is nested deeper than %d", ErrTooLarge, maxDepth)
	}
	if r.count++; r.count > maxValues {
		return nil, fmt.Errorf("%w (it has more than %d values)", ErrTooLarge, maxValues)
	}
	token, err := r.decoder.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		return r.composite(t, depth)
	case bool:
		return &Value{Kind: Boolean, Text: fmt.Sprint(t)}, nil
	case string:
		return &Value{Kind: Text, Text: t}, nil
	case json.Number:
		return &Value{Kind: numberKind(t.String()), Text: t.String()}, nil
	default:
		return &Value{Kind: Null, Text: "null"}, nil
	}
}

func (r *reader) composite(opening json.Delim, depth int) (*Value, error) {
	v := &Value{Kind: List}
	if opening == '{' {
		v.Kind = Object
	}
	for r.decoder.More() {
		var key string
		if v.Kind == Object {
			token, err := r.decoder.Token()
			if err != nil {
				return nil, err
			}
			key, _ = token.(string)
		}
		inner, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if v.Kind == Object {
			v.Members = append(v.Members, Member{key, inner})
		} else {
			v.Elements = append(v.Elements, inner)
		}
	}
	_, err := r.decoder.Token()
	return v, err
}

// notJSON says what is wrong with a text from a byte on, and where.
func notJSON(data []byte, from int, err error) error {
	if errors.Is(err, ErrTooLarge) {
		return err
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return &syntaxError{"not JSON: the file is empty", io.ErrUnexpectedEOF}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		line, column := place(data, len(bytes.TrimRight(data, " \t\r\n")))
		return &syntaxError{fmt.Sprintf("not JSON: line %d, column %d: the text ends in the middle of a value", line, column), io.ErrUnexpectedEOF}
	}
	var whole json.RawMessage
	var syntax *json.SyntaxError
	text := data[from:]
	if !errors.As(err, &syntax) || !errors.As(json.Unmarshal(text, &whole), &syntax) || syntax.Offset < 1 || syntax.Offset > int64(len(text)) {
		return fmt.Errorf("not JSON: %w", err)
	}
	at := int(syntax.Offset) - 1
	what := syntax.Error()
	before := len(bytes.TrimRight(text[:at], " \t\r\n")) - 1
	switch c := text[at]; {
	case c == '/':
		what = "JSON has no comments: remove this one"
	case isConflict(text[at:]):
		what = "a marker of a merge in git stands here: finish the merge first"
	case (c == ']' || c == '}') && before >= 0 && text[before] == ',':
		at, what = before, "a comma before "+string(c)+": JSON has none after the last value"
	}
	line, column := place(data, from+at)
	return &syntaxError{fmt.Sprintf("not JSON: line %d, column %d: %s", line, column, what), err}
}

func isConflict(text []byte) bool {
	for _, marker := range []string{"<<<<<<< ", "=======\n", "=======\r\n", ">>>>>>> "} {
		if bytes.HasPrefix(text, []byte(marker)) {
			return true
		}
	}
	return false
}

// place returns the line and the column of a byte.
func place(data []byte, at int) (line, column int) {
	return bytes.Count(data[:at], []byte("\n")) + 1, at - bytes.LastIndexByte(data[:at], '\n')
}

// syntaxError says in words of its own what its cause is about.
type syntaxError struct {
	text  string
	cause error
}

func (e *syntaxError) Error() string { return e.text }

func (e *syntaxError) Unwrap() error { return e.cause }
