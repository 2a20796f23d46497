// Package layered draws directed graphs in layers, from top to bottom, as Sugiyama,
// Tagawa and Toda described it: edges are turned so that there is no cycle, nodes
// get layers, the order in each layer is chosen so that few edges cross, and
// coordinates so that edges are short and straight.
//
// The same graph always gets the same layout.
package layered

import "context"

// Node is a rectangle that wants a place.
type Node struct {
	Width, Height float64
	// Corner is the radius of its corners: edges do not end there.
	Corner float64
}

// Edge leads from one node to another, by their indices.
type Edge struct {
	From, To int
	// Weight says how much it matters that the edge is short and straight: 1 or
	// more.
	Weight int
	// Head is the length of the arrow head; 0 for none.
	Head float64
	// LabelWidth and LabelHeight are the size of the label; 0 for none.
	LabelWidth, LabelHeight float64
}

// Point is a place, from the top left corner.
type Point struct{ X, Y float64 }

// Layout is where everything is.
type Layout struct {
	Width, Height float64
	// Nodes are the centres of the nodes.
	Nodes []Point
	Edges []Route
}

// Route is the way of an edge.
type Route struct {
	// Curve is a cubic Bézier curve: a start, and three points for each part. It
	// ends where the head begins.
	Curve []Point
	// Tip is where the head ends, on the border of a node.
	Tip Point
	// Label is the centre of the label.
	Label Point
}

const (
	nodeGap  = 20 // between neighbours in a layer
	bendGap  = 18 // between neighbours of which one is an edge that passes
	layerGap = 28 // between layers, at least
	loopOut  = 26 // how far an edge from a node to itself goes out
	loopGap  = 18 // between the middles of two such edges
)

// Lay lays out a graph. The error is the context's.
func Lay(ctx context.Context, nodes []Node, edges []Edge) (*Layout, error) {
	layers := assignLayers(nodes, edges)
	d := newDrawing(nodes, edges, layers)
	if err := d.reduceCrossings(ctx); err != nil {
		return nil, err
	}
	if err := d.placeAcross(ctx); err != nil {
		return nil, err
	}
	d.placeLayers()
	return d.layout(), nil
}

// drawing is a layout in the making. Its vertices are the nodes, by their
// indices, then a bend in each layer that an edge passes.
type drawing struct {
	nodes    []Node
	edges    []Edge
	vertices []vertex
	// layers hold vertices from left to right.
	layers [][]int
	// paths are the vertices of each edge from top to bottom; none for an edge
	// from a node to itself.
	paths [][]int
	// labels are the vertices that hold labels, by edge; -1 for none.
	labels []int
	// top and bottom of each layer.
	top, bottom []float64
}

// vertex is a node or a bend.
type vertex struct {
	layer, position int
	// left, right and height are the room it takes, around its centre.
	left, right, height float64
	x                   float64
	up, down            []link
	bend                bool
}

// link is a piece of an edge, to a vertex in the next layer.
type link struct {
	to     int
	weight float64
}

// newDrawing splits edges at the layers that they pass, and gives each label a
// vertex of its own, so that nothing else gets its place.
func newDrawing(nodes []Node, edges []Edge, layers []int) *drawing {
	d := &drawing{nodes: nodes, edges: edges, paths: make([][]int, len(edges)), labels: make([]int, len(edges))}
	for i, n := range nodes {
		d.vertices = append(d.vertices, vertex{layer: layers[i], left: n.Width / 2, right: n.Width / 2, height: n.Height})
	}
	for i, e := range edges {
		d.labels[i] = -1
		if e.From == e.To {
			d.addLoop(e)
			continue
		}
		upper, lower := e.From, e.To
		if layers[upper] > layers[lower] {
			upper, lower = lower, upper
		}
		path := []int{upper}
		middle := (layers[upper] + layers[lower]) / 2
		for l := layers[upper] + 1; l < layers[lower]; l++ {
			bend := vertex{layer: l, bend: true}
			if l == middle && e.LabelWidth > 0 {
				bend.left, bend.right, bend.height = e.LabelWidth/2, e.LabelWidth/2, e.LabelHeight
				d.labels[i] = len(d.vertices)
			}
			path = append(path, len(d.vertices))
			d.vertices = append(d.vertices, bend)
		}
		path = append(path, lower)
		d.paths[i] = path
		for n := range path[1:] {
			d.connect(path[n], path[n+1], e.Weight)
		}
	}
	return d
}

// connect links vertices of neighbouring layers. Long edges had better be
// straight where nothing else is in their way.
func (d *drawing) connect(upper, lower, weight int) {
	w := float64(weight)
	switch u, l := d.vertices[upper].bend, d.vertices[lower].bend; {
	case u && l:
		w *= 8
	case u || l:
		w *= 2
	}
	d.vertices[upper].down = append(d.vertices[upper].down, link{to: lower, weight: w})
	d.vertices[lower].up = append(d.vertices[lower].up, link{to: upper, weight: w})
}

// addLoop makes room at the right of a node for an edge to itself.
func (d *drawing) addLoop(e Edge) {
	v, n := &d.vertices[e.From], d.nodes[e.From]
	v.right = max(v.right, n.Width/2+loopOut+e.LabelWidth)
	v.height = max(v.height, float64(d.loops(e.From))*loopGap)
}

// loops counts the edges from a node to itself.
func (d *drawing) loops(node int) int {
	count := 0
	for _, e := range d.edges {
		if e.From == node && e.To == node {
			count++
		}
	}
	return count
}
