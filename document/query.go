package document

import (
	"iter"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
)

// closed are the categories of dependencies that hold nobody up.
var closed = format.CategorySet(format.Done, format.Dropped)

// Progress counts items by category.
type Progress struct {
	Items, Todo, Active, Done, Failed, Dropped int
}

// Percent returns the share of items that are done, among those that are not
// dropped, from 0 to 100. No items are 0 percent.
func (p Progress) Percent() float64 {
	if p.Items == p.Dropped {
		return 0
	}
	return 100 * float64(p.Done) / float64(p.Items-p.Dropped)
}

func (p *Progress) add(c format.Category, n int) {
	p.Items += n
	switch c {
	case format.Todo:
		p.Todo += n
	case format.Active:
		p.Active += n
	case format.Done:
		p.Done += n
	case format.Failed:
		p.Failed += n
	case format.Dropped:
		p.Dropped += n
	}
}

// Progress counts the items of a level, in constant time: none where they have no
// statuses.
func (d *Document) Progress(l Level) Progress {
	d.build()
	var p Progress
	for i, s := range d.typ.format.Descriptor.Statuses {
		p.add(s.Category, d.Count(l, Status(i+1)))
	}
	if d.typ.format.Has(l) && !d.typ.format.Levels[l].NoStatus {
		p.add(0, d.Count(l, 0))
	}
	return p
}

// Progress counts the items of the lowest level with statuses that are below the
// item, from the packed statuses. An item of that level counts itself.
func (it Item) Progress() Progress {
	var p Progress
	if it.doc == nil {
		return p
	}
	s := it.doc.shape
	pack := &s.typ.format.Packing
	level, ok := s.typ.format.Work(it.node.Kind)
	if !ok {
		return p
	}
	first, end := s.NumbersOf(s.Descendants(it.node, level))
	for number := first; number < end; number++ {
		category := format.Category(0)
		if status := pack.At(it.doc.statuses, number); status > 0 {
			category = s.typ.format.Descriptor.Statuses[status-1].Category
		}
		p.add(category, 1)
	}
	return p
}

// Dependencies returns the items that an item waits for. References to nothing
// are left out.
func (it Item) Dependencies() iter.Seq[Item] {
	return func(yield func(Item) bool) {
		it.eachDependency(func(ref []byte) bool {
			n, ok := it.target(ref)
			return !ok || yield(it.doc.item(n))
		})
	}
}

// eachDependency calls f with each reference to what an item waits for, until
// it returns false.
func (it Item) eachDependency(f func(ref []byte) bool) {
	if it.doc == nil || it.levelType().Dependencies == nil || it.draft == nil && !it.doc.waits(it.node) {
		return
	}
	r := it.levelType().Dependencies
	r.Each(it.raw(r.Slot-compiled.FirstField), f)
}

// Blockers returns the ids of what holds an item up: dependencies that are
// neither done nor dropped, or do not exist.
func (it Item) Blockers() iter.Seq[ID] {
	return func(yield func(ID) bool) {
		it.eachDependency(func(ref []byte) bool {
			n, ok := it.target(ref)
			if ok && it.doc.in(n, closed) {
				return true
			}
			return yield(it.resolve(ref))
		})
	}
}

// Dependents returns the items that wait for an item, in document order level by
// level. It looks at every item of the document.
func (it Item) Dependents() iter.Seq[Item] {
	return func(yield func(Item) bool) {
		if it.doc == nil {
			return
		}
		for l := range it.doc.typ.format.Levels {
			for other := range it.doc.Items(Level(l)) {
				if other.waitsFor(it) && !yield(other) {
					return
				}
			}
		}
	}
}

func (it Item) waitsFor(target Item) bool {
	found := false
	it.eachDependency(func(ref []byte) bool {
		n, ok := it.target(ref)
		found = ok && n == target.node
		return !found
	})
	return found
}

// NextExecutable returns the items that are to do, that nothing holds up, that
// their ids name and that have no items with statuses below them, in document
// order. It looks at the levels whose items wait for others, or at the lowest that
// has statuses if none does: items above those are headings, not work.
func (d *Document) NextExecutable() iter.Seq[Item] {
	d.build()
	return func(yield func(Item) bool) {
		for it := range d.workable() {
			if it.Category() == format.Todo && !it.heading() && !d.shape.SharesID(it.node) && it.free() && !yield(it) {
				return
			}
		}
	}
}

// workable returns the items that can be work, in document order.
func (d *Document) workable() iter.Seq[Item] {
	levels := d.shape.typ.format.Levels
	waits := func(l compiled.Level) bool { return l.Dependencies != nil && !l.NoStatus }
	lowest, _ := d.shape.typ.format.Work(0)
	if top := slices.IndexFunc(levels, waits); top >= 0 && top < int(lowest) {
		return func(yield func(Item) bool) {
			for it := range d.All() {
				if waits(levels[it.node.Kind]) && !yield(it) {
					return
				}
			}
		}
	}
	return d.ItemsIn(lowest, format.CategorySet(format.Todo))
}

// heading reports whether items with statuses are below this one: the work is
// theirs.
func (it Item) heading() bool {
	t, s := &it.doc.typ.format, it.doc.shape
	for l := int(it.node.Kind) + 1; l < len(t.Levels); l++ {
		if !t.Levels[l].NoStatus {
			return s.Descendants(it.node, Level(l)).Len() > 0
		}
	}
	return false
}

// free reports whether nothing holds the item up.
func (it Item) free() bool {
	for range it.Blockers() {
		return false
	}
	return true
}

// Dangling is a reference that names no item: there is none, or several share the id.
type Dangling struct {
	// Item holds the reference in its field at position Field, or in an object
	// there.
	Item  Item
	Field int
	// Target is what the reference says.
	Target ID
}

// Dangling returns all references that name no item, level by level.
func (d *Document) Dangling() iter.Seq[Dangling] {
	d.build()
	return func(yield func(Dangling) bool) {
		for l := range d.typ.format.Levels {
			for f := range d.shape.typ.format.Levels[l].Fields {
				if !d.danglingIn(Level(l), f, yield) {
					return
				}
			}
		}
	}
}

func (d *Document) danglingIn(l Level, f int, yield func(Dangling) bool) bool {
	t := d.shape.typ.format
	field := &t.Levels[l].Record.Fields[compiled.FirstField+f]
	if !t.HoldsReferences(field) {
		return true
	}
	for it := range d.Items(l) {
		more := t.AllReferences(field, it.raw(f), func(_ *compiled.Field, ref []byte) bool {
			_, ok := it.target(ref)
			return ok || yield(Dangling{it, f, it.resolve(ref)})
		})
		if !more {
			return false
		}
	}
	return true
}

// OpenUnderDone returns the items that are done while an item directly below is
// neither done nor dropped, level by level.
func (d *Document) OpenUnderDone() iter.Seq[Item] {
	d.build()
	return func(yield func(Item) bool) {
		for l := range len(d.typ.format.Levels) - 1 {
			for it := range d.ItemsIn(Level(l), format.CategorySet(format.Done)) {
				if !d.allIn(d.shape.Children(it.node), closed) && !yield(it) {
					return
				}
			}
		}
	}
}
