package document

import "slices"

// vector is a persistent radix vector of leaves: a root that grows with the
// document, pages of a fixed fan-out, and leaves. Changing one leaf copies the
// root, one page and the leaf; everything else is shared between versions. The
// height is fixed because documents are bounded: a million items have a root of
// 62 pages.
//
// The zero vector is empty, and a page or leaf that is missing is empty too.
type vector[L any] struct {
	pages []*page[L]
}

const pageLeaves = 32

type page[L any] struct {
	leaves [pageLeaves]*L
	// summary of each leaf: which categories occur in it.
	summary [pageLeaves]Categories
}

func (v vector[L]) leaf(n int) *L {
	if p := n / pageLeaves; p < len(v.pages) && v.pages[p] != nil {
		return v.pages[p].leaves[n%pageLeaves]
	}
	return nil
}

// writable returns leaf n of v and the page that holds it, after copying
// whatever of the path to it v still shares with base. Between two versions each
// page and leaf is copied once, however often it is changed.
func (v *vector[L]) writable(base vector[L], n int) (*page[L], *L) {
	v.grow(base, n/pageLeaves+1)
	var oldPage *page[L]
	if n/pageLeaves < len(base.pages) {
		oldPage = base.pages[n/pageLeaves]
	}
	pg := v.pages[n/pageLeaves]
	if pg == nil {
		pg = new(page[L])
		v.pages[n/pageLeaves] = pg
	} else if pg == oldPage {
		fresh := *oldPage
		pg = &fresh
		v.pages[n/pageLeaves] = pg
	}
	leaf := pg.leaves[n%pageLeaves]
	if leaf == nil {
		leaf = new(L)
		pg.leaves[n%pageLeaves] = leaf
	} else if oldPage != nil && leaf == oldPage.leaves[n%pageLeaves] {
		fresh := *leaf
		leaf = &fresh
		pg.leaves[n%pageLeaves] = leaf
	}
	return pg, leaf
}

// grow makes the root v's own and long enough for the given number of pages.
func (v *vector[L]) grow(base vector[L], pages int) {
	shared := len(v.pages) > 0 && len(base.pages) > 0 && &v.pages[0] == &base.pages[0]
	switch {
	case len(v.pages) < pages:
		root := make([]*page[L], pages)
		copy(root, v.pages)
		v.pages = root
	case shared:
		v.pages = slices.Clone(v.pages)
	}
}

// changed calls f for each leaf that a and b do not share, in order; either may
// be nil. It skips whole pages that are shared.
func changed[L any](a, b vector[L], f func(n int, a, b *L)) {
	for p := range max(len(a.pages), len(b.pages)) {
		var pa, pb *page[L]
		if p < len(a.pages) {
			pa = a.pages[p]
		}
		if p < len(b.pages) {
			pb = b.pages[p]
		}
		if pa == pb {
			continue
		}
		if pa == nil {
			pa = new(page[L])
		}
		if pb == nil {
			pb = new(page[L])
		}
		for i := range pageLeaves {
			if pa.leaves[i] != pb.leaves[i] {
				f(p*pageLeaves+i, pa.leaves[i], pb.leaves[i])
			}
		}
	}
}
