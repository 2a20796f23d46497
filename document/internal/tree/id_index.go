package tree

import (
	"hash/maphash"

	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// idIndex finds items by full id where ids are not paths of numbers. It is a
// hash table of item numbers beside one text of all ids: no pointers.
type idIndex struct {
	seed  maphash.Seed
	texts []byte
	ends  []uint32 // by item number
	slots []uint32 // item number plus one; the length is a power of two
}

func newIDIndex(items int) *idIndex {
	size := 8
	for size < 2*items {
		size *= 2
	}
	return &idIndex{seed: maphash.MakeSeed(), slots: make([]uint32, size), ends: make([]uint32, 0, items)}
}

// text returns the full id of an item.
func (x *idIndex) text(number int) string {
	start := uint32(0)
	if number > 0 {
		start = x.ends[number-1]
	}
	return jsontext.SharedString(x.texts[start:x.ends[number]])
}

// add records the full id of the next item and reports the number of an item
// of the same group that has it already.
func (x *idIndex) add(s *Tree, group uint32, text string) (other int, ok bool) {
	x.texts = append(x.texts, text...)
	x.ends = append(x.ends, uint32(len(x.texts)))
	number := len(x.ends) - 1
	at, taken := x.probe(s, group, text)
	if taken {
		return int(x.slots[at]) - 1, false
	}
	x.slots[at] = uint32(number) + 1
	return number, true
}

// skip leaves the next item out: its id is wrong.
func (x *idIndex) skip() { x.ends = append(x.ends, uint32(len(x.texts))) }

// probe returns the slot of an id, or the free one where it would go.
func (x *idIndex) probe(s *Tree, group uint32, text string) (at int, taken bool) {
	mask := len(x.slots) - 1
	at = int(maphash.String(x.seed, text)+uint64(group)) & mask
	for x.slots[at] != 0 {
		number := int(x.slots[at]) - 1
		if x.text(number) == text && s.Group(s.At(number)) == group {
			return at, true
		}
		at = (at + 1) & mask
	}
	return at, false
}

func (x *idIndex) find(s *Tree, group uint32, text string) (Node, bool) {
	at, taken := x.probe(s, group, text)
	if !taken {
		return Node{}, false
	}
	return s.At(int(x.slots[at]) - 1), true
}

// maxIDs is the length of all full ids of a document together.
const maxIDs = 1 << 29
