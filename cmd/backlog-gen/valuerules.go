package main

import "github.com/backlog-gen/backlog-gen/schema"

// valueRules are about the values of fields. Those that a schema states under
// warn only warn.
func valueRules() []documentRule {
	rule := func(name, meaning, field, wrong, right string) documentRule {
		return documentRule{
			Rule: name, Severity: schema.Refusal, Meaning: meaning,
			Schema: noteFields(field),
			Wrong:  `{"notes": [{"id": "N1", "status": "open", ` + wrong + `}]}`,
			Right:  `{"notes": [{"id": "N1", "status": "open", ` + right + `}]}`,
		}
	}
	return []documentRule{
		rule("type", "A value is of another kind than its field: a number where a text belongs, one value where a list does.",
			`title: {type: string}`, `"title": 7`, `"title": "7"`),
		rule("number", "A number is too large for 64 bits.",
			`effort: {type: float}`, `"effort": 1e999`, `"effort": 1e9`),
		rule("integer", "A number is no whole number, or too large for 64 bits.",
			`effort: {type: int}`, `"effort": 1.5`, `"effort": 2`),
		rule("time", "A value is no time of the field's form: a text as in RFC 3339, unless the schema names another.",
			`due: {type: time}`, `"due": "tomorrow"`, `"due": "2030-01-31T12:00:00Z"`),
		rule("date", "A text is no day that there is.",
			`due: {type: date}`, `"due": "2030-02-30"`, `"due": "2030-01-31"`),
		rule("duration", "A text is no duration: numbers with units, of which h is the largest.",
			`estimate: {type: duration}`, `"estimate": "2 days"`, `"estimate": "16h30m"`),
		rule("constant", "A text is not the one that the field always has.",
			`kind: {constant: note}`, `"kind": "task"`, `"kind": "note"`),
		documentRule{
			Rule: "enum", Severity: schema.Refusal,
			Meaning: "A text is no value of the enum, and no alias of one. With unknown: warn it is a warning.",
			Schema:  "enums:\n  Color: {values: {red: {}, green: {}}}\n" + noteFields("color: {type: Color}"),
			Wrong:   `{"notes": [{"id": "N1", "status": "open", "color": "blue"}]}`,
			Right:   `{"notes": [{"id": "N1", "status": "open", "color": "red"}]}`,
		},
		rule("oneOf", "A text is not among those under one_of.",
			`state: {type: string, one_of: [draft, final]}`, `"state": "new"`, `"state": "draft"`),
		rule("minLength", "A text has fewer characters than length asks for.",
			`title: {type: string, length: 1..80}`, `"title": ""`, `"title": "One"`),
		rule("maxLength", "A text has more characters than length allows.",
			`title: {type: string, length: 1..8}`, `"title": "Everything"`, `"title": "All"`),
		rule("pattern", "A text does not match the regular expression under pattern.",
			`code: {type: string, pattern: "^[A-Z]+$"}`, `"code": "ab"`, `"code": "AB"`),
		rule("prefix", "A text does not begin with what stands under prefix.",
			`text: {type: string, prefix: "NOTE:"}`, `"text": "One"`, `"text": "NOTE: One"`),
		rule("sections", "A text does not hold everything that stands under sections, in this order.",
			`text: {type: string, sections: [WHAT, WHY]}`, `"text": "WHAT to do"`, `"text": "WHAT to do and WHY"`),
		rule("minimum", "A number is less than min.",
			`effort: {type: int, min: 1}`, `"effort": 0`, `"effort": 1`),
		rule("maximum", "A number is more than max.",
			`effort: {type: int, max: 9}`, `"effort": 10`, `"effort": 9`),
		rule("exclusiveMinimum", "A number is not more than over.",
			`effort: {type: float, over: 0}`, `"effort": 0`, `"effort": 0.5`),
		rule("exclusiveMaximum", "A number is not less than under.",
			`effort: {type: float, under: 10}`, `"effort": 10`, `"effort": 9.5`),
		rule("multipleOf", "A number is no multiple of multiple_of.",
			`effort: {type: float, multiple_of: 0.5}`, `"effort": 0.7`, `"effort": 1.5`),
		rule("minItems", "A list has fewer elements than items asks for.",
			`tags: {type: string, list: true, items: 1..3}`, `"tags": []`, `"tags": ["a"]`),
		rule("maxItems", "A list has more elements than items allows.",
			`tags: {type: string, list: true, items: ..1}`, `"tags": ["a", "b"]`, `"tags": ["a"]`),
		rule("uniqueItems", "Two elements of a list are equal.",
			`tags: {type: string, list: true, unique: true}`, `"tags": ["a", "a"]`, `"tags": ["a", "b"]`),
	}
}
