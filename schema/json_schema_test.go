package schema

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/txtar"
)

func readJSONSchema(t *testing.T) map[string]any {
	t.Helper()
	data, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var s map[string]any
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func compileJSONSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", readJSONSchema(t)); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// constructs are all constructs of the language.
func constructs() []construct {
	return []construct{
		schemaConstruct, packageConstruct, documentConstruct, shapeConstruct, listConstruct, statusConstruct, eventConstruct,
		machineConstruct, transitionConstruct, enumConstruct, enumValueConstruct, objectConstruct, levelConstruct,
		idConstruct, levelStatusConstruct, childrenConstruct, fieldConstruct, rulesConstruct, guardConstruct,
		rollupConstruct, claimConstruct,
	}
}

func TestJSONSchemaHasTheKeysOfTheLoader(t *testing.T) {
	s := readJSONSchema(t)
	definitions := s["$defs"].(map[string]any)
	covered := map[string]bool{"goName": true, "documentName": true, "stateName": true, "doc": true, "category": true, "categories": true, "aliases": true, "fields": true, "path": true, "pathText": true}
	for _, c := range constructs() {
		definition := s
		if c.name != "schema" {
			definition, _ = definitions[c.name].(map[string]any)
		}
		if definition == nil {
			t.Errorf("schema.json has no definition of %s", c.name)
			continue
		}
		covered[c.name] = true
		var want, wantRequired, got, gotRequired []string
		for _, k := range c.keys {
			want = append(want, k.name)
			if k.required {
				wantRequired = append(wantRequired, k.name)
			}
		}
		for name := range definition["properties"].(map[string]any) {
			got = append(got, name)
		}
		if list, ok := definition["required"].([]any); ok {
			for _, name := range list {
				gotRequired = append(gotRequired, name.(string))
			}
		}
		for _, list := range [][]string{want, wantRequired, got, gotRequired} {
			slices.Sort(list)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("keys of %s (-loader +schema.json):\n%s", c.name, diff)
		}
		if diff := cmp.Diff(wantRequired, gotRequired); diff != "" {
			t.Errorf("required keys of %s (-loader +schema.json):\n%s", c.name, diff)
		}
		if definition["additionalProperties"] != false {
			t.Errorf("%s lets unknown keys pass", c.name)
		}
	}
	for name := range definitions {
		if !covered[name] {
			t.Errorf("schema.json defines %s, which the loader does not know", name)
		}
	}
}

func TestJSONSchemaHasTheWordsOfTheLoader(t *testing.T) {
	definitions := readJSONSchema(t)["$defs"].(map[string]any)
	words := func(list any) []string {
		var texts []string
		for _, word := range list.([]any) {
			texts = append(texts, word.(string))
		}
		return texts
	}
	if diff := cmp.Diff(categoryNames(), words(definitions["category"].(map[string]any)["enum"])); diff != "" {
		t.Errorf("categories (-loader +schema.json):\n%s", diff)
	}
	types := definitions["field"].(map[string]any)["properties"].(map[string]any)["type"].(map[string]any)
	l := newLoader("")
	l.declareBuiltinTypes()
	if diff := cmp.Diff(l.types.order, words(types["anyOf"].([]any)[0].(map[string]any)["enum"])); diff != "" {
		t.Errorf("types (-loader +schema.json):\n%s", diff)
	}
	var kinds []string
	for _, branch := range definitions["guard"].(map[string]any)["oneOf"].([]any) {
		kinds = append(kinds, words(branch.(map[string]any)["required"])...)
	}
	if diff := cmp.Diff(guardKinds, kinds); diff != "" {
		t.Errorf("guards (-loader +schema.json):\n%s", diff)
	}
}

// instance returns a schema as JSON Schema sees it, and whether it can be told
// at all: YAML that the loader refuses as such has no JSON.
func instance(text string) (value any, ok bool) {
	l := newLoader("schema.yaml")
	l.lines = strings.Split(text, "\n")
	n := l.readYAML([]byte(text))
	for _, d := range l.diagnostics {
		if d.Rule != ruleUnsafeText {
			return nil, false
		}
	}
	return plain(n), true
}

func plain(n *node) any {
	switch n.kind {
	case mappingNode:
		m := make(map[string]any)
		for _, e := range n.entries {
			m[e.key.text] = plain(e.value)
		}
		return m
	case listNode:
		list := []any{}
		for _, item := range n.items {
			list = append(list, plain(item))
		}
		return list
	case intNode, floatNode:
		if isJSONNumber(n.text) {
			return json.Number(n.text)
		}
		return n.text
	case boolNode:
		return strings.EqualFold(n.text, "true")
	case nullNode:
		return nil
	default:
		return n.text
	}
}

func TestJSONSchemaAcceptsWhatTheLoaderAccepts(t *testing.T) {
	compiled := compileJSONSchema(t)
	texts := make(map[string]string)
	for _, file := range []string{"formats/prp/schema.yaml", "formats/taskmaster/schema.yaml"} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[file] = string(data)
	}
	for _, path := range archives(t, "testdata/right") {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = Complete(string(archive.Files[0].Data))
	}
	for name, text := range texts {
		value, ok := instance(text)
		if !ok {
			t.Errorf("%s cannot be read", name)
			continue
		}
		if err := compiled.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// beyondJSONSchema ends the comment of wrong fixtures that JSON Schema cannot
// tell from right ones.
const beyondJSONSchema = "JSON Schema cannot tell."

func TestJSONSchemaRefusesWhatItCanExpress(t *testing.T) {
	compiled := compileJSONSchema(t)
	refused := 0
	for _, path := range archives(t, "testdata/wrong") {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		comment, text := string(archive.Comment), string(archive.Files[0].Data)
		if !strings.HasPrefix(comment, "As it is:") {
			text = Complete(text)
		}
		value, ok := instance(text)
		accepted := !ok || compiled.Validate(value) == nil
		if want := strings.Contains(comment, beyondJSONSchema); accepted != want {
			t.Errorf("%s: accepted = %v, want %v", path, accepted, want)
		}
		if !accepted {
			refused++
		}
	}
	if refused < 30 {
		t.Errorf("JSON Schema refuses %d wrong fixtures, want at least 30", refused)
	}
}

func archives(t *testing.T, directory string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(directory, "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives in %s: %v", directory, err)
	}
	return paths
}
