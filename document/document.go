package document

import "iter"

// Document is an immutable snapshot of a backlog: its source text, the shape of
// it, and what was changed since. Snapshots of one document share everything
// that they have in common. A Document is safe for concurrent use.
type Document struct {
	typ      *Type
	shape    *shape
	statuses column
	counts   []uint32 // by level and status
	edits    *edits
	// additions are items that the first look puts into what is above, nil for
	// most documents.
	additions *additions
	// history is what was applied to the document that Track gave out, nil
	// outside of it.
	history *history
}

// version is what a snapshot has for itself, in one allocation: an update makes
// one of these and copies the nodes on the way to a status. Whatever versions
// share must stay out of it, since it would keep the version that made it alive.
type version struct {
	Document
	ownCounts [36]uint32
	ownRoot   [4]*branch[branch[statusLeaf]]
}

// smallVersion is a version of a document whose statuses have one branch at the
// top: every version has a copy of that.
type smallVersion struct {
	Document
	ownCounts [36]uint32
	ownRoot   [1]*branch[branch[statusLeaf]]
	top       branch[branch[statusLeaf]]
}

// copied returns a copy that may be changed.
func (d *Document) copied() *Document {
	if len(d.statuses.root) == 1 {
		v := &smallVersion{Document: *d, top: *d.statuses.root[0]}
		v.additions = nil
		v.counts = append(v.ownCounts[:0], d.counts...)
		v.ownRoot[0] = &v.top
		v.statuses.root = v.ownRoot[:]
		return &v.Document
	}
	v := &version{Document: *d}
	v.additions = nil
	v.counts = append(v.ownCounts[:0], d.counts...)
	v.statuses.root = append(v.ownRoot[:0], d.statuses.root...)
	return &v.Document
}

// Type returns the type of the document.
func (d *Document) Type() *Type { return d.typ }

// Len returns the number of items of a level, in constant time: 0 for a level
// that the format does not have.
func (d *Document) Len(l Level) int {
	d.build()
	if !d.typ.has(l) {
		return 0
	}
	return len(d.shape.levels[l].nodes)
}

// Count returns the number of items of a level that have a status, in constant
// time.
func (d *Document) Count(l Level, s Status) int {
	d.build()
	if int(s) >= len(d.typ.statuses) || !d.typ.has(l) {
		return 0
	}
	return int(d.counts[int(l)*len(d.typ.statuses)+int(s)])
}

// Groups returns the names of the groups in document order: one empty name
// where the document has no groups.
func (d *Document) Groups() []string {
	d.build()
	names := make([]string, len(d.shape.groups))
	for i, g := range d.shape.groups {
		names[i] = g.name
	}
	return names
}

// Find returns the item with an id. It takes tens of nanoseconds in a document
// of any size, and does not allocate.
func (d *Document) Find(id ID) (Item, bool) {
	d.build()
	l, i, ok := d.shape.find(id)
	if !ok {
		return Item{}, false
	}
	return d.item(l, i), true
}

// Items returns the items of one level in document order.
func (d *Document) Items(l Level) iter.Seq[Item] {
	d.build()
	return d.rangeOf(l, 0, uint32(d.Len(l)))
}

// ItemsIn returns the items of one level that have one of the statuses'
// categories, in document order. It looks at packed statuses only.
func (d *Document) ItemsIn(l Level, set Categories) iter.Seq[Item] {
	d.build()
	return func(yield func(Item) bool) {
		s := d.shape
		if !s.typ.has(l) {
			return
		}
		pack := &s.typ.packing
		end := s.levels[l].number + len(s.levels[l].nodes)
		for n := s.levels[l].number; n < end; n++ {
			var ok bool
			if n, ok = pack.outside(d.statuses, n, end, ^set); !ok || !yield(d.item(l, uint32(n-s.levels[l].number))) {
				return
			}
		}
	}
}

// ItemsWith returns the items of one level that have a status, in document
// order.
func (d *Document) ItemsWith(l Level, status Status) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		for it := range d.ItemsIn(l, d.typ.category(status)) {
			if it.Status() == status && !yield(it) {
				return
			}
		}
	}
}

func (d *Document) rangeOf(l Level, first, end uint32) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		for i := first; i < end; i++ {
			if !yield(d.item(l, i)) {
				return
			}
		}
	}
}

// All returns the items of all levels in document order: parents before their
// children.
func (d *Document) All() iter.Seq[Item] {
	d.build()
	return func(yield func(Item) bool) {
		d.walk(0, 0, uint32(len(d.shape.levels[0].nodes)), yield)
	}
}

// walk yields items and all below them. It recurses as deep as there are
// levels.
func (d *Document) walk(l Level, first, end uint32, yield func(Item) bool) bool {
	for i := first; i < end; i++ {
		if !yield(d.item(l, i)) {
			return false
		}
		if from, to := d.shape.children(l, i); from < to && !d.walk(l+1, from, to, yield) {
			return false
		}
	}
	return true
}

func (d *Document) item(l Level, i uint32) Item { return Item{doc: d, level: l, index: i} }

func (d *Document) status(l Level, i uint32) Status {
	return d.typ.packing.status(d.statuses, d.shape.number(l, i))
}

// value returns the raw text of a member of an item, nil if it is missing. The
// status is the one of the text, which may be out of date.
func (d *Document) value(l Level, i uint32, slot int) []byte {
	if r := d.edits.of(d.shape.number(l, i)); r != nil {
		return r.value(slot)
	}
	return d.shape.value(l, i, slot)
}
