package document

import (
	"iter"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/persistent"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// Document is an immutable snapshot of a backlog. Snapshots of one document
// share everything that they have in common. A Document is safe for concurrent
// use.
type Document struct {
	typ      *Type
	shape    *shape
	statuses persistent.Column
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
	ownColumn persistent.Own
}

// smallVersion is a version of a document whose statuses have one branch at the
// top: every version has a copy of that.
type smallVersion struct {
	Document
	ownCounts [36]uint32
	ownColumn persistent.OwnSmall
}

// copied returns a copy that may be changed.
func (d *Document) copied() *Document {
	if d.statuses.Small() {
		v := &smallVersion{Document: *d}
		v.additions = nil
		v.counts = append(v.ownCounts[:0], d.counts...)
		v.statuses = v.ownColumn.Copy(d.statuses)
		return &v.Document
	}
	v := &version{Document: *d}
	v.additions = nil
	v.counts = append(v.ownCounts[:0], d.counts...)
	v.statuses = v.ownColumn.Copy(d.statuses)
	return &v.Document
}

// Type returns the type of the document.
func (d *Document) Type() *Type { return d.typ }

// Len returns the number of items of a level, in constant time: 0 for a level
// that the format does not have.
func (d *Document) Len(l Level) int {
	d.build()
	if !d.typ.format.Has(l) {
		return 0
	}
	return d.shape.OfKind(l).Len()
}

// Count returns the number of items of a level that have a status, in constant
// time: of those that have none for 0.
func (d *Document) Count(l Level, s Status) int {
	d.build()
	if int(s) >= len(d.typ.format.Statuses) || !d.typ.format.Has(l) {
		return 0
	}
	return int(d.counts[int(l)*len(d.typ.format.Statuses)+int(s)])
}

// Groups returns the names of the groups in document order: one empty name
// where the document has no groups.
func (d *Document) Groups() []string {
	d.build()
	names := make([]string, len(d.shape.Groups))
	for i, g := range d.shape.Groups {
		names[i] = g.Name
	}
	return names
}

// Find returns the item that an id names: none where several items share it. It
// takes tens of nanoseconds in a document of any size, and does not allocate.
func (d *Document) Find(id ID) (Item, bool) {
	d.build()
	n, ok := d.shape.find(id)
	if !ok {
		return Item{}, false
	}
	return d.item(n), true
}

// Lookup is Find with an error that says why there is no such item, a
// *NotFoundError.
func (d *Document) Lookup(id ID) (Item, error) {
	it, ok := d.Find(id)
	if !ok {
		return Item{}, d.shape.notFound(id)
	}
	return it, nil
}

// namesake returns the item that an item of another version was: the one with its
// id, behind as many others as have that, too.
func (d *Document) namesake(it Item) (Item, bool) {
	s := it.doc.shape
	group, text := s.ID(it.node)
	n, ok := d.shape.FindNamesake(group, text, s.Namesakes(it.node))
	if !ok {
		return Item{}, false
	}
	return d.item(n), true
}

// Items returns the items of one level in document order.
func (d *Document) Items(l Level) iter.Seq[Item] {
	d.build()
	if !d.typ.format.Has(l) {
		return func(func(Item) bool) {}
	}
	return d.itemsOf(d.shape.OfKind(l))
}

// ItemsIn returns the items of one level that have one of the statuses'
// categories, in document order. It looks at packed statuses only.
func (d *Document) ItemsIn(l Level, set format.Categories) iter.Seq[Item] {
	d.build()
	return func(yield func(Item) bool) {
		if !d.typ.format.Has(l) {
			return
		}
		for n := range d.outside(d.shape.OfKind(l), ^set|format.Categories(compiled.UnknownClass)) {
			if !yield(d.item(n)) {
				return
			}
		}
	}
}

// outside returns the items of a list whose category is not in a set. It looks at
// packed statuses and their summaries only, so that a wide list costs little more
// than a narrow one.
func (d *Document) outside(l tree.List, set format.Categories) iter.Seq[tree.Node] {
	return func(yield func(tree.Node) bool) {
		first, end := d.shape.NumbersOf(l)
		for number := first; number < end; number++ {
			var found bool
			if number, found = d.typ.format.Packing.Outside(d.statuses, number, end, persistent.Set(set)); !found || !yield(l.At(number-first)) {
				return
			}
		}
	}
}

// ItemsWith returns the items of one level that have a status, in document
// order: those that have none for 0.
func (d *Document) ItemsWith(l Level, status Status) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		items := d.ItemsIn(l, d.typ.format.Category(status))
		if status == 0 {
			items = d.Items(l)
		}
		for it := range items {
			if it.Status() == status && !yield(it) {
				return
			}
		}
	}
}

func (d *Document) itemsOf(l tree.List) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		for i := range l.Len() {
			if !yield(d.item(l.At(i))) {
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
		d.walk(d.shape.OfKind(0), yield)
	}
}

// walk yields items and all below them. It recurses as deep as there are
// levels.
func (d *Document) walk(l tree.List, yield func(Item) bool) bool {
	for n := range l.Nodes() {
		if !yield(d.item(n)) {
			return false
		}
		if below := d.shape.Children(n); below.Len() > 0 && !d.walk(below, yield) {
			return false
		}
	}
	return true
}

func (d *Document) item(n tree.Node) Item { return Item{doc: d, node: n} }

func (d *Document) status(n tree.Node) Status {
	return d.shape.statusIn(d.statuses, d.shape.Number(n))
}

// value returns the raw text of a member of an item, nil if it is missing. The
// status is the one of the text, which may be out of date.
func (d *Document) value(n tree.Node, slot int) []byte {
	if r := d.edits.of(d.shape.Number(n)); r != nil {
		return r.value(slot)
	}
	return d.shape.Value(n, slot)
}
