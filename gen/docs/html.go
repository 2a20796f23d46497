package docs

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"html/template"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema"
)

//go:embed assets/reference.html
var pageTemplate string

//go:embed assets/reference.css
var pageStyle string

//go:embed assets/reference.js
var pageScript string

// HTML returns the reference as one page that needs nothing else: it loads
// nothing from the network, and its content security policy lets it run no
// script but its own. The error is the context's, or a
// *statemachine.DefinitionError.
func HTML(ctx context.Context, m *schema.Model) ([]byte, error) {
	p, err := newPage(ctx, m)
	if err != nil {
		return nil, err
	}
	t, err := newDrawing()
	if err != nil {
		return nil, err
	}
	if t, err = t.New("page").Funcs(template.FuncMap{"words": searchWords}).Parse(pageTemplate); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// page is what the template of the page needs.
type page struct {
	*reference
	Header    string
	Hierarchy svgPicture
	Diagrams  []diagram
}

// diagram is a machine with its picture. TooLarge says why there is none.
type diagram struct {
	machine
	Picture  svgPicture
	TooLarge string
}

func newPage(ctx context.Context, m *schema.Model) (*page, error) {
	r, err := newReference(m)
	if err != nil {
		return nil, err
	}
	p := &page{reference: r, Header: header(m.File), Hierarchy: svgPicture{picture: hierarchyPicture(m)}}
	if err := p.Hierarchy.layOut(ctx); err != nil {
		return nil, err
	}
	for _, machine := range r.Machines {
		d := diagram{machine: machine}
		drawn, err := machinePicture(m, machine.of)
		var tooLarge *TooLargeError
		switch {
		case errors.As(err, &tooLarge):
			d.TooLarge = tooLarge.Error()
		case err != nil:
			return nil, err
		default:
			if err := drawn.layOut(ctx); err != nil {
				return nil, err
			}
			d.Picture = svgPicture{picture: drawn}
		}
		p.Diagrams = append(p.Diagrams, d)
	}
	return p, nil
}

// Script and Style are the page's own; the schema has no part in them.
func (page) Script() template.JS { return template.JS(pageScript) }

// Style is the style of the page and its pictures.
func (page) Style() template.CSS { return template.CSS(pageStyle + pictureStyle) }

// Policy allows the page's own script and style, by their hashes, and nothing
// else.
func (p page) Policy() string {
	return "default-src 'none'; script-src " + sourceHash(string(p.Script())) + "; style-src " + sourceHash(string(p.Style())) +
		"; base-uri 'none'; form-action 'none'"
}

func sourceHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// Fields lists the keys of the document, all levels and objects.
func (p page) Fields() []field {
	out := slices.Clone(p.Own)
	for _, l := range p.Levels {
		out = append(out, l.Fields...)
	}
	for _, o := range p.Objects {
		out = append(out, o.Fields...)
	}
	return out
}

// searchWords is what the search looks at.
func searchWords(f field) string {
	return strings.ToLower(strings.Join([]string{f.Owner, f.Key, f.Type.plain(), f.Presence, f.Rules.plain(), f.Doc.plain()}, " "))
}
