package document

import (
	"bytes"
	"encoding/json"
	"strings"
)

// layout is how a document is written: new text takes it over.
type layout struct {
	newline string // "" for documents on one line
	unit    string // one step of indentation
	colon   string // between a key and its value
	comma   string // between members on one line
	pad     string // inside the braces of an object on one line
}

// What new text takes over from the text around it is bound, so that no file can
// make it long.
const (
	maxIndent = 128 // of a line, in bytes
	maxGap    = 16  // of other white space
	// maxSpace is the most that a byte of new text is given: a line break and
	// an indentation, or what stands for them on one line.
	maxSpace = 2 + maxIndent + maxGap
	// maxText is the length of the longest text: no document has room for more.
	maxText = 1<<31 - 1
)

// layoutOf is the layout of the object that begins at start; lead is the space
// before its first key.
func layoutOf(src []byte, start int, lead []byte) layout {
	at := bytes.LastIndexByte(lead, '\n')
	if at < 0 {
		return layout{}.inObject(src[start:])
	}
	out := layout{comma: ", "}
	out.colon, _ = colonAt(src, start+1+len(lead))
	out.newline = "\n"
	if at > 0 && lead[at-1] == '\r' {
		out.newline = "\r\n"
	}
	out.unit = strings.TrimPrefix(string(lead[at+1:][:min(len(lead)-at-1, maxIndent)]), lineIndent(src, start))
	return out
}

// colonAt returns what stands between the key that begins at an offset and its
// value, and where that begins.
func colonAt(src []byte, key int) (colon string, value int) {
	s := scanner{src: src, pos: key}
	s.text()
	value = s.pos + bytes.IndexByte(src[s.pos:], ':') + 1
	value += len(leadingSpace(src[value:]))
	if value-s.pos > maxGap {
		return ": ", value
	}
	return string(src[s.pos:value]), value
}

// like returns the layout for what takes the place of an object or array, or
// stands beside or in it: on one line if that is, unless it is empty.
func (l layout) like(value []byte) layout {
	if len(value) <= 2 || bytes.IndexByte(value, '\n') >= 0 {
		return l
	}
	l.newline = ""
	switch value[0] {
	case '{':
		return l.inObject(value)
	case '[':
		return l.inArray(value)
	}
	return l
}

// inObject is the layout of the object on one line that text begins with.
func (l layout) inObject(text []byte) layout {
	pad := leadingSpace(text[1:])
	if text[1+len(pad)] != '"' {
		return l
	}
	l.newline, l.pad = "", short(pad)
	var first int
	l.colon, first = colonAt(text, 1+len(pad))
	if comma, ok := commaAfter(text, first); ok {
		l.comma = comma
	} else if l.comma = ","; len(l.colon) > 1 {
		l.comma = ", "
	}
	return l
}

// inArray is the layout of values like an array on one line.
func (l layout) inArray(text []byte) layout {
	first := 1 + len(leadingSpace(text[1:]))
	if text[first] == ']' {
		return l
	}
	if comma, ok := commaAfter(text, first); ok {
		l.comma = comma
	}
	return l
}

// commaAfter returns the comma and the space behind the value that begins at an
// offset, false for the last one.
func commaAfter(text []byte, value int) (comma string, ok bool) {
	end := valueEnd(text, value)
	end += len(leadingSpace(text[end:]))
	if text[end] != ',' {
		return "", false
	}
	return "," + short(leadingSpace(text[end+1:])), true
}

// short is white space as new text takes it over: what is long is cut down to
// the indentation of the last line, or to one space.
func short(space []byte) string {
	line := space[bytes.LastIndexByte(space, '\n')+1:]
	switch {
	case len(space) <= maxGap || len(line) < len(space) && len(space) <= maxGap+maxIndent:
		return string(space)
	case len(line) == len(space):
		return " "
	}
	return "\n" + string(line[:min(len(line), maxIndent)])
}

// format writes a value as it stands in the document, on a line that begins
// with indent. A value that would be longer than texts may be is left as it is.
func (l layout) format(value, indent string) string {
	if value[0] != '{' && value[0] != '[' {
		return value
	}
	var compact bytes.Buffer
	if json.Compact(&compact, []byte(value)) != nil {
		return value
	}
	f := formatter{layout: l, indent: indent, src: compact.Bytes()}
	for f.pos < len(f.src) {
		if f.step(); len(f.out) > maxText {
			return value
		}
	}
	return string(f.out)
}

// formatter adds space to compact JSON text.
type formatter struct {
	layout
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
		end := valueEnd(f.src, f.pos)
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
		if f.newline == "" {
			f.out = append(f.out, f.comma...)
			break
		}
		f.out = append(f.out, ',')
		f.breakLine()
	case ':':
		f.out = append(f.out, f.colon...)
	default:
		f.out = append(f.out, c)
	}
	f.pos++
}

// inside writes the space behind an opening byte, or before the closing one.
func (f *formatter) inside(opening byte) {
	switch {
	case f.newline != "":
		f.breakLine()
	case opening == '{':
		f.out = append(f.out, f.pad...)
	}
}

// breakLine begins a new line. However deep a value is, it is not indented more
// than lines are.
func (f *formatter) breakLine() {
	f.out = append(f.out, f.newline...)
	line := len(f.out)
	f.out = append(f.out, f.indent...)
	for n := 0; n < f.depth && len(f.out)+len(f.unit) <= line+maxIndent; n++ {
		f.out = append(f.out, f.unit...)
	}
}
