package document

import (
	"bytes"

	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// layout is that of the document.
func (s *shape) layout() jsontext.Layout {
	s.layoutOnce.Do(func() { s.lay = s.readLayout() })
	return s.lay
}

// readLayout works out the layout from the first item, or from the outermost
// object where there is none. Where that is empty too it is the descriptor's.
func (s *shape) readLayout() jsontext.Layout {
	start := bytes.IndexByte(s.source, '{')
	if nodes := s.rows[0].entries; len(nodes) > 0 {
		start = int(nodes[0].start)
	}
	if start >= 0 {
		if lead := jsontext.LeadingSpace(s.source[start+1:]); s.source[start+1+len(lead)] == '"' {
			return jsontext.LayoutOf(s.source, start, lead)
		}
	}
	return s.typ.layout()
}

// layout is that of new documents.
func (t *Type) layout() jsontext.Layout {
	if t.descriptor.Indent == "" {
		return jsontext.Layout{Colon: ":", Comma: ","}
	}
	return jsontext.Layout{Newline: "\n", Unit: t.descriptor.Indent, Colon: ": ", Comma: ", "}
}

func (d *Document) layout() jsontext.Layout { return d.shape.layout() }
