package document

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// Mark stands in a piece of text where pieces of other items belong. It cannot
// occur in the text of a document: JSON has control characters only as escapes.
const Mark = '\x01'

// Frame returns the text of the document that belongs to no item, with a Mark
// in place of the items of each group that has any: one where the document has
// no groups.
func (d *Document) Frame() []byte {
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

var mark = []byte{Mark}

// AppendPiece appends what the item itself contributes to the text of its
// document: the space and comma before it, and its text with one Mark in place
// of its children, if it has any, and what is between them. The frame and the
// pieces of all items, each put behind the one before it below the same parent,
// make the text of the document. It appends nothing for a new item.
func (it Item) AppendPiece(dst []byte) []byte {
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

// appendOwn appends the text of an item with a Mark in place of its children.
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
			dst = append(dst, Mark)
		}
		return append(append(dst, s.source[inner.End:hole.End]...), r.text[r.hole:]...)
	}
	var few [2]jsontext.Patch
	patches := few[:0]
	if inner.Start < inner.End {
		patches = append(patches, jsontext.Patch{Span: inner, Text: mark})
	}
	if uint8(now) != s.typ.packing.At(s.statuses, number) {
		at := s.slot(n, statusSlot)
		patches = append(patches, jsontext.Patch{Span: jsontext.Span{Start: at, End: uint32(jsontext.ValueEnd(s.source, int(at)))}, Text: s.typ.statusValue(now)})
		slices.SortFunc(patches, func(a, b jsontext.Patch) int { return cmp.Compare(a.Start, b.Start) })
	}
	return jsontext.AppendPatched(dst, s.source, jsontext.Span{Start: nd.start, End: nd.end}, patches)
}

// ParentID returns the id of the item above. At the top it has no text, only the
// group where the document has groups.
func (it Item) ParentID() ID {
	if it.doc == nil {
		return ID{}
	}
	return it.parentID()
}

// Before returns the item before this one in document order, which is above it,
// beside it, or below the one beside it. It is false for the first item.
func (it Item) Before() (Item, bool) {
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

// After returns the item after this one in document order. It is false for the
// last item.
func (it Item) After() (Item, bool) {
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
	if n.index++; int(n.index) == len(s.rows[n.row].entries) {
		return Item{}, false
	}
	return it.doc.item(n), true
}

// PieceDifference is an item whose piece differs between two documents.
type PieceDifference struct {
	// Before and After are the item in the two documents, zero where it is
	// not there.
	Before, After Item
	// Placed says that it stands elsewhere among the items that both documents
	// have, or is new, or that an item of another level has its id now.
	Placed bool
}

// DiffPieces compares the text of two documents of one type, item by item. The
// items of b come first, in document order where any is placed, then those that
// b does not have. frame says that the frames differ.
//
// Snapshots that have the same items are compared without looking at what they
// share; others cost time in proportion to their size.
func DiffPieces(a, b *Document) (differences []PieceDifference, frame bool) {
	if a == b {
		return nil, false
	}
	a.build()
	b.build()
	if a.shape != b.shape {
		c := pieceComparer{a: a, b: b}
		c.compare()
		return c.differences, !bytes.Equal(a.Frame(), b.Frame())
	}
	c := pieceComparer{a: a, b: b}
	for _, number := range differentNumbers(a, b) {
		n := a.shape.at(number)
		c.texts(a.item(n), b.item(n), false)
	}
	return c.differences, false
}

// pieceComparer compares documents of different shapes.
type pieceComparer struct {
	a, b        *Document
	differences []PieceDifference
	old, now    []byte // buffers
}

func (c *pieceComparer) compare() {
	c.groups()
	for it := range c.a.All() {
		if _, ok := c.b.Find(it.ID()); !ok {
			c.differences = append(c.differences, PieceDifference{Before: it})
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
			c.differences = append(c.differences, PieceDifference{Before: before, After: it, Placed: true})
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
		c.old, c.now = old.AppendPiece(c.old), now.AppendPiece(c.now)
	} else {
		c.old = old.doc.appendOwn(c.old, old.node)
		c.now = now.doc.appendOwn(c.now, now.node)
	}
	if !bytes.Equal(c.old, c.now) {
		c.differences = append(c.differences, PieceDifference{Before: old, After: now})
	}
}
