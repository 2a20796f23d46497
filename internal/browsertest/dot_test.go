package browsertest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/goccy/go-graphviz"

	"github.com/backlog-gen/backlog-gen/gen/docs"
)

// TestDOT has Graphviz read the diagrams: it shows all names as they are, also
// those that would mean something to it.
func TestDOT(t *testing.T) {
	for _, path := range []string{backlog, taskmaster, everything, hostile} {
		m := load(t, path)
		files, err := docs.DOT(m)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range files {
			texts := graphvizTexts(t, f.Content)
			for _, s := range m.Machines[i].States {
				if !texts[s.Name] {
					t.Errorf("%s: Graphviz does not show the state %q", f.Name, s.Name)
				}
			}
			for _, transition := range m.Machines[i].Transitions {
				if !texts[transition.Event.Name] {
					t.Errorf("%s: Graphviz does not show the event %q", f.Name, transition.Event.Name)
				}
			}
		}
	}
}

// graphvizTexts returns all texts of the picture that Graphviz makes.
func graphvizTexts(t *testing.T, dot []byte) map[string]bool {
	t.Helper()
	graph, err := graphviz.ParseBytes(dot)
	if err != nil {
		t.Fatal(err)
	}
	g, err := graphviz.New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := g.Render(t.Context(), graph, graphviz.SVG, &b); err != nil {
		t.Fatal(err)
	}
	texts := map[string]bool{}
	d := xml.NewDecoder(&b)
	d.Strict = false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok {
			texts[strings.ReplaceAll(string(text), "\u00a0", " ")] = true
		}
	}
}
