package layered

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// rounds is how often the vertices are pulled to their neighbours.
const rounds = 16

// placeAcross gives vertices their x: each layer in turn gets as near to the
// layer above, to that below, or to both, as the room allows. The best that was
// met stays.
func (d *drawing) placeAcross(ctx context.Context) error {
	up := func(v *vertex) []link { return v.up }
	down := func(v *vertex) []link { return v.down }
	both := func(v *vertex) []link { return slices.Concat(v.up, v.down) }
	for _, layer := range d.layers {
		d.pull(layer, func(*vertex) []link { return nil })
	}
	best, shortest := d.across(), d.length()
	for round := range rounds {
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, layer := range d.layers {
			d.pull(layer, up)
		}
		for _, layer := range slices.Backward(d.layers) {
			d.pull(layer, down)
		}
		for range round {
			for _, layer := range d.layers {
				d.pull(layer, both)
			}
		}
		if length := d.length(); length < shortest {
			best, shortest = d.across(), length
		}
	}
	left := math.Inf(1)
	for i := range d.vertices {
		d.vertices[i].x = best[i]
		left = min(left, best[i]-d.vertices[i].left)
	}
	for i := range d.vertices {
		d.vertices[i].x -= left
	}
	return nil
}

// across returns a copy of all x.
func (d *drawing) across() []float64 {
	out := make([]float64, len(d.vertices))
	for i, v := range d.vertices {
		out[i] = v.x
	}
	return out
}

// length is how far links lead to the side, by their weights.
func (d *drawing) length() float64 {
	sum := 0.0
	for _, v := range d.vertices {
		for _, l := range v.down {
			// The conversion keeps machines that can multiply and add in one step from
			// rounding otherwise, and from other layouts.
			sum += float64(l.weight * math.Abs(v.x-d.vertices[l.to].x))
		}
	}
	return sum
}

// pull moves the vertices of a layer to their neighbours.
func (d *drawing) pull(layer []int, neighbours func(*vertex) []link) {
	row := make([]elastic, len(layer))
	for i, v := range layer {
		vertex := &d.vertices[v]
		if i > 0 {
			row[i].gap = d.apart(layer[i-1], v)
		}
		for _, l := range neighbours(vertex) {
			row[i].pulls = append(row[i].pulls, force{to: d.vertices[l.to].x, weight: l.weight})
		}
		if len(row[i].pulls) == 0 {
			row[i].pulls = []force{{to: vertex.x, weight: 0.01}}
		}
	}
	for i, x := range relax(row) {
		d.vertices[layer[i]].x = x
	}
}

// apart is the least distance between the centres of two neighbours.
func (d *drawing) apart(left, right int) float64 {
	l, r := &d.vertices[left], &d.vertices[right]
	gap := float64(nodeGap)
	if l.bend || r.bend {
		gap = bendGap
	}
	return l.right + gap + r.left
}

// elastic is something in a row that is pulled to several places.
type elastic struct {
	// gap is the least distance from the one before.
	gap   float64
	pulls []force
}

// force pulls to a place.
type force struct{ to, weight float64 }

// relax places a row so that nobody is nearer to the one before than the gap,
// and the distances to where all are pulled, by weight, are least in sum. What
// gets too near to each other is one block from then on, which goes to the median
// of all its pulls (the pool of adjacent violators of isotonic regression).
func relax(row []elastic) []float64 {
	type block struct {
		first int
		pulls []force
		at    float64
	}
	var blocks []block
	offsets := make([]float64, len(row))
	offset := 0.0
	for i, e := range row {
		offset += e.gap
		offsets[i] = offset
		b := block{first: i}
		for _, p := range e.pulls {
			b.pulls = append(b.pulls, force{to: p.to - offset, weight: p.weight})
		}
		b.at = median(b.pulls)
		for len(blocks) > 0 && blocks[len(blocks)-1].at > b.at {
			last := blocks[len(blocks)-1]
			blocks = blocks[:len(blocks)-1]
			b.first = last.first
			b.pulls = append(last.pulls, b.pulls...)
			b.at = median(b.pulls)
		}
		blocks = append(blocks, b)
	}
	out := make([]float64, len(row))
	for i, b := range blocks {
		end := len(row)
		if i+1 < len(blocks) {
			end = blocks[i+1].first
		}
		for n := b.first; n < end; n++ {
			out[n] = b.at + offsets[n]
		}
	}
	return out
}

// median is where the forces are in balance: the middle, where that is a range.
func median(forces []force) float64 {
	slices.SortStableFunc(forces, func(a, b force) int { return cmp.Compare(a.to, b.to) })
	total := 0.0
	for _, f := range forces {
		total += f.weight
	}
	sum := 0.0
	for i, f := range forces {
		sum += f.weight
		if sum == total/2 && i+1 < len(forces) {
			return (f.to + forces[i+1].to) / 2
		}
		if sum > total/2 {
			return f.to
		}
	}
	return forces[len(forces)-1].to
}

// placeLayers gives layers their y. Where edges lead far to the side, there is
// more room between two.
func (d *drawing) placeLayers() {
	d.top, d.bottom = make([]float64, len(d.layers)), make([]float64, len(d.layers))
	y := 0.0
	for l, layer := range d.layers {
		height, aside := 0.0, 0.0
		for _, v := range layer {
			vertex := &d.vertices[v]
			height = max(height, vertex.height)
			for _, link := range vertex.down {
				aside = max(aside, math.Abs(vertex.x-d.vertices[link.to].x))
			}
		}
		d.top[l], d.bottom[l] = y, y+height
		y += height + layerGap + min(aside/12, layerGap)
	}
}
