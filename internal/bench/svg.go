package main

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// The picture's measures, in pixels.
const (
	panelWidth, panelHeight = 520.0, 340.0
	marginLeft, marginRight = 64.0, 196.0
	marginTop, marginBottom = 44.0, 44.0
	labelGap                = 15.0
	panelsInRow             = 2
)

// style has colours for light and for dark. Ours is a strong blue in both; peers
// are told apart by hue and by the label at the end of the line.
const style = `
.page { fill: #ffffff } .grid { stroke: #d8dee4 } .title { fill: #24292f } .tick { fill: #57606a }
.ours { color: #0550ae } .peer0 { color: #bc4c00 } .peer1 { color: #1a7f37 }
.peer2 { color: #8250df } .peer3 { color: #6e7781 } .peer4 { color: #9a6700 }
@media (prefers-color-scheme: dark) {
.page { fill: #0d1117 } .grid { stroke: #30363d } .title { fill: #e6edf3 } .tick { fill: #9198a1 }
.ours { color: #58a6ff } .peer0 { color: #f0883e } .peer1 { color: #56d364 }
.peer2 { color: #d2a8ff } .peer3 { color: #9198a1 } .peer4 { color: #e3b341 }
}
text { font: 12px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif }
text.title { font-size: 15px; font-weight: 600 } text.tick { font-size: 11px } text.ours { font-weight: 700 }
text.label, circle { fill: currentColor }
polyline { fill: none; stroke: currentColor; stroke-width: 1.75 } polyline.ours { stroke-width: 3 }
.leader { stroke: currentColor; stroke-width: 0.75; opacity: 0.6 }
`

// picture is an SVG being written.
type picture struct{ strings.Builder }

// draw returns the panels side by side.
func draw(panels []panel) string {
	var p picture
	rows := (len(panels) + panelsInRow - 1) / panelsInRow
	width, height := panelsInRow*panelWidth, float64(rows)*panelHeight
	fmt.Fprintf(&p, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%g" height="%g" role="img">`, width, height, width, height)
	fmt.Fprintf(&p, "\n<title>Time by number of subtasks</title>\n<style>%s</style>\n", style)
	fmt.Fprintf(&p, `<rect class="page" width="%g" height="%g"/>`+"\n", width, height)
	for i, panel := range panels {
		if len(panel.lines) > 0 {
			p.panel(panel, float64(i%panelsInRow)*panelWidth, float64(i/panelsInRow)*panelHeight)
		}
	}
	p.WriteString("</svg>\n")
	return p.String()
}

// panel draws a panel whose upper left corner is given.
func (p *picture) panel(panel panel, left, top float64) {
	x, y := panel.axes(left+marginLeft, top+marginTop, left+panelWidth-marginRight, top+panelHeight-marginBottom)
	p.text("title", x.from, top+24, "start", panel.title)
	x.ticks(func(value, at float64) {
		p.segment("grid", at, y.from, at, y.to)
		p.text("tick", at, y.from+16, "middle", count(value))
	})
	y.ticks(func(value, at float64) {
		p.segment("grid", x.from, at, x.to, at)
		p.text("tick", x.from-8, at+4, "end", nanoseconds.format(value))
	})
	p.text("tick", (x.from+x.to)/2, y.from+34, "middle", "subtasks")
	ends := make([]float64, len(panel.lines))
	for i, l := range panel.lines {
		ends[i] = y.at(l.points[len(l.points)-1].nanoseconds)
	}
	labels := spreadOut(ends, labelGap, y.to, y.from)
	for i := len(panel.lines) - 1; i >= 0; i-- { // ours, the first, on top
		l := panel.lines[i]
		class := fmt.Sprintf("peer%d", i-1)
		if l.ours {
			class = "ours"
		}
		p.curve(class, l.points, x, y)
		end := x.at(l.points[len(l.points)-1].subtasks)
		p.segment("leader "+class, end+5, ends[i], x.to+12, labels[i])
		p.text("label "+class, x.to+15, labels[i]+4, "start", l.name)
	}
}

func (p *picture) curve(class string, points []point, x, y axis) {
	var at []string
	for _, pt := range points {
		at = append(at, fmt.Sprintf("%.1f,%.1f", x.at(pt.subtasks), y.at(pt.nanoseconds)))
	}
	fmt.Fprintf(p, `<polyline class="%s" points="%s"/>`+"\n", class, strings.Join(at, " "))
	for _, pt := range points {
		fmt.Fprintf(p, `<circle class="%s" cx="%.1f" cy="%.1f" r="3"/>`+"\n", class, x.at(pt.subtasks), y.at(pt.nanoseconds))
	}
}

func (p *picture) segment(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(p, `<line class="%s" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`+"\n", class, x1, y1, x2, y2)
}

func (p *picture) text(class string, x, y float64, anchor, text string) {
	fmt.Fprintf(p, `<text class="%s" x="%.1f" y="%.1f" text-anchor="%s">`, class, x, y, anchor)
	_ = xml.EscapeText(p, []byte(text)) // a strings.Builder takes everything
	p.WriteString("</text>\n")
}
