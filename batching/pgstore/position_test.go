package pgstore

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPositions inserts runs at random places, and at the same place over and
// over.
func TestPositions(t *testing.T) {
	places := map[string]func(r *rand.Rand, n int) int{
		"anywhere":      func(r *rand.Rand, n int) int { return r.IntN(n + 1) },
		"at the end":    func(_ *rand.Rand, n int) int { return n },
		"at the start":  func(*rand.Rand, int) int { return 0 },
		"behind first":  func(_ *rand.Rand, n int) int { return min(1, n) },
		"in the middle": func(_ *rand.Rand, n int) int { return n / 2 },
	}
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 1))
			list := between(nil, nil, 5)
			longest := 0
			for range 400 {
				at := place(r, len(list))
				var before, after position
				if at > 0 {
					before = list[at-1]
				}
				if at < len(list) {
					after = list[at]
				}
				list = slices.Insert(list, at, between(before, after, 1+r.IntN(4))...)
			}
			for i, p := range list {
				data := p.encode()
				longest = max(longest, len(data))
				back, err := decodePosition(data)
				if err != nil || cmp.Diff(p, back) != "" {
					t.Fatalf("%v is read as %v: %v", p, back, err)
				}
				if i > 0 && bytes.Compare(list[i-1].encode(), data) >= 0 {
					t.Fatalf("%v does not come before %v", list[i-1], p)
				}
			}
			if name == "at the end" && longest > 3 {
				t.Errorf("positions of %d bytes for additions at the end", longest)
			}
		})
	}
}

// TestAdditionsBelowOneParent are what happens most: they must not make
// positions long.
func TestAdditionsBelowOneParent(t *testing.T) {
	first := between(nil, nil, 10)
	last, next := first[3], first[4]
	for range 100_000 {
		last = between(last, next, 1)[0]
	}
	if n := len(last.encode()); n > 10 {
		t.Errorf("%d bytes after 100,000 additions: %v", n, last)
	}
}

func TestDamagedPositions(t *testing.T) {
	for _, data := range [][]byte{nil, {0}, {9}, {2, 1}, {1, 1, 0}, {1}} {
		if p, err := decodePosition(data); err == nil {
			t.Errorf("%v is read as %v", data, p)
		}
	}
}
