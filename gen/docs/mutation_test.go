package docs_test

import (
	"bytes"
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/gen/docs"
	"github.com/backlog-gen/backlog-gen/schema"
)

// fullDocument is the sample of a format with the optional fields that samples
// leave out.
func fullDocument(t testing.TB, m *schema.Model) []byte {
	t.Helper()
	text, err := docs.Sample(m)
	if err != nil {
		t.Fatal(err)
	}
	root := decode(t, text)
	var fill func(value any, level int)
	fill = func(value any, level int) {
		list, ok := value.([]any)
		if !ok || level == len(m.Levels) {
			return
		}
		for _, item := range list {
			object := item.(map[string]any)
			for _, f := range m.Levels[level].Fields {
				if _, there := object[f.Key]; there {
					continue
				}
				switch {
				case f.Nullable:
					object[f.Key] = nil
				case f.List:
					object[f.Key] = []any{}
				default:
					object[f.Key] = "1"
				}
			}
			for _, c := range m.Levels[level].Children {
				holder := opened(object, c.Path.Within())
				key := c.Path.Key()
				if _, there := holder[key]; !there {
					holder[key] = []any{}
				}
				fill(holder[key], level+1)
			}
		}
	}
	shape := m.Document.Shapes[0]
	path := shape.Lists[0].Path
	key := path.Key()
	switch shape.Kind {
	case format.RootArray:
		fill(root, 0)
	case format.RootLines:
		fill([]any{root}, 0) // of one line
	case format.RootObject:
		fill(opened(root.(map[string]any), path.Within())[key], 0)
	default:
		groups := root.(map[string]any)
		for _, group := range groups {
			fill(opened(group.(map[string]any), path.Within())[key], 0)
		}
		another := map[string]any{}
		opened(another, path.Within())[key] = []any{}
		groups["another group"] = another // so that not every change of one leaves none
	}
	return encode(t, root)
}

// opened returns the object that keys lead to from another one, and makes those that
// are missing.
func opened(object map[string]any, keys []string) map[string]any {
	for _, key := range keys {
		if _, there := object[key]; !there {
			object[key] = map[string]any{}
		}
		object = object[key].(map[string]any)
	}
	return object
}

func decode(t testing.TB, text []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func encode(t testing.TB, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// replacements are put in the place of every value.
var replacements = []any{
	nil, true, json.Number("0"), json.Number("1"), json.Number("-3"), json.Number("5"), json.Number("1.5"),
	json.Number("2.0"), json.Number("1e2"), json.Number("1e999"), json.Number("99999999999999999999"),
	json.Number("9223372036854775807"), json.Number("100.5"), json.Number("0.1"),
	"", "x", "1", "a", "a-1", "9.9", "P1", "P01", "P1.M1", "P1.M1.T1.S1", "P9999999999", "A1", "A1.J2", "J1",
	"Planned", "done", "completed", "fresh", "small", "xl", "calm", "high", "Phase", "red", "green|blue",
	"# Why\n# How", "# How\n# Why", "Job: x", "AB-X1", "AB-z1", "AB-y٣", "end", "no\nend\n", "the end",
	strings.Repeat("é", 20), strings.Repeat("😀", 30), strings.Repeat("x", 31), strings.Repeat("x", 200), strings.Repeat("x", 201),
	"2026-01-02T15:04:05Z", "2026-02-30T15:04:05Z", "2024-02-29T1:04:05,5+24:60", "2026-1-02T15:04:05Z",
	"20260102T150405Z", "20260102T150405.5Z", "20260230T150405Z", "2024-02-29", "2026-02-29", "2026-1-2", "0", "1h30m", "-.5h", "1.m", "1 h", "1d",
	json.Number("-62167219201"), json.Number("253402300800"), json.Number("253402300800000"), json.Number("1796119200"),
	[]any{}, []any{nil}, []any{"x"}, []any{"x", "x"}, []any{json.Number("1"), json.Number("1.0")},
	[]any{json.Number("1"), json.Number("2"), json.Number("3"), json.Number("4")}, []any{"small", "small"},
	map[string]any{}, map[string]any{"tasks": []any{}}, map[string]any{"tasks": nil}, map[string]any{"areas": []any{}},
	map[string]any{"areas": nil}, map[string]any{"plans": "x"}, map[string]any{"boxes": []any{}},
	map[string]any{"file": "x", "line": json.Number("1")}, map[string]any{"file": "/x", "line": json.Number("0")},
}

// mutations yields a document's text with one change, for every change in every
// place, and the text itself.
func mutations(t testing.TB, text []byte) iter.Seq[[]byte] {
	root := decode(t, text)
	return func(yield func([]byte) bool) {
		if !yield(text) {
			return
		}
		change := func(value any) bool { return yield(encode(t, value)) }
		for _, r := range replacements {
			if !change(r) {
				return
			}
		}
		mutate(root, func() bool { return change(root) })
	}
}

// mutate changes one thing at a time below a value, and undoes it once done has
// been called. It returns false once done does.
func mutate(value any, done func() bool) bool {
	switch value := value.(type) {
	case map[string]any:
		return mutateObject(value, done)
	case []any:
		for i, old := range value {
			for _, r := range replacements {
				value[i] = r
				if !done() {
					return false
				}
			}
			for _, other := range value {
				value[i] = other
				if !done() {
					return false
				}
			}
			value[i] = old
			if !mutate(old, done) {
				return false
			}
		}
	}
	return true
}

func mutateObject(object map[string]any, done func() bool) bool {
	for _, key := range slices.Sorted(maps.Keys(object)) {
		old := object[key]
		for _, r := range replacements {
			object[key] = r
			if !done() {
				return false
			}
		}
		delete(object, key)
		if !done() {
			return false
		}
		object[key+"x"] = old
		if !done() {
			return false
		}
		delete(object, key+"x")
		object[key] = old
		if !mutate(old, done) {
			return false
		}
	}
	return true
}
