package layered_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/backlog-gen/backlog-gen/gen/docs/internal/layered"
)

// graph is what a layout is made of.
type graph struct {
	nodes []layered.Node
	edges []layered.Edge
}

// edge connects two nodes, in the way of most tests.
func edge(from, to int) layered.Edge { return layered.Edge{From: from, To: to, Weight: 1, Head: 9} }

func labelled(from, to int) layered.Edge {
	e := edge(from, to)
	e.LabelWidth, e.LabelHeight = 60, 17
	return e
}

func boxes(count int) []layered.Node {
	out := make([]layered.Node, count)
	for i := range out {
		out[i] = layered.Node{Width: 80, Height: 44, Corner: 6}
	}
	return out
}

// workflow returns a graph like that of a state machine: states, and events
// between them.
func workflow(states int, events [][]int) graph {
	g := graph{nodes: append([]layered.Node{{Width: 12, Height: 12, Corner: 6}}, boxes(states)...)}
	g.edges = append(g.edges, edge(0, 1))
	for _, e := range events {
		event := len(g.nodes)
		g.nodes = append(g.nodes, layered.Node{Width: 60, Height: 24, Corner: 12})
		for _, from := range e[1:] {
			line := edge(from+1, event)
			line.Head = 0
			g.edges = append(g.edges, line)
		}
		g.edges = append(g.edges, layered.Edge{From: event, To: e[0] + 1, Weight: 2, Head: 9})
	}
	return g
}

var graphs = map[string]graph{
	"nothing":          {},
	"one node":         {nodes: boxes(1)},
	"nodes alone":      {nodes: boxes(5)},
	"a line":           {boxes(4), []layered.Edge{edge(0, 1), edge(1, 2), edge(2, 3)}},
	"a circle":         {boxes(3), []layered.Edge{edge(0, 1), edge(1, 2), edge(2, 0)}},
	"there and back":   {boxes(2), []layered.Edge{edge(0, 1), edge(1, 0)}},
	"the same twice":   {boxes(2), []layered.Edge{edge(0, 1), edge(0, 1), labelled(0, 1), labelled(0, 1)}},
	"labels":           {boxes(4), []layered.Edge{labelled(0, 1), labelled(1, 2), labelled(2, 3), labelled(3, 1), labelled(3, 0)}},
	"to itself":        {boxes(2), []layered.Edge{labelled(0, 1), labelled(1, 1), edge(0, 0)}},
	"to itself, often": {boxes(1), []layered.Edge{labelled(0, 0), labelled(0, 0), labelled(0, 0), labelled(0, 0), labelled(0, 0)}},
	"two parts":        {boxes(5), []layered.Edge{edge(0, 1), edge(2, 3), edge(3, 4), edge(4, 2)}},
	"seven states, fifteen events": workflow(7, [][]int{
		{1, 0}, {2, 1}, {3, 2}, {4, 3}, {5, 0, 1, 2, 3, 4}, {6, 0, 1, 2, 3}, {0, 1, 2, 3, 4, 5, 6}, {3, 4}, {4, 4},
		{2, 5}, {1, 6, 5}, {3, 1}, {5, 6}, {6, 5}, {0, 3},
	}),
}

func TestLay(t *testing.T) {
	for name, g := range graphs {
		t.Run(name, func(t *testing.T) { check(t, g) })
	}
}

// TestLayRandom lays out random graphs, many of which look like no workflow.
func TestLayRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var g graph
		for range rapid.IntRange(1, 14).Draw(t, "nodes") {
			g.nodes = append(g.nodes, layered.Node{
				Width:  rapid.Float64Range(12, 300).Draw(t, "width"),
				Height: rapid.Float64Range(12, 60).Draw(t, "height"),
				Corner: rapid.Float64Range(0, 6).Draw(t, "corner"),
			})
		}
		node := rapid.IntRange(0, len(g.nodes)-1)
		for range rapid.IntRange(0, 30).Draw(t, "edges") {
			e := edge(node.Draw(t, "from"), node.Draw(t, "to"))
			e.Weight = rapid.IntRange(1, 3).Draw(t, "weight")
			if rapid.Bool().Draw(t, "headless") {
				e.Head = 0
			}
			if rapid.Bool().Draw(t, "labelled") {
				e.LabelWidth, e.LabelHeight = rapid.Float64Range(1, 150).Draw(t, "label"), 17
			}
			g.edges = append(g.edges, e)
		}
		check(t, g)
	})
}

// TestLayCancelled ends where the context does.
func TestLayCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	g := graphs["seven states, fifteen events"]
	if _, err := layered.Lay(ctx, g.nodes, g.edges); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// failer is what *testing.T and *rapid.T have in common.
type failer interface {
	Helper()
	Context() context.Context
	Fatal(...any)
	Errorf(string, ...any)
}

// check lays out a graph twice and judges what a reader would see.
func check(t failer, g graph) {
	t.Helper()
	laid, err := layered.Lay(t.Context(), g.nodes, g.edges)
	if err != nil {
		t.Fatal(err)
	}
	again, err := layered.Lay(t.Context(), g.nodes, g.edges)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(laid, again); diff != "" {
		t.Errorf("the second layout is another:\n%s", diff)
	}
	rooms := rooms(g, laid)
	page := room{right: laid.Width, bottom: laid.Height}
	for i, a := range rooms {
		if !page.holds(a) {
			t.Errorf("%s is not on the page of %v × %v", a, laid.Width, laid.Height)
		}
		for _, b := range rooms[i+1:] {
			if a.overlaps(b) {
				t.Errorf("%s and %s overlap", a, b)
			}
		}
	}
	for i := range g.edges {
		checkEdge(t, g, laid, rooms, i)
	}
}

// checkEdge follows an edge from node to node. On its way it meets no other node
// and no label but its own, and stays on the page.
func checkEdge(t failer, g graph, laid *layered.Layout, rooms []room, number int) {
	t.Helper()
	e, route := g.edges[number], laid.Edges[number]
	if len(route.Curve) < 4 || len(route.Curve)%3 != 1 {
		t.Fatal("a curve of ", len(route.Curve), " points")
	}
	last := route.Curve[len(route.Curve)-1]
	if length := math.Hypot(route.Tip.X-last.X, route.Tip.Y-last.Y); math.Abs(length-e.Head) > slight {
		t.Errorf("edge %d: a head of %v, want %v", number, length, e.Head)
	}
	if !rooms[e.From].hasOnBorder(route.Curve[0]) || !rooms[e.To].hasOnBorder(route.Tip) {
		t.Errorf("edge %d leads from %v to %v: not from %s to %s", number, route.Curve[0], route.Tip, rooms[e.From], rooms[e.To])
	}
	page := room{right: laid.Width, bottom: laid.Height}
	for _, p := range points(route.Curve) {
		if !page.holds(room{left: p.X, right: p.X, top: p.Y, bottom: p.Y}) {
			t.Errorf("edge %d leaves the page at %v", number, p)
		}
		for _, r := range rooms {
			if r.hasInside(p) && r.label != number {
				t.Errorf("edge %d crosses %s at %v", number, r, p)
				return
			}
		}
	}
}

// slight is what nobody sees.
const slight = 0.01

// room is a rectangle that something has for itself.
type room struct {
	name                     string
	left, top, right, bottom float64
	// label is the edge that the room is the label of; -1 for a node.
	label int
}

func rooms(g graph, laid *layered.Layout) []room {
	around := func(name string, at layered.Point, width, height float64, label int) room {
		return room{name, at.X - width/2, at.Y - height/2, at.X + width/2, at.Y + height/2, label}
	}
	var out []room
	for i, n := range g.nodes {
		out = append(out, around(fmt.Sprintf("node %d", i), laid.Nodes[i], n.Width, n.Height, -1))
	}
	for i, e := range g.edges {
		if e.LabelWidth > 0 {
			out = append(out, around(fmt.Sprintf("the label of edge %d", i), laid.Edges[i].Label, e.LabelWidth, e.LabelHeight, i))
		}
	}
	return out
}

func (r room) String() string {
	return fmt.Sprintf("%s (%.1f,%.1f to %.1f,%.1f)", r.name, r.left, r.top, r.right, r.bottom)
}

func (r room) overlaps(o room) bool {
	return r.left < o.right-slight && o.left < r.right-slight && r.top < o.bottom-slight && o.top < r.bottom-slight
}

func (r room) holds(o room) bool {
	return o.left >= r.left-slight && o.right <= r.right+slight && o.top >= r.top-slight && o.bottom <= r.bottom+slight
}

func (r room) hasInside(p layered.Point) bool {
	return p.X > r.left+slight && p.X < r.right-slight && p.Y > r.top+slight && p.Y < r.bottom-slight
}

func (r room) hasOnBorder(p layered.Point) bool {
	return r.holds(room{left: p.X, right: p.X, top: p.Y, bottom: p.Y}) && !r.hasInside(p)
}

// points returns many points of a curve.
func points(curve []layered.Point) []layered.Point {
	var out []layered.Point
	for i := 0; i+3 < len(curve); i += 3 {
		const steps = 24
		for s := range steps + 1 {
			u := float64(s) / steps
			v := 1 - u
			at := func(a, b, c, d float64) float64 { return v*v*v*a + 3*v*v*u*b + 3*v*u*u*c + u*u*u*d }
			a, b, c, d := curve[i], curve[i+1], curve[i+2], curve[i+3]
			out = append(out, layered.Point{X: at(a.X, b.X, c.X, d.X), Y: at(a.Y, b.Y, c.Y, d.Y)})
		}
	}
	return out
}
