package browsertest

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"

	"github.com/backlog-gen/backlog-gen/gen/docs"
)

// TestMarkdown renders the reference of the hostile schema as GitHub does, HTML
// included: what comes from the schema is text, and all of it is there.
func TestMarkdown(t *testing.T) {
	m := load(t, hostile)
	text, err := docs.Markdown(m)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	b.WriteString("<!DOCTYPE html><meta charset=utf-8>")
	gfm := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe()),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	if err := gfm.Convert(text, &b); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "hostile.html")
	if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	page := open(t, path, desktop)
	page.view("hostile", "markdown")
	elements := evaluate[[]string](page, `[...new Set([...document.body.querySelectorAll('*')].map((e) => e.tagName.toLowerCase()))].sort()`)
	want := []string{"a", "code", "h1", "h2", "h3", "li", "p", "pre", "table", "tbody", "td", "th", "thead", "tr", "ul"}
	if diff := cmp.Diff(want, elements); diff != "" {
		t.Errorf("elements (-want +got):\n%s", diff)
	}
	links := evaluate[[]string](page, `[...document.querySelectorAll('a')].map((e) => e.getAttribute('href'))`)
	if diff := cmp.Diff([]string{"#enum-choice"}, links); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	if !evaluate[bool](page, `document.querySelector('#enum-choice') !== null`) {
		t.Error("the link to the enum leads nowhere")
	}
	wide := evaluate[[]string](page, `[...document.querySelectorAll('tr')].filter((row) =>
		row.children.length !== row.closest('table').rows[0].children.length).map((row) => row.textContent)`)
	if len(wide) > 0 {
		t.Errorf("rows of another width than their table: %q", wide)
	}
	shown := evaluate[string](page, `document.body.textContent`)
	for _, s := range m.Statuses {
		for _, name := range append([]string{s.Name, s.Doc}, s.Aliases...) {
			if !strings.Contains(shown, name) {
				t.Errorf("%q is not shown as it is", name)
			}
		}
	}
	for _, f := range m.Levels[0].Fields {
		if !strings.Contains(shown, f.Key) || !strings.Contains(shown, f.Doc) {
			t.Errorf("%q is not shown as it is", f.Key)
		}
	}
}
