package document

import "github.com/backlog-gen/backlog-gen/document/internal/persistent"

// edits is the new text of items that were edited, by item number. Versions
// share it; nil is none.
type edits struct {
	leaves persistent.Vector[editLeaf]
	// growth is by how many bytes the text is longer than the source.
	growth int64
}

const editsPerLeaf = 32

type editLeaf [editsPerLeaf]*record

func (e *edits) of(number int) *record {
	if e == nil {
		return nil
	}
	if leaf := e.leaves.Leaf(number / editsPerLeaf); leaf != nil {
		return leaf[number%editsPerLeaf]
	}
	return nil
}

// grown is by how many bytes the edits make the text longer.
func (e *edits) grown() int64 {
	if e == nil {
		return 0
	}
	return e.growth
}

// setRecord gives an item of a document that is being made from base a new text.
// old is the one it has.
func (d *Document) setRecord(base *Document, number int, old, r *record) {
	var before edits
	if base.edits != nil {
		before = *base.edits
	}
	if d.edits == base.edits {
		own := before
		d.edits = &own
	}
	d.edits.leaves.Writable(before.leaves, number/editsPerLeaf)[number%editsPerLeaf] = r
	d.edits.growth += int64(len(r.text) - len(old.text))
}

// each calls f for every edited item, in order of number.
func (e *edits) each(f func(number int, r *record)) {
	eachEdit(nil, e, func(number int, _, r *record) {
		if r != nil {
			f(number, r)
		}
	})
}

// eachEdit calls f for every item whose text differs between two versions, in
// order of number; nil is that of the source.
func eachEdit(a, b *edits, f func(number int, a, b *record)) {
	var none edits
	if a == nil {
		a = &none
	}
	if b == nil {
		b = &none
	}
	persistent.Changed(a.leaves, b.leaves, func(leaf int, la, lb *editLeaf) {
		if la == nil {
			la = new(editLeaf)
		}
		if lb == nil {
			lb = new(editLeaf)
		}
		for i := range la {
			if la[i] != lb[i] {
				f(leaf*editsPerLeaf+i, la[i], lb[i])
			}
		}
	})
}
