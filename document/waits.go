package document

import (
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/persistent"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// waits reports whether an item may wait for others: it does not if its text
// names none.
func (d *Document) waits(n tree.Node) bool {
	return d.shape.Waits(n) || d.edits.of(d.shape.Number(n)) != nil
}

// waitsOnlyFor reports whether everything that an item waits for exists and has
// a category of the set. It does not know of edited items: for them it says no.
func (d *Document) waitsOnlyFor(n tree.Node, set format.Categories) bool {
	s := d.shape
	if d.edits.of(s.Number(n)) != nil {
		return false
	}
	pack := &s.typ.format.Packing
	return s.Awaited(n,
		func() []uint32 { return d.dependenciesOf(n) },
		func(other uint32) bool {
			return other != tree.NoItem && pack.Class(pack.At(d.statuses, int(other)))&^persistent.Set(set) == 0
		})
}

// dependenciesOf reads from an item's text what it waits for.
func (d *Document) dependenciesOf(n tree.Node) []uint32 {
	it := d.item(n)
	var numbers []uint32
	it.eachDependency(func(ref []byte) bool {
		number := tree.NoItem
		if target, ok := it.target(ref); ok {
			number = uint32(d.shape.Number(target))
		}
		numbers = append(numbers, number)
		return true
	})
	return numbers
}
