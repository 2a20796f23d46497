package docs

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
)

// Format is a kind of document.
type Format string

// The formats.
const (
	MarkdownFormat   Format = "md"
	HTMLFormat       Format = "html"
	MermaidFormat    Format = "mermaid"
	DOTFormat        Format = "dot"
	SVGFormat        Format = "svg"
	JSONSchemaFormat Format = "jsonschema"
)

// Formats returns all formats.
func Formats() []Format {
	return []Format{MarkdownFormat, HTMLFormat, MermaidFormat, DOTFormat, SVGFormat, JSONSchemaFormat}
}

// ParseFormat returns the format with a name. The error lists all names.
func ParseFormat(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if string(f) == name {
			return f, nil
		}
		names = append(names, string(f))
	}
	return "", fmt.Errorf("%q is not a format: want %s", name, strings.Join(names, ", "))
}

// Options say what Files makes.
type Options struct {
	Format Format
	// Strict makes the JSON Schema the strict one. Other formats ignore it.
	Strict bool
	// Source is the name of the schema in the header of each file, as
	// gen.SourceName returns it: the last element of Model.File where empty.
	Source string
}

// Files makes the documents of one format: one file, or one for each machine
// where a file holds one diagram. It reads and writes nothing, and the same
// model gives the same bytes. It is safe for concurrent use. The error is the
// context's, or that of the format's own function.
func Files(ctx context.Context, m *schema.Model, o Options) ([]gen.File, error) {
	files, err := o.files(ctx, m)
	if o.Source != "" {
		for i := range files {
			files[i].Content = bytes.Replace(files[i].Content, []byte(header(m.File)), []byte(headerNaming(o.Source)), 1)
		}
	}
	return files, err
}

func (o Options) files(ctx context.Context, m *schema.Model) ([]gen.File, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	name := m.Package.Name
	switch o.Format {
	case MarkdownFormat:
		content, err := Markdown(m)
		return oneFile(name+".md", content, err)
	case HTMLFormat:
		content, err := HTML(ctx, m)
		return oneFile(name+".html", content, err)
	case MermaidFormat:
		return Mermaid(m)
	case DOTFormat:
		return DOT(m)
	case SVGFormat:
		return SVG(ctx, m)
	case JSONSchemaFormat:
		if o.Strict {
			name += ".strict"
		}
		content, err := JSONSchema(m, o.Strict)
		return oneFile(name+".schema.json", content, err)
	default:
		_, err := ParseFormat(string(o.Format))
		return nil, err
	}
}

func oneFile(name string, content []byte, err error) ([]gen.File, error) {
	if err != nil {
		return nil, err
	}
	return []gen.File{{Name: name, Content: content}}, nil
}
