package docs_test

import (
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/gen/docs"
	"github.com/backlog-gen/backlog-gen/schema"
)

// aheadSchema has what the language has, and the engine may not have yet.
const aheadSchema = `package: {name: plan, root: Plan}
document:
  shapes:
    - {kind: object, lists: {data.board.items: Story}}
    - {kind: array}
  fields:
    project: {type: string, required: true}
    started: {type: date}
statuses: {open: {category: todo, aliases: [new]}, busy: {category: active}, closed: {category: done}}
events: {start: {}, close: {}, reopen: {}}
machines:
  life:
    initial: open
    transitions:
      - {event: start, from: [open], to: busy}
      - {event: close, from: [open, busy], to: closed}
      - {event: reopen, from: [closed, busy], to: open}
objects: {Link: {fields: {to: {type: reference}, type: {type: string}}}}
levels:
  Story:
    plural: Stories
    id: {kind: text, key: uuid, duplicate: warn}
    status: {key: fields.status.name, values: {open: [false, 0], busy: {n: 1.0}, closed: [true, "x"]}, optional: true, nullable: true}
    children: {fields.parts: Part}
    guards: [{events: [close], dependencies: [done], field: links.to, where: {type: blocks}}]
    fields:
      links: {type: Link, list: true}
      left: {type: duration}
      entry: {type: time, form: compact}
      seen: {type: time, form: unix}
  Part:
    id: {kind: position}
    status: none
    children: {steps: Step}
  Step:
    id: {kind: local}
    status: {unknown: warn}
`

func aheadModel(t *testing.T, text string) *schema.Model {
	t.Helper()
	m, err := schema.ParseAhead("plan.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestJSONSchemaOfWhatIsAhead(t *testing.T) {
	const item = `{"project": "p", "data": {"board": {"items": [ITEM]}}}`
	compiled := compileSchema(t, aheadModel(t, aheadSchema), false)
	for _, test := range []struct {
		name, document string
		valid          bool
	}{
		{"empty", `{"project": "p", "data": {"board": {"items": []}}}`, true},
		{"no list", `{"project": "p", "data": {"board": {}}}`, false},
		{"no object around the list", `{"project": "p", "data": []}`, false},
		{"no field of the document", `{"data": {"board": {"items": []}}}`, false},
		{"a day that exists", `{"project": "p", "started": "2024-02-29", "data": {"board": {"items": []}}}`, true},
		{"a day that does not", `{"project": "p", "started": "2026-02-29", "data": {"board": {"items": []}}}`, false},
		{"status missing", `{"uuid": "a"}`, true},
		{"status missing in its object", `{"uuid": "a", "fields": {"other": 1}}`, true},
		{"null in place of an object on the way", `{"uuid": "a", "fields": {"status": null}}`, true},
		{"null in place of an object that holds children, too", `{"uuid": "a", "fields": null}`, false},
		{"status beside no object", `{"uuid": "a", "fields": 1}`, false},
		{"status null", `{"uuid": "a", "fields": {"status": {"name": null}}}`, true},
		{"status a flag", `{"uuid": "a", "fields": {"status": {"name": false}}}`, true},
		{"status a number", `{"uuid": "a", "fields": {"status": {"name": 0.0}}}`, true},
		{"status an object", `{"uuid": "a", "fields": {"status": {"name": {"n": 1}}}}`, true},
		{"status by its name", `{"uuid": "a", "fields": {"status": {"name": "open"}}}`, false},
		{"status by an alias", `{"uuid": "a", "fields": {"status": {"name": "new"}}}`, false},
		{"id missing", `{"id": "a"}`, false},
		{"durations", `{"uuid": "a", "left": "1h30.5m"}`, true},
		{"no duration", `{"uuid": "a", "left": "2 days"}`, false},
		{"compact", `{"uuid": "a", "entry": "20260102T090000Z"}`, true},
		{"compact on no day", `{"uuid": "a", "entry": "20260231T090000Z"}`, false},
		{"not compact", `{"uuid": "a", "entry": "2026-01-02T09:00:00Z"}`, false},
		{"unix", `{"uuid": "a", "seen": 1796119200}`, true},
		{"unix as text", `{"uuid": "a", "seen": "1796119200"}`, false},
		{"item without id or status", `{"uuid": "a", "fields": {"parts": [{}]}}`, true},
		{"unknown status that warns", `{"uuid": "a", "fields": {"parts": [{"steps": [{"id": "1", "status": 5}]}]}}`, true},
		{"status that is needed", `{"uuid": "a", "fields": {"parts": [{"steps": [{"id": "1"}]}]}}`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := test.document
			if !strings.Contains(text, `"data"`) {
				text = strings.Replace(item, "ITEM", text, 1)
			}
			if err := validate(compiled, []byte(text)); (err == nil) != test.valid {
				t.Errorf("valid = %v, want %v: %v", err == nil, test.valid, err)
			}
		})
	}
}

// TestStrictSchemaOfWhatIsAhead allows only what is written.
func TestStrictSchemaOfWhatIsAhead(t *testing.T) {
	strict := compileSchema(t, aheadModel(t, strings.Replace(aheadSchema, "    - {kind: object, lists: {data.board.items: Story}}\n    - {kind: array}\n  fields:\n    project: {type: string, required: true}\n    started: {type: date}\n", "    - {kind: lines}\n", 1)), true)
	whole := `{"uuid": "a", "links": [], "fields": {"status": {"name": false}, "parts": []}, "left": "1h", "entry": "20260102T090000Z", "seen": 1}`
	if err := validate(strict, []byte(whole)); err != nil {
		t.Error(err)
	}
	for _, other := range []string{`{"name": 0}`, `{"name": null}`, `{}`, `{"name": false, "more": 1}`} {
		if validate(strict, []byte(strings.Replace(whole, `{"name": false}`, other, 1))) == nil {
			t.Errorf("the status %s is valid", other)
		}
	}
}

func TestReferenceOfWhatIsAhead(t *testing.T) {
	m := aheadModel(t, aheadSchema)
	files(t, m) // in all formats
	text, err := docs.Markdown(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"A document is an object that holds an array of Stories under `data.board.items`; or an array of Stories.",
		"Beside them, an object has fields of its own: `project` and `started`.",
		"| `started` | date, such as `2006-01-02` | optional |",
		"`open` is `false` or `0`; `busy` is `{\"n\":1.0}`; `closed` is `true` or `\"x\"`",
		"`open` where it is missing or null",
		"These items have no status: they only group others.",
		"Ids: none. An item is known by its place among its siblings.",
		"every item that `links.to` where `type` is `\"blocks\"` refers to is done",
		"| `left` | duration, such as `1h30m` |",
		"| `entry` | time (such as 20060102T150405Z) |",
		"| `seen` | time (seconds since 1970) |",
		"other values are warned of",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the reference does not say %q", want)
		}
	}
	if t.Failed() {
		t.Logf("%s", text)
	}
}
