package docs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/goccy/go-graphviz"

	"github.com/backlog-gen/backlog-gen/gen/docs/internal/cachedir"
)

// Graphviz has been initialized by now: see the package.
var _ = cachedir.Restore()

// graphvizLock is held while Graphviz runs: the library has one WebAssembly
// instance for the whole process, which is not safe for concurrent use.
var graphvizLock sync.Mutex

// layOut gives the boxes and arrows of a picture their places. Graphviz is told
// of texts only how much room they need; they are drawn elsewhere.
func (p *picture) layOut(ctx context.Context) error {
	plan, err := runGraphviz(ctx, p.dot())
	if err != nil {
		return fmt.Errorf("laying out %s: %w", p.ID, err)
	}
	var laid graphvizOutput
	if err := json.Unmarshal(plan, &laid); err != nil {
		return fmt.Errorf("laying out %s: %w", p.ID, err)
	}
	return p.place(laid)
}

func runGraphviz(ctx context.Context, dot []byte) (out []byte, err error) {
	graphvizLock.Lock()
	defer graphvizLock.Unlock()
	g, err := graphviz.New(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = firstError(err, g.Close()) }()
	graph, err := graphviz.ParseBytes(dot)
	if err != nil {
		return nil, err
	}
	defer func() { err = firstError(err, graph.Close()) }()
	var b bytes.Buffer
	err = g.Render(ctx, graph, "json0", &b)
	return b.Bytes(), err
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// dot describes the picture to Graphviz. Positions in the lists stand for names.
func (p *picture) dot() []byte {
	var b bytes.Buffer
	b.WriteString("digraph {\n")
	b.WriteString("graph [nodesep=0.2, ranksep=0.32];\n")
	b.WriteString("node [shape=box, fontname=Helvetica];\nedge [fontname=Helvetica, fontsize=12, number=\"\"];\n")
	for i, n := range p.Boxes {
		switch n.Kind {
		case startDot:
			fmt.Fprintf(&b, "%d [shape=circle, label=\"\", width=0.16, height=0.16, fixedsize=true];\n", i)
		case eventBox:
			fmt.Fprintf(&b, "%d [label=%s, fontsize=13, margin=\"0.13,0.03\", height=0.33];\n", i, dotQuote(n.Text))
		default:
			fmt.Fprintf(&b, "%d [label=%s, fontsize=15, margin=\"0.2,0.06\", height=0.6];\n", i, dotQuote(longer(n.Text, n.Note)))
		}
	}
	for i, a := range p.Arrows {
		from, to := -1, -1
		for n, box := range p.Boxes {
			if box == a.From {
				from = n
			}
			if box == a.To {
				to = n
			}
		}
		attributes := fmt.Sprintf("number=%d", i)
		if a.Text != "" {
			attributes += ", label=" + dotQuote("  "+a.Text+"  ")
		}
		if a.Headless {
			attributes += ", arrowhead=none"
		} else {
			attributes += ", weight=2"
		}
		fmt.Fprintf(&b, "%d -> %d [%s];\n", from, to, attributes)
	}
	b.WriteString("}\n")
	return b.Bytes()
}

func longer(a, b string) string {
	if len([]rune(b)) > len([]rune(a)) {
		return b
	}
	return a
}

// dotQuote writes a label. Graphviz reads escapes and HTML entities in it.
func dotQuote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `&`, `&amp;`).Replace(s) + `"`
}

// graphvizOutput is the part of Graphviz' JSON that is of use: all numbers are
// texts, y grows upwards, sizes of boxes are in inches.
type graphvizOutput struct {
	Bounds string `json:"bb"`
	Boxes  []struct {
		Name   string `json:"name"`
		At     string `json:"pos"`
		Width  string `json:"width"`
		Height string `json:"height"`
	} `json:"objects"`
	Arrows []struct {
		Number string `json:"number"`
		Curve  string `json:"pos"`
		Text   string `json:"lp"`
	} `json:"edges"`
}

const pointsPerInch = 72

// place takes over the coordinates.
func (p *picture) place(laid graphvizOutput) error {
	r := coordinateReader{}
	bounds := r.numbers(laid.Bounds, 4)
	const margin = 4
	p.Width, p.Height = bounds[2]+2*margin, bounds[3]+2*margin
	r.flip, r.margin = bounds[3], margin
	for _, b := range laid.Boxes {
		i := r.index(b.Name, len(p.Boxes))
		at := r.point(b.At)
		p.Boxes[i].X, p.Boxes[i].Y = at.X, at.Y
		p.Boxes[i].Width = r.numbers(b.Width, 1)[0] * pointsPerInch
		p.Boxes[i].Height = r.numbers(b.Height, 1)[0] * pointsPerInch
	}
	for _, a := range laid.Arrows {
		arrow := p.Arrows[r.index(a.Number, len(p.Arrows))]
		for _, word := range strings.Fields(a.Curve) {
			if tip, ok := strings.CutPrefix(word, "e,"); ok {
				arrow.Tip = r.point(tip)
				continue
			}
			arrow.Curve = append(arrow.Curve, r.point(word))
		}
		if a.Text != "" {
			arrow.At = r.point(a.Text)
		}
		if len(arrow.Curve)%3 != 1 {
			r.fail("a curve of %d points", len(arrow.Curve))
		}
	}
	if len(laid.Boxes) != len(p.Boxes) || len(laid.Arrows) != len(p.Arrows) {
		r.fail("%d of %d boxes and %d of %d arrows", len(laid.Boxes), len(p.Boxes), len(laid.Arrows), len(p.Arrows))
	}
	return r.err
}

// coordinateReader reads Graphviz' numbers and keeps the first error.
type coordinateReader struct {
	flip, margin float64
	err          error
}

func (r *coordinateReader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("Graphviz laid out "+format, args...)
	}
}

// numbers reads exactly so many numbers, separated by commas.
func (r *coordinateReader) numbers(s string, count int) []float64 {
	out := make([]float64, count)
	fields := strings.Split(s, ",")
	if len(fields) != count {
		r.fail("%q, not %d numbers", s, count)
		return out
	}
	for i, field := range fields {
		var err error
		if out[i], err = strconv.ParseFloat(field, 64); err != nil {
			r.fail("%q, not a number", field)
		}
	}
	return out
}

func (r *coordinateReader) point(s string) point {
	n := r.numbers(s, 2)
	return point{n[0] + r.margin, r.flip - n[1] + r.margin}
}

func (r *coordinateReader) index(s string, length int) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n >= length {
		r.fail("%q, which is none of %d", s, length)
		return 0
	}
	return n
}
