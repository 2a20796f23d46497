package docs_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/gen/docs"
	"github.com/backlog-gen/backlog-gen/schema"
)

var update = flag.Bool("update", false, "write the golden files anew")

// files makes all documents about a model, the strict JSON Schema among them.
func files(t testing.TB, m *schema.Model) []gen.File {
	t.Helper()
	return filesFrom(t, m, "")
}

// filesFrom makes the same with headers that name a source.
func filesFrom(t testing.TB, m *schema.Model, source string) []gen.File {
	t.Helper()
	var all []gen.File
	for _, format := range docs.Formats() {
		all = append(all, filesOf(t, m, docs.Options{Format: format, Source: source})...)
	}
	return append(all, filesOf(t, m, docs.Options{Format: docs.JSONSchemaFormat, Strict: true, Source: source})...)
}

func filesOf(t testing.TB, m *schema.Model, o docs.Options) []gen.File {
	t.Helper()
	files, err := docs.Files(t.Context(), m, o)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func named(t testing.TB, files []gen.File, name string) gen.File {
	t.Helper()
	i := slices.IndexFunc(files, func(f gen.File) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("there is no file %s", name)
	}
	return files[i]
}

// TestGolden compares all documents about the shipped schemas, and about one
// that is made to break them, with what is in the repository. The reference in
// Markdown and the JSON Schemas of the shipped ones are there for readers, under
// docs/reference; make generate brings these up to date, the flag -update the
// others.
func TestGolden(t *testing.T) {
	for _, path := range append(slices.Clone(shipped), "testdata/hostile.yaml") {
		for _, f := range files(t, load(t, path)) {
			t.Run(f.Name, func(t *testing.T) {
				golden, from := filepath.Join("testdata", "golden", f.Name), filepath.Base(path)
				reference := slices.Contains(shipped, path) && (strings.HasSuffix(f.Name, ".md") || strings.HasSuffix(f.Name, ".json"))
				if reference {
					golden = filepath.Join("..", "..", "docs", "reference", f.Name)
					from = "../../schema/" + from
					f = named(t, filesFrom(t, load(t, path), from), f.Name)
				}
				if *update && !reference {
					if err := os.WriteFile(golden, f.Content, 0o666); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), string(f.Content)); diff != "" {
					t.Errorf("%s is not what it was (-was +is):\n%s", golden, diff)
				}
				if source, ok := docs.HeaderSource(f.Content); !ok || source != from {
					t.Errorf("the file says that it is generated from %q, %v", source, ok)
				}
			})
		}
	}
}

// TestDeterminism makes all documents again, from a schema that is read again,
// at the same time as others do.
func TestDeterminism(t *testing.T) {
	for _, path := range slices.Concat(shipped, made) {
		want := files(t, load(t, path))
		for range 3 {
			t.Run(filepath.Base(path), func(t *testing.T) {
				t.Parallel()
				if diff := cmp.Diff(want, files(t, load(t, path))); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	if _, err := docs.Files(t.Context(), load(t, shipped[0]), docs.Options{Format: "pdf"}); err == nil || !strings.Contains(err.Error(), `"pdf"`) {
		t.Errorf("got %v", err)
	}
	for _, f := range docs.Formats() {
		if got, err := docs.ParseFormat(string(f)); got != f || err != nil {
			t.Errorf("ParseFormat(%q) = %q, %v", f, got, err)
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := docs.Files(ctx, load(t, shipped[0]), docs.Options{Format: docs.HTMLFormat}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestTooLarge draws a picture in which all lead to all, and shows that the page
// of one that is larger says so.
func TestTooLarge(t *testing.T) {
	m := wheel(t, 12, 12)
	if _, err := docs.SVG(t.Context(), m); err != nil {
		t.Error(err)
	}
	m = wheel(t, 18, 18)
	var tooLarge *docs.TooLargeError
	if _, err := docs.SVG(t.Context(), m); !errors.As(err, &tooLarge) || tooLarge.Machine != "wheel" {
		t.Errorf("got %v", err)
	}
	page, err := docs.HTML(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), tooLarge.Error()) {
		t.Error("the page does not say why it has no diagram")
	}
}

// TestManyReferences has more references between levels than a picture can show.
func TestManyReferences(t *testing.T) {
	const depth, fields = 16, 40
	var levels strings.Builder
	for i := range depth {
		fmt.Fprintf(&levels, "  L%d:\n    id: {kind: text}\n", i)
		if i+1 < depth {
			fmt.Fprintf(&levels, "    children: {l%d: L%d}\n", i+1, i+1)
		}
		levels.WriteString("    fields:\n")
		for f := range fields {
			fmt.Fprintf(&levels, "      f%d: {type: reference, to: [", f)
			for j := range depth {
				fmt.Fprintf(&levels, "L%d, ", j)
			}
			levels.WriteString("]}\n")
		}
	}
	m, err := schema.Parse("web.yaml", []byte("package: {name: web, root: Web}\ndocument: {shapes: [{kind: array}]}\n"+
		"statuses: {open: {category: todo}, done: {category: done}}\nevents: {finish: {}}\n"+
		"machines: {work: {initial: open, transitions: [{event: finish, from: [open], to: done}]}}\nlevels:\n"+levels.String()))
	if err != nil {
		t.Fatal(err)
	}
	page, err := docs.HTML(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "40 references") {
		t.Error("the references of two levels are not one arrow")
	}
}

// wheel returns a model whose events lead from all states to one each.
func wheel(t *testing.T, states, events int) *schema.Model {
	t.Helper()
	var statuses, names, transitions strings.Builder
	for i := range states {
		fmt.Fprintf(&statuses, "  s%d: {category: todo}\n", i)
	}
	for i := range events {
		fmt.Fprintf(&names, "  e%d: {}\n", i)
		fmt.Fprintf(&transitions, "      - {event: e%d, from: others, to: s%d}\n", i, i%states)
	}
	text := "package: {name: wheel, root: Wheel}\ndocument: {shapes: [{kind: array}]}\n" +
		"statuses:\n" + statuses.String() + "events:\n" + names.String() +
		"machines:\n  wheel:\n    initial: s0\n    transitions:\n" + transitions.String() +
		"levels:\n  Spoke: {id: {kind: text}}\n"
	m, err := schema.Parse("wheel.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}
