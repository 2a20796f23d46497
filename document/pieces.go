package document

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/seam"
)

// Seam gives package engine what programs do not need. It is for that package
// alone.
func Seam() seam.Document[*Document, Item] {
	return seam.Document[*Document, Item]{
		Frame:       (*Document).frame,
		AppendPiece: Item.appendPiece,
		Before:      Item.before,
		After:       Item.after,
		Differences: differentPieces,
		Text:        func(d *Document) seam.Text { return d.encoding() },
	}
}

// frame returns the text of the document that belongs to no item, with a mark in
// place of the items of each group that has any.
func (d *Document) frame() []byte {
	d.build()
	s := d.shape
	var patches []jsontext.Patch
	for _, g := range s.groups {
		if items := (list{first: g.first, end: g.end}); items.len() > 0 {
			inner := jsontext.Span{Start: g.array.Start + 1, End: s.entry(items.last()).end}
			patches = append(patches, jsontext.Patch{Span: inner, Text: mark})
		}
	}
	slices.SortFunc(patches, func(a, b jsontext.Patch) int { return cmp.Compare(a.Start, b.Start) })
	return jsontext.AppendPatched(nil, s.source, s.whole(), patches)
}

var mark = []byte{seam.Mark}

// appendPiece appends the space and comma before an item, and its text with one
// mark in place of its children and what is between them. It appends nothing for a
// new item.
func (it Item) appendPiece(dst []byte) []byte {
	if it.doc == nil {
		return dst
	}
	s, n := it.doc.shape, it.node
	dst = append(dst, s.source[s.endBefore(n):s.entry(n).start]...)
	return it.doc.appendOwn(dst, n)
}

// endBefore returns where the sibling before an item ends, or where the array
// that it is the first of begins.
func (s *shape) endBefore(n node) uint32 {
	in := s.within(n)
	if i := n.index - s.list(in).first; i > 0 {
		return s.entry(s.list(in).at(int(i) - 1)).end
	}
	return s.listSpan(in).Start + 1
}

// appendOwn appends the text of an item with a mark in place of its children.
func (d *Document) appendOwn(dst []byte, n node) []byte {
	s, number := d.shape, d.shape.number(n)
	nd, now := s.entry(n), d.status(n)
	hole := s.childrenSpan(n)
	inner := jsontext.Span{Start: hole.End, End: hole.End}
	if below := s.children(n); below.len() > 0 {
		inner = jsontext.Span{Start: hole.Start + 1, End: s.entry(below.last()).end}
	}
	if r := d.edits.of(number); r != nil {
		r = s.withStatus(n, r, now, jsontext.Layout{})
		if r.hole == 0 {
			return append(dst, r.text...)
		}
		dst = append(append(dst, r.text[:r.hole]...), s.source[hole.Start:inner.Start]...)
		if inner.Start < inner.End {
			dst = append(dst, seam.Mark)
		}
		return append(append(dst, s.source[inner.End:hole.End]...), r.text[r.hole:]...)
	}
	var few [2]jsontext.Patch
	patches := few[:0]
	if inner.Start < inner.End {
		patches = append(patches, jsontext.Patch{Span: inner, Text: mark})
	}
	if uint8(now) != s.typ.format.Packing.At(s.statuses, number) {
		at := s.slot(n, compiled.StatusSlot)
		patches = append(patches, jsontext.Patch{Span: jsontext.Span{Start: at, End: uint32(jsontext.ValueEnd(s.source, int(at)))}, Text: s.typ.format.StatusValue(now)})
		slices.SortFunc(patches, func(a, b jsontext.Patch) int { return cmp.Compare(a.Start, b.Start) })
	}
	return jsontext.AppendPatched(dst, s.source, jsontext.Span{Start: nd.start, End: nd.end}, patches)
}

// before returns the item before this one in document order, which is above it,
// beside it, or below the one beside it. It is false for the first item.
func (it Item) before() (Item, bool) {
	if it.doc == nil {
		return Item{}, false
	}
	s, n := it.doc.shape, it.node
	if above, ok := it.Parent(); ok && n.index == s.siblings(n).first {
		return above, true
	}
	if n.index == 0 {
		return Item{}, false
	}
	for n.index--; ; {
		below := s.children(n)
		if below.len() == 0 {
			return it.doc.item(n), true
		}
		n = below.last()
	}
}

// after returns the item after this one in document order. It is false for the
// last item.
func (it Item) after() (Item, bool) {
	if it.doc == nil {
		return Item{}, false
	}
	s, n := it.doc.shape, it.node
	if below := s.children(n); below.len() > 0 {
		return it.doc.item(below.at(0)), true
	}
	for {
		above, ok := s.parent(n)
		if !ok {
			break
		}
		if n.index+1 < s.siblings(n).end {
			n.index++
			return it.doc.item(n), true
		}
		n = above
	}
	if n.index++; n.index == s.ofKind(n.kind).end {
		return Item{}, false
	}
	return it.doc.item(n), true
}

// differentPieces calls f for each item whose piece differs between two documents
// of one type: for those of b first, then for those that b does not have. A zero
// Item stands where an item is not. frame says that the frames differ.
func differentPieces(a, b *Document, f func(before, after Item, placed bool)) (frame bool) {
	if a == b {
		return false
	}
	a.build()
	b.build()
	c := pieceComparer{a: a, b: b, found: f}
	if a.shape != b.shape {
		c.compare()
		return !bytes.Equal(a.frame(), b.frame())
	}
	for _, number := range differentNumbers(a, b) {
		n := a.shape.at(number)
		c.texts(a.item(n), b.item(n), false)
	}
	return false
}

// pieceComparer compares two documents by their pieces.
type pieceComparer struct {
	a, b     *Document
	found    func(before, after Item, placed bool)
	old, now []byte // buffers
}

// compare compares documents of different shapes.
func (c *pieceComparer) compare() {
	c.groups()
	for it := range c.a.All() {
		if _, ok := c.b.Find(it.ID()); !ok {
			c.found(it, Item{}, false)
		}
	}
}

// groups compares all items of b. Those of a group that stands elsewhere are placed.
func (c *pieceComparer) groups() {
	var positions []uint32
	for _, g := range c.b.shape.groups {
		if old, ok := c.a.shape.findGroup(g.name); ok {
			positions = append(positions, uint32(old))
		}
	}
	moved := reordered(positions)
	for _, g := range c.b.shape.groups {
		placed := false
		if _, ok := c.a.shape.findGroup(g.name); ok {
			placed, moved = moved[0], moved[1:]
		}
		c.siblings(list{first: g.first, end: g.end}, placed)
	}
}

// siblings compares siblings of b and all below them. What is below an item that
// was placed is placed, too. It recurses as deep as there are levels.
func (c *pieceComparer) siblings(items list, placed bool) {
	for i, old := range counterparts(c.a, c.b, items) {
		it := c.b.item(items.at(i))
		before := old.Item
		if before.IsZero() { // another level may have the id
			before, _ = c.a.Find(it.ID())
		}
		placed := placed || !old.sameParent || old.reordered
		if placed {
			c.found(before, it, true)
		} else {
			c.texts(before, it, true)
		}
		if below := c.b.shape.children(it.node); below.len() > 0 {
			c.siblings(below, placed)
		}
	}
}

// texts notes an item that stayed if its piece differs. Without lead, what is
// before it is known to be the same.
func (c *pieceComparer) texts(old, now Item, lead bool) {
	c.old, c.now = c.old[:0], c.now[:0]
	if lead {
		c.old, c.now = old.appendPiece(c.old), now.appendPiece(c.now)
	} else {
		c.old = old.doc.appendOwn(c.old, old.node)
		c.now = now.doc.appendOwn(c.now, now.node)
	}
	if !bytes.Equal(c.old, c.now) {
		c.found(old, now, false)
	}
}
