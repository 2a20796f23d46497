package schema

import "slices"

// Explanation says what a rule of schemas means.
type Explanation struct {
	// Rule is the id that diagnostics carry in brackets.
	Rule     string
	Severity Severity
	// Meaning is one or more sentences.
	Meaning string
	// Wrong and Right are pieces of a schema that break the rule and keep it:
	// whole top-level keys of a schema whose other keys do not matter.
	Wrong, Right string
}

// Rules returns the explanations of all rules, first those about the text of
// a schema, last the warnings.
func Rules() []Explanation {
	return slices.Concat(textRules(), nameRules(), fieldRules(), machineRules(), engineRules(), warningRules())
}

// Explain returns the explanation of a rule, and whether there is such a rule.
func Explain(rule string) (Explanation, bool) {
	all := Rules()
	i := slices.IndexFunc(all, func(e Explanation) bool { return e.Rule == rule })
	if i < 0 {
		return Explanation{}, false
	}
	return all[i], true
}

func textRules() []Explanation {
	return []Explanation{
		{ruleSyntax, Refusal,
			"The file is not YAML in UTF-8, is empty, or holds more than one document or a tag.",
			`document: {shapes: [{kind: array}], indent: 2`,
			`document: {shapes: [{kind: array}], indent: 2}`},
		{ruleLimit, Refusal,
			"Something is larger than any real schema needs: the file (1 MiB), the depth of nesting (32), the number " +
				"of aliases (100), levels (16), keys of a path (16), fields of a level (200), statuses or events (254), or the length of a text.",
			`document: {indent: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[2]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}`,
			`document: {shapes: [{kind: array}], indent: 2}`},
		{ruleUnsafeText, Refusal,
			"A control character, an invisible character or one that changes the direction of writing stands in the " +
				"schema, where it would make a text look like another. The joiner and the non-joiner may stand between " +
				"letters of scripts that need them, and a joiner between pictographs.",
			`events: {close: {doc: "Finished.\u200B"}, reopen: {}}`,
			`events: {close: {doc: "Finished."}, reopen: {}}`},
		{ruleUnknownKey, Refusal,
			"A key is not part of the language at this place. Often it is misspelled, or indented too little or too much.",
			`document: {shapes: [{kind: array}], ident: 2}`,
			`document: {shapes: [{kind: array}], indent: 2}`},
		{ruleDuplicateKey, Refusal,
			"A key stands twice in one mapping, so that one of the two would be lost.",
			`document: {shapes: [{kind: array}], indent: 2, indent: 4}`,
			`document: {shapes: [{kind: array}], indent: 4}`},
		{ruleMissingKey, Refusal,
			"A key that is needed at this place is not there.",
			`statuses:
  open: {category: todo}
  closed: {doc: Finished.}
`,
			`statuses:
  open: {category: todo}
  closed: {category: done, doc: Finished.}
`},
		{ruleMisplacedKey, Refusal,
			"A key exists, but does not go with what else its mapping says.",
			`levels:
  Note:
    id: {kind: text, prefix: N}
`,
			`levels:
  Note:
    id: {kind: path, prefix: N}
`},
		{ruleWrongType, Refusal,
			"A value is of another kind than its key needs: text where a list belongs, a number that was meant as " +
				"text and has to be quoted, and so on.",
			`levels:
  Note:
    id: {kind: text}
    fields:
      version: {constant: 1}
`,
			`levels:
  Note:
    id: {kind: text}
    fields:
      version: {constant: "1"}
`},
		{ruleInvalidValue, Refusal,
			"A value is of the right kind, but not one of those that are possible.",
			`statuses:
  open: {category: to-do}
  closed: {category: done}
`,
			`statuses:
  open: {category: todo}
  closed: {category: done}
`},
	}
}

func nameRules() []Explanation {
	return []Explanation{
		{ruleInvalidName, Refusal,
			"A name cannot be used. Levels, enums, objects and custom guards are exported Go names of ASCII letters, " +
				"digits and underscores. Names in documents may be any text that is not empty, at most 64 bytes long, " +
				"and of one script; where no Go name can be made of one, the key name gives it.",
			`levels:
  Note:
    id: {kind: text}
    fields:
      2nd_title: {type: string}
`,
			`levels:
  Note:
    id: {kind: text}
    fields:
      2nd_title: {type: string, name: SecondTitle}
`},
		{ruleReservedName, Refusal,
			"The name of a package means something else to Go already.",
			`package:
  name: func
  root: Notes
`,
			`package:
  name: function
  root: Notes
`},
		{ruleNameCollision, Refusal,
			"Two things need the same name in the generated code, or one needs a name that every generated package " +
				"has. The key name gives a field, status, event or value another Go name.",
			`levels:
  Note:
    id: {kind: text}
    fields:
      due_date: {type: time}
      dueDate: {type: string}
`,
			`levels:
  Note:
    id: {kind: text}
    fields:
      due_date: {type: time}
      dueDate: {type: string, name: OldDueDate}
`},
		{ruleUnknownName, Refusal,
			"A name stands for nothing: no status, event, machine, level, type or field is declared under it.",
			`levels:
  Note:
    id: {kind: text}
    fields:
      after: {type: reference, to: [Notes]}
`,
			`levels:
  Note:
    id: {kind: text}
    fields:
      after: {type: reference, to: [Note]}
`},
		{ruleRepeatedValue, Refusal,
			"A value repeats in a list, an alias is also the name or an alias of a sibling, or two statuses of a level are " +
				"the same JSON value: 1, 1.0 and 1e0 are one number.",
			`statuses:
  open: {category: todo, aliases: [new]}
  closed: {category: done, aliases: [open]}
`,
			`statuses:
  open: {category: todo, aliases: [new]}
  closed: {category: done, aliases: [finished]}
`},
		{ruleRepeatedJSONKey, Refusal,
			"Two of an item's id, status, children and fields, or two lists of a document, have the same JSON key, or one " +
				"lies at a path that leads into the other.",
			`levels:
  Note:
    id: {kind: text, key: number}
    fields:
      number: {type: int}
`,
			`levels:
  Note:
    id: {kind: text}
    fields:
      number: {type: int}
`},
		{ruleAmbiguousShape, Refusal,
			"Two shapes of the document cannot be told apart when reading: there is at most one of each kind, JSON Lines stand beside an array only, and no list of an object is that of a group, too.",
			`document:
  shapes: [{kind: groups, lists: {notes: Note}}, {kind: groups, lists: {items: Note}}]
`,
			`document:
  shapes: [{kind: groups, lists: {notes: Note}}, {kind: object, lists: {notes: Note}}]
`},
		{ruleUnreachableLevel, Refusal,
			"No list of the document, and none of a level before it, holds the items of a level.",
			`levels:
  Note:
    id: {kind: text}
  Step:
    id: {kind: text}
`,
			`levels:
  Note:
    id: {kind: text}
    children: {steps: Step}
  Step:
    id: {kind: text}
`},
		{ruleLevelOrder, Refusal,
			"A level stands before one whose children it is. The levels stand in their order from the top: the first " +
				"is that of the items in a bare array.",
			`document:
  shapes: [{kind: object, lists: {notes: Note}}]
levels:
  Step:
    id: {kind: text}
  Note:
    id: {kind: text}
    children: {steps: Step}
`,
			`levels:
  Note:
    id: {kind: text}
    children: {steps: Step}
  Step:
    id: {kind: text}
`},
		{ruleIDChain, Refusal,
			"The kinds of ids do not go together: either all levels have path ids or none, and the top level has no " +
				"parent that an id could be local to.",
			`levels:
  Book:
    id: {kind: text}
    children: {chapters: Chapter}
  Chapter:
    id: {kind: path, prefix: C}
`,
			`levels:
  Book:
    id: {kind: text}
    children: {chapters: Chapter}
  Chapter:
    id: {kind: local}
`},
	}
}

func engineRules() []Explanation {
	return []Explanation{
		{ruleNotYet, Refusal,
			"The language has this, and backlog-gen cannot read, write or generate it yet. docs/schema.md lists what is " +
				"not there yet.",
			`document:
  shapes: [{kind: object, lists: {notes: {of: Note, keyed: true}}}]
`,
			`document:
  shapes: [{kind: object, lists: {notes: Note}}]
`},
	}
}
