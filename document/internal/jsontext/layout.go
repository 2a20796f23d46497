package jsontext

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Layout is how a document is written: new text takes it over.
type Layout struct {
	Newline string // "" for documents on one line
	Unit    string // one step of indentation
	Colon   string // between a key and its value
	Comma   string // between members on one line
	Pad     string // inside the braces of an object on one line
}

// What new text takes over from the text around it is bound, so that no file can
// make it long.
const (
	maxIndent = 128 // of a line, in bytes
	maxGap    = 16  // of other white space
	// MaxSpace is the most that a byte of new text is given: a line break and
	// an indentation, or what stands for them on one line.
	MaxSpace = 2 + maxIndent + maxGap
	// maxText is the length of the longest text: no document has room for more.
	maxText = 1<<31 - 1
)

// LayoutOf is the layout of the object that begins at start; lead is the space
// before its first key.
func LayoutOf(src []byte, start int, lead []byte) Layout {
	at := bytes.LastIndexByte(lead, '\n')
	if at < 0 {
		return Layout{}.inObject(src[start:])
	}
	out := Layout{Comma: ", "}
	out.Colon, _ = colonAt(src, start+1+len(lead))
	out.Newline = "\n"
	if at > 0 && lead[at-1] == '\r' {
		out.Newline = "\r\n"
	}
	out.Unit = strings.TrimPrefix(string(lead[at+1:][:min(len(lead)-at-1, maxIndent)]), LineIndent(src, start))
	return out
}

// colonAt returns what stands between the key that begins at an offset and its
// value, and where that begins.
func colonAt(src []byte, key int) (colon string, value int) {
	s := Scanner{Src: src, Pos: key}
	s.Text()
	value = s.Pos + bytes.IndexByte(src[s.Pos:], ':') + 1
	value += len(LeadingSpace(src[value:]))
	if value-s.Pos > maxGap {
		return ": ", value
	}
	return string(src[s.Pos:value]), value
}

// Like returns the layout for what takes the place of an object or array, or
// stands beside or in it: on one line if that is, unless it is empty.
func (l Layout) Like(value []byte) Layout {
	if bytes.IndexByte(value, '\n') >= 0 || len(value) < 2 || IsEmpty(value) {
		return l
	}
	l.Newline = ""
	switch value[0] {
	case '{':
		return l.inObject(value)
	case '[':
		return l.inArray(value)
	}
	return l
}

// inObject is the layout of the object on one line that text begins with.
func (l Layout) inObject(text []byte) Layout {
	pad := LeadingSpace(text[1:])
	if text[1+len(pad)] != '"' {
		return l
	}
	l.Newline, l.Pad = "", Short(pad)
	var first int
	l.Colon, first = colonAt(text, 1+len(pad))
	if comma, ok := commaAfter(text, first); ok {
		l.Comma = comma
	} else if l.Comma = ","; len(l.Colon) > 1 {
		l.Comma = ", "
	}
	return l
}

// inArray is the layout of values like an array on one line.
func (l Layout) inArray(text []byte) Layout {
	first := 1 + len(LeadingSpace(text[1:]))
	if text[first] == ']' {
		return l
	}
	if comma, ok := commaAfter(text, first); ok {
		l.Comma = comma
	}
	return l
}

// commaAfter returns the comma and the space behind the value that begins at an
// offset, false for the last one.
func commaAfter(text []byte, value int) (comma string, ok bool) {
	end := ValueEnd(text, value)
	end += len(LeadingSpace(text[end:]))
	if text[end] != ',' {
		return "", false
	}
	return "," + Short(LeadingSpace(text[end+1:])), true
}

// Short is white space as new text takes it over: what is long is cut down to
// the indentation of the last line, or to one space.
func Short(space []byte) string {
	at := bytes.LastIndexByte(space, '\n')
	line := space[at+1:]
	switch {
	case len(space) <= maxGap || len(line) < len(space) && len(space) <= maxGap+maxIndent:
		return string(space)
	case len(line) == len(space):
		return " "
	}
	newline := "\n"
	if at > 0 && space[at-1] == '\r' {
		newline = "\r\n"
	}
	return newline + string(line[:min(len(line), maxIndent)])
}

// Format writes a value as it stands in the document, on a line that begins
// with indent. A value that would be longer than texts may be is left as it is.
func (l Layout) Format(value, indent string) string {
	if value[0] != '{' && value[0] != '[' {
		return value
	}
	var compact bytes.Buffer
	if json.Compact(&compact, []byte(value)) != nil {
		return value
	}
	f := formatter{Layout: l, indent: indent, src: compact.Bytes()}
	for f.pos < len(f.src) {
		if f.step(); len(f.out) > maxText {
			return value
		}
	}
	return string(f.out)
}

// formatter adds space to compact JSON text.
type formatter struct {
	Layout
	indent string
	src    []byte
	pos    int
	depth  int
	out    []byte
}

// step writes one token, or a byte of one.
func (f *formatter) step() {
	c := f.src[f.pos]
	switch c {
	case '"':
		end := ValueEnd(f.src, f.pos)
		f.out = append(f.out, f.src[f.pos:end]...)
		f.pos = end
		return
	case '{', '[':
		f.out = append(f.out, c)
		if f.src[f.pos+1] == c+2 { // the closing byte of an empty one
			f.out = append(f.out, c+2)
			f.pos++
			break
		}
		f.depth++
		f.inside(c)
	case '}', ']':
		f.depth--
		f.inside(c - 2) // the opening byte
		f.out = append(f.out, c)
	case ',':
		if f.Newline == "" {
			f.out = append(f.out, f.Comma...)
			break
		}
		f.out = append(f.out, ',')
		f.breakLine()
	case ':':
		f.out = append(f.out, f.Colon...)
	default:
		f.out = append(f.out, c)
	}
	f.pos++
}

// inside writes the space behind an opening byte, or before the closing one.
func (f *formatter) inside(opening byte) {
	switch {
	case f.Newline != "":
		f.breakLine()
	case opening == '{':
		f.out = append(f.out, f.Pad...)
	}
}

// Deeper returns the indentation of lines that are levels deeper than indent.
// However deep a value is, it is not indented more than lines are.
func (l Layout) Deeper(indent string, levels int) string {
	for n := 0; n < levels && len(indent)+len(l.Unit) <= maxIndent; n++ {
		indent += l.Unit
	}
	return indent
}

// breakLine begins a new line. However deep a value is, it is not indented more
// than lines are.
func (f *formatter) breakLine() {
	f.out = append(f.out, f.Newline...)
	line := len(f.out)
	f.out = append(f.out, f.indent...)
	for n := 0; n < f.depth && len(f.out)+len(f.Unit) <= line+maxIndent; n++ {
		f.out = append(f.out, f.Unit...)
	}
}
