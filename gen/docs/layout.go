package docs

import (
	"context"
	"fmt"

	"github.com/backlog-gen/backlog-gen/gen/docs/internal/layered"
)

// What a picture is made of, in points.
const (
	pictureMargin = 4
	startSize     = 12
	headLength    = 9
	labelMargin   = 5
	labelHeight   = 17
)

// layOut gives the boxes and arrows of a picture their places. The error is the
// context's.
func (p *picture) layOut(ctx context.Context) error {
	indices := make(map[*box]int, len(p.Boxes))
	nodes := make([]layered.Node, len(p.Boxes))
	for i, b := range p.Boxes {
		indices[b] = i
		nodes[i] = b.size()
	}
	edges := make([]layered.Edge, len(p.Arrows))
	for i, a := range p.Arrows {
		edges[i] = layered.Edge{From: indices[a.From], To: indices[a.To], Weight: 1}
		if !a.Headless {
			edges[i].Weight, edges[i].Head = 2, headLength
		}
		if a.Text != "" {
			edges[i].LabelWidth, edges[i].LabelHeight = textWidth(a.Text, 13)+2*labelMargin, labelHeight
		}
	}
	laid, err := layered.Lay(ctx, nodes, edges)
	if err != nil {
		return fmt.Errorf("laying out %s: %w", p.ID, err)
	}
	p.place(nodes, laid)
	return nil
}

// size is how much room a box needs for its texts. The names of states and
// levels are bold, which is a little wider.
func (b *box) size() layered.Node {
	switch b.Kind {
	case startDot:
		return layered.Node{Width: startSize, Height: startSize, Corner: startSize / 2}
	case eventBox:
		return layered.Node{Width: max(textWidth(b.Text, 13)+20, 40), Height: 24, Corner: 12}
	default:
		return layered.Node{Width: max(textWidth(b.Text, 15)*1.08, textWidth(b.Note, 12), 26) + 28, Height: 44, Corner: 6}
	}
}

// place takes over the coordinates.
func (p *picture) place(nodes []layered.Node, laid *layered.Layout) {
	at := func(q layered.Point) point { return point{q.X + pictureMargin, q.Y + pictureMargin} }
	p.Width, p.Height = laid.Width+2*pictureMargin, laid.Height+2*pictureMargin
	for i, b := range p.Boxes {
		center := at(laid.Nodes[i])
		b.X, b.Y, b.Width, b.Height = center.X, center.Y, nodes[i].Width, nodes[i].Height
	}
	for i, a := range p.Arrows {
		route := laid.Edges[i]
		for _, q := range route.Curve {
			a.Curve = append(a.Curve, at(q))
		}
		a.Tip, a.At = at(route.Tip), at(route.Label)
	}
}
