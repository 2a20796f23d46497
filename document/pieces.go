package document

import (
	"bytes"
	"cmp"
	"slices"
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
	var patches []patch
	for _, g := range s.groups {
		if g.first < g.end {
			inner := span{g.array.start + 1, s.levels[0].nodes[g.end-1].end}
			patches = append(patches, patch{inner, mark})
		}
	}
	slices.SortFunc(patches, func(a, b patch) int { return cmp.Compare(a.start, b.start) })
	return appendPieces(nil, s.source, s.whole(), patches)
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
	s, l, i := it.doc.shape, it.level, it.index
	dst = append(dst, s.source[s.endBefore(l, i):s.levels[l].nodes[i].start]...)
	return it.doc.appendOwn(dst, l, i)
}

// endBefore returns where the sibling before an item ends, or where the array
// that it is the first of begins.
func (s *shape) endBefore(l Level, i uint32) uint32 {
	parent := s.levels[l].nodes[i].parent
	first, _ := s.below(l, parent)
	switch {
	case i > first:
		return s.levels[l].nodes[i-1].end
	case l == 0:
		return s.groups[parent].array.start + 1
	}
	return s.childrenSpan(l-1, parent).start + 1
}

// appendOwn appends the text of an item with a Mark in place of its children.
func (d *Document) appendOwn(dst []byte, l Level, i uint32) []byte {
	s, number := d.shape, d.shape.number(l, i)
	nd, now := s.levels[l].nodes[i], d.status(l, i)
	hole := s.childrenSpan(l, i)
	inner := span{hole.end, hole.end}
	if first, end := s.children(l, i); first < end {
		inner = span{hole.start + 1, s.levels[l+1].nodes[end-1].end}
	}
	if r := d.edits.of(number); r != nil {
		if now != r.status {
			r = r.with(&s.typ.levels[l].record, statusSlot, s.typ.quoted[now], layout{})
		}
		if r.hole == 0 {
			return append(dst, r.text...)
		}
		dst = append(append(dst, r.text[:r.hole]...), s.source[hole.start:inner.start]...)
		if inner.start < inner.end {
			dst = append(dst, Mark)
		}
		return append(append(dst, s.source[inner.end:hole.end]...), r.text[r.hole:]...)
	}
	var few [2]patch
	patches := few[:0]
	if inner.start < inner.end {
		patches = append(patches, patch{inner, mark})
	}
	if now != s.typ.packing.status(s.statuses, number) {
		at := s.slot(l, i, statusSlot)
		patches = append(patches, patch{span{at, uint32(valueEnd(s.source, int(at)))}, s.typ.quotedBytes[now]})
		slices.SortFunc(patches, func(a, b patch) int { return cmp.Compare(a.start, b.start) })
	}
	return appendPieces(dst, s.source, span{nd.start, nd.end}, patches)
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
	s, l, i := it.doc.shape, it.level, it.index
	if l > 0 {
		if first, _ := s.siblings(l, i); i == first {
			return it.Parent()
		}
	}
	if i == 0 {
		return Item{}, false
	}
	for i--; ; l++ {
		first, end := s.children(l, i)
		if first == end {
			return it.doc.item(l, i), true
		}
		i = end - 1
	}
}

// After returns the item after this one in document order. It is false for the
// last item.
func (it Item) After() (Item, bool) {
	if it.doc == nil {
		return Item{}, false
	}
	s, l, i := it.doc.shape, it.level, it.index
	if first, end := s.children(l, i); first < end {
		return it.doc.item(l+1, first), true
	}
	for ; l > 0; l-- {
		if _, end := s.siblings(l, i); i+1 < end {
			return it.doc.item(l, i+1), true
		}
		i = s.levels[l].nodes[i].parent
	}
	if int(i)+1 == len(s.levels[0].nodes) {
		return Item{}, false
	}
	return it.doc.item(0, i+1), true
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
	for _, n := range differentNumbers(a, b) {
		l, i := a.shape.at(n)
		c.texts(a.item(l, i), b.item(l, i), false)
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
	last := int64(-1)          // where the last item that stayed begins in a
	within := Level(MaxLevels) // level of an item above that was placed
	for it := range c.b.All() {
		if it.level <= within {
			within = MaxLevels
		}
		id := it.ID()
		old, ok := c.a.Find(id)
		if !ok {
			c.differences = append(c.differences, PieceDifference{After: it, Placed: true})
			within = min(within, it.level)
			continue
		}
		start := int64(c.a.shape.levels[old.level].nodes[old.index].start)
		if within < it.level || start < last || old.level != it.level || old.parentID() != it.parentID() {
			c.differences = append(c.differences, PieceDifference{Before: old, After: it, Placed: true})
			within = min(within, it.level)
			continue
		}
		last = start
		c.texts(old, it, true)
	}
	for it := range c.a.All() {
		if _, ok := c.b.Find(it.ID()); !ok {
			c.differences = append(c.differences, PieceDifference{Before: it})
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
		c.old = old.doc.appendOwn(c.old, old.level, old.index)
		c.now = now.doc.appendOwn(c.now, now.level, now.index)
	}
	if !bytes.Equal(c.old, c.now) {
		c.differences = append(c.differences, PieceDifference{Before: old, After: now})
	}
}
