package schema

func machineRules() []Explanation {
	return []Explanation{
		{ruleUnreachableState, Refusal,
			"No events lead from the initial state of a machine to one of its states, or a status is a state of no " +
				"machine. A machine without the key states has all statuses of the schema.",
			`statuses:
  open: {category: todo}
  stuck: {category: failed}
  closed: {category: done}
`,
			`statuses:
  open: {category: todo}
  closed: {category: done}
`},
		{ruleTrapState, Refusal,
			"Nothing leads out of a state that is neither done nor dropped, so that its items can never be finished.",
			`events: {close: {}, reopen: {}, fail: {}}
statuses:
  open: {category: todo}
  closed: {category: done}
  failed: {category: failed}
machines:
  life:
    initial: open
    transitions:
      - {event: close, from: [open], to: closed}
      - {event: reopen, from: [closed], to: open}
      - {event: fail, from: [open], to: failed}
`,
			`events: {close: {}, reopen: {}, fail: {}}
statuses:
  open: {category: todo}
  closed: {category: done}
  failed: {category: failed}
machines:
  life:
    initial: open
    transitions:
      - {event: close, from: [open], to: closed}
      - {event: reopen, from: [closed, failed], to: open}
      - {event: fail, from: [open], to: failed}
`},
		{ruleAmbiguousTransition, Refusal,
			"An event leads from one state to two.",
			`events: {close: {}, reopen: {}}
statuses:
  open: {category: todo}
  closed: {category: done}
  archived: {category: done}
machines:
  life:
    initial: open
    transitions:
      - {event: close, from: [open], to: closed}
      - {event: close, from: [open], to: archived}
      - {event: reopen, from: [closed, archived], to: open}
`,
			`events: {close: {}, archive: {}, reopen: {}}
statuses:
  open: {category: todo}
  closed: {category: done}
  archived: {category: done}
machines:
  life:
    initial: open
    transitions:
      - {event: close, from: [open], to: closed}
      - {event: archive, from: [open], to: archived}
      - {event: reopen, from: [closed, archived], to: open}
`},
		{ruleSelfTransition, Refusal,
			"An event leads from a state to itself. Setting an item to the status it has is accepted at any time and " +
				"does nothing, so such a transition would say what is so anyway.",
			`machines:
  life:
    initial: open
    transitions:
      - {event: close, from: [open, closed], to: closed}
      - {event: reopen, from: [closed], to: open}
`,
			`machines:
  life:
    initial: open
    transitions:
      - {event: close, from: [open], to: closed}
      - {event: reopen, from: [closed], to: open}
`},
		{rulePointlessGuard, Refusal,
			"A guard can never say no: the items it looks at do not exist or have no status, or the level's machine does not " +
				"have the event.",
			`levels:
  Note:
    id: {kind: text}
    guards:
      - {events: [close], children: [done]}
`,
			`levels:
  Note:
    id: {kind: text}
    children: {steps: Step}
    guards:
      - {events: [close], children: [done]}
  Step:
    id: {kind: local}
`},
		{ruleImpossibleGuard, Refusal,
			"A guard can never be met: the items it looks at have no status in the categories it wants, or guards on " +
				"the same event want different ones.",
			`levels:
  Note:
    id: {kind: text}
    fields:
      after: {type: reference, list: true}
    guards:
      - {events: [close], dependencies: [dropped]}
`,
			`levels:
  Note:
    id: {kind: text}
    fields:
      after: {type: reference, list: true}
    guards:
      - {events: [close], dependencies: [done]}
`},
		{ruleImpossibleRollup, Refusal,
			"A rollup can never happen: the level has no children, they have no status in its categories, no event " +
				"leads to its status, or the guards on those events want children in other categories.",
			`levels:
  Note:
    id: {kind: text}
    rollup: {when: [done], to: closed}
`,
			`levels:
  Note:
    id: {kind: text}
    children: {steps: Step}
    rollup: {when: [done], to: closed}
  Step:
    id: {kind: local}
`},
		{ruleImpossibleClaim, Refusal,
			"Items can never be claimed as a level says: they have no ids, the status of taken work is not active, a status that they " +
				"are taken from is done or dropped, or no event leads from it to that of taken work.",
			`events: {start: {}, close: {}, reopen: {}}
statuses:
  open: {category: todo}
  busy: {category: active}
  closed: {category: done}
machines:
  life:
    initial: open
    transitions:
      - {event: start, from: [open], to: busy}
      - {event: close, from: [busy], to: closed}
      - {event: reopen, from: [closed], to: open}
levels:
  Note:
    id: {kind: text}
    claim: {from: [open], to: closed}
`,
			`events: {start: {}, close: {}, reopen: {}}
statuses:
  open: {category: todo}
  busy: {category: active}
  closed: {category: done}
machines:
  life:
    initial: open
    transitions:
      - {event: start, from: [open], to: busy}
      - {event: close, from: [busy], to: closed}
      - {event: reopen, from: [closed], to: open}
levels:
  Note:
    id: {kind: text}
    claim: {from: [open], to: busy}
`},
	}
}
