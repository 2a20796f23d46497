package layered

import "math"

// downEdge is an edge without its direction: it leads down at least as many
// layers as it needs.
type downEdge struct {
	upper, lower   int
	length, weight int
}

// ranking gives nodes their layers.
type ranking struct {
	layers []int
	edges  []downEdge
	// out and in are the edges of each node, as indices.
	out, in [][]int
}

// assignLayers returns the layer of each node, from 0. Every edge leads to
// another layer; one with a label passes a layer, where the label stands.
func assignLayers(nodes []Node, edges []Edge) []int {
	r := &ranking{layers: make([]int, len(nodes)), out: make([][]int, len(nodes)), in: make([][]int, len(nodes))}
	for i, back := range findBackEdges(len(nodes), edges) {
		e := edges[i]
		if e.From == e.To {
			continue
		}
		d := downEdge{upper: e.From, lower: e.To, length: 1, weight: max(e.Weight, 1)}
		if back {
			d.upper, d.lower = d.lower, d.upper
		}
		if e.LabelWidth > 0 {
			d.length = 2
		}
		r.out[d.upper] = append(r.out[d.upper], len(r.edges))
		r.in[d.lower] = append(r.in[d.lower], len(r.edges))
		r.edges = append(r.edges, d)
	}
	r.longestPaths()
	r.shorten()
	r.normalize()
	return r.layers
}

// findBackEdges returns which edges have to be turned so that no cycle is left:
// those that lead back to where a search in depth, in the order of the nodes,
// came from.
func findBackEdges(nodes int, edges []Edge) []bool {
	leaving := make([][]int, nodes)
	for i, e := range edges {
		leaving[e.From] = append(leaving[e.From], i)
	}
	const (
		fresh = iota
		open
		done
	)
	state := make([]int, nodes)
	back := make([]bool, len(edges))
	var visit func(node int)
	visit = func(node int) {
		state[node] = open
		for _, i := range leaving[node] {
			switch to := edges[i].To; state[to] {
			case fresh:
				visit(to)
			case open:
				back[i] = true
			}
		}
		state[node] = done
	}
	for node := range nodes {
		if state[node] == fresh {
			visit(node)
		}
	}
	return back
}

// longestPaths puts each node as high as its edges allow.
func (r *ranking) longestPaths() {
	waiting := make([]int, len(r.layers))
	var ready []int
	for node := range r.layers {
		if waiting[node] = len(r.in[node]); waiting[node] == 0 {
			ready = append(ready, node)
		}
	}
	for len(ready) > 0 {
		node := ready[0]
		ready = ready[1:]
		for _, i := range r.out[node] {
			e := r.edges[i]
			r.layers[e.lower] = max(r.layers[e.lower], r.layers[node]+e.length)
			if waiting[e.lower]--; waiting[e.lower] == 0 {
				ready = append(ready, e.lower)
			}
		}
	}
}

// shorten moves nodes, with those that hang on them, down or up as long as that
// makes the edges shorter in sum. Each move does, so it ends.
func (r *ranking) shorten() {
	for moved := true; moved; {
		moved = false
		for node := range r.layers {
			moved = r.move(node, 1) || r.move(node, -1) || moved
		}
	}
}

// slack is by how much an edge is longer than it must be.
func (r *ranking) slack(e downEdge) int { return r.layers[e.lower] - r.layers[e.upper] - e.length }

// move moves a node down (1) or up (-1), with all that are in its way, if that
// makes the edges shorter. It says whether it did.
func (r *ranking) move(node, direction int) bool {
	moving := map[int]bool{node: true}
	group := []int{node}
	for at := 0; at < len(group); at++ {
		for _, i := range r.ahead(group[at], direction) {
			e := r.edges[i]
			next := e.lower
			if direction < 0 {
				next = e.upper
			}
			if r.slack(e) == 0 && !moving[next] {
				moving[next] = true
				group = append(group, next)
			}
		}
	}
	gain, step := 0, math.MaxInt
	for _, n := range group {
		for _, i := range r.ahead(n, direction) {
			e := r.edges[i]
			if moving[e.upper] && moving[e.lower] {
				continue
			}
			gain += e.weight
			step = min(step, r.slack(e))
		}
		for _, i := range r.ahead(n, -direction) {
			if e := r.edges[i]; !moving[e.upper] || !moving[e.lower] {
				gain -= e.weight
			}
		}
	}
	if gain <= 0 {
		return false
	}
	for _, n := range group {
		r.layers[n] += direction * step
	}
	return true
}

// ahead returns the edges of a node that lead in a direction.
func (r *ranking) ahead(node, direction int) []int {
	if direction > 0 {
		return r.out[node]
	}
	return r.in[node]
}

// normalize makes the first layer 0.
func (r *ranking) normalize() {
	first := math.MaxInt
	for _, l := range r.layers {
		first = min(first, l)
	}
	for i := range r.layers {
		r.layers[i] -= first
	}
}
