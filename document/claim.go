package document

import (
	"iter"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// Claims reports whether items of any level can be handed out.
func (t *Type) Claims() bool {
	for i := range t.format.Levels {
		if t.format.Levels[i].Claim != nil {
			return true
		}
	}
	return false
}

// Claimable returns the items that can be handed out, in document order.
// They have an id that names them, nothing holds them up, no items with statuses are below them, and they have a status that
// the Claim of their level names, or that of taken work. The document does not
// know whether somebody has taken an item.
func (d *Document) Claimable() iter.Seq[Item] {
	d.build()
	return func(yield func(Item) bool) {
		for it := range d.claimed() {
			if it.Claimable() && !yield(it) {
				return
			}
		}
	}
}

// Claimable reports whether the item is among those that Document.Claimable
// returns.
func (it Item) Claimable() bool {
	if it.doc == nil {
		return false
	}
	c, status := it.levelType().Claim, it.Status()
	return c != nil && (status == c.To || slices.Contains(c.From, status)) && !it.heading() && !it.doc.shape.SharesID(it.node) && it.free()
}

// ClaimStatus returns the status of taken work on the item's level, 0 if items of
// the level are not handed out.
func (it Item) ClaimStatus() Status {
	if it.IsZero() || it.levelType().Claim == nil {
		return 0
	}
	return it.levelType().Claim.To
}

// claimed returns at least the items that are claimable. Where only those of the
// lowest level with statuses can be, it looks at packed statuses first.
func (d *Document) claimed() iter.Seq[Item] {
	levels := d.shape.typ.format.Levels
	work, _ := d.typ.format.Work(0)
	last := int(work)
	for i := range last {
		if levels[i].Claim != nil {
			return d.All()
		}
	}
	c := levels[last].Claim
	if c == nil {
		return func(func(Item) bool) {}
	}
	var set format.Categories
	for _, s := range append([]Status{c.To}, c.From...) {
		set |= d.shape.typ.format.Category(s)
	}
	return d.ItemsIn(Level(last), set)
}
