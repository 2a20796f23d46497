package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/gen"
	"github.com/backlog-gen/backlog-gen/schema"
)

// notes makes a whole schema of whole top-level keys of one.
func notes(piece string) string {
	for _, section := range []struct{ key, text string }{
		{"package", "package: {name: example, root: Notes}\n"},
		{"document", "document: {shapes: [{kind: object, lists: {notes: Note}}]}\n"},
		{"statuses", "statuses: {open: {category: todo}, closed: {category: done}}\n"},
		{"events", "events: {close: {}, reopen: {}}\n"},
		{"machines", `machines:
  life:
    initial: open
    transitions:
      - {event: close, from: [open], to: closed}
      - {event: reopen, from: [closed], to: open}
`},
		{"levels", "levels: {Note: {id: {kind: text}}}\n"},
	} {
		if !strings.Contains("\n"+piece, "\n"+section.key+":") {
			piece = strings.TrimRight(piece, "\n") + "\n" + section.text
		}
	}
	return piece
}

func TestEachDocumentRuleHasAWrongAndARightExample(t *testing.T) {
	// What breaks these is too large to show, no document, or a document without a schema.
	without := []string{unknownFormat, "depth", "size", "limit", "operation", "field", "value", "parent", "group", "place", "position", "reason"}
	for _, rule := range documentRules() {
		t.Run(rule.Rule, func(t *testing.T) {
			if rule.Meaning == "" {
				t.Error("no meaning")
			}
			if slices.Contains(without, rule.Rule) != (rule.Wrong == "") || (rule.Wrong == "") != (rule.Right == "") {
				t.Fatal("an example is missing")
			}
			if rule.Wrong == "" {
				return
			}
			model, err := schema.Parse("schema.yaml", []byte(notes(rule.Schema)))
			if err != nil {
				t.Fatal(err)
			}
			format, err := document.NewType(gen.Descriptor(model))
			if err != nil {
				t.Fatal(err)
			}
			_, wrong, err := problems(format, []byte(rule.Wrong), validateOptions{})
			if err != nil || len(wrong) == 0 {
				t.Errorf("the wrong example is accepted: %v", err)
			}
			for _, d := range diagnose("wrong.json", []byte(rule.Wrong), wrong) {
				if d.Rule != rule.Rule || d.Severity != rule.Severity {
					t.Errorf("the wrong example yields %v", d)
				}
			}
			_, right, err := problems(format, []byte(rule.Right), validateOptions{})
			if err != nil || len(right) > 0 {
				t.Errorf("the right example yields %v, %v", right, err)
			}
		})
	}
}
