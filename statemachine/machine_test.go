package statemachine_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/statemachine"
)

func mustNew(t testing.TB, d definition) *machine {
	t.Helper()
	m, err := statemachine.New(d)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMachineDescribesItself(t *testing.T) {
	d := reference()
	m := mustNew(t, d)
	if m.Name() != "work" || m.Initial() != planned {
		t.Errorf("got machine %q that starts in %d", m.Name(), m.Initial())
	}
	if diff := cmp.Diff(d.States, m.States()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(d, m.Definition()); diff != "" {
		t.Error(diff)
	}
	for s := range 256 {
		if got, want := m.Has(status(s)), slices.Contains(d.States, status(s)); got != want {
			t.Errorf("Has(%d) = %t", s, got)
		}
	}
}

func TestMachineKeepsNothingOfTheCaller(t *testing.T) {
	d := reference()
	m := mustNew(t, d)
	want := m.Definition()

	spoil(d)
	spoil(m.Definition())
	m.States()[0] = obsolete

	if diff := cmp.Diff(want, m.Definition()); diff != "" {
		t.Errorf("the machine changed with the caller's slices:\n%s", diff)
	}
	if to, err := m.Fire(planned, research); err != nil || to != researching {
		t.Errorf("Fire = %d, %v", to, err)
	}
}

func spoil(d definition) {
	d.States[0] = obsolete
	d.StateNames[planned] = "spoiled"
	d.EventNames[research] = "spoiled"
	d.Transitions[0].From[0] = complete
	d.Transitions[0].To = complete
}

func TestLegal(t *testing.T) {
	m := mustNew(t, reference())
	type step = statemachine.Step[status, event]
	tests := []struct {
		name string
		from status
		want []step
	}{
		{"several, in schema order", implementing, []step{
			{retry, retrying}, {finish, complete}, {reset, planned}, {fail, failed}, {drop, obsolete},
		}},
		{"one", obsolete, []step{{reopen, planned}}},
		{"not a state", 99, nil},
		{"none", 0, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, m.Legal(tt.from)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFireDoesNotAllocate(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes sync.Pool drop machines on purpose")
	}
	m := mustNew(t, reference())
	allocations := testing.AllocsPerRun(1000, func() {
		if to, err := m.Fire(planned, implement); err != nil || to != implementing {
			t.Fatal(to, err)
		}
		if e, err := m.EventTo(implementing, complete); err != nil || e != finish {
			t.Fatal(e, err)
		}
		if path, err := m.Path(planned, complete); err != nil || len(path) != 2 {
			t.Fatal(path, err)
		}
		if len(m.Legal(planned)) == 0 || !m.Has(planned) {
			t.Fatal("nothing is legal from the initial state")
		}
	})
	if allocations != 0 {
		t.Errorf("%v allocations, want 0", allocations)
	}
}

// Goroutines share one machine and ask about different states at once. Were a
// looplab machine shared as well, answers would mix and -race would complain.
func TestConcurrentUse(t *testing.T) {
	d := reference()
	m := mustNew(t, d)
	want := destinations(d)
	var wg sync.WaitGroup
	for seed := range uint64(8) {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(seed, 1))
			for range 2000 {
				from := d.States[random.IntN(len(d.States))]
				e := event(1 + random.IntN(len(d.EventNames)-1))
				to, err := m.Fire(from, e)
				dest, legal := want[hop{from, e}]
				if legal != (err == nil) || legal && to != dest || !legal && to != from {
					t.Errorf("Fire(%d, %d) = %d, %v", from, e, to, err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestDefinitionErrors(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(d *definition)
		want  []string
	}{
		{"no machine name", func(d *definition) { d.Name = "" },
			[]string{"the machine has no name"}},
		{"machine name of two lines", func(d *definition) { d.Name = "a\nb" },
			[]string{`the machine is named "a\nb", which holds control characters or is not UTF-8`}},
		{"nothing", func(d *definition) { *d = definition{Name: "work"} },
			[]string{"the machine has no states", "the initial state, state 0, is not a state of the machine"}},
		{"state twice", func(d *definition) { d.States = append(d.States, ready) },
			[]string{"Ready is listed twice"}},
		{"state 0", func(d *definition) { d.States = append(d.States, 0) },
			[]string{"state 0 means none and cannot be a state"}},
		{"state without name", func(d *definition) { d.StateNames[ready] = "" },
			[]string{"state 2 has no name"}},
		{"state beyond the names", func(d *definition) { d.States = append(d.States, 200) },
			[]string{"state 200 has no name"}},
		{"states of one name", func(d *definition) { d.StateNames[ready] = "Planned" },
			[]string{`states 1 and 2 are both named "Planned"`}},
		{"state name with spaces around", func(d *definition) { d.StateNames[ready] = " Ready" },
			[]string{`state 2 is named " Ready", which begins or ends with a space`}},
		{"state name with control characters", func(d *definition) { d.StateNames[ready] = "Re\nady" },
			[]string{`state 2 is named "Re\nady", which holds control characters or is not UTF-8`}},
		{"state name not UTF-8", func(d *definition) { d.StateNames[ready] = "\xff" },
			[]string{`state 2 is named "\xff", which holds control characters or is not UTF-8`}},
		{"unknown initial state", func(d *definition) { d.Initial = 99 },
			[]string{"the initial state, state 99, is not a state of the machine"}},
		{"event 0", func(d *definition) { d.Transitions[0].Event = 0 },
			[]string{"event 0 means none and cannot be an event"}},
		{"event without name", func(d *definition) { d.EventNames[research] = "" },
			[]string{"event 1 has no name"}},
		{"events of one name", func(d *definition) { d.EventNames[markReady] = "research" },
			[]string{`events 1 and 2 are both named "research"`}},
		{"no sources", func(d *definition) { d.Transitions[0].From = nil },
			[]string{"research leads from no state to Researching"}},
		{"unknown source", func(d *definition) { d.Transitions[0].From[1] = 99 },
			[]string{"research leads from state 99, which is not a state of the machine"}},
		{"unknown destination", func(d *definition) { d.Transitions[0].To = 99 },
			[]string{"research leads to state 99, which is not a state of the machine"}},
		{"source twice in a transition", func(d *definition) { d.Transitions[0].From[1] = planned },
			[]string{"research leads from Planned twice: an event has one destination per state"}},
		{"source twice in two transitions", func(d *definition) {
			d.Transitions = append(d.Transitions, transition{research, []status{planned}, complete})
		}, []string{"research leads from Planned twice: an event has one destination per state"}},
		{"several problems", func(d *definition) { d.Name = ""; d.Initial = 0; d.Transitions[8].To = 0 },
			[]string{
				"the machine has no name",
				"the initial state, state 0, is not a state of the machine",
				"obsolete leads to state 0, which is not a state of the machine",
			}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := reference()
			tt.spoil(&d)
			m, err := statemachine.New(d)
			var refused *statemachine.DefinitionError
			if !errors.As(err, &refused) || m != nil {
				t.Fatalf("New = %v, %v", m, err)
			}
			if diff := cmp.Diff(&statemachine.DefinitionError{Machine: d.Name, Problems: tt.want}, refused); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDefinitionErrorText(t *testing.T) {
	one := &statemachine.DefinitionError{Machine: "work", Problems: []string{"a is wrong"}}
	if got, want := one.Error(), "state machine work: a is wrong"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	two := &statemachine.DefinitionError{Problems: []string{"a is wrong", "b is wrong"}}
	if got, want := two.Error(), "state machine: 2 problems:\n\ta is wrong\n\tb is wrong"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The largest machine that states of one byte allow: a ring of 255.
func TestLargestMachine(t *testing.T) {
	d := definition{Name: "ring", Initial: 1, StateNames: []string{""}, EventNames: []string{"", "next"}}
	for s := status(1); s != 0; s++ {
		d.States = append(d.States, s)
		d.StateNames = append(d.StateNames, "s"+strings.Repeat("x", int(s)))
		d.Transitions = append(d.Transitions, transition{1, []status{s}, s%255 + 1})
	}
	m := mustNew(t, d)
	path, err := m.Path(1, 255)
	if err != nil || len(path) != 254 {
		t.Errorf("a path of %d hops, %v", len(path), err)
	}
	if to, err := m.Fire(255, 1); to != 1 || err != nil {
		t.Errorf("Fire = %d, %v", to, err)
	}
}
