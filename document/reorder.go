package document

import (
	"cmp"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// counterpart is what an item was before: the zero Item if it was not there.
type counterpart struct {
	Item
	// sameParent says that it is below the same parent, reordered that it stands
	// elsewhere among its siblings there.
	sameParent, reordered bool
}

// counterparts returns what siblings of b were in a.
func counterparts(a, b *Document, siblings tree.List) []counterpart {
	out := make([]counterpart, siblings.Len())
	positions, fixed := make([]uint32, 0, len(out)), []int(nil)
	for i := range out {
		now := b.item(siblings.At(i))
		old, ok := a.namesake(now)
		if !ok || old.node.Kind != now.node.Kind {
			continue
		}
		out[i] = counterpart{Item: old, sameParent: old.parentID() == now.parentID()}
		if out[i].sameParent {
			if a.shape.SharesID(old.node) {
				fixed = append(fixed, len(positions))
			}
			positions = append(positions, old.node.Index)
		}
	}
	moved := reorderedAround(positions, fixed)
	for i := range out {
		if out[i].sameParent {
			out[i].reordered, moved = moved[0], moved[1:]
		}
	}
	return out
}

// reorderedAround is reordered where some of the siblings cannot be moved, since
// they share their ids: the others move around them, unless they have changed
// places among themselves.
func reorderedAround(positions []uint32, fixed []int) []bool {
	if !slices.IsSortedFunc(fixed, func(i, j int) int { return cmp.Compare(positions[i], positions[j]) }) {
		return reordered(positions)
	}
	out := make([]bool, len(positions))
	var between []int // of the siblings that may stay
	var stay []uint32
	behind := 0 // of fixed, those that are not after the sibling
	for i, p := range positions {
		for behind < len(fixed) && fixed[behind] <= i {
			behind++
		}
		out[i] = behind > 0 && p < positions[fixed[behind-1]] || behind < len(fixed) && p > positions[fixed[behind]]
		if !out[i] {
			between, stay = append(between, i), append(stay, p)
		}
	}
	for i, moved := range reordered(stay) {
		out[between[i]] = moved
	}
	return out
}

// reordered returns which of some siblings stand elsewhere than they did, by what
// their positions were: as few as possible, none where the positions ascend.
func reordered(positions []uint32) []bool {
	out := make([]bool, len(positions))
	if slices.IsSorted(positions) {
		return out
	}
	// The longest ascending sequence stays: tails holds where the best one of each
	// length ends, and before what comes before that in it.
	tails, before := []int{}, make([]int, len(positions))
	for i, p := range positions {
		out[i] = true
		n, _ := slices.BinarySearchFunc(tails, p, func(at int, p uint32) int { return cmp.Compare(positions[at], p) })
		before[i] = -1
		if n > 0 {
			before[i] = tails[n-1]
		}
		if n == len(tails) {
			tails = append(tails, i)
		} else {
			tails[n] = i
		}
	}
	for i := tails[len(tails)-1]; i >= 0; i = before[i] {
		out[i] = false
	}
	return out
}
