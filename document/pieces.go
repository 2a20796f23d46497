package document

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/seam"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
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
	for g := range s.Groups {
		in := tree.Top(uint32(g))
		if items := s.List(in); items.Len() > 0 {
			inner := jsontext.Span{Start: s.Inside(in).Start, End: s.Entry(items.Last()).End}
			patches = append(patches, jsontext.Patch{Span: inner, Text: mark})
		}
	}
	slices.SortFunc(patches, func(a, b jsontext.Patch) int { return cmp.Compare(a.Start, b.Start) })
	return jsontext.AppendPatched([]byte{}, s.Source, s.Whole(), patches)
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
	dst = append(dst, s.Source[s.endBefore(n):s.Entry(n).Start]...)
	return it.doc.appendOwn(dst, n)
}

// endBefore returns where the sibling before an item ends, or where the inside of
// the list that it is the first of begins.
func (s *shape) endBefore(n tree.Node) uint32 {
	in := s.Within(n)
	if i := n.Index - s.List(in).First; i > 0 {
		return s.Entry(s.List(in).At(int(i) - 1)).End
	}
	return s.Inside(in).Start
}

// appendOwn appends the text of an item with a mark in place of its children.
func (d *Document) appendOwn(dst []byte, n tree.Node) []byte {
	s, number := d.shape, d.shape.Number(n)
	nd, now := s.Entry(n), d.status(n)
	hole := s.ChildrenSpan(n)
	inner := jsontext.Span{Start: hole.End, End: hole.End}
	if below := s.Children(n); below.Len() > 0 {
		inner = jsontext.Span{Start: hole.Start + 1, End: s.Entry(below.Last()).End}
	}
	if r := d.edits.of(number); r != nil {
		r = s.withStatus(n, r, now)
		if r.hole == 0 {
			return append(dst, r.text...)
		}
		dst = append(append(dst, r.text[:r.hole]...), s.Source[hole.Start:inner.Start]...)
		if inner.Start < inner.End {
			dst = append(dst, seam.Mark)
		}
		return append(append(dst, s.Source[inner.End:hole.End]...), r.text[r.hole:]...)
	}
	var few [2]jsontext.Patch
	patches := few[:0]
	if inner.Start < inner.End {
		patches = append(patches, jsontext.Patch{Span: inner, Text: mark})
	}
	if now != s.statusIn(s.Statuses, number) {
		patches = append(patches, d.statusPatch(n, now))
		slices.SortFunc(patches, func(a, b jsontext.Patch) int { return cmp.Compare(a.Start, b.Start) })
	}
	return jsontext.AppendPatched(dst, s.Source, jsontext.Span{Start: nd.Start, End: nd.End}, patches)
}

// before returns the item before this one in document order, which is above it,
// beside it, or below the one beside it. It is false for the first item.
func (it Item) before() (Item, bool) {
	if it.doc == nil {
		return Item{}, false
	}
	s, n := it.doc.shape, it.node
	if above, ok := it.Parent(); ok && n.Index == s.Siblings(n).First {
		return above, true
	}
	if n.Index == 0 {
		return Item{}, false
	}
	for n.Index--; ; {
		below := s.Children(n)
		if below.Len() == 0 {
			return it.doc.item(n), true
		}
		n = below.Last()
	}
}

// after returns the item after this one in document order. It is false for the
// last item.
func (it Item) after() (Item, bool) {
	if it.doc == nil {
		return Item{}, false
	}
	s, n := it.doc.shape, it.node
	if below := s.Children(n); below.Len() > 0 {
		return it.doc.item(below.At(0)), true
	}
	for {
		above, ok := s.Parent(n)
		if !ok {
			break
		}
		if n.Index+1 < s.Siblings(n).End {
			n.Index++
			return it.doc.item(n), true
		}
		n = above
	}
	if n.Index++; n.Index == s.OfKind(n.Kind).End {
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
		n := a.shape.At(number)
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
		if _, ok := c.b.namesake(it); !ok {
			c.found(it, Item{}, false)
		}
	}
}

// groups compares all items of b. Those of a group that stands elsewhere are placed.
func (c *pieceComparer) groups() {
	var positions []uint32
	for _, g := range c.b.shape.Groups {
		if old, ok := c.a.shape.FindGroup(g.Name); ok {
			positions = append(positions, uint32(old))
		}
	}
	moved := reordered(positions)
	for _, g := range c.b.shape.Groups {
		placed := false
		if _, ok := c.a.shape.FindGroup(g.Name); ok {
			placed, moved = moved[0], moved[1:]
		}
		c.siblings(tree.List{First: g.First, End: g.End}, placed)
	}
}

// siblings compares siblings of b and all below them. What is below an item that
// was placed is placed, too. It recurses as deep as there are levels.
func (c *pieceComparer) siblings(items tree.List, placed bool) {
	for i, old := range counterparts(c.a, c.b, items) {
		it := c.b.item(items.At(i))
		before := old.Item
		if before.IsZero() { // another level may have the id
			before, _ = c.a.namesake(it)
		}
		placed := placed || !old.sameParent || old.reordered
		if placed {
			c.found(before, it, true)
		} else {
			c.texts(before, it, true)
		}
		if below := c.b.shape.Children(it.node); below.Len() > 0 {
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
