package document

import (
	"bytes"
	"encoding/json"
)

// layout is how a document is written: new text takes it over.
type layout struct {
	newline string // "" for documents on one line
	unit    string // one step of indentation
	colon   string // between a key and its value
	comma   string // between members on one line
}

// layout works out the layout from the first item, or from the outermost object
// where there is none. Where that is empty too it is the descriptor's.
func (s *shape) layout() layout {
	start := bytes.IndexByte(s.source, '{')
	if nodes := s.levels[0].nodes; len(nodes) > 0 {
		start = int(nodes[0].start)
	}
	if start >= 0 {
		if lead := leadingSpace(s.source[start+1:]); s.source[start+1+len(lead)] == '"' {
			return s.layoutOf(start, lead)
		}
	}
	return s.typ.layout()
}

// layout is that of new documents.
func (t *Type) layout() layout {
	if t.descriptor.Indent == "" {
		return layout{colon: ":", comma: ","}
	}
	return layout{newline: "\n", unit: t.descriptor.Indent, colon: ": ", comma: ", "}
}

// layoutOf is the layout of the object that begins at start; lead is the space
// before its first key.
func (s *shape) layoutOf(start int, lead []byte) layout {
	key := scanner{src: s.source, pos: start + 1 + len(lead)}
	key.text()
	value := bytes.IndexByte(s.source[key.pos:], ':') + key.pos + 1
	out := layout{comma: ","}
	out.colon = string(s.source[key.pos:value]) + string(leadingSpace(s.source[value:]))
	at := bytes.LastIndexByte(lead, '\n')
	if at >= 0 || len(out.colon) > 1 {
		out.comma = ", "
	}
	if at >= 0 {
		out.newline = "\n"
		if at > 0 && lead[at-1] == '\r' {
			out.newline = "\r\n"
		}
		out.unit = string(bytes.TrimPrefix(lead[at+1:], lineIndent(s.source, start)))
	}
	return out
}

// flat is the layout of values on one line.
func (l layout) flat() layout {
	l.newline = ""
	return l
}

// like returns the layout for what takes the place of an object or array, or
// stands beside or in it: on one line if that is, unless it is empty.
func (l layout) like(value []byte) layout {
	if len(value) > 2 && (value[0] == '{' || value[0] == '[') && !bytes.ContainsRune(value, '\n') {
		return l.flat()
	}
	return l
}

func (d *Document) layout() layout { return d.shape.layout() }

func leadingSpace(b []byte) []byte {
	for i, c := range b {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return b[:i]
		}
	}
	return b
}

// lineIndent returns the white space that the line of an offset begins with.
func lineIndent(src []byte, offset int) []byte {
	line := src[bytes.LastIndexByte(src[:offset], '\n')+1:]
	indent := leadingSpace(line)
	if i := bytes.IndexByte(indent, '\n'); i >= 0 {
		indent = indent[:i]
	}
	return indent
}

// format writes a value as it stands in the document, on a line that begins
// with indent.
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
		f.step()
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
		f.breakLine()
	case '}', ']':
		f.depth--
		f.breakLine()
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

func (f *formatter) breakLine() {
	if f.newline == "" {
		return
	}
	f.out = append(append(f.out, f.newline...), f.indent...)
	for range f.depth {
		f.out = append(f.out, f.unit...)
	}
}
