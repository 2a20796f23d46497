package document

import (
	"bytes"

	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// Difference says how an item differs from another version of it, in a document
// of the same type: see [Diff]. Its Kind is 0 if they are equal. The zero Item
// stands for one that is not there.
func (it Item) Difference(now Item) Difference {
	switch {
	case it.IsZero() && now.IsZero():
		return Difference{}
	case it.IsZero():
		return Difference{ID: now.ID(), Kind: ItemAdded, To: now.Status()}
	case now.IsZero():
		return Difference{ID: it.ID(), Kind: ItemRemoved, From: it.Status()}
	case it.node.Kind != now.node.Kind || it.ID() != now.ID():
		return Difference{ID: it.ID(), Kind: ItemChanged, From: it.Status(), To: now.Status(), Moved: true}
	}
	return difference(it, now, it.ID())
}

// SameTree reports whether two versions of an item have the same parent, and
// say the same together with all below them: statuses, order, and all members,
// also those that the descriptor does not know. How values of known fields are
// spelled does not matter.
func (it Item) SameTree(other Item) bool {
	if it.IsZero() || other.IsZero() {
		return it.IsZero() && other.IsZero()
	}
	return it.parentID() == other.parentID() && it.sameBelow(other)
}

func (it Item) sameBelow(other Item) bool {
	if it.Difference(other).Kind != 0 || it.ChildCount() != other.ChildCount() || !it.sameUnknown(other) {
		return false
	}
	if it.ChildCount() == 0 {
		return true
	}
	below, otherBelow := it.doc.shape.Children(it.node), other.doc.shape.Children(other.node)
	for i := range below.Len() {
		if !it.doc.item(below.At(i)).sameBelow(other.doc.item(otherBelow.At(i))) {
			return false
		}
	}
	return true
}

// sameUnknown compares the members that no field describes. Edits leave them as
// they are in the source.
func (it Item) sameUnknown(other Item) bool {
	a, b := it.unknown(), other.unknown()
	if len(a) != len(b) {
		return false
	}
	for key, value := range a {
		there, ok := b[key]
		if !ok || !bytes.Equal(jsontext.Canonical(nil, value), jsontext.Canonical(nil, there)) {
			return false
		}
	}
	return true
}

// unknownKey is a key of an item, or of an object in it, that the format does not
// know.
type unknownKey struct {
	of  *compiled.Members
	key string
}

func (it Item) unknown() map[unknownKey][]byte {
	if it.doc == nil {
		return nil
	}
	s := it.doc.shape
	nd := s.Entry(it.node)
	return appendUnknown(nil, &it.levelType().Record.Members, s.Source[nd.Start:nd.End])
}

// appendUnknown adds the unknown members of an object, and of those in it.
func appendUnknown(out map[unknownKey][]byte, of *compiled.Members, object []byte) map[unknownKey][]byte {
	jsontext.Members(object, func(key string, value []byte) bool {
		if _, known := of.Slots[key]; known {
			return true
		}
		if inner := of.Inside[key]; inner != nil {
			out = appendUnknown(out, inner, value)
			return true
		}
		if out == nil {
			out = map[unknownKey][]byte{}
		}
		out[unknownKey{of, key}] = value
		return true
	})
	return out
}
