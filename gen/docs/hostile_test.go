package docs_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/gen/docs"
	"github.com/backlog-gen/backlog-gen/schema"
)

// names returns the names of the states and events of the first machine.
func names(m *schema.Model) []string {
	var out []string
	for _, s := range m.Machines[0].States {
		out = append(out, s.Name)
	}
	for _, t := range m.Machines[0].Transitions {
		out = append(out, t.Event.Name)
	}
	return out
}

// TestHostileSVG reads the picture as XML: all names are texts, and nothing of
// them is an element.
func TestHostileSVG(t *testing.T) {
	m := load(t, made[2])
	d := xml.NewDecoder(bytes.NewReader(filesOf(t, m, docs.Options{Format: docs.SVGFormat})[0].Content))
	var texts []string
	elements := map[string]bool{}
	name := false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			elements[token.Name.Local] = true
			name = slices.ContainsFunc(token.Attr, func(a xml.Attr) bool { return a.Name.Local == "class" && a.Value == "name" })
		case xml.EndElement:
			name = false
		case xml.CharData:
			if name {
				texts = append(texts, string(token))
			}
		}
	}
	if diff := cmp.Diff(names(m), texts); diff != "" {
		t.Errorf("names in the picture (-want +got):\n%s", diff)
	}
	want := map[string]bool{"svg": true, "title": true, "style": true, "g": true, "path": true, "polygon": true, "circle": true, "rect": true, "text": true}
	if diff := cmp.Diff(want, elements); diff != "" {
		t.Errorf("elements (-want +got):\n%s", diff)
	}
}

// TestHostileJSONSchema finds keys and values in the JSON Schema as they are.
func TestHostileJSONSchema(t *testing.T) {
	m := load(t, made[2])
	if definition(t, m, "properties", m.Document.Shapes[0].Lists[0].Path.Key()) == nil {
		t.Errorf("there is no key %q", m.Document.Shapes[0].Lists[0].Path.Key())
	}
	for _, f := range m.Levels[0].Fields {
		if definition(t, m, "$defs", "Top", "properties", f.Key) == nil {
			t.Errorf("there is no key %q", f.Key)
		}
	}
	text, err := json.Marshal(definition(t, m, "$defs", "Top", "properties", m.Levels[0].Status.Path.Key(), "enum"))
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	for _, s := range m.Statuses {
		want = append(want, s.Name)
	}
	for _, s := range m.Statuses {
		want = append(want, s.Aliases...)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

// TestHostileFileName has the name of the schema itself try to end the comment
// that it stands in.
func TestHostileFileName(t *testing.T) {
	m := load(t, shipped[0])
	m.File = "a --><script>alert(1)</script>\n*/ \"}.yaml"
	for _, f := range files(t, m) {
		if bytes.Contains(f.Content, []byte("<script>alert")) {
			t.Errorf("%s holds the name of the schema as it is", f.Name)
		}
	}
}
