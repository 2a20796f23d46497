package document

import (
	"bytes"
	"cmp"
	"maps"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// finish writes the new text and reads it.
func (b *rebuild) finish() (*Document, error) {
	b.followMoves()
	s := b.doc.shape
	patches := b.patches()
	size := jsontext.PatchedSize(s.source, patches) + b.cut
	if size > s.typ.maxSize {
		return nil, s.typ.sizeError(b.first, size)
	}
	p := newParser(&s.typ.format, jsontext.AppendPatched(make([]byte, 0, size), s.source, s.whole(), patches), s.typ.maxSize)
	p.unseen = true
	next := p.document()
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
		for n < len(lists) && lists[n].row == lists[0].row {
			rewritten = append(rewritten, b.array(lists[n], patches))
			n++
		}
		patches, lists = replaceCovered(patches, rewritten), lists[n:]
	}
	return patches
}

// changedLists returns the arrays to write anew, deepest first, each once.
func (b *rebuild) changedLists() []listID {
	return slices.SortedFunc(maps.Keys(b.lists), compareLists)
}

func compareLists(a, b listID) int {
	return cmp.Or(cmp.Compare(b.row, a.row), cmp.Compare(a.parent, b.parent))
}

// array writes the array of a list anew: the children that stay with the space
// that was before them, and the new ones.
func (b *rebuild) array(at listID, patches []jsontext.Patch) jsontext.Patch {
	s := b.doc.shape
	in, items := s.listSpan(at), s.list(at)
	entries := s.entries(items)
	lead, between, trail := b.spaces(in, entries)
	l := b.doc.layoutIn(at, &b.lines)
	out, q := []byte{'['}, b.lists[at]
	for link := q.next[0]; link != 0; link = q.next[link] {
		i, item := q.at(link)
		switch {
		case len(out) == 1:
			out = append(out, lead...)
		case item == nil && i > 0:
			out = append(out, s.source[entries[i-1].end:entries[i].start]...)
		default:
			out = append(out, between...)
		}
		if item == nil {
			out = jsontext.AppendPatched(out, s.source, jsontext.Span{Start: entries[i].start, End: entries[i].end}, patches)
			continue
		}
		if item.text != "" {
			text := item.text
			if !item.laid || len(item.below) > 0 {
				text = l.Format(item.json(s.typ), l.indent)
			}
			if b.length += int64(len(text)); b.length > s.typ.maxSize {
				b.cut += int64(len(text)) // counted only: there is no room for it
				continue
			}
			out = append(out, text...)
			continue
		}
		out = jsontext.AppendPatched(out, s.source, item.moved, patches)
	}
	if q.next[0] != 0 {
		out = append(out, trail...)
	}
	return jsontext.Patch{Span: in, Text: append(out, ']')}
}

// spaces returns what stands before the first child, between children and after
// the last.
func (b *rebuild) spaces(in jsontext.Span, entries []entry) (lead, between, trail string) {
	src := b.doc.shape.source
	if len(entries) == 0 {
		if b.lay.Newline == "" {
			return "", b.lay.Comma, ""
		}
		outer := b.lines.Indent(in.Start)
		lead = b.lay.Newline + b.lay.Deeper(outer, 1)
		return lead, "," + lead, b.lay.Newline + outer
	}
	lead = string(src[in.Start+1 : entries[0].start])
	between = "," + jsontext.Short([]byte(lead))
	if lead == "" {
		between = b.lay.Comma
	}
	if len(entries) > 1 {
		before, after, _ := bytes.Cut(src[entries[0].end:entries[1].start], []byte(","))
		between = jsontext.Short(before) + "," + jsontext.Short(after)
	}
	return lead, between, string(src[entries[len(entries)-1].end : in.End-1])
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
