package pgstore

import (
	"errors"
	"math/bits"
	"slices"
)

// A position says where an item stands in document order. It is a list of
// numbers, compared one by one, of which the last is not zero: between any two
// there is room for more, and what is added at one place again and again gets
// positions that grow slowly. A document starts with 1, 2, 3, …
type position []uint64

// maxPosition bounds a position in bytes. Beyond it, all items get new ones.
const maxPosition = 200

var errPosition = errors.New("damaged: a position that no item can have")

// encode returns the position as bytes that sort as the position does: each
// number is preceded by how many bytes it takes.
func (p position) encode() []byte {
	var out []byte
	for _, n := range p {
		size := (bits.Len64(n) + 7) / 8
		out = append(out, byte(size))
		for i := size - 1; i >= 0; i-- {
			out = append(out, byte(n>>(8*i)))
		}
	}
	return out
}

func decodePosition(data []byte) (position, error) {
	var p position
	for len(data) > 0 {
		size := int(data[0])
		if size > 8 || size >= len(data) && size > 0 {
			return nil, errPosition
		}
		var n uint64
		for _, b := range data[1 : 1+size] {
			n = n<<8 | uint64(b)
		}
		p, data = append(p, n), data[1+size:]
	}
	if len(p) == 0 || p[len(p)-1] == 0 {
		return nil, errPosition
	}
	return p, nil
}

// between returns n positions in order, all behind a and before b. A nil a is
// the beginning, a nil b the end.
func between(a, b position, n int) []position {
	if len(a) > 0 {
		// Beside a, if there is room.
		last := len(a) - 1
		if b == nil || compare(a.beside(uint64(n)), b) < 0 {
			return series(n, func(i uint64) position { return a.beside(i) })
		}
		if len(b) <= len(a) || !slices.Equal(a, b[:last+1]) {
			return series(n, func(i uint64) position { return append(slices.Clone(a), i) })
		}
	}
	if b == nil {
		return series(n, func(i uint64) position { return position{i} })
	}
	// b begins with a. Its next number is where there may be room.
	for depth := len(a); ; depth++ {
		prefix, next := b[:depth], b[depth]
		if next > uint64(n) {
			return series(n, func(i uint64) position { return append(slices.Clone(prefix), i) })
		}
		if next > 0 {
			return series(n, func(i uint64) position { return append(slices.Clone(prefix), next-1, i) })
		}
	}
}

// beside returns the position i steps behind p.
func (p position) beside(i uint64) position {
	out := slices.Clone(p)
	out[len(out)-1] += i
	return out
}

// series returns the positions for 1 to n.
func series(n int, at func(uint64) position) []position {
	out := make([]position, n)
	for i := range out {
		out[i] = at(uint64(i) + 1)
	}
	return out
}

func compare(a, b position) int { return slices.Compare(a, b) }
