package layered

import (
	"cmp"
	"context"
	"slices"
)

// sweeps is how often the layers are gone through, down and up in turn. More
// than some twenty change nothing that can be seen.
const sweeps = 24

// reduceCrossings orders the vertices of each layer so that few edges cross: by
// where their neighbours are, then by changing places with the one beside.
func (d *drawing) reduceCrossings(ctx context.Context) error {
	d.firstOrder()
	best, fewest := d.order(), d.crossings()
	for sweep := 0; sweep < sweeps && fewest > 0; sweep++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if sweep%2 == 0 {
			for l := 1; l < len(d.layers); l++ {
				d.sortByNeighbours(l, func(v *vertex) []link { return v.up })
			}
		} else {
			for l := len(d.layers) - 2; l >= 0; l-- {
				d.sortByNeighbours(l, func(v *vertex) []link { return v.down })
			}
		}
		d.swapNeighbours()
		if c := d.crossings(); c < fewest {
			best, fewest = d.order(), c
		}
	}
	d.layers = best
	d.number()
	return nil
}

// firstOrder puts vertices into their layers as they are met on the way down,
// from the first node on.
func (d *drawing) firstOrder() {
	count := 0
	for _, v := range d.vertices {
		count = max(count, v.layer+1)
	}
	d.layers = make([][]int, count)
	seen := make([]bool, len(d.vertices))
	var visit func(v int)
	visit = func(v int) {
		if seen[v] {
			return
		}
		seen[v] = true
		layer := d.vertices[v].layer
		d.layers[layer] = append(d.layers[layer], v)
		for _, l := range d.vertices[v].down {
			visit(l.to)
		}
	}
	for v := range d.vertices {
		if len(d.vertices[v].up) == 0 {
			visit(v)
		}
	}
	d.number()
}

// number tells the vertices their positions.
func (d *drawing) number() {
	for _, layer := range d.layers {
		for i, v := range layer {
			d.vertices[v].position = i
		}
	}
}

// order returns a copy of the layers.
func (d *drawing) order() [][]int {
	out := make([][]int, len(d.layers))
	for i, layer := range d.layers {
		out[i] = slices.Clone(layer)
	}
	return out
}

// sortByNeighbours orders a layer by the mean position of the neighbours.
func (d *drawing) sortByNeighbours(l int, neighbours func(*vertex) []link) {
	mean := make(map[int]float64, len(d.layers[l]))
	for _, v := range d.layers[l] {
		links := neighbours(&d.vertices[v])
		if len(links) == 0 {
			mean[v] = float64(d.vertices[v].position)
			continue
		}
		sum := 0
		for _, link := range links {
			sum += d.vertices[link.to].position
		}
		mean[v] = float64(sum) / float64(len(links))
	}
	slices.SortStableFunc(d.layers[l], func(a, b int) int { return cmp.Compare(mean[a], mean[b]) })
	for i, v := range d.layers[l] {
		d.vertices[v].position = i
	}
}

// swapNeighbours lets vertices change places with the one beside them as long as
// that removes crossings.
func (d *drawing) swapNeighbours() {
	for swapped := true; swapped; {
		swapped = false
		for _, layer := range d.layers {
			for i := range len(layer) - 1 {
				left, right := &d.vertices[layer[i]], &d.vertices[layer[i+1]]
				is := d.crossed(left.up, right.up) + d.crossed(left.down, right.down)
				would := d.crossed(right.up, left.up) + d.crossed(right.down, left.down)
				if would < is {
					layer[i], layer[i+1] = layer[i+1], layer[i]
					left.position, right.position = right.position, left.position
					swapped = true
				}
			}
		}
	}
}

// crossed counts how often the links of a vertex cross those of one to its right.
func (d *drawing) crossed(left, right []link) int {
	count := 0
	for _, l := range left {
		for _, r := range right {
			if d.vertices[l.to].position > d.vertices[r.to].position {
				count++
			}
		}
	}
	return count
}

// crossings counts all crossings.
func (d *drawing) crossings() int {
	count := 0
	for _, layer := range d.layers {
		for i, left := range layer {
			for _, right := range layer[i+1:] {
				count += d.crossed(d.vertices[left].down, d.vertices[right].down)
			}
		}
	}
	return count
}
