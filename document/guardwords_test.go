package document_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

func TestGuardRefusalOffersOnlyWhatGuardsAllow(t *testing.T) {
	d, err := planType(t).Parse([]byte(`{"backlog": [{"type": "Phase", "id": "P1", "title": "t", "status": "Planned", "description": "d",
 "milestones": [{"type": "Milestone", "id": "P1.M1", "title": "t", "status": "Planned", "description": "d",
  "tasks": [{"type": "Task", "id": "P1.M1.T1", "title": "t", "status": "Planned", "description": "d",
   "subtasks": [
    {"type": "Subtask", "id": "P1.M1.T1.S1", "title": "t", "status": "Planned", "story_points": 1, "dependencies": [], "context_scope": "c"},
    {"type": "Subtask", "id": "P1.M1.T1.S2", "title": "t", "status": "Failed", "story_points": 1, "dependencies": ["P1.M1.T1.S1"], "context_scope": "c"}
   ]}]}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = d.Apply(document.Fire(document.NewID("", "P1.M1.T1.S2"), implement))
	want := "P1.M1.T1.S2: cannot implement from Failed: that needs its dependencies done or dropped, but P1.M1.T1.S1 stands in the way; " +
		"legal instead from Failed are research (→ Researching), ready (→ Ready), reset (→ Planned) and obsolete (→ Obsolete)"
	if err == nil {
		t.Fatal("accepted")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Error(diff) // retry would meet the same guard
	}
}

func TestCustomGuardRefusalNamesTheGuard(t *testing.T) {
	descriptor := planDescriptor()
	descriptor.Levels[3].Guards = []format.Guard{{Events: []document.Event{implement}, Kind: format.CustomGuard, Name: "approved"}}
	typ, err := document.NewType(descriptor)
	if err != nil {
		t.Fatal(err)
	}
	reason := errors.New("nobody has signed")
	typ, err = typ.WithGuards(map[string]document.GuardFunc{
		"approved": func(*document.Document, document.Item, document.Event) error { return reason },
	})
	if err != nil {
		t.Fatal(err)
	}
	d, err := typ.Parse(samplePlan(1, 1, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = d.Apply(document.Fire(document.NewID("", "P1.M1.T1.S1"), implement))
	want := `P1.M1.T1.S1: cannot implement from Planned: that needs the guard "approved" to pass: nobody has signed; ` +
		"legal instead from Planned are research (→ Researching), ready (→ Ready), fail (→ Failed) and obsolete (→ Obsolete)"
	if !errors.Is(err, reason) {
		t.Fatalf("%v does not wrap the guard's error", err)
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Error(diff)
	}
}
