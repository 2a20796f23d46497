// Package persistent has values whose versions share what they have in common:
// to change one makes a new version, copies the nodes on the way to what changed,
// and leaves the old version as it was.
package persistent

import "slices"

// Vector is a persistent radix vector of leaves: a root that grows with the
// document, two levels of branches, and leaves. Changing a leaf copies the root
// and one path; everything else is shared between versions. The height is fixed
// because documents are bounded: the root of a million items has 31 branches.
//
// The zero vector is empty, and a branch or leaf that is missing is empty too.
type Vector[L any] struct {
	root []*branch[branch[L]]
}

const fanOut = 16

// branch is an inner node of a vector.
type branch[K any] struct {
	kids [fanOut]*K
	// summary of each kid: which classes of values occur below it, in a column.
	summary [fanOut]Set
}

// union returns which classes occur below the branch.
func (b *branch[K]) union() Set {
	var all Set
	for _, s := range b.summary {
		all |= s
	}
	return all
}

// Leaf returns leaf n, nil if there is none. It must not be changed.
func (v Vector[L]) Leaf(n int) *L {
	if n/(fanOut*fanOut) >= len(v.root) {
		return nil
	}
	upper := v.root[n/(fanOut*fanOut)]
	if upper == nil {
		return nil
	}
	lower := upper.kids[n/fanOut%fanOut]
	if lower == nil {
		return nil
	}
	return lower.kids[n%fanOut]
}

// path is the way to one leaf that may be written to.
type path[L any] struct {
	upper *branch[branch[L]]
	lower *branch[L]
	leaf  *L
}

// Writable returns leaf n to change it, after copying whatever of the path to it
// v still shares with base. Between two versions each node is copied once,
// however often it is changed.
func (v *Vector[L]) Writable(base Vector[L], n int) *L { return v.path(base, n).leaf }

func (v *Vector[L]) path(base Vector[L], n int) path[L] {
	at := n / (fanOut * fanOut)
	v.grow(base, at+1)
	var baseUpper *branch[branch[L]]
	var baseLower *branch[L]
	var baseLeaf *L
	if at < len(base.root) {
		baseUpper = base.root[at]
	}
	upper := own(&v.root[at], baseUpper)
	if at = n / fanOut % fanOut; baseUpper != nil {
		baseLower = baseUpper.kids[at]
	}
	lower := own(&upper.kids[at], baseLower)
	if at = n % fanOut; baseLower != nil {
		baseLeaf = baseLower.kids[at]
	}
	return path[L]{upper, lower, own(&lower.kids[at], baseLeaf)}
}

// own makes the node at a place one that is not shared with base.
func own[K any](place **K, base *K) *K {
	switch {
	case *place == nil:
		*place = new(K)
	case *place == base:
		fresh := new(K)
		*fresh = *base
		*place = fresh
	}
	return *place
}

// grow makes the root v's own and long enough.
func (v *Vector[L]) grow(base Vector[L], n int) {
	shared := len(v.root) > 0 && len(base.root) > 0 && &v.root[0] == &base.root[0]
	switch {
	case len(v.root) < n:
		root := make([]*branch[branch[L]], n)
		copy(root, v.root)
		v.root = root
	case shared:
		v.root = slices.Clone(v.root)
	}
}

// Changed calls f for each leaf that a and b do not share, in order; either may
// be nil. It skips whole branches that are shared.
func Changed[L any](a, b Vector[L], f func(n int, a, b *L)) {
	for i := range max(len(a.root), len(b.root)) {
		var ua, ub *branch[branch[L]]
		if i < len(a.root) {
			ua = a.root[i]
		}
		if i < len(b.root) {
			ub = b.root[i]
		}
		eachDifferent(ua, ub, func(j int, la, lb *branch[L]) {
			eachDifferent(la, lb, func(k int, x, y *L) { f((i*fanOut+j)*fanOut+k, x, y) })
		})
	}
}

func eachDifferent[K any](a, b *branch[K], f func(i int, a, b *K)) {
	if a == b {
		return
	}
	if a == nil {
		a = new(branch[K])
	}
	if b == nil {
		b = new(branch[K])
	}
	for i := range a.kids {
		if a.kids[i] != b.kids[i] {
			f(i, a.kids[i], b.kids[i])
		}
	}
}
