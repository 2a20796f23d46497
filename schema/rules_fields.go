package schema

func fieldRules() []Explanation {
	return []Explanation{
		{rulePattern, Refusal,
			"A pattern is not a regular expression of RE2 (Go's package regexp), or is so large that it would cost " +
				"too much. Look-around and back-references are not part of RE2.",
			`levels:
  Note:
    id: {kind: text, pattern: "(?=N)[0-9]+"}
`,
			`levels:
  Note:
    id: {kind: text, pattern: "N[0-9]+"}
`},
		{ruleRuleMismatch, Refusal,
			"A rule does not apply to the type of its field: length, pattern, one_of, prefix and sections are for " +
				"strings; min, max, over, under and multiple_of for numbers; items and unique for lists.",
			`levels:
  Note:
    id: {kind: text}
    fields:
      effort: {type: int, length: 1..3}
`,
			`levels:
  Note:
    id: {kind: text}
    fields:
      effort: {type: int, min: 1, max: 999}
`},
		{ruleImpossibleRule, Refusal,
			"No value can meet the rules of a field together.",
			`levels:
  Note:
    id: {kind: text}
    fields:
      effort: {type: int, min: 10, max: 1}
`,
			`levels:
  Note:
    id: {kind: text}
    fields:
      effort: {type: int, min: 1, max: 10}
`},
		{ruleBadDefault, Refusal,
			"The default of a field is not of its type, or breaks its own rules, those that only warn among them. Or a field of the document needs a default: it is required, and an empty text, zero or the like will not do.",
			`levels:
  Note:
    id: {kind: text}
    fields:
      effort: {type: int, min: 1, default: 0}
`,
			`levels:
  Note:
    id: {kind: text}
    fields:
      effort: {type: int, min: 1, default: 1}
`},
		{ruleRecursiveObject, Refusal,
			"An object contains itself, directly or through others.",
			`objects:
  Comment:
    fields:
      replies: {type: Comment, list: true}
levels:
  Note:
    id: {kind: text}
    fields:
      comment: {type: Comment}
`,
			`objects:
  Comment:
    fields:
      replies: {type: raw}
levels:
  Note:
    id: {kind: text}
    fields:
      comment: {type: Comment}
`},
	}
}

func warningRules() []Explanation {
	return []Explanation{
		{ruleUnusedEvent, Warning,
			"No level can fire an event: no machine that a level follows has a transition for it.",
			`events: {close: {}, reopen: {}, archive: {}}`,
			`events: {close: {}, reopen: {}}`},
		{ruleUnusedMachine, Warning,
			"No level follows a machine.",
			`machines:
  life: &life
    initial: open
    transitions:
      - {event: close, from: [open], to: closed}
      - {event: reopen, from: [closed], to: open}
  other: *life
levels:
  Note:
    id: {kind: text}
    machine: life
`,
			`machines:
  life:
    initial: open
    transitions:
      - {event: close, from: [open], to: closed}
      - {event: reopen, from: [closed], to: open}
levels:
  Note:
    id: {kind: text}
    machine: life
`},
		{ruleUnusedType, Warning,
			"No field has an enum or an object as its type.",
			`enums:
  Color: {values: {red: {}, green: {}}}
levels:
  Note:
    id: {kind: text}
`,
			`enums:
  Color: {values: {red: {}, green: {}}}
levels:
  Note:
    id: {kind: text}
    fields:
      color: {type: Color}
`},
		{ruleNoReopen, Warning,
			"No events lead from a status of category done back to one of category todo or active, so that what was " +
				"completed by mistake can be taken back by force only.",
			`events: {close: {}}
machines:
  life:
    initial: open
    transitions:
      - {event: close, from: [open], to: closed}
`,
			`events: {close: {}, reopen: {}}
machines:
  life:
    initial: open
    transitions:
      - {event: close, from: [open], to: closed}
      - {event: reopen, from: [closed], to: open}
`},
	}
}
