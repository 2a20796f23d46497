package statemachine_test

import (
	"errors"
	"fmt"

	"github.com/looplab/fsm"

	"github.com/backlog-gen/backlog-gen/statemachine"
)

// Light is the state of a traffic light, Signal what happens to it.
type (
	Light  uint8
	Signal uint8
)

const (
	Red Light = iota + 1
	Green
	Yellow
)

const (
	Go Signal = iota + 1
	Warn
	Stop
)

var trafficLight = statemachine.Definition[Light, Signal]{
	Name:    "traffic light",
	Initial: Red,
	States:  []Light{Red, Green, Yellow},
	Transitions: []statemachine.Transition[Light, Signal]{
		{Event: Go, From: []Light{Red}, To: Green},
		{Event: Warn, From: []Light{Green}, To: Yellow},
		{Event: Stop, From: []Light{Green, Yellow}, To: Red},
	},
	StateNames: []string{"", "red", "green", "yellow"},
	EventNames: []string{"", "go", "warn", "stop"},
}

func Example() {
	m, err := statemachine.New(trafficLight)
	if err != nil {
		fmt.Println(err)
		return
	}
	next, err := m.Fire(Red, Go)
	fmt.Println(next == Green, err)

	_, err = m.Fire(Red, Warn)
	fmt.Println(err)
	// Output:
	// true <nil>
	// cannot warn from red: legal from red is go (→ green)
}

func ExampleMachine_Path() {
	m, err := statemachine.New(trafficLight)
	if err != nil {
		fmt.Println(err)
		return
	}
	path, err := m.Path(Red, Yellow)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, step := range path {
		fmt.Println(trafficLight.EventNames[step.Event], "to", trafficLight.StateNames[step.To])
	}
	// Output:
	// go to green
	// warn to yellow
}

func ExampleMachine_EventTo() {
	m, err := statemachine.New(trafficLight)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = m.EventTo(Red, Yellow)
	fmt.Println(err)
	// Output:
	// cannot go from red to yellow in one step: it takes go (→ green), then warn (→ yellow); legal from red is go (→ green)
}

func ExampleTransitionError() {
	m, err := statemachine.New(trafficLight)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = m.Fire(Yellow, Go)
	var refused *statemachine.TransitionError
	if errors.As(err, &refused) {
		refused.Item = "Main Street"
		fmt.Println(refused)
		fmt.Println("legal:", refused.Legal)
	}
	var looplab fsm.InvalidEventError
	fmt.Println(errors.As(err, &looplab), looplab.Event, looplab.State)
	// Output:
	// Main Street: cannot go from yellow: legal from yellow is stop (→ red)
	// legal: [stop (→ red)]
	// true go yellow
}

func ExampleMachine_RefuseByGuard() {
	m, err := statemachine.New(trafficLight)
	if err != nil {
		fmt.Println(err)
		return
	}
	refused := m.RefuseByGuard(Green, Warn, "all crossings clear", []string{"north", "south"}, nil)
	refused.Item = "Main Street"
	fmt.Println(refused)
	// Output:
	// Main Street: cannot warn from green: that needs all crossings clear, but north and south stand in the way; legal instead from green is stop (→ red)
}

func ExampleMachine_Mermaid() {
	m, err := statemachine.New(trafficLight)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(m.Mermaid())
	// Output:
	// stateDiagram-v2
	//     state "red" as s1
	//     state "green" as s2
	//     state "yellow" as s3
	//     [*] --> s1
	//     s1 --> s2 : go
	//     s2 --> s3 : warn
	//     s2 --> s1 : stop
	//     s3 --> s1 : stop
}
