package statemachine_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/backlog-gen/backlog-gen/statemachine"
)

type (
	status     uint8
	event      uint8
	definition = statemachine.Definition[status, event]
	machine    = statemachine.Machine[status, event]
	transition = statemachine.Transition[status, event]
)

const (
	planned status = iota + 1
	ready
	researching
	implementing
	retrying
	complete
	failed
	obsolete
	// archived has a name but is not part of the machine.
	archived
)

const (
	research event = iota + 1
	markReady
	implement
	retry
	finish
	reset
	reopen
	fail
	drop
	// archive has a name but is not part of the machine.
	archive
)

// reference is the machine of the reference schema.
func reference() definition {
	return definition{
		Name:    "work",
		Initial: planned,
		States:  []status{planned, ready, researching, implementing, retrying, complete, failed, obsolete},
		Transitions: []transition{
			{research, []status{planned, ready, failed}, researching},
			{markReady, []status{planned, researching, failed}, ready},
			{implement, []status{planned, researching, ready, failed, retrying}, implementing},
			{retry, []status{implementing, failed}, retrying},
			{finish, []status{implementing, retrying}, complete},
			{reset, []status{researching, ready, implementing, retrying, failed}, planned},
			{reopen, []status{complete, obsolete}, planned},
			{fail, []status{planned, researching, ready, implementing, retrying}, failed},
			{drop, []status{planned, ready, researching, implementing, retrying, complete, failed}, obsolete},
		},
		StateNames: []string{"", "Planned", "Ready", "Researching", "Implementing", "Retrying", "Complete", "Failed", "Obsolete", "Archived"},
		EventNames: []string{"", "research", "ready", "implement", "retry", "complete", "reset", "reopen", "fail", "obsolete", "archive"},
	}
}

// randomDefinition returns a small machine with unconnected states, loops, and
// events that lead to different destinations from different states.
func randomDefinition(random *rand.Rand) definition {
	d := definition{Name: "random", StateNames: []string{""}, EventNames: []string{""}}
	for i := range 1 + random.IntN(8) {
		d.States = append(d.States, status(i+1))
		d.StateNames = append(d.StateNames, fmt.Sprintf("S%d", i+1))
	}
	random.Shuffle(len(d.States), func(i, j int) { d.States[i], d.States[j] = d.States[j], d.States[i] })
	d.Initial = d.States[0]
	events := random.IntN(6)
	for i := range events {
		d.EventNames = append(d.EventNames, fmt.Sprintf("e%d", i+1))
	}
	taken := make(map[hop]bool)
	for range random.IntN(2*events + 1) {
		t := transition{Event: event(1 + random.IntN(events)), To: d.States[random.IntN(len(d.States))]}
		for _, from := range d.States {
			if at := (hop{from, t.Event}); !taken[at] && random.IntN(3) == 0 {
				taken[at] = true
				t.From = append(t.From, from)
			}
		}
		if t.From != nil {
			d.Transitions = append(d.Transitions, t)
		}
	}
	return d
}

// hop is a question to a machine.
type hop struct {
	from  status
	event event
}

// destinations reads the answers straight off a definition.
func destinations(d definition) map[hop]status {
	to := make(map[hop]status)
	for _, t := range d.Transitions {
		for _, from := range t.From {
			to[hop{from, t.Event}] = t.To
		}
	}
	return to
}
