package gen_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
)

// namedSchema has the given names in their places, and in all others those of the
// place, followed by an ending.
func namedSchema(ending string, given map[string]string) string {
	text := `
package: {name: example, root: ROOT}
document: {shapes: [{kind: groups, lists: {top: LEVEL}}, {kind: object, lists: {top: LEVEL}}]}
statuses: {open: {category: todo, name: STATUS}, closed: {category: done}}
events: {close: {name: EVENT}, reopen: {}}
machines:
  MACHINE:
    initial: open
    transitions:
      - {event: close, from: [open], to: closed}
      - {event: reopen, from: [closed], to: open}
enums:
  ENUM: {values: {dark: {name: VALUE}}}
objects:
  OBJECT: {fields: {m: {name: MEMBER, type: string}, e: {name: Inner, type: ENUM}}}
levels:
  LEVEL:
    plural: PLURAL
    id: {kind: text, accepts: [int, string]}
    children: {children: LEAF}
    guards: [{custom: GUARD, events: [close]}]
    fields:
      f: {name: FIELD, type: string}
      r: {name: REFERENCE, type: reference, to: [LEAF]}
      l: {name: LIST, type: string, list: true}
      t: {name: TIME, type: time}
      es: {name: ENUMS, type: ENUM, list: true}
      os: {name: PARTS, type: OBJECT, list: true, required: true}
  LEAF:
    plural: LEAVES
    id: {kind: local}
`
	for _, place := range places {
		name, ok := given[place]
		if !ok {
			name = strings.ToUpper(place[:1]) + place[1:] + ending
		}
		text = replaceWord(text, strings.ToUpper(place), name)
	}
	return text
}

// replaceWord replaces a word that stands alone.
func replaceWord(text, word, by string) string {
	var out strings.Builder
	for len(text) > 0 {
		n := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsLetter(r) })
		switch {
		case n < 0:
			n = len(text)
		case n == 0:
			out.WriteByte(text[0])
			text = text[1:]
			continue
		}
		if text[:n] == word {
			out.WriteString(by)
		} else {
			out.WriteString(text[:n])
		}
		text = text[n:]
	}
	return out.String()
}

// places are where namedSchema has names.
var places = []string{
	"root", "level", "plural", "leaf", "leaves", "field", "member", "status", "event", "machine", "enum", "value", "object", "guard",
	"reference", "list", "time", "enums", "parts",
}

// Each name is given to the places of a set at once, since they do not get in each
// other's way, and to one after the other where a set is refused.
var placesTogether = [][]string{
	{"level", "member", "status", "event"}, {"leaf", "field", "value"}, {"enum", "reference", "machine"},
	{"object", "list"}, {"plural", "time"}, {"root", "parts"}, {"leaves", "enums"}, {"guard"},
}

// TestEveryNameOfGeneratedCodeAsNameOfASchema gives each part of a schema each name
// that every generated package has inside: of parameters, receivers, variables,
// imports and unexported declarations. The schema is refused, or its package
// compiles.
func TestEveryNameOfGeneratedCodeAsNameOfASchema(t *testing.T) {
	names, others := localNames(t, namedSchema("Ash", nil)), localNames(t, namedSchema("Elm", nil))
	maps.DeleteFunc(names, func(name string, _ bool) bool { return !others[name] }) // made of the schema's own
	if !names["doc"] || !names["err"] || !names["number"] || !names["filestore"] || len(names) < 50 {
		t.Fatalf("only %d names: %v", len(names), slices.Sorted(maps.Keys(names)))
	}
	tried := map[string]int{}
	for _, local := range slices.Sorted(maps.Keys(names)) {
		name := strings.ToUpper(local[:1]) + local[1:]
		t.Run(name, func(t *testing.T) {
			for _, set := range placesTogether {
				if compilesWith(t, set, name) {
					continue
				}
				for _, place := range set {
					compilesWith(t, []string{place}, name)
				}
			}
		})
	}
	for _, set := range placesTogether {
		for _, place := range set {
			tried[place]++
		}
	}
	for _, place := range places {
		if tried[place] != 1 {
			t.Errorf("names are tried %d times as %s", tried[place], place)
		}
	}
}

// compilesWith checks the package of a schema that has a name in some places. It
// reports false where the schema is refused.
func compilesWith(t *testing.T, places []string, name string) bool {
	t.Helper()
	given := map[string]string{}
	for _, place := range places {
		given[place] = name
	}
	texts := []string{namedSchema("Ash", given)}
	if slices.Contains(places, "level") {
		texts = append(texts, withPaths(texts[0]))
	}
	failed := t.Failed()
	for _, text := range texts {
		model, err := schema.Parse("backlog.yaml", []byte(text))
		if err != nil {
			return false
		}
		if typeCheck(t, generate(t, model)); t.Failed() && !failed {
			t.Errorf("with the name %s as %v", name, places)
		}
	}
	return true
}

// withPaths is a schema of namedSchema whose ids are paths: the functions that make
// them have other parameters.
func withPaths(text string) string {
	return strings.NewReplacer("kind: text, accepts: [int, string]", "kind: path, prefix: A", "kind: local", "kind: path, prefix: B").Replace(text)
}

// localNames lists the unexported names of a schema's packages, and what these
// import.
func localNames(t *testing.T, text string) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, text := range []string{text, withPaths(text)} {
		model, err := schema.Parse("backlog.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range generate(t, model) {
			namesIn(t, f, names)
		}
	}
	return names
}

func namesIn(t *testing.T, f gen.File, names map[string]bool) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), f.Name, f.Content, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name != "_" && !token.IsExported(id.Name) {
			names[id.Name] = true
		}
		return true
	})
	for _, spec := range file.Imports {
		path := strings.Trim(spec.Path.Value, `"`)
		names[path[strings.LastIndexByte(path, '/')+1:]] = true
	}
}
