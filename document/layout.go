package document

import (
	"bytes"

	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// layout is that of the document.
func (s *shape) layout() jsontext.Layout {
	s.layoutOnce.Do(func() { s.lay = s.readLayout() })
	return s.lay
}

// readLayout works out the layout from the first item, or from the outermost
// object where there is none. Where that is empty too it is the descriptor's, of
// JSON Lines without new lines in an item.
func (s *shape) readLayout() jsontext.Layout {
	start := bytes.IndexByte(s.Source, '{')
	if nodes := s.Entries(s.OfKind(0)); len(nodes) > 0 {
		start = int(nodes[0].Start)
	}
	if start >= 0 {
		if lead := jsontext.LeadingSpace(s.Source[start+1:]); s.Source[start+1+len(lead)] == '"' {
			return jsontext.LayoutOf(s.Source, start, lead)
		}
	}
	lay := s.typ.format.Layout()
	if s.IsLines(tree.Top(0)) {
		lay.Newline = ""
	}
	return lay
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
func (d *Document) layoutIn(in tree.ListID, lines *jsontext.LineCursor) itemLayout {
	s := d.shape
	l := itemLayout{Layout: s.layout()}
	if entries := s.Entries(s.List(in)); len(entries) > 0 {
		if l.Layout = l.Like(s.Source[entries[0].Start:entries[0].End]); l.Newline != "" {
			l.indent = lines.Indent(entries[0].Start)
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
func (d *Document) arrayIndent(in tree.ListID, lines *jsontext.LineCursor) string {
	s := d.shape
	at := s.ListSpan(in)
	if above, ok := in.Holder(); ok {
		if _, r, opened := d.withOpenList(above); opened {
			value := int(r.slots[len(r.slots)-1])
			if line := bytes.LastIndexByte(r.text[:value], '\n'); line >= 0 {
				return jsontext.LineIndent(r.text, value)
			}
			at.Start = s.Entry(above).Start
		}
	}
	return lines.Indent(at.Start)
}
