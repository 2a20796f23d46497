package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// curves returns an SVG of how time grows with the document: one panel for each
// of the whats, both axes logarithmic. It follows the reader's choice of light
// or dark.
func curves(results []result) string {
	panels := []panel{
		{title: "Update", what: updateName},
		{title: "Lookup", what: lookupName},
		{title: "Parse", what: parseName},
		{title: "Flush", what: flushName},
	}
	for i := range panels {
		panels[i].collect(results)
	}
	return draw(panels)
}

// panel is one chart.
type panel struct {
	title, what string
	lines       []line
}

// line is the curve of one contender.
type line struct {
	name   string
	ours   bool
	points []point
}

// point is the time that a document with so many subtasks takes.
type point struct{ subtasks, nanoseconds float64 }

// collect makes a line of each contender of the panel, in the order of the
// results: ours first.
func (p *panel) collect(results []result) {
	for _, r := range results {
		if r.what != p.what || r.subtasks == 0 {
			continue
		}
		name, _, _ := strings.Cut(r.contender, ",")
		if name == ours {
			name = "backlog-gen"
		}
		i := slices.IndexFunc(p.lines, func(l line) bool { return l.name == name })
		if i < 0 {
			i = len(p.lines)
			p.lines = append(p.lines, line{name: name, ours: r.contender == ours})
		}
		p.lines[i].points = append(p.lines[i].points, point{float64(r.subtasks), r.median()})
	}
}

// axis is a logarithmic scale from the powers of ten low to high, drawn from the
// coordinate from to the coordinate to.
type axis struct {
	low, high int
	from, to  float64
}

// newAxis returns the axis that has room for the values.
func newAxis(values []float64, from, to float64) axis {
	low := int(math.Floor(math.Log10(slices.Min(values))))
	high := int(math.Ceil(math.Log10(slices.Max(values))))
	return axis{low, max(high, low+1), from, to}
}

func (a axis) at(value float64) float64 {
	return a.from + (math.Log10(value)-float64(a.low))/float64(a.high-a.low)*(a.to-a.from)
}

// ticks calls f with each power of ten of the axis.
func (a axis) ticks(f func(value, at float64)) {
	for n := a.low; n <= a.high; n++ {
		value := math.Pow10(n)
		f(value, a.at(value))
	}
}

// axes returns the axes of a panel whose plot has these corners.
func (p panel) axes(left, top, right, bottom float64) (x, y axis) {
	var xs, ys []float64
	for _, l := range p.lines {
		for _, pt := range l.points {
			xs, ys = append(xs, pt.subtasks), append(ys, pt.nanoseconds)
		}
	}
	return newAxis(xs, left, right), newAxis(ys, bottom, top)
}

// spreadOut moves positions apart that are closer than gap, as little as it takes
// and none out of the range from low to high, and keeps their order.
func spreadOut(positions []float64, gap, low, high float64) []float64 {
	order := make([]int, len(positions))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if positions[a] < positions[b] {
			return -1
		}
		return 1
	})
	out := slices.Clone(positions)
	for n, i := range order { // push down what is too close to the one above
		out[i] = max(out[i], low)
		if n > 0 {
			out[i] = max(out[i], out[order[n-1]]+gap)
		}
	}
	limit := high
	for n := len(order) - 1; n >= 0; n-- { // and up what has been pushed too far
		out[order[n]] = min(out[order[n]], limit)
		limit = out[order[n]] - gap
	}
	return out
}

// count writes a number of subtasks.
func count(n float64) string {
	switch {
	case n >= 1e6:
		return fmt.Sprintf("%.0fM", n/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.0fk", n/1e3)
	}
	return fmt.Sprintf("%.0f", n)
}
