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

// layout works out the layout from the first item, or takes the descriptor's
// where there is none.
func (s *shape) layout() layout {
	out := layout{colon: ": ", unit: s.typ.descriptor.Indent, comma: ", "}
	if out.unit != "" {
		out.newline = "\n"
	} else {
		out.colon, out.comma = ":", ","
	}
	if len(s.levels[0].nodes) == 0 {
		return out
	}
	n := s.levels[0].nodes[0]
	item := s.source[n.start:n.end]
	key := bytes.IndexByte(item, '"')
	scan := scanner{src: item, pos: key}
	scan.text()
	value := bytes.IndexByte(item[scan.pos:], ':') + scan.pos + 1
	out.colon = string(item[scan.pos:value]) + string(leadingSpace(item[value:]))
	lead := item[1:key]
	switch at := bytes.LastIndexByte(lead, '\n'); {
	case at < 0:
		out.newline, out.comma = "", ","
		if len(out.colon) > 1 {
			out.comma = ", "
		}
	case bytes.Contains(lead, []byte("\r\n")):
		out.newline = "\r\n"
	default:
		out.newline = "\n"
	}
	if out.newline != "" {
		inner := lead[bytes.LastIndexByte(lead, '\n')+1:]
		outer := lineIndent(s.source, int(n.start))
		out.unit = string(bytes.TrimPrefix(inner, outer))
	}
	return out
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
	var b bytes.Buffer
	if l.newline == "" {
		if json.Compact(&b, []byte(value)) != nil {
			return value
		}
		return b.String()
	}
	if json.Indent(&b, []byte(value), indent, l.unit) != nil {
		return value
	}
	if l.newline == "\r\n" {
		return string(bytes.ReplaceAll(b.Bytes(), []byte("\n"), []byte("\r\n")))
	}
	return b.String()
}
