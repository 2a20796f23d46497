package persistent

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// columnVersion is a version of a column and what must be in it.
type columnVersion struct {
	column Column
	want   []uint8
}

// classesOf gives each of a number of values a class, some of them the same.
func classesOf(n int) []Set {
	classes := make([]Set, n)
	for v := 1; v < n; v++ {
		classes[v] = 1 << (v % 5)
	}
	return classes
}

// checkColumn compares everything that a column answers with plain values.
func checkColumn(t *rapid.T, p *Packing, v columnVersion) {
	t.Helper()
	for n, want := range v.want {
		if got := p.At(v.column, n); got != want {
			t.Fatalf("item %d is %d, want %d", n, got, want)
		}
	}
	from := rapid.IntRange(0, len(v.want)).Draw(t, "from")
	to := rapid.IntRange(from, len(v.want)).Draw(t, "to")
	set := rapid.Byte().Draw(t, "set")
	want, found := 0, false
	for n := from; n < to && !found; n++ {
		if p.Class(v.want[n])&^set != 0 {
			want, found = n, true
		}
	}
	if got, ok := p.Outside(v.column, from, to, set); got != want || ok != found {
		t.Fatalf("outside of %b in [%d, %d) is %d %v, want %d %v", set, from, to, got, ok, want, found)
	}
}

type difference struct {
	N    int
	A, B uint8
}

// checkDifferences compares two versions with each other.
func checkDifferences(t *rapid.T, p *Packing, a, b columnVersion) {
	t.Helper()
	var got, want []difference
	p.Differences(a.column, b.column, func(n int, x, y uint8) { got = append(got, difference{n, x, y}) })
	for n := range a.want {
		if a.want[n] != b.want[n] {
			want = append(want, difference{n, a.want[n], b.want[n]})
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("differences (-want +got):\n%s", diff)
	}
}

// TestColumn makes versions from versions, as snapshots do, and holds each of them
// against a plain list that nothing else writes to.
func TestColumn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SampledFrom([]int{3, 16, 17, 256}).Draw(t, "values")
		p := NewPacking(classesOf(values))
		value := rapid.Custom(func(t *rapid.T) uint8 { return uint8(rapid.IntRange(1, values-1).Draw(t, "value")) })
		length := rapid.SampledFrom([]int{1, 63, 64, 128, 129, 2048, 2049, 33_000}).Draw(t, "length")
		first := make([]uint8, length)
		for n := range first {
			first[n] = 1
		}
		for range rapid.IntRange(0, 20).Draw(t, "others") {
			first[rapid.IntRange(0, length-1).Draw(t, "n")] = value.Draw(t, "to")
		}
		cut := rapid.IntRange(0, length).Draw(t, "cut")
		versions := []columnVersion{{NewColumn(&p, [][]uint8{first[:cut], first[cut:]}), first}}
		for range rapid.IntRange(1, 12).Draw(t, "versions") {
			base := rapid.SampledFrom(versions).Draw(t, "base")
			next := columnVersion{want: slices.Clone(base.want)}
			if base.column.Small() {
				next.column = new(OwnSmall).Copy(base.column)
			} else {
				next.column = new(Own).Copy(base.column)
			}
			for range rapid.IntRange(0, 6).Draw(t, "changes") {
				n, to := rapid.IntRange(0, length-1).Draw(t, "n"), value.Draw(t, "to")
				p.Set(&next.column, base.column, n, to)
				next.want[n] = to
			}
			versions = append(versions, next)
		}
		for _, v := range versions {
			checkColumn(t, &p, v)
			checkDifferences(t, &p, v, rapid.SampledFrom(versions).Draw(t, "other"))
		}
	})
}

// TestColumnWithoutItems asks a column that has nothing in it.
func TestColumnWithoutItems(t *testing.T) {
	p := NewPacking(classesOf(3))
	c := NewColumn(&p, [][]uint8{nil, {}})
	if n, found := p.Outside(c, 0, 0, 0); found {
		t.Errorf("found item %d in an empty column", n)
	}
	p.Differences(c, Column{}, func(n int, a, b uint8) { t.Errorf("item %d differs: %d and %d", n, a, b) })
	if p.Class(3) != 0 || p.Class(255) != 0 {
		t.Error("what is no value has a class")
	}
}

// TestOutsideSkips looks for one item among many: whole branches are skipped, so
// that it costs little more than in a short column.
func TestOutsideSkips(t *testing.T) {
	p := NewPacking(classesOf(4))
	const length = 1_000_000
	values := make([]uint8, length)
	for n := range values {
		values[n] = 1
	}
	base := NewColumn(&p, [][]uint8{values})
	column := new(Own).Copy(base)
	for _, n := range []int{length - 1, length / 2, 70_000, 3} {
		p.Set(&column, base, n, 2)
		if got, found := p.Outside(column, 0, length, p.Class(1)); got != n || !found {
			t.Errorf("found %d %v, want %d", got, found, n)
		}
		// A summary says that nothing is left where the last one went.
		before := column
		column = new(Own).Copy(before)
		p.Set(&column, before, n, 1)
		if got, found := p.Outside(column, 0, length, p.Class(1)); found {
			t.Errorf("found %d, which has its old value again", got)
		}
		base, column = column, new(Own).Copy(column)
	}
}

type vectorVersion struct {
	vector Vector[[2]int]
	want   map[int][2]int
}

// TestVector makes versions from versions of any length, and holds each of them
// against a plain map.
func TestVector(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		place := rapid.OneOf(rapid.IntRange(0, 20), rapid.IntRange(0, 2000))
		versions := []vectorVersion{{want: map[int][2]int{}}}
		for range rapid.IntRange(1, 10).Draw(t, "versions") {
			base := rapid.SampledFrom(versions).Draw(t, "base")
			next := vectorVersion{base.vector, maps.Clone(base.want)}
			for range rapid.IntRange(0, 6).Draw(t, "changes") {
				n, i, to := place.Draw(t, "n"), rapid.IntRange(0, 1).Draw(t, "i"), rapid.Int().Draw(t, "to")
				next.vector.Writable(base.vector, n)[i] = to
				leaf := next.want[n]
				leaf[i] = to
				next.want[n] = leaf
			}
			versions = append(versions, next)
		}
		for _, v := range versions {
			for n := range 2001 {
				want, there := v.want[n]
				if leaf := v.vector.Leaf(n); there != (leaf != nil) || there && *leaf != want {
					t.Fatalf("leaf %d is %v, want %v", n, leaf, want)
				}
			}
			other := rapid.SampledFrom(versions).Draw(t, "other")
			last := -1
			seen := map[int]bool{}
			Changed(v.vector, other.vector, func(n int, a, b *[2]int) {
				if n <= last {
					t.Fatalf("leaf %d comes after leaf %d", n, last)
				}
				last, seen[n] = n, true
				if a != v.vector.Leaf(n) || b != other.vector.Leaf(n) {
					t.Fatalf("leaf %d of two versions is not what they have", n)
				}
			})
			for n := range 2001 {
				if a, b := v.want[n], other.want[n]; a != b && !seen[n] {
					t.Fatalf("leaf %d differs, and was not said to: %v, %v", n, a, b)
				}
			}
		}
	})
}

type mapVersion struct {
	m    Map[string, int]
	want map[string]int
}

// TestMap makes versions from versions, and holds each of them against a plain map.
func TestMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.StringMatching(`[a-d]{0,3}`)
		versions := []mapVersion{{NewMap[string, int](), map[string]int{}}}
		asked := map[string]bool{"nobody": true}
		for range rapid.IntRange(1, 40).Draw(t, "versions") {
			base := rapid.SampledFrom(versions).Draw(t, "base")
			k, v := key.Draw(t, "key"), rapid.Int().Draw(t, "value")
			next := mapVersion{base.m.With(k, v), maps.Clone(base.want)}
			next.want[k] = v
			asked[k] = true
			versions = append(versions, next)
		}
		for _, v := range versions {
			for k := range asked {
				want, there := v.want[k]
				if got, ok := v.m.Get(k); got != want || ok != there {
					t.Fatalf("%q is %d %v, want %d %v", k, got, ok, want, there)
				}
			}
		}
	})
}

// TestMapWithManyKeys needs nodes below one another.
func TestMapWithManyKeys(t *testing.T) {
	m := NewMap[int, int]()
	for n := range 5000 {
		m = m.With(n, 2*n)
	}
	for n := range 5000 {
		if v, ok := m.Get(n); v != 2*n || !ok {
			t.Fatalf("%d is %d %v", n, v, ok)
		}
	}
	if _, ok := m.Get(5000); ok {
		t.Error("a key is there that nobody added")
	}
}
