package statemachine

// Definition describes a machine. S and E are small enums, such as the Status
// and Event types of a generated package; their zero value means "none" and is
// never a state or an event.
type Definition[S, E ~uint8] struct {
	// Name of the machine, for messages.
	Name string
	// Initial is the state of new items. It is one of States.
	Initial S
	// States in schema order, without duplicates.
	States []S
	// Transitions in schema order, which breaks ties between shortest paths.
	Transitions []Transition[S, E]
	// StateNames[s] and EventNames[e] are how a state and an event are written.
	// Index 0 is unused. The slices may name more than this machine uses.
	StateNames []string
	EventNames []string
}

// Transition is one named event: it leads from any of several states to one.
type Transition[S, E ~uint8] struct {
	Event E
	From  []S
	To    S
}

// Step is one hop of a path: the event to fire and where it leads.
type Step[S, E ~uint8] struct {
	Event E
	To    S
}
