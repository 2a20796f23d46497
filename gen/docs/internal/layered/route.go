package layered

import (
	"cmp"
	"math"
	"slices"
)

// layout draws the edges.
func (d *drawing) layout() *Layout {
	out := &Layout{Edges: make([]Route, len(d.edges))}
	for i := range d.nodes {
		out.Nodes = append(out.Nodes, d.center(i))
	}
	for _, v := range d.vertices {
		out.Width = max(out.Width, v.x+v.right)
		out.Height = max(out.Height, d.bottom[v.layer])
	}
	ports := d.ports()
	loops := map[int]int{}
	for i, e := range d.edges {
		if e.From == e.To {
			out.Edges[i] = d.loop(e, loops[e.From])
			loops[e.From]++
			continue
		}
		out.Edges[i] = d.route(i, ports[i])
	}
	return out
}

func (d *drawing) center(v int) Point {
	l := d.vertices[v].layer
	return Point{d.vertices[v].x, (d.top[l] + d.bottom[l]) / 2}
}

// ends are the x of an edge where it leaves its upper and its lower node.
type ends struct{ upper, lower float64 }

// ports spreads the ends of edges along the borders of their nodes, where they
// can be straight if there is room.
func (d *drawing) ports() []ends {
	below, above := make([][]int, len(d.nodes)), make([][]int, len(d.nodes))
	for i, path := range d.paths {
		if len(path) > 0 {
			below[path[0]] = append(below[path[0]], i)
			above[path[len(path)-1]] = append(above[path[len(path)-1]], i)
		}
	}
	out := make([]ends, len(d.edges))
	for node := range d.nodes {
		d.spread(node, below[node], func(i int) int { return d.paths[i][1] }, func(i int, x float64) { out[i].upper = x })
		d.spread(node, above[node], func(i int) int { return d.paths[i][len(d.paths[i])-2] }, func(i int, x float64) { out[i].lower = x })
	}
	return out
}

// spread gives the edges at one side of a node their ends. next is the vertex that
// an edge leads to.
func (d *drawing) spread(node int, edges []int, next func(edge int) int, set func(edge int, x float64)) {
	x := d.vertices[node].x
	slices.SortStableFunc(edges, func(a, b int) int {
		return cmp.Compare(d.vertices[next(a)].x, d.vertices[next(b)].x)
	})
	half := max(d.nodes[node].Width/2-d.nodes[node].Corner-2, 0)
	gap := 0.0
	if len(edges) > 1 {
		gap = min(12, 2*half/float64(len(edges)-1))
	}
	row := make([]elastic, len(edges))
	for i, e := range edges {
		to := d.vertices[next(e)].x
		if !d.vertices[next(e)].bend {
			to = (x + to) / 2 // where the other end is, too
		}
		row[i].pulls = []force{{to: to, weight: 1}}
		if i > 0 {
			row[i].gap = gap
		}
	}
	for i, at := range relax(row) {
		least, most := x-half+float64(float64(i)*gap), x+half-float64(float64(len(edges)-1-i)*gap)
		set(edges[i], min(max(at, least), most))
	}
}

// route draws an edge. It is upright in every layer that it passes, so that it
// meets nothing there.
func (d *drawing) route(edge int, at ends) Route {
	e, path := d.edges[edge], d.paths[edge]
	upper, lower := path[0], path[len(path)-1]
	from := Point{at.upper, d.center(upper).Y + d.nodes[upper].Height/2}
	to := Point{at.lower, d.center(lower).Y - d.nodes[lower].Height/2}
	up := e.From == lower
	start, end := from, to
	out := Route{Tip: to}
	if up {
		out.Tip = from
		start.Y += e.Head
	} else {
		end.Y -= e.Head
	}
	pen := pen{start}
	layer := d.vertices[upper].layer
	pen.line(Point{start.X, max(start.Y, d.bottom[layer])})
	for _, v := range path[1 : len(path)-1] {
		layer = d.vertices[v].layer
		pen.curve(Point{d.vertices[v].x, d.top[layer]})
		pen.line(Point{d.vertices[v].x, d.bottom[layer]})
	}
	pen.curve(Point{end.X, min(end.Y, d.top[layer+1])})
	pen.line(end)
	if len(pen) == 1 {
		pen = append(pen, end, end, end)
	}
	out.Curve = pen
	if up {
		slices.Reverse(out.Curve)
	}
	if label := d.labels[edge]; label >= 0 {
		out.Label = d.center(label)
	}
	return out
}

// loop draws the edge of a node to itself, at its right. Several are below each
// other.
func (d *drawing) loop(e Edge, number int) Route {
	count := float64(d.loops(e.From))
	n, center := d.nodes[e.From], d.center(e.From)
	right := center.X + n.Width/2
	// Where the loop leaves and enters, along the upright part of the border, and
	// where its middle is.
	room := max(n.Height-2*n.Corner, 0) / count
	leave := center.Y - float64(room*count/2) + float64(room*(float64(number)+0.2))
	enter := leave + float64(room*0.6)
	middle := center.Y + float64((float64(number)-(count-1)/2)*loopGap)
	out := right + loopOut*0.75
	bow := min(loopGap, n.Height) / 3
	return Route{
		Curve: []Point{
			{right, leave}, {right + loopOut/2, leave}, {out, middle - bow}, {out, middle},
			{out, middle + bow}, {right + loopOut/2, enter}, {right + e.Head, enter},
		},
		Tip:   Point{right, enter},
		Label: Point{right + loopOut + e.LabelWidth/2, middle},
	}
}

// pen draws a curve, part by part.
type pen []Point

func (p *pen) last() Point { return (*p)[len(*p)-1] }

// line goes on straight; a part that is straight already gets longer.
func (p *pen) line(to Point) {
	from := p.last()
	if from == to {
		return
	}
	if n := len(*p); n > 3 && from.X == to.X && (*p)[n-4].X == to.X && (*p)[n-3].X == to.X && (*p)[n-2].X == to.X {
		from = (*p)[n-4]
		*p = (*p)[:n-3]
	}
	third := Point{(to.X - from.X) / 3, (to.Y - from.Y) / 3}
	*p = append(*p, Point{from.X + third.X, from.Y + third.Y}, Point{to.X - third.X, to.Y - third.Y}, to)
}

// curve goes to a point of another layer, and leaves and arrives upright.
func (p *pen) curve(to Point) {
	from := p.last()
	if math.Abs(from.X-to.X) < 0.05 {
		p.line(Point{from.X, to.Y})
		return
	}
	middle := (from.Y + to.Y) / 2
	*p = append(*p, Point{from.X, middle}, Point{to.X, middle}, to)
}
