package docs_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"math/big"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/gen/docs"
	"github.com/backlog-gen/backlog-gen/internal/corpus"
	"github.com/backlog-gen/backlog-gen/schema"
)

// compileSchema makes the JSON Schema of a model and compiles it.
func compileSchema(t testing.TB, m *schema.Model, strict bool) *jsonschema.Schema {
	t.Helper()
	text, err := docs.JSONSchema(m, strict)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("the JSON Schema is not JSON: %v\n%s", err, text)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("format.json", value); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("format.json")
	if err != nil {
		t.Fatalf("the JSON Schema does not compile: %v\n%s", err, text)
	}
	return compiled
}

// validate returns what a JSON Schema has against a document's text.
func validate(s *jsonschema.Schema, text []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return s.Validate(value)
}

func TestJSONSchemaAcceptsTheCorpus(t *testing.T) {
	for kind, path := range map[corpus.Kind]string{corpus.PRP: shipped[0], corpus.TaskMaster: shipped[1]} {
		m := load(t, path)
		typ, compiled := newType(t, m), compileSchema(t, m, false)
		for name, data := range corpus.Files(t, kind) {
			t.Run(string(kind)+"/"+name, func(t *testing.T) {
				if _, err := typ.Parse(data); err != nil {
					t.Fatalf("Parse refuses the file: %v", err)
				}
				if err := validate(compiled, data); err != nil {
					t.Errorf("Parse accepts the file, the JSON Schema does not: %v", err)
				}
			})
		}
	}
}

func TestJSONSchemaRefusesTheBrokenCorpus(t *testing.T) {
	files := corpus.Files(t, corpus.Broken)
	for _, path := range shipped {
		m := load(t, path)
		typ, compiled := newType(t, m), compileSchema(t, m, false)
		for name, data := range files {
			t.Run(filepath.Base(path)+"/"+name, func(t *testing.T) {
				_, parse := typ.Parse(data)
				valid := validate(compiled, data)
				if (parse == nil) != (valid == nil) {
					t.Errorf("Parse: %v\nJSON Schema: %v", parse, valid)
				}
			})
		}
	}
}

// TestJSONSchemaWantsAGroup compares what Parse and the JSON Schema have to say of
// documents of groups that have none.
func TestJSONSchemaWantsAGroup(t *testing.T) {
	m := load(t, shipped[1])
	typ, lenient := newType(t, m), compileSchema(t, m, false)
	for text, want := range map[string]bool{
		`{}`: true, `{"a":{"tasks":[]}}`: true, `{"a":{"tasks":[]},"b":1,"c":{"taks":[]}}`: true,
		`{"a":1}`: false, `{"a":{"taks":[]}}`: false, `{"a":{"tasks":{}}}`: false, `{"tasks":{}}`: false, `{"name":"x","scripts":{}}`: false,
	} {
		_, err := typ.Parse([]byte(text))
		if valid := validate(lenient, []byte(text)); (err == nil) != want || (valid == nil) != want {
			t.Errorf("%s: Parse says %v, the JSON Schema %v", text, err, valid)
		}
	}
}

// TestJSONSchemaAgreesWithParse changes valid documents in every place, and
// compares what Parse and the JSON Schema have to say.
func TestJSONSchemaAgreesWithParse(t *testing.T) {
	for _, path := range slices.Concat(shipped, made) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			m := load(t, path)
			typ := newType(t, m)
			lenient, strict := compileSchema(t, m, false), compileSchema(t, m, true)
			allowed := map[string]bool{}
			for _, limit := range docs.Limits(m) {
				for _, rule := range limit.Rules {
					allowed[rule] = true
				}
			}
			tried, refused := 0, 0
			for text := range mutations(t, fullDocument(t, m)) {
				tried++
				_, err := typ.Parse(asLines(t, m, text))
				valid := validate(lenient, text)
				if validate(strict, text) == nil && valid != nil {
					t.Errorf("the strict schema accepts what the other does not: %v\n%s", valid, text)
				}
				switch {
				case err == nil && valid != nil:
					t.Errorf("Parse accepts, the JSON Schema does not: %v\n%s", valid, text)
				case err != nil:
					refused++
				}
				if err != nil && valid == nil {
					for _, p := range problemsOf(t, err) {
						root := decode(t, text)
						if hasLines(m) {
							root = []any{root}
						}
						if !allowed[p.Rule] || !beyondSchema(t, p, root) {
							t.Errorf("Parse refuses for what the JSON Schema should know: %v\n%s", p, text)
						}
					}
				}
				if t.Failed() {
					return
				}
			}
			t.Logf("%d documents, %d of them refused", tried, refused)
			if tried < 500 || refused < tried/10 || refused > tried*9/10 {
				t.Errorf("of %d documents %d are refused: too few of one kind to tell anything", tried, refused)
			}
		})
	}
}

func hasLines(m *schema.Model) bool { return m.Document.Shapes[0].Kind == format.RootLines }

// asLines puts a document of JSON Lines, which is one value, on a line.
func asLines(t *testing.T, m *schema.Model, text []byte) []byte {
	t.Helper()
	if !hasLines(m) {
		return text
	}
	var line bytes.Buffer
	if err := json.Compact(&line, text); err != nil {
		t.Fatal(err)
	}
	return line.Bytes()
}

// problemsOf returns what Parse has found.
func problemsOf(t *testing.T, err error) []document.Problem {
	t.Helper()
	var parse *document.ParseError
	if !errors.As(err, &parse) {
		t.Fatalf("not a *ParseError: %v", err)
	}
	return parse.Problems
}

// rulesOf returns the rules that Parse says are broken.
func rulesOf(t *testing.T, err error) []string {
	t.Helper()
	rules := map[string]bool{}
	for _, p := range problemsOf(t, err) {
		rules[p.Rule] = true
	}
	return slices.Sorted(maps.Keys(rules))
}

// beyondSchema looks at the value that a problem is about, where its rule is one
// that the JSON Schema knows but for some values: kinds of numbers that are told
// apart by how they are written, patterns of ids that are numbers or of lines,
// and bounds that only more digits than a number has can miss.
func beyondSchema(t *testing.T, p document.Problem, root any) bool {
	t.Helper()
	value := at(t, root, p.Pointer)
	number, isNumber := value.(json.Number)
	switch p.Rule {
	case "type", "integer":
		return isNumber && isWhole(number)
	case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
		return isNumber && len(number) > 15
	case "pattern":
		return strings.HasSuffix(p.Pointer, "/lines")
	case "id":
		_, isText := value.(string)
		return isNumber || isText && strings.Contains(p.Message, ".")
	}
	return true
}

func isWhole(number json.Number) bool {
	exact, ok := new(big.Rat).SetString(number.String())
	return ok && exact.IsInt()
}

// at returns the value that a JSON pointer leads to.
func at(t *testing.T, value any, pointer string) any {
	t.Helper()
	for _, step := range strings.Split(pointer, "/")[1:] {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil {
				t.Fatalf("no index: %s in %s", step, pointer)
			}
			value = v[i]
		}
	}
	return value
}

// TestLimits shows for each limit that it is one: Parse refuses for its rule,
// and the JSON Schema accepts.
func TestLimits(t *testing.T) {
	const item = `"title": "x", "description": "x", "status": "Planned", "type": "Phase"`
	milestone := strings.ReplaceAll(item, "Phase", "Milestone")
	row := func(s string) string { return `[{"name": "a-1", "status": "open", "rows": [` + s + `]}]` }
	job := `"title": null, "status": "new", "body": "# Why # How", "size": "s"`
	cases := []struct {
		name, schema, rule, text string
	}{
		{"a key twice", shipped[0], "duplicate-key", `{"backlog": [], "x": 1, "x": 2}`},
		{"half a character", shipped[1], "id", `[{"id": "\uD800", "status": "done", "title": ""}]`},
		{"deep", shipped[0], "depth", `{"backlog": [], "x": ` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + `}`},
		{"an item on several lines", made[3], "syntax", "{\n\"id\": \"a\", \"status\": \"open\", \"title\": \"x\"\n}\n"},
		{"an id twice", shipped[0], "duplicate-id", `{"backlog": [{"id": "P1", ` + item + `}, {"id": "P1", ` + item + `}]}`},
		{"an id twice in a group", made[1], "duplicate-id", `[{"name": "a-1", "status": "open"}, {"name": "a-1", "status": "open"}]`},
		{"the id of another parent", shipped[0], "id", `{"backlog": [{"id": "P1", ` + item + `, "milestones": [{"id": "P2.M1", ` + milestone + `}]}]}`},
		{"a long id", shipped[1], "id", `[{"id": "` + strings.Repeat("1", 1001) + `", "status": "done", "title": ""}]`},
		{"a long id in one of two", made[1], "id", `[{"name": "` + strings.Repeat("a", 1001) + `-1", "status": "open"}]`},
		{"a number out of the pattern", made[1], "id", `[{"name": 7, "status": "open"}]`},
		{"an integer id with a point", made[1], "type", row(`{"id": 1.0, "status": "open"}`)},
		{"a long duration", made[0], "duration", `[{"id": "A1", "title": "xx", "jobs": [{"id": "A1.J1", ` + job + `, "left": "99999999h"}]}]`},
		{"a pattern of lines", made[0], "pattern", `[{"id": "A1", "title": "xx", "jobs": [{"id": "A1.J1", ` + job + `, "lines": "the end"}]}]`},
		{"a number that rounding takes over the bound", made[0], "exclusiveMaximum",
			`[{"id": "A1", "title": "xx", "jobs": [{"id": "A1.J1", ` + job + `, "rate": 0.99999999999999999999}]}]`},
	}
	shown := map[string]bool{}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := load(t, c.schema)
			_, err := newType(t, m).Parse([]byte(c.text))
			if err == nil {
				t.Fatal("Parse accepts it")
			}
			if rules := rulesOf(t, err); !slices.Equal(rules, []string{c.rule}) {
				t.Errorf("Parse: %v, want the rule %s only", err, c.rule)
			}
			if err := validate(compileSchema(t, m, false), []byte(c.text)); err != nil {
				t.Errorf("the JSON Schema refuses it, so this is no limit: %v", err)
			}
			found := false
			for _, limit := range docs.Limits(m) {
				if slices.Contains(limit.Rules, c.rule) {
					found = true
					shown[limit.Words] = true
				}
			}
			if !found {
				t.Errorf("Limits does not have the rule %s", c.rule)
			}
		})
	}
	for _, path := range slices.Concat(shipped, made) {
		for _, limit := range docs.Limits(load(t, path)) {
			if !shown[limit.Words] && !strings.Contains(limit.Words, "pattern (?m)") {
				t.Errorf("%s: no case shows that this is a limit: %s", path, limit.Words)
			}
		}
	}
}

// TestStrictSchema shows what the strict schema is for: it accepts a whole
// document, and holds to what the other lets pass.
func TestStrictSchema(t *testing.T) {
	for _, path := range slices.Concat(shipped, made) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			m := load(t, path)
			strict := compileSchema(t, m, true)
			full := fullDocument(t, m)
			if err := validate(strict, full); err != nil {
				t.Errorf("the strict schema refuses a complete document: %v\n%s", err, full)
			}
			if _, err := newType(t, m).Parse(asLines(t, m, full)); err != nil {
				t.Errorf("Parse refuses what the strict schema accepts: %v", err)
			}
		})
	}
	m := load(t, shipped[0])
	strict, lenient := compileSchema(t, m, true), compileSchema(t, m, false)
	full := string(fullDocument(t, m))
	for name, change := range map[string][2]string{
		"a key that the schema lacks":  {`"type": "Phase"`, `"type": "Phase", "more": 1`},
		"a rule that only warns":       {`"story_points": 1`, `"story_points": 1.3`},
		"a text without its sections":  {`CONTRACT DEFINITION:`, `CONTRACT:`},
		"a key that Parse can do with": {`"subtasks"`, `"others"`},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(full, change[0], change[1], 1)
			if text == full {
				t.Fatalf("the document has no %s", change[0])
			}
			if err := validate(lenient, []byte(text)); err != nil {
				t.Errorf("the schema refuses it: %v", err)
			}
			if validate(strict, []byte(text)) == nil {
				t.Error("the strict schema accepts it")
			}
		})
	}
}
