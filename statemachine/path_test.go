package statemachine_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/statemachine"
)

// TestPathsAgainstBruteForce compares every path with the first that a search
// through all sequences of transitions finds, by length and then by schema
// order.
func TestPathsAgainstBruteForce(t *testing.T) {
	t.Run("reference", func(t *testing.T) { comparePaths(t, reference()) })
	for seed := range uint64(200) {
		t.Run(fmt.Sprintf("random %d", seed), func(t *testing.T) {
			comparePaths(t, randomDefinition(rand.New(rand.NewPCG(seed, 3))))
		})
	}
}

func comparePaths(t *testing.T, d definition) {
	m := mustNew(t, d)
	for _, from := range d.States {
		for _, to := range d.States {
			want, reachable := bruteForce(d, from, to)
			got, err := m.Path(from, to)
			var refused *statemachine.TransitionError
			if reachable != (err == nil) || !reachable && !errors.As(err, &refused) {
				t.Errorf("Path(%d, %d): %v", from, to, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Path(%d, %d):\n%s", from, to, diff)
			}
			follow(t, m, from, to, got)
		}
	}
}

// follow fires the events of a path.
func follow(t *testing.T, m *machine, from, to status, path []statemachine.Step[status, event]) {
	if path == nil {
		return
	}
	at := from
	for _, step := range path {
		next, err := m.Fire(at, step.Event)
		if err != nil || next != step.To {
			t.Fatalf("hop %d of the path from %d to %d leads to %d: %v", step.Event, from, to, next, err)
		}
		at = next
	}
	if at != to {
		t.Errorf("the path from %d to %d ends in %d", from, to, at)
	}
}

// bruteForce tries all sequences of one transition, then of two, and so on. A
// shortest path visits no state twice, so it is shorter than the states are
// many.
func bruteForce(d definition, from, to status) ([]statemachine.Step[status, event], bool) {
	if from == to {
		return nil, true
	}
	for length := 1; length < len(d.States); length++ {
		if path := firstSequence(d, from, to, length); path != nil {
			return path, true
		}
	}
	return nil, false
}

func firstSequence(d definition, from, to status, length int) []statemachine.Step[status, event] {
	if length == 0 {
		if from != to {
			return nil
		}
		return []statemachine.Step[status, event]{}
	}
	for _, t := range d.Transitions {
		for _, source := range t.From {
			if source != from {
				continue
			}
			if rest := firstSequence(d, t.To, to, length-1); rest != nil {
				return append([]statemachine.Step[status, event]{{Event: t.Event, To: t.To}}, rest...)
			}
		}
	}
	return nil
}

// Two ways of equal length: the schema's order decides, not the numbers of
// the events or states.
func TestEqualPathsFollowSchemaOrder(t *testing.T) {
	const a, b, c, d status = 1, 2, 3, 4
	ways := definition{
		Name: "ways", Initial: a,
		States:     []status{d, c, b, a},
		StateNames: []string{"", "a", "b", "c", "d"},
		EventNames: []string{"", "one", "two", "three", "four"},
		Transitions: []transition{
			{4, []status{b}, d},
			{3, []status{a}, c},
			{2, []status{a}, b},
			{1, []status{c}, d},
		},
	}
	viaC, err := mustNew(t, ways).Path(a, d)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]statemachine.Step[status, event]{{3, c}, {1, d}}, viaC); diff != "" {
		t.Error(diff)
	}
	ways.Transitions[1], ways.Transitions[2] = ways.Transitions[2], ways.Transitions[1]
	viaB, err := mustNew(t, ways).Path(a, d)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]statemachine.Step[status, event]{{2, b}, {4, d}}, viaB); diff != "" {
		t.Error(diff)
	}
}

func TestEventTo(t *testing.T) {
	d := reference()
	// A second way from Planned to Failed, later in the schema.
	d.Transitions = append(d.Transitions, transition{archive, []status{planned}, failed})
	m := mustNew(t, d)
	tests := []struct {
		name     string
		from, to status
		want     event
	}{
		{"only event", planned, researching, research},
		{"first of two", planned, failed, fail},
		{"two hops away", planned, complete, 0},
		{"unreachable", archived, planned, 0},
		{"same state", planned, planned, 0},
		{"no state", planned, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := m.EventTo(tt.from, tt.to)
			if got != tt.want || (err == nil) != (tt.want != 0) {
				t.Errorf("EventTo = %d, %v", got, err)
			}
		})
	}
}
