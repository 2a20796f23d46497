package main

import (
	"slices"

	"github.com/backlog-gen/backlog-gen/schema"
)

// documentRule says what a rule of documents means.
type documentRule struct {
	Rule     string
	Severity schema.Severity
	// Meaning is one or more sentences.
	Meaning string
	// Schema is what a schema says where that matters: whole top-level keys.
	Schema string
	// Wrong and Right are documents of notes that break the rule and keep it,
	// both empty for rules that no short document breaks.
	Wrong, Right string
}

// documentRules returns all rules that problems of documents have, first those
// about the text, then those about items, fields and changes, last the warnings.
func documentRules() []documentRule {
	return slices.Concat(documentTextRules(), itemRules(), valueRules(), limitRules(), changeRules(), documentWarningRules())
}

// unknownFormat is the rule that a document without a schema has one known format.
const unknownFormat = "unknown-format"

func documentTextRules() []documentRule {
	return []documentRule{
		{Rule: unknownFormat, Severity: schema.Refusal,
			Meaning: "There is no schema, and the document has none of the known formats, or several fit it equally well. " +
				"A format fits where at least half of what stands in the list of one of its shapes are items, which have all that is required and no status that is not known. " +
				"It does not fit where an item goes without a status while a key that the format does not know holds the text of one. " +
				"Of several, the one is taken by which the document has no error; of several such, the one that leaves the fewest keys unknown."},
		{Rule: "syntax", Severity: schema.Refusal,
			Meaning: "The text is not JSON. What follows cannot be read, so it is the last problem of a list.",
			Wrong:   `{"notes": [{"id": "N1", "status": "open",}]}`,
			Right:   `{"notes": [{"id": "N1", "status": "open"}]}`},
		{Rule: "utf-8", Severity: schema.Refusal,
			Meaning: "A byte of the text does not belong to a character in UTF-8. Most likely the file has another encoding.",
			Wrong:   "{\"notes\": [{\"id\": \"N\xff\", \"status\": \"open\"}]}",
			Right:   `{"notes": [{"id": "Nÿ", "status": "open"}]}`},
		{Rule: "merge-conflict", Severity: schema.Refusal,
			Meaning: "The marker lines of a merge in git stand in the text.",
			Wrong: `{"notes": [
<<<<<<< HEAD
  {"id": "N1", "status": "open"}
=======
  {"id": "N1", "status": "closed"}
>>>>>>> theirs
]}`,
			Right: `{"notes": [
  {"id": "N1", "status": "closed"}
]}`},
		{Rule: "duplicate-key", Severity: schema.Refusal,
			Meaning: "An object has a key twice, so that one of the two values would be lost.",
			Wrong:   `{"notes": [{"id": "N1", "status": "open", "status": "closed"}]}`,
			Right:   `{"notes": [{"id": "N1", "status": "closed"}]}`},
		{Rule: "root", Severity: schema.Refusal,
			Meaning: "The document has none of the shapes that the schema lists under document, shapes: it holds no list of " +
				"them. An object of groups may be empty; with members, one of them at least has to be a group. A member beside groups " +
				"whose list seems to be misspelt is a warning.",
			Schema: `document: {shapes: [{kind: object, lists: {notes: Note}}]}`,
			Wrong:  `{"items": [{"id": "N1", "status": "open"}]}`,
			Right:  `{"notes": [{"id": "N1", "status": "open"}]}`},
	}
}

func itemRules() []documentRule {
	return []documentRule{
		{Rule: "required", Severity: schema.Refusal,
			Meaning: "A key that the schema requires is missing: the id, the status unless it is optional, a required field.",
			Wrong:   `{"notes": [{"id": "N1"}]}`,
			Right:   `{"notes": [{"id": "N1", "status": "open"}]}`},
		{Rule: "id", Severity: schema.Refusal,
			Meaning: "An id does not have the form that the schema sets for ids of this level, or does not fit the id of the parent.",
			Schema: `levels:
  Note:
    id: {kind: text, pattern: "N[0-9]+"}
`,
			Wrong: `{"notes": [{"id": "first", "status": "open"}]}`,
			Right: `{"notes": [{"id": "N1", "status": "open"}]}`},
		{Rule: "duplicate-id", Severity: schema.Refusal,
			Meaning: "Two items have the same id: in the whole document, or under one parent where ids are local. Where their " +
				"levels say duplicate: warn, it is a warning, and no id names either of them.",
			Wrong: `{"notes": [{"id": "N1", "status": "open"}, {"id": "N1", "status": "closed"}]}`,
			Right: `{"notes": [{"id": "N1", "status": "open"}, {"id": "N2", "status": "closed"}]}`},
		{Rule: "status", Severity: schema.Refusal,
			Meaning: "A status is neither a state of the level's machine, nor an alias or a value of one. New items have the initial status.",
			Wrong:   `{"notes": [{"id": "N1", "status": "opne"}]}`,
			Right:   `{"notes": [{"id": "N1", "status": "open"}]}`},
	}
}

// limitRules have no examples: what breaks them is too large to show.
func limitRules() []documentRule {
	return []documentRule{
		{Rule: "depth", Severity: schema.Refusal, Meaning: "Arrays and objects nest deeper than 512."},
		{Rule: "size", Severity: schema.Refusal, Meaning: "The document, or all its ids together, are larger than the engine can hold."},
		{Rule: "limit", Severity: schema.Refusal,
			Meaning: "There are more than 1000 problems. The others are only counted. This is a warning if the first 1000 are."},
	}
}

// changeRules are broken by programs, never by documents.
func changeRules() []documentRule {
	return []documentRule{
		{Rule: "operation", Severity: schema.Refusal, Meaning: "A change has an unknown kind, or lacks its content."},
		{Rule: "field", Severity: schema.Refusal, Meaning: "A change names a field that items of the level do not have."},
		{Rule: "value", Severity: schema.Refusal, Meaning: "A change holds a value that cannot be written as JSON, or no value of the enum."},
		{Rule: "parent", Severity: schema.Refusal, Meaning: "An item cannot be added under, or moved to, this parent."},
		{Rule: "place", Severity: schema.Refusal, Meaning: "An item cannot be put before or after this one, which is no sibling there, or is the item itself."},
		{Rule: "group", Severity: schema.Refusal, Meaning: "An addition names a group that the document cannot have, or a move leads to another group."},
		{Rule: "position", Severity: schema.Refusal, Meaning: "Another item stands at the place by which a change knows an item without an id, or an earlier " +
			"change of its group has shifted that place."},
		{Rule: "reason", Severity: schema.Refusal, Meaning: "A force gives no reason. The reason is logged, since nothing else judges the change."},
	}
}

func documentWarningRules() []documentRule {
	return []documentRule{
		{Rule: "status-alias", Severity: schema.Warning,
			Meaning: "A status is spelled as one of its aliases, or as another of its values than the first. It is read, and keeps its spelling until the status changes.",
			Schema: `statuses:
  open: {category: todo}
  closed: {category: done, aliases: [done]}
`,
			Wrong: `{"notes": [{"id": "N1", "status": "done"}]}`,
			Right: `{"notes": [{"id": "N1", "status": "closed"}]}`},
		{Rule: "unknown-member", Severity: schema.Warning,
			Meaning: "An object has a key that the schema does not know, much like one that the object lacks: it may be misspelt. " +
				"Other unknown keys are kept as they are, and nothing is said; validate --strict refuses them all.",
			Schema: noteFields("priority: {type: string}"),
			Wrong:  `{"notes": [{"id": "N1", "status": "open", "prioritty": "high"}]}`,
			Right:  `{"notes": [{"id": "N1", "status": "open", "priority": "high"}]}`},
		{Rule: "no-items", Severity: schema.Warning,
			Meaning: "The document has its list, and no items in it. That is right for a new one; else it may be another file than the one that was meant.",
			Wrong:   `{"notes": []}`,
			Right:   `{"notes": [{"id": "N1", "status": "open"}]}`},
		{Rule: "surrogate", Severity: schema.Warning,
			Meaning: "A text holds half of a surrogate pair, as a JavaScript program writes it that has cut an emoji in two. " +
				"It is read as U+FFFD, and stays as it is until the text is edited. An id or a status refuses the document.",
			Schema: noteFields("title: {type: string}"),
			Wrong:  `{"notes": [{"id": "N1", "status": "open", "title": "cut \ud83d"}]}`,
			Right:  `{"notes": [{"id": "N1", "status": "open", "title": "whole \ud83d\ude80"}]}`},
		{Rule: "dangling-reference", Severity: schema.Warning,
			Meaning: "A reference names no item of the document, or an id that several items share.",
			Schema:  noteFields("after: {type: reference, list: true}"),
			Wrong:   `{"notes": [{"id": "N1", "status": "open", "after": ["N7"]}]}`,
			Right:   `{"notes": [{"id": "N1", "status": "open", "after": []}]}`},
		{Rule: "reference-level", Severity: schema.Warning,
			Meaning: "A reference names an item of a level that its field does not refer to.",
			Schema: `levels:
  Note:
    id: {kind: text}
    children: {steps: Step}
    fields:
      after: {type: reference, to: [Note]}
  Step:
    id: {kind: text}
`,
			Wrong: `{"notes": [{"id": "N1", "status": "open", "steps": [{"id": "S1", "status": "open"}]},
  {"id": "N2", "status": "open", "after": "S1"}]}`,
			Right: `{"notes": [{"id": "N1", "status": "open", "steps": [{"id": "S1", "status": "open"}]},
  {"id": "N2", "status": "open", "after": "N1"}]}`},
		{Rule: "dependency-cycle", Severity: schema.Warning,
			Meaning: "Items depend on each other in a round, so that none of them can be the first.",
			Schema:  noteFields("after: {type: reference, list: true}") + noteGuard,
			Wrong:   `{"notes": [{"id": "N1", "status": "open", "after": ["N2"]}, {"id": "N2", "status": "open", "after": ["N1"]}]}`,
			Right:   `{"notes": [{"id": "N1", "status": "open", "after": ["N2"]}, {"id": "N2", "status": "open", "after": []}]}`},
		{Rule: "standing", Severity: schema.Warning,
			Meaning: "The guards of every event that leads to an item's status would refuse it now: somebody has written the status by hand, or forced it.",
			Schema:  noteFields("after: {type: reference, list: true}") + noteGuard,
			Wrong:   `{"notes": [{"id": "N1", "status": "open"}, {"id": "N2", "status": "closed", "after": ["N1"]}]}`,
			Right:   `{"notes": [{"id": "N1", "status": "closed"}, {"id": "N2", "status": "closed", "after": ["N1"]}]}`},
	}
}

// noteGuard goes on after noteFields.
const noteGuard = `    guards:
      - {events: [close], dependencies: [done]}
`

// noteFields is a level with a field.
func noteFields(field string) string {
	return "levels:\n  Note:\n    id: {kind: text}\n    fields:\n      " + field + "\n"
}
