package statemachine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/looplab/fsm"

	"github.com/backlog-gen/backlog-gen/statemachine"
)

func TestRefusalSentences(t *testing.T) {
	m := mustNew(t, reference())
	oneWay := mustNew(t, definition{
		Name: "review", Initial: 1,
		States:      []status{1, 2},
		StateNames:  []string{"", "open", "done", "lost"},
		EventNames:  []string{"", "finish", "publish"},
		Transitions: []transition{{1, []status{1}, 2}},
	})
	fire := func(m *machine, from status, e event) error { _, err := m.Fire(from, e); return err }
	eventTo := func(m *machine, from, to status) error { _, err := m.EventTo(from, to); return err }
	path := func(m *machine, from, to status) error { _, err := m.Path(from, to); return err }
	demand := "its dependencies done or dropped"

	tests := []struct {
		name string
		err  error
		want string
	}{
		{"event", fire(m, planned, finish),
			"cannot complete from Planned: legal from Planned are research (→ Researching), ready (→ Ready), implement (→ Implementing), fail (→ Failed) and obsolete (→ Obsolete)"},
		{"event, one alternative", fire(m, obsolete, fail),
			"cannot fail from Obsolete: legal from Obsolete is reopen (→ Planned)"},
		{"event, no alternative", fire(oneWay, 2, 1),
			"cannot finish from done: nothing is legal from done"},
		{"event the machine does not have", fire(oneWay, 1, 2),
			"cannot publish from open: publish is not an event of machine review; legal from open is finish (→ done)"},
		{"event without a name", fire(oneWay, 1, 9),
			"cannot event 9 from open: event 9 is not an event of machine review; legal from open is finish (→ done)"},
		{"state the machine does not have", fire(oneWay, 3, 1),
			"cannot finish from lost: lost is not a state of machine review, whose states are open and done"},
		{"no state", fire(oneWay, 0, 1),
			"cannot finish from state 0: state 0 is not a state of machine review, whose states are open and done"},
		{"destination some hops away", eventTo(m, complete, retrying),
			"cannot go from Complete to Retrying in one step: it takes reopen (→ Planned), then implement (→ Implementing), then retry (→ Retrying); legal from Complete are reopen (→ Planned) and obsolete (→ Obsolete)"},
		{"destination no events lead to", eventTo(oneWay, 2, 1),
			"cannot go from done to open: no events lead there; nothing is legal from done"},
		{"destination the machine does not have", eventTo(oneWay, 1, 3),
			"cannot go from open to lost: lost is not a state of machine review, whose states are open and done; legal from open is finish (→ done)"},
		{"destination is where it is", eventTo(oneWay, 1, 1),
			"cannot go from open to open: it is there already; legal from open is finish (→ done)"},
		{"path, unreachable", path(oneWay, 2, 1),
			"cannot go from done to open: no events lead there; nothing is legal from done"},
		{"path from a state the machine does not have", path(oneWay, 3, 2),
			"cannot go from lost to done: lost is not a state of machine review, whose states are open and done"},
		{"guard, one in the way", m.RefuseByGuard(retrying, finish, demand, []string{"P1.M1.T1.S1"}, nil),
			"cannot complete from Retrying: that needs its dependencies done or dropped, but P1.M1.T1.S1 stands in the way; legal instead from Retrying are implement (→ Implementing), reset (→ Planned), fail (→ Failed) and obsolete (→ Obsolete)"},
		{"guard, three in the way", m.RefuseByGuard(complete, reopen, demand, []string{"A", "B", "C"}, nil),
			"cannot reopen from Complete: that needs its dependencies done or dropped, but A, B and C stand in the way; legal instead from Complete is obsolete (→ Obsolete)"},
		{"guard, many in the way", m.RefuseByGuard(complete, reopen, demand, numbered(25), nil),
			"cannot reopen from Complete: that needs its dependencies done or dropped, but 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 15 more stand in the way; legal instead from Complete is obsolete (→ Obsolete)"},
		{"guard, none named, no alternative", oneWay.RefuseByGuard(1, 1, "its parent active", nil, nil),
			"cannot finish from open: that needs its parent active; nothing else is legal from open"},
		{"guard of the program", oneWay.RefuseByGuard(1, 1, `guard "signed" to pass`, nil, errors.New("nobody signed")),
			`cannot finish from open: that needs guard "signed" to pass: nobody signed; nothing else is legal from open`},
		{"guard of the program that wraps ErrGuard", oneWay.RefuseByGuard(1, 1, "a signature", []string{"A"}, fmt.Errorf("unsigned: %w", statemachine.ErrGuard)),
			"cannot finish from open: that needs a signature, but A stands in the way; nothing else is legal from open"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func numbered(n int) []string {
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprint(i+1))
	}
	return ids
}

func TestRefusalNamesTheItem(t *testing.T) {
	m := mustNew(t, reference())
	_, err := m.Fire(obsolete, fail)
	var refused *statemachine.TransitionError
	if !errors.As(err, &refused) {
		t.Fatal(err)
	}
	refused.Item = "P1.M1.T1.S1"
	if got := err.Error(); !strings.HasPrefix(got, "P1.M1.T1.S1: cannot fail from Obsolete: ") {
		t.Error(got)
	}
}

func TestRefusalFields(t *testing.T) {
	m := mustNew(t, reference())
	backToPlanned := []statemachine.Alternative{{"reopen", "Planned"}}
	_, fired := m.Fire(obsolete, fail)
	_, sought := m.EventTo(obsolete, ready)
	names := reference().StateNames[planned:archived]
	_, foreign := m.Path(obsolete, archived)

	tests := []struct {
		name string
		err  error
		want *statemachine.TransitionError
	}{
		{"event", fired, &statemachine.TransitionError{
			Machine: "work", From: "Obsolete", Event: "fail", Legal: backToPlanned,
			Err: fsm.InvalidEventError{Event: "fail", State: "Obsolete"},
		}},
		{"destination", sought, &statemachine.TransitionError{
			Machine: "work", From: "Obsolete", To: "Ready", Legal: backToPlanned,
			Way: []statemachine.Alternative{{"reopen", "Planned"}, {"ready", "Ready"}},
			Err: fsm.InvalidEventError{Event: "ready", State: "Obsolete"},
		}},
		{"foreign destination", foreign, &statemachine.TransitionError{
			Machine: "work", From: "Obsolete", To: "Archived", Legal: backToPlanned, States: names,
			Err: fsm.UnknownEventError{Event: "to Archived"},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got *statemachine.TransitionError
			if !errors.As(tt.err, &got) {
				t.Fatal(tt.err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestEmptyBlockingIsSeen: an empty text in the way is quoted.
func TestEmptyBlockingIsSeen(t *testing.T) {
	err := mustNew(t, reference()).RefuseByGuard(complete, reopen, "a reason", []string{"", "a"}, nil)
	if want := `that needs a reason, but "" and a stand in the way`; !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestGuardRefusalFields(t *testing.T) {
	m := mustNew(t, reference())
	in := numbered(12)
	got := m.RefuseByGuard(complete, reopen, "a reason", in, nil)
	in[0] = "changed later"
	want := statemachine.TransitionError{
		Machine: "work", From: "Complete", Event: "reopen", To: "Planned",
		Legal:    []statemachine.Alternative{{"obsolete", "Obsolete"}},
		Guard:    "a reason",
		Blocking: numbered(10), MoreBlocking: 2,
		Err: statemachine.ErrGuard,
	}
	if diff := cmp.Diff(want, *got, cmpopts.EquateErrors()); diff != "" {
		t.Error(diff)
	}
	if !errors.Is(got, statemachine.ErrGuard) {
		t.Error("the refusal is not ErrGuard")
	}
}
