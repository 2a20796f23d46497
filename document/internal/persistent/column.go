package persistent

// Column is a small number for each of many items: two to a byte where none is
// above 15, else one. What belongs to all columns of a kind is in a Packing.
type Column struct {
	vector Vector[columnLeaf]
}

type columnLeaf [64]byte

// Set is a set of classes of values, a bit each.
type Set = uint8

// Packing is how values lie in the leaves of a column, and the class of each.
type Packing struct {
	wide    bool
	classes []Set
	pairs   *[256]Set // of the two values in a byte
}

// NewPacking returns the packing of columns whose values are indexes of classes,
// which has the class of each.
func NewPacking(classes []Set) Packing {
	return Packing{wide: len(classes) > 16, classes: classes, pairs: pairClasses(classes)}
}

// pairClasses is the table of Packing.pairs.
func pairClasses(classes []Set) *[256]Set {
	var pairs [256]Set
	for b := range pairs {
		for _, v := range [2]int{b & 15, b >> 4} {
			if v < len(classes) {
				pairs[b] |= classes[v]
			}
		}
	}
	return &pairs
}

// Class returns the class of a value, the empty set for what is none.
func (p *Packing) Class(v uint8) Set {
	if int(v) >= len(p.classes) {
		return 0
	}
	return p.classes[v]
}

func (p *Packing) perLeaf() int {
	if p.wide {
		return len(columnLeaf{})
	}
	return 2 * len(columnLeaf{})
}

func (p *Packing) get(leaf *columnLeaf, i int) uint8 {
	if p.wide {
		return leaf[i]
	}
	return leaf[i>>1] >> (4 * (i & 1)) & 15
}

func (p *Packing) put(leaf *columnLeaf, i int, v uint8) {
	if p.wide {
		leaf[i] = v
		return
	}
	shift := 4 * (i & 1)
	leaf[i>>1] = leaf[i>>1]&^(15<<shift) | v<<shift
}

// summary returns the classes that occur in a leaf. It stops as soon as it
// has seen all of want.
func (p *Packing) summary(leaf *columnLeaf, want Set) Set {
	var seen Set
	for _, b := range leaf {
		if p.wide {
			seen |= p.classes[b]
		} else {
			seen |= p.pairs[b]
		}
		if seen&want == want {
			return want
		}
	}
	return seen
}

// At returns the value of item n.
func (p *Packing) At(c Column, n int) uint8 {
	per := p.perLeaf()
	return p.get(c.vector.Leaf(n/per), n%per)
}

// Set gives item n of c a value. c goes on sharing with base what it did not
// change yet.
func (p *Packing) Set(c *Column, base Column, n int, v uint8) {
	per := p.perLeaf()
	leaf := n / per
	at := c.vector.path(base.vector, leaf)
	old := p.get(at.leaf, n%per)
	p.put(at.leaf, n%per, v)
	if p.classes[old] == p.classes[v] {
		return
	}
	summary := &at.lower.summary[leaf%fanOut]
	if now := p.summary(at.leaf, *summary|p.classes[v]); now != *summary {
		*summary = now
		at.upper.summary[leaf/fanOut%fanOut] = at.lower.union()
	}
}

// NewColumn returns the column of values that are given in parts.
func NewColumn[V ~uint8](p *Packing, parts [][]V) Column {
	var c Column
	per, n := p.perLeaf(), 0
	for _, part := range parts {
		for _, v := range part {
			p.put(c.vector.Writable(Vector[columnLeaf]{}, n/per), n%per, uint8(v))
			n++
		}
	}
	for leaf := range (n + per - 1) / per {
		at := c.vector.path(Vector[columnLeaf]{}, leaf)
		at.lower.summary[leaf%fanOut] = p.summary(at.leaf, ^Set(0))
		at.upper.summary[leaf/fanOut%fanOut] = at.lower.union()
	}
	return c
}

// Outside returns the first item in [from, to) whose class is not in set. It
// skips whole branches and leaves by their summaries.
func (p *Packing) Outside(c Column, from, to int, set Set) (int, bool) {
	per := p.perLeaf()
	for n := from; n < to; {
		leaf := n / per
		upper := c.vector.root[leaf/(fanOut*fanOut)]
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
			if p.classes[p.get(lower.kids[leaf%fanOut], n%per)]&^set != 0 {
				return n, true
			}
		}
	}
	return 0, false
}

// Differences calls f for each item whose value differs, in order of number.
func (p *Packing) Differences(a, b Column, f func(n int, a, b uint8)) {
	per := p.perLeaf()
	Changed(a.vector, b.vector, func(leaf int, la, lb *columnLeaf) {
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

// Own is room for what a version of a column has to itself. Who makes many
// versions puts it into the allocation of each. Nodes that versions share must
// not lie there: they would keep the version that made them alive.
type Own struct {
	root [4]*branch[branch[columnLeaf]]
}

// Copy returns a column that is equal to c, has its root in o where there is
// room, and may be changed.
func (o *Own) Copy(c Column) Column {
	c.vector.root = append(o.root[:0], c.vector.root...)
	return c
}

// OwnSmall is Own for a column that is Small: each of its versions has a copy of
// the one branch at the top, too.
type OwnSmall struct {
	root [1]*branch[branch[columnLeaf]]
	top  branch[branch[columnLeaf]]
}

// Small reports whether a column has one branch at the top.
func (c Column) Small() bool { return len(c.vector.root) == 1 }

// Copy returns a column that is equal to c, has its top in o, and may be changed.
func (o *OwnSmall) Copy(c Column) Column {
	o.top = *c.vector.root[0]
	o.root[0] = &o.top
	c.vector.root = o.root[:]
	return c
}
