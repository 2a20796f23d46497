package document

import (
	"bytes"
	"cmp"
	"maps"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// finish writes the new text and reads it.
func (b *rebuild) finish() (*Document, error) {
	b.shift()
	b.followMoves()
	s := b.doc.shape
	patches := b.patches()
	size := jsontext.PatchedSize(s.Source, patches) + b.cut
	if size > s.typ.maxSize {
		return nil, s.typ.sizeError(b.first, size)
	}
	p := tree.NewParser(&s.typ.format, jsontext.AppendPatched(make([]byte, 0, size), s.Source, s.Whole(), patches), s.typ.maxSize)
	p.Unseen = true
	next := p.Document()
	if p.Refusals > 0 {
		return nil, &ChangeError{ID: b.first, Problems: problems(p)}
	}
	return newShape(s.typ, next).document(), nil
}

// patches returns how the new text differs from the source text.
func (b *rebuild) patches() []jsontext.Patch {
	patches := b.doc.patches()
	for lists := b.changedLists(); len(lists) > 0; {
		var rewritten []jsontext.Patch
		n := 0
		for n < len(lists) && lists[n].Row == lists[0].Row {
			rewritten = append(rewritten, b.list(lists[n], patches))
			n++
		}
		patches, lists = replaceCovered(patches, rewritten), lists[n:]
	}
	return patches
}

// changedLists returns the arrays to write anew, deepest first, each once.
func (b *rebuild) changedLists() []tree.ListID {
	return slices.SortedFunc(maps.Keys(b.lists), compareLists)
}

func compareLists(a, b tree.ListID) int {
	return cmp.Or(cmp.Compare(b.Row, a.Row), cmp.Compare(a.Parent, b.Parent))
}

// list writes a list anew.
func (b *rebuild) list(at tree.ListID, patches []jsontext.Patch) jsontext.Patch {
	if b.doc.shape.IsLines(at) {
		return b.itemLines(at, patches)
	}
	return b.array(at, patches)
}

// array writes the array of a list anew: the children that stay with the space
// that was before them, and the new ones.
func (b *rebuild) array(at tree.ListID, patches []jsontext.Patch) jsontext.Patch {
	s := b.doc.shape
	in, items := s.ListSpan(at), s.List(at)
	entries := s.Entries(items)
	lead, between, trail := b.spaces(in, entries)
	l := b.doc.layoutIn(at, &b.lines)
	out, q := []byte{'['}, b.lists[at]
	for link := q.next[0]; link != 0; link = q.next[link] {
		i, item := q.at(link)
		switch {
		case len(out) == 1:
			out = append(out, lead...)
		case item == nil && i > 0:
			out = append(out, s.Source[entries[i-1].End:entries[i].Start]...)
		default:
			out = append(out, between...)
		}
		if item == nil {
			out = jsontext.AppendPatched(out, s.Source, jsontext.Span{Start: entries[i].Start, End: entries[i].End}, patches)
			continue
		}
		out = b.appendChild(out, item, l, patches)
	}
	if q.next[0] != 0 {
		out = append(out, trail...)
	}
	return jsontext.Patch{Span: in, Text: append(out, ']')}
}

// itemLines writes JSON Lines anew. An item that stays has its whole line, and the
// blank lines before it, which go with an item that is moved or removed; whether the
// last line ends with a newline stays as it was.
func (b *rebuild) itemLines(at tree.ListID, patches []jsontext.Patch) jsontext.Patch {
	s := b.doc.shape
	in, entries := s.ListSpan(at), s.Entries(s.List(at))
	l := b.doc.layoutIn(at, &b.lines)
	newline := s.newline(in)
	begin := in.Start // of the line of an item, and of the blank ones before it
	starts := make([]uint32, 0, len(entries)+1)
	for i := range entries {
		starts = append(starts, begin)
		begin = s.LineEnd(entries[i].End)
	}
	starts = append(starts, begin)
	var out []byte
	if len(entries) == 0 {
		out = append(out, s.Source[in.Start:in.End]...)
	}
	q := b.lists[at]
	for link := q.next[0]; link != 0; link = q.next[link] {
		if len(out) > 0 && out[len(out)-1] != '\n' {
			out = append(out, newline...)
		}
		if i, item := q.at(link); item == nil {
			out = jsontext.AppendPatched(out, s.Source, jsontext.Span{Start: starts[i], End: starts[i+1]}, patches)
		} else {
			out = append(b.appendChild(out, item, l, patches), newline...)
		}
	}
	if !s.endsLine(begin, entries) {
		// Lines of one file may end in both ways.
		out = bytes.TrimSuffix(bytes.TrimSuffix(out, []byte("\n")), []byte("\r"))
	}
	if len(entries) > 0 {
		out = append(out, s.Source[begin:in.End]...)
	}
	return jsontext.Patch{Span: in, Text: out}
}

// newline returns how lines end: as the first does.
func (s *shape) newline(in jsontext.Span) string {
	text := s.Source[in.Start:in.End]
	if at := bytes.IndexByte(text, '\n'); at > 0 && text[at-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// endsLine reports whether there is to be a newline behind the last item, the line
// of which ends at an offset.
func (s *shape) endsLine(end uint32, entries []tree.Entry) bool {
	if len(entries) == 0 {
		return s.typ.format.Descriptor.FinalNewline
	}
	return s.Source[end-1] == '\n'
}

// appendChild appends a child that is new in its list.
func (b *rebuild) appendChild(out []byte, item *child, l itemLayout, patches []jsontext.Patch) []byte {
	s := b.doc.shape
	if item.text == "" {
		return jsontext.AppendPatched(out, s.Source, item.moved, patches)
	}
	text := item.text
	if !item.laid || len(item.below) > 0 {
		text = l.Format(item.json(s.typ), l.indent)
	}
	if b.length += int64(len(text)); b.length > s.typ.maxSize {
		b.cut += int64(len(text)) // counted only: there is no room for it
		return out
	}
	return append(out, text...)
}

// spaces returns what stands before the first child, between children and after
// the last.
func (b *rebuild) spaces(in jsontext.Span, entries []tree.Entry) (lead, between, trail string) {
	src := b.doc.shape.Source
	if len(entries) == 0 {
		if b.lay.Newline == "" {
			return "", b.lay.Comma, ""
		}
		outer := b.lines.Indent(in.Start)
		lead = b.lay.Newline + b.lay.Deeper(outer, 1)
		return lead, "," + lead, b.lay.Newline + outer
	}
	lead = string(src[in.Start+1 : entries[0].Start])
	between = "," + jsontext.Short([]byte(lead))
	if lead == "" {
		between = b.lay.Comma
	}
	if len(entries) > 1 {
		before, after, _ := bytes.Cut(src[entries[0].End:entries[1].Start], []byte(","))
		between = jsontext.Short(before) + "," + jsontext.Short(after)
	}
	return lead, between, string(src[entries[len(entries)-1].End : in.End-1])
}

// replaceCovered returns patches in order, with those inside a new one replaced by it.
func replaceCovered(old, fresh []jsontext.Patch) []jsontext.Patch {
	slices.SortFunc(fresh, func(a, b jsontext.Patch) int { return cmp.Compare(a.Start, b.Start) })
	out := make([]jsontext.Patch, 0, len(old)+len(fresh))
	for _, p := range old {
		for len(fresh) > 0 && fresh[0].Start <= p.Start {
			out, fresh = append(out, fresh[0]), fresh[1:]
		}
		if n := len(out); n == 0 || p.Start >= out[n-1].End {
			out = append(out, p)
		}
	}
	return append(out, fresh...)
}
