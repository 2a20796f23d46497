package statemachine_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/looplab/fsm"

	"github.com/backlog-gen/backlog-gen/statemachine"
)

// TestFireAgreesWithLooplab fires every event in every state, those that the
// machine does not have included, on the real Event of a fresh fsm.FSM, and
// compares destination and error with Fire's.
func TestFireAgreesWithLooplab(t *testing.T) {
	t.Run("reference", func(t *testing.T) { compareWithLooplab(t, reference()) })
	for seed := range uint64(200) {
		t.Run(fmt.Sprintf("random %d", seed), func(t *testing.T) {
			compareWithLooplab(t, randomDefinition(rand.New(rand.NewPCG(seed, 2))))
		})
	}
}

// TestNamesOfLooplabsCallbacks gives states and events the names by which looplab
// knows callbacks. Ours has none, so nothing breaks.
func TestNamesOfLooplabsCallbacks(t *testing.T) {
	d := reference()
	d.StateNames[ready], d.StateNames[researching] = "state", "enter_state"
	d.EventNames[research], d.EventNames[markReady] = "event", "before_event"
	compareWithLooplab(t, d)
}

func compareWithLooplab(t *testing.T, d definition) {
	m := mustNew(t, d)
	for s := 1; s < len(d.StateNames); s++ {
		for e := 1; e < len(d.EventNames); e++ {
			from, fired := status(s), event(e)
			wantState, wantErr := fireLooplab(d, from, fired)
			got, err := m.Fire(from, fired)
			if d.StateNames[got] != wantState {
				t.Errorf("%s in %s leads to %s, with looplab to %s", d.EventNames[e], d.StateNames[s], d.StateNames[got], wantState)
			}
			if wantErr == nil {
				if err != nil {
					t.Errorf("%s in %s is refused, not so by looplab: %v", d.EventNames[e], d.StateNames[s], err)
				}
				continue
			}
			var refused *statemachine.TransitionError
			if !errors.As(err, &refused) {
				t.Errorf("%s in %s: got %v, looplab says %v", d.EventNames[e], d.StateNames[s], err, wantErr)
				continue
			}
			if diff := cmp.Diff(wantErr, refused.Unwrap()); diff != "" {
				t.Errorf("%s in %s is refused for another reason than looplab's:\n%s", d.EventNames[e], d.StateNames[s], diff)
			}
		}
	}
}

// fireLooplab translates the definition on its own, so that a mistake in the
// package's translation shows.
func fireLooplab(d definition, from status, e event) (string, error) {
	var events fsm.Events
	for _, t := range d.Transitions {
		for _, source := range t.From {
			events = append(events, fsm.EventDesc{
				Name: d.EventNames[t.Event],
				Src:  []string{d.StateNames[source]},
				Dst:  d.StateNames[t.To],
			})
		}
	}
	f := fsm.NewFSM(d.StateNames[from], events, nil)
	err := f.Event(context.Background(), d.EventNames[e])
	// How looplab says that an event was accepted and led to where it was.
	if same := (fsm.NoTransitionError{}); errors.As(err, &same) && same.Err == nil {
		err = nil
	}
	return f.Current(), err
}

func TestRefusalsUnwrapToLooplabsErrors(t *testing.T) {
	m := mustNew(t, reference())
	_, illegal := m.Fire(planned, finish)
	_, unknown := m.Fire(planned, archive)
	_, destination := m.EventTo(planned, complete)
	_, nowhere := m.Path(planned, archived)

	for name, err := range map[string]error{"illegal event": illegal, "destination": destination} {
		if got := (fsm.InvalidEventError{}); !errors.As(err, &got) || got.Event != "complete" || got.State != "Planned" {
			t.Errorf("%s: %#v is no InvalidEventError for complete in Planned", name, errors.Unwrap(err))
		}
	}
	if got := (fsm.UnknownEventError{}); !errors.As(unknown, &got) || got.Event != "archive" {
		t.Errorf("%#v is no UnknownEventError for archive", errors.Unwrap(unknown))
	}
	if got := (fsm.UnknownEventError{}); !errors.As(nowhere, &got) {
		t.Errorf("%#v is no UnknownEventError", errors.Unwrap(nowhere))
	}
}
