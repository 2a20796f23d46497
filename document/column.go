package document

// column is the status of every item, by number: two to a byte where the format
// has at most fifteen statuses, else one. Versions share what did not change.
type column struct {
	vector[statusLeaf]
}

type statusLeaf [64]byte

// packing is how statuses lie in the leaves of a column.
type packing struct {
	wide       bool
	categories []Categories     // of each status
	pairs      *[256]Categories // of the two statuses in a byte
}

func newPacking(categories []Categories) packing {
	return packing{wide: len(categories) > 16, categories: categories, pairs: pairCategories(categories)}
}

// pairCategories is the table of packing.pairs.
func pairCategories(categories []Categories) *[256]Categories {
	var pairs [256]Categories
	for b := range pairs {
		for _, s := range [2]int{b & 15, b >> 4} {
			if s < len(categories) {
				pairs[b] |= categories[s]
			}
		}
	}
	return &pairs
}

func (p *packing) perLeaf() int {
	if p.wide {
		return len(statusLeaf{})
	}
	return 2 * len(statusLeaf{})
}

func (p *packing) get(leaf *statusLeaf, i int) Status {
	if p.wide {
		return Status(leaf[i])
	}
	return Status(leaf[i>>1] >> (4 * (i & 1)) & 15)
}

func (p *packing) put(leaf *statusLeaf, i int, s Status) {
	if p.wide {
		leaf[i] = byte(s)
		return
	}
	shift := 4 * (i & 1)
	leaf[i>>1] = leaf[i>>1]&^(15<<shift) | byte(s)<<shift
}

// summary returns the categories that occur in a leaf. It stops as soon as it
// has seen all of want.
func (p *packing) summary(leaf *statusLeaf, want Categories) Categories {
	var seen Categories
	for _, b := range leaf {
		if p.wide {
			seen |= p.categories[b]
		} else {
			seen |= p.pairs[b]
		}
		if seen&want == want {
			return want
		}
	}
	return seen
}

func (p *packing) status(c column, n int) Status {
	per := p.perLeaf()
	return p.get(c.leaf(n/per), n%per)
}

// set changes the status of item n in c, which shares with base what it did not
// change yet.
func (p *packing) set(c *column, base column, n int, s Status) {
	per := p.perLeaf()
	leaf := n / per
	at := c.writable(base.vector, leaf)
	old := p.get(at.leaf, n%per)
	p.put(at.leaf, n%per, s)
	if p.categories[old] == p.categories[s] {
		return
	}
	summary := &at.lower.summary[leaf%fanOut]
	if now := p.summary(at.leaf, *summary|p.categories[s]); now != *summary {
		*summary = now
		at.upper.summary[leaf/fanOut%fanOut] = at.lower.union()
	}
}

// build makes the column of a document from the status of each item.
func (p *packing) build(statuses [][]Status) column {
	var c column
	per, n := p.perLeaf(), 0
	for _, level := range statuses {
		for _, s := range level {
			p.put(c.writable(vector[statusLeaf]{}, n/per).leaf, n%per, s)
			n++
		}
	}
	for leaf := range (n + per - 1) / per {
		at := c.writable(vector[statusLeaf]{}, leaf)
		at.lower.summary[leaf%fanOut] = p.summary(at.leaf, ^Categories(0))
		at.upper.summary[leaf/fanOut%fanOut] = at.lower.union()
	}
	return c
}

// outside returns the first item in [from, to) whose category is not in set. It
// skips whole branches and leaves by their summaries.
func (p *packing) outside(c column, from, to int, set Categories) (int, bool) {
	per := p.perLeaf()
	for n := from; n < to; {
		leaf := n / per
		upper := c.root[leaf/(fanOut*fanOut)]
		if upper.summary[leaf/fanOut%fanOut]&^set == 0 {
			n = (leaf/fanOut + 1) * fanOut * per
			continue
		}
		lower := upper.kids[leaf/fanOut%fanOut]
		if lower.summary[leaf%fanOut]&^set == 0 {
			n = (leaf + 1) * per
			continue
		}
		for end := min(to, (leaf+1)*per); n < end; n++ {
			if p.categories[p.get(lower.kids[leaf%fanOut], n%per)]&^set != 0 {
				return n, true
			}
		}
	}
	return 0, false
}

// differences calls f for each item whose status differs, in order of number.
func (p *packing) differences(a, b column, f func(n int, a, b Status)) {
	per := p.perLeaf()
	changed(a.vector, b.vector, func(leaf int, la, lb *statusLeaf) {
		perByte := per / len(la)
		for b := range la {
			if la[b] == lb[b] {
				continue
			}
			for i := b * perByte; i < (b+1)*perByte; i++ {
				if sa, sb := p.get(la, i), p.get(lb, i); sa != sb {
					f(leaf*per+i, sa, sb)
				}
			}
		}
	})
}
