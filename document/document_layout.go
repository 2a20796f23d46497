package document

import "bytes"

// layout is that of the document.
func (s *shape) layout() layout {
	s.layoutOnce.Do(func() { s.lay = s.readLayout() })
	return s.lay
}

// readLayout works out the layout from the first item, or from the outermost
// object where there is none. Where that is empty too it is the descriptor's.
func (s *shape) readLayout() layout {
	start := bytes.IndexByte(s.source, '{')
	if nodes := s.rows[0].entries; len(nodes) > 0 {
		start = int(nodes[0].start)
	}
	if start >= 0 {
		if lead := leadingSpace(s.source[start+1:]); s.source[start+1+len(lead)] == '"' {
			return layoutOf(s.source, start, lead)
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

func (d *Document) layout() layout { return d.shape.layout() }
