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
	if nodes := s.entries(s.ofKind(0)); len(nodes) > 0 {
		start = int(nodes[0].start)
	}
	if start >= 0 {
		if lead := jsontext.LeadingSpace(s.source[start+1:]); s.source[start+1+len(lead)] == '"' {
			return jsontext.LayoutOf(s.source, start, lead)
		}
	}
	return s.typ.format.Layout()
}

func (d *Document) layout() jsontext.Layout { return d.shape.layout() }

// itemLayout is how an item is laid out where it is or goes: in lines that begin
// with indent, or on one.
type itemLayout struct {
	jsontext.Layout
	indent string
}

// below is the layout of an item's children, where they are laid out with it.
func (l itemLayout) below() itemLayout {
	if l.Newline != "" {
		l.indent = l.Deeper(l.indent, 2) // the array, and what is in it
	}
	return l
}

// layoutIn is the layout of the items of a list: that of the first one, else that
// of the document. The offsets that lines is asked for ascend with the lists of a
// row.
func (d *Document) layoutIn(in listID, lines *jsontext.LineCursor) itemLayout {
	s := d.shape
	l := itemLayout{Layout: s.layout()}
	if entries := s.entries(s.list(in)); len(entries) > 0 {
		if l.Layout = l.Like(s.source[entries[0].start:entries[0].end]); l.Newline != "" {
			l.indent = lines.Indent(entries[0].start)
		}
		return l
	}
	if l.Newline != "" {
		l.indent = l.Deeper(d.arrayIndent(in, lines), 1)
	}
	return l
}

// arrayIndent returns what the line begins with in which the array of a list
// begins, or will when openLists has made it.
func (d *Document) arrayIndent(in listID, lines *jsontext.LineCursor) string {
	s := d.shape
	at := s.listSpan(in)
	if above, ok := in.holder(); ok {
		if _, r, opened := d.withOpenList(above); opened {
			value := int(r.slots[len(r.slots)-1])
			if line := bytes.LastIndexByte(r.text[:value], '\n'); line >= 0 {
				return jsontext.LineIndent(r.text, value)
			}
			at.Start = s.entry(above).start
		}
	}
	return lines.Indent(at.Start)
}
