package docs

import (
	"bytes"
	"context"
	_ "embed"
	"html/template"
	"math"
	"strconv"
	"strings"

	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
)

//go:embed assets/picture.css
var pictureStyle string

//go:embed assets/picture.svg
var pictureTemplate string

// SVG returns the state diagram of each machine as an SVG picture, one file for
// each. A picture needs nothing else, follows the light or dark scheme of the
// reader, and shows guards when an event is pointed at. The error is a
// *TooLargeError, or the context's.
func SVG(ctx context.Context, m *schema.Model) ([]gen.File, error) {
	drawing, err := newDrawing()
	if err != nil {
		return nil, err
	}
	return machineFiles(m, ".svg", func(of *schema.Machine) ([]byte, error) {
		p, err := machinePicture(m, of)
		if err != nil {
			return nil, err
		}
		if err := p.layOut(ctx); err != nil {
			return nil, err
		}
		var b bytes.Buffer
		b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- " + header(m.File) + " -->\n")
		err = drawing.ExecuteTemplate(&b, "picture", svgPicture{picture: p, Alone: true})
		return b.Bytes(), err
	})
}

// newDrawing parses the template of pictures.
func newDrawing() (*template.Template, error) {
	return template.New("drawing").Funcs(template.FuncMap{
		"coordinate": coordinate,
		"path":       svgPath,
		"head":       arrowHead,
		"plain":      text.plain,
		"half":       func(n float64) float64 { return n / 2 },
		"minus":      func(n float64) float64 { return -n },
	}).Parse(pictureTemplate)
}

// svgPicture is what the template of pictures needs.
type svgPicture struct {
	*picture
	// Alone makes it a file of its own instead of a part of a page.
	Alone bool
}

// Style is the style of a picture that stands alone.
func (svgPicture) Style() template.CSS { return template.CSS(pictureStyle) }

// coordinate writes a number with one decimal: a tenth of a point cannot be seen.
func coordinate(n float64) string {
	return strconv.FormatFloat(math.Round(n*10)/10, 'f', -1, 64)
}

func (p point) String() string { return coordinate(p.X) + "," + coordinate(p.Y) }

// svgPath draws the curve of an arrow.
func svgPath(a *arrow) string {
	var b strings.Builder
	for i, p := range a.Curve {
		switch {
		case i == 0:
			b.WriteString("M")
		case i == 1:
			b.WriteString(" C")
		default:
			b.WriteString(" ")
		}
		b.WriteString(p.String())
	}
	return b.String()
}

// arrowHead returns the corners of the head of an arrow.
func arrowHead(a *arrow) string {
	base := a.Curve[len(a.Curve)-1]
	dx, dy := a.Tip.X-base.X, a.Tip.Y-base.Y
	length := math.Hypot(dx, dy)
	if length == 0 {
		return ""
	}
	const half = 3.6
	x, y := -dy/length*half, dx/length*half
	return a.Tip.String() + " " + point{base.X + x, base.Y + y}.String() + " " + point{base.X - x, base.Y - y}.String()
}
