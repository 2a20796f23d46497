package document

import "github.com/backlog-gen/backlog-gen/document/format"

// waits reports whether an item may wait for others: it does not if its text
// names none.
func (d *Document) waits(n node) bool {
	return d.shape.waits(n) || d.edits.of(d.shape.number(n)) != nil
}

// waitsOnlyFor reports whether everything that an item waits for exists and has
// a category of the set. It does not know of edited items: for them it says no.
func (d *Document) waitsOnlyFor(n node, set format.Categories) bool {
	s := d.shape
	if d.edits.of(s.number(n)) != nil {
		return false
	}
	pack := &s.typ.format.Packing
	return s.awaited(n,
		func() []uint32 { return d.dependenciesOf(n) },
		func(other uint32) bool {
			return other != noItem && format.Categories(pack.Class(pack.At(d.statuses, int(other))))&set != 0
		})
}

// dependenciesOf reads from an item's text what it waits for.
func (d *Document) dependenciesOf(n node) []uint32 {
	it := d.item(n)
	var numbers []uint32
	it.eachDependency(func(ref []byte) bool {
		number := noItem
		if target, ok := it.target(ref); ok {
			number = uint32(d.shape.number(target))
		}
		numbers = append(numbers, number)
		return true
	})
	return numbers
}
