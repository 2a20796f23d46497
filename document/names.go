package document

import "hash/maphash"

// nameIndex finds items by full id where ids are not paths of numbers. It is a
// hash table of item numbers beside one text of all ids: no pointers.
type nameIndex struct {
	seed  maphash.Seed
	ids   []byte
	ends  []uint32 // by item number
	slots []uint32 // item number plus one; the length is a power of two
}

func newNameIndex(items int) *nameIndex {
	size := 8
	for size < 2*items {
		size *= 2
	}
	return &nameIndex{seed: maphash.MakeSeed(), slots: make([]uint32, size), ends: make([]uint32, 0, items)}
}

// text returns the full id of an item.
func (x *nameIndex) text(number int) string {
	start := uint32(0)
	if number > 0 {
		start = x.ends[number-1]
	}
	return sharedString(x.ids[start:x.ends[number]])
}

// add records the full id of the next item and reports the number of an item
// of the same group that has it already.
func (x *nameIndex) add(s *shape, group uint32, text string) (other int, ok bool) {
	x.ids = append(x.ids, text...)
	x.ends = append(x.ends, uint32(len(x.ids)))
	number := len(x.ends) - 1
	at, taken := x.probe(s, group, text)
	if taken {
		return int(x.slots[at]) - 1, false
	}
	x.slots[at] = uint32(number) + 1
	return number, true
}

// skip leaves the next item out: its id is wrong.
func (x *nameIndex) skip() { x.ends = append(x.ends, uint32(len(x.ids))) }

// probe returns the slot of an id, or the free one where it would go.
func (x *nameIndex) probe(s *shape, group uint32, text string) (at int, taken bool) {
	mask := len(x.slots) - 1
	at = int(maphash.String(x.seed, text)+uint64(group)) & mask
	for x.slots[at] != 0 {
		number := int(x.slots[at]) - 1
		if x.text(number) == text && s.group(s.at(number)) == group {
			return at, true
		}
		at = (at + 1) & mask
	}
	return at, false
}

func (x *nameIndex) find(s *shape, group uint32, text string) (node, bool) {
	at, taken := x.probe(s, group, text)
	if !taken {
		return node{}, false
	}
	return s.at(int(x.slots[at]) - 1), true
}
