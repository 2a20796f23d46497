package document_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/looplab/fsm"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

// smallPlan is a plan of one task with three subtasks, with a status for each
// item from the top down: "Planned Planned Planned Planned Planned Planned". S2
// waits for S1, S3 for S9, which is no item.
func smallPlan(statuses string) string {
	s := strings.Fields(statuses)
	text := ""
	for i, dependencies := range []string{"[]", `["P1.M1.T1.S1"]`, `["P1.M1.T1.S9"]`} {
		text += fmt.Sprintf(",\n"+`{"id":"P1.M1.T1.S%d","type":"Subtask","title":"T","status":%q,"story_points":1,"dependencies":%s,"context_scope":"x"}`, i+1, s[3+i], dependencies)
	}
	text = text[1:]
	for l, level := range []struct{ id, name, children string }{{"P1.M1.T1", "Task", "subtasks"}, {"P1.M1", "Milestone", "tasks"}, {"P1", "Phase", "milestones"}} {
		text = fmt.Sprintf(`{"id":%q,"type":%q,"title":"T","status":%q,"description":"D",%q:[%s]}`, level.id, level.name, s[2-l], level.children, text)
	}
	return `{"backlog":[` + text + `]}`
}

func statusesOf(d *document.Document) string {
	var s []string
	for it := range d.All() {
		s = append(s, d.Type().StatusName(it.Status()))
	}
	return strings.Join(s, " ")
}

func TestApplyChangesStatuses(t *testing.T) {
	const (
		s1 = "P1.M1.T1.S1"
		s2 = "P1.M1.T1.S2"
		s3 = "P1.M1.T1.S3"
		t1 = "P1.M1.T1"
	)
	all := strings.Repeat("Planned ", 6)
	tests := []struct {
		name, from string
		changes    []document.Change
		want       string // statuses, or
		err        string
		updates    int
	}{
		{name: "set", from: all, changes: []document.Change{document.Set(id(s1), researching)}, want: "Planned Planned Planned Researching Planned Planned", updates: 1},
		{name: "set in two steps", from: all, changes: []document.Change{document.Set(id(s1), implementing), document.Set(id(s1), complete)}, want: "Planned Planned Planned Complete Planned Planned", updates: 2},
		{name: "set to what it is", from: all, changes: []document.Change{document.Set(id(s1), planned)}, want: strings.TrimSpace(all)},
		{name: "there and back", from: all, changes: []document.Change{document.Set(id(s1), researching), document.Set(id(s1), planned)}, want: strings.TrimSpace(all), updates: 2},
		{name: "set that takes two", from: all, changes: []document.Change{document.Set(id(s1), complete)},
			err: "P1.M1.T1.S1: cannot go from Planned to Complete in one step: it takes implement (→ Implementing), then complete (→ Complete); legal from Planned are research (→ Researching), ready (→ Ready), implement (→ Implementing), fail (→ Failed) and obsolete (→ Obsolete)"},
		{name: "set to nothing", from: all, changes: []document.Change{document.Set(id(s1), 0)},
			err: "P1.M1.T1.S1: cannot go from Planned to state 0: state 0 is not a state of machine work, whose states are Planned, Ready, Researching, Implementing, Retrying, Complete, Failed and Obsolete; legal from Planned are research (→ Researching), ready (→ Ready), implement (→ Implementing), fail (→ Failed) and obsolete (→ Obsolete)"},
		{name: "advance", from: all, changes: []document.Change{document.Advance(id(s1), complete)}, want: "Planned Planned Planned Complete Planned Planned", updates: 1},
		{name: "advance to what it is", from: all, changes: []document.Change{document.Advance(id(s1), planned)}, want: strings.TrimSpace(all)},
		{name: "fire", from: all, changes: []document.Change{document.Fire(id(s1), makeReady)}, want: "Planned Planned Planned Ready Planned Planned", updates: 1},
		{name: "fire what is illegal", from: all, changes: []document.Change{document.Fire(id(s1), retry)},
			err: "P1.M1.T1.S1: cannot retry from Planned: legal from Planned are research (→ Researching), ready (→ Ready), implement (→ Implementing), fail (→ Failed) and obsolete (→ Obsolete)"},
		{name: "fire what is no event", from: all, changes: []document.Change{document.Fire(id(s1), 99)},
			err: "P1.M1.T1.S1: cannot event 99 from Planned: event 99 is not an event of machine work; legal from Planned are research (→ Researching), ready (→ Ready), implement (→ Implementing), fail (→ Failed) and obsolete (→ Obsolete)"},
		{name: "force", from: all, changes: []document.Change{document.Force(id(t1), complete, "it is so")}, want: "Planned Planned Complete Planned Planned Planned", updates: 1},
		{name: "force to what it is", from: all, changes: []document.Change{document.Force(id(t1), planned, "it is so")}, want: strings.TrimSpace(all)},
		{name: "force without a reason", from: all, changes: []document.Change{document.Force(id(t1), complete, "")}, err: "P1.M1.T1: a force needs a reason [reason]"},
		{name: "force to nothing", from: all, changes: []document.Change{document.Force(id(t1), 99, "x")},
			err: "P1.M1.T1: cannot go from Planned to state 99: state 99 is not a state of machine work, whose states are Planned, Ready, Researching, Implementing, Retrying, Complete, Failed and Obsolete; legal from Planned are research (→ Researching), ready (→ Ready), implement (→ Implementing), fail (→ Failed) and obsolete (→ Obsolete)"},
		{name: "no item", from: all, changes: []document.Change{document.Set(id("P1.M2"), ready)}, err: `no item has the id "P1.M2"`},
		{name: "no operation", from: all, changes: []document.Change{{ID: id(s1)}}, err: "P1.M1.T1.S1: unknown operation Op(0) [operation]"},
		{name: "unknown operation to what it is", from: all, changes: []document.Change{{Op: 77, ID: id(s1), To: planned}}, err: "P1.M1.T1.S1: unknown operation Op(77) [operation]"},
		{name: "all or nothing", from: all, changes: []document.Change{document.Set(id(s1), ready), document.Set(id("P9"), ready), document.Set(id(s2), complete), document.Force(id(s3), ready, "")},
			err: "no item has the id \"P9\"\nP1.M1.T1.S2: cannot go from Planned to Complete in one step: it takes implement (→ Implementing), then complete (→ Complete), but implement needs its dependencies done or dropped; legal from Planned are research (→ Researching), ready (→ Ready), fail (→ Failed) and obsolete (→ Obsolete)\nP1.M1.T1.S3: a force needs a reason [reason]"},

		{name: "dependency open", from: all, changes: []document.Change{document.Set(id(s2), implementing)},
			err: "P1.M1.T1.S2: cannot implement from Planned: that needs its dependencies done or dropped, but P1.M1.T1.S1 stands in the way; legal instead from Planned are research (→ Researching), ready (→ Ready), fail (→ Failed) and obsolete (→ Obsolete)"},
		{name: "dependency open, all the way", from: all, changes: []document.Change{document.Advance(id(s2), complete)},
			err: "P1.M1.T1.S2: cannot implement from Planned: that needs its dependencies done or dropped, but P1.M1.T1.S1 stands in the way; legal instead from Planned are research (→ Researching), ready (→ Ready), fail (→ Failed) and obsolete (→ Obsolete)"},
		{name: "dependency dangles", from: all, changes: []document.Change{document.Set(id(s3), implementing)},
			err: "P1.M1.T1.S3: cannot implement from Planned: that needs its dependencies done or dropped, but P1.M1.T1.S9 stands in the way; legal instead from Planned are research (→ Researching), ready (→ Ready), fail (→ Failed) and obsolete (→ Obsolete)"},
		{name: "dependency dropped", from: "Planned Planned Planned Obsolete Planned Planned", changes: []document.Change{document.Set(id(s2), implementing)}, want: "Planned Planned Planned Obsolete Implementing Planned", updates: 1},
		{name: "dependency in the same group", from: all, changes: []document.Change{document.Advance(id(s1), complete), document.Advance(id(s2), complete)}, want: "Planned Planned Planned Complete Complete Planned", updates: 2},
		{name: "dependency in the same group, later", from: all, changes: []document.Change{document.Advance(id(s2), complete), document.Advance(id(s1), complete)}, want: "Planned Planned Planned Complete Complete Planned", updates: 2},
		{name: "dependency undone in the same group", from: "Planned Planned Planned Complete Planned Planned", changes: []document.Change{document.Advance(id(s2), complete), document.Fire(id(s1), reopen)},
			err: "P1.M1.T1.S2: cannot implement from Planned: that needs its dependencies done or dropped, but P1.M1.T1.S1 stands in the way; legal instead from Planned are research (→ Researching), ready (→ Ready), fail (→ Failed) and obsolete (→ Obsolete)"},
		{name: "dependency forced", from: all, changes: []document.Change{document.Advance(id(s2), complete), document.Force(id(s1), obsolete, "x")}, want: "Planned Planned Planned Obsolete Complete Planned", updates: 2},
		{name: "children open", from: "Planned Planned Implementing Complete Planned Failed", changes: []document.Change{document.Set(id(t1), complete)},
			err: "P1.M1.T1: cannot complete from Implementing: that needs all its children done or dropped, but P1.M1.T1.S2 and P1.M1.T1.S3 stand in the way; legal instead from Implementing are retry (→ Retrying), reset (→ Planned), fail (→ Failed) and obsolete (→ Obsolete)"},
		{name: "parent before its children", from: "Planned Planned Implementing Complete Implementing Planned",
			changes: []document.Change{document.Set(id(t1), complete), document.Set(id(s3), obsolete), document.Set(id(s2), complete)}, want: "Planned Planned Complete Complete Complete Obsolete", updates: 3},
		{name: "two guards refuse", from: "Planned Planned Implementing Planned Planned Planned", changes: []document.Change{document.Set(id(t1), complete), document.Set(id(s2), implementing)},
			err: "P1.M1.T1: cannot complete from Implementing: that needs all its children done or dropped, but P1.M1.T1.S1, P1.M1.T1.S2 and P1.M1.T1.S3 stand in the way; legal instead from Implementing are retry (→ Retrying), reset (→ Planned), fail (→ Failed) and obsolete (→ Obsolete)\n" +
				"P1.M1.T1.S2: cannot implement from Planned: that needs its dependencies done or dropped, but P1.M1.T1.S1 stands in the way; legal instead from Planned are research (→ Researching), ready (→ Ready), fail (→ Failed) and obsolete (→ Obsolete)"},
		{name: "edit and status", from: all, changes: append(editTitle(s1, "x"), document.Set(id(s1), ready)), want: "Planned Planned Planned Ready Planned Planned", updates: 2},
		{name: "refused edit and status", from: all, changes: append(editTitle(s1, ""), document.Set(id(s1), ready)), err: "P1.M1.T1.S1: title is empty [minLength]"},
		{name: "nothing", from: all, want: strings.TrimSpace(all)},
	}
	typ := planType(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := mustParse(t, typ, smallPlan(tt.from))
			before := string(d.AppendJSON(nil))
			to, applied, err := d.Apply(tt.changes...)
			if got := string(d.AppendJSON(nil)); got != before {
				t.Errorf("the document itself has changed:\n%s", cmp.Diff(before, got))
			}
			if tt.err != "" {
				if err == nil || to != nil || applied.Updates != 0 {
					t.Fatalf("got %v, %+v, %v: want an error", to, applied, err)
				}
				if diff := cmp.Diff(tt.err, err.Error()); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := statusesOf(to); got != tt.want || applied.Updates != tt.updates {
				t.Errorf("%d updates to %s, want %d to %s", applied.Updates, got, tt.updates, tt.want)
			}
			if tt.updates == 0 && to != d {
				t.Error("nothing changed, and the document is another")
			}
			checkCounts(t, to)
		})
	}
}

// checkCounts compares what a document counts with a recount, and with what is
// read from its text.
func checkCounts(t *testing.T, d *document.Document) {
	t.Helper()
	again := mustParse(t, d.Type(), string(d.AppendJSON(nil)))
	for l := range d.Type().Descriptor().Levels {
		n := map[document.Status]int{}
		for it := range d.Items(document.Level(l)) {
			n[it.Status()]++
		}
		if d.Len(document.Level(l)) != again.Len(document.Level(l)) {
			t.Errorf("level %d: %d items, %d in the text", l, d.Len(document.Level(l)), again.Len(document.Level(l)))
		}
		for s := range len(d.Type().Descriptor().Statuses) + 1 {
			l, s := document.Level(l), document.Status(s)
			if d.Count(l, s) != n[s] || d.Count(l, s) != again.Count(l, s) {
				t.Errorf("level %d, status %d: count %d, want %d; in the text %d", l, s, d.Count(l, s), n[s], again.Count(l, s))
			}
		}
	}
	if int64(len(again.AppendJSON(nil))) != d.Size() {
		t.Errorf("Size is %d, the text has %d bytes", d.Size(), len(again.AppendJSON(nil)))
	}
	if diff := document.Diff(d, again); diff != nil {
		t.Errorf("what is written reads otherwise: %+v", diff)
	}
}

func TestApplyErrorsAreTyped(t *testing.T) {
	d := mustParse(t, planType(t), smallPlan("Planned Planned Implementing Planned Planned Planned"))
	var transition *statemachine.TransitionError
	_, _, err := d.Apply(document.Fire(id("P1.M1.T1.S1"), retry))
	if !errors.As(err, &transition) || transition.Item != "P1.M1.T1.S1" || transition.From != "Planned" || transition.Event != "retry" {
		t.Errorf("got %#v", err)
	}
	var invalid fsm.InvalidEventError
	if !errors.As(err, &invalid) || invalid.Event != "retry" || invalid.State != "Planned" {
		t.Errorf("looplab's error is %#v", err)
	}
	_, _, err = d.Apply(document.Fire(id("P1.M1.T1.S1"), 99))
	if unknown := (fsm.UnknownEventError{}); !errors.As(err, &unknown) {
		t.Errorf("got %#v", err)
	}
	_, _, err = d.Apply(document.Set(id("P1.M1.T1"), complete))
	if !errors.Is(err, statemachine.ErrGuard) || !errors.As(err, &transition) || transition.Item != "P1.M1.T1" || len(transition.Blocking) != 3 {
		t.Errorf("got %#v", err)
	}
	var missing *document.NotFoundError
	var refusal *document.ChangeError
	_, _, err = d.Apply(document.Set(id("P9"), complete), document.Force(id("P1"), ready, ""), document.Fire(id("P1"), retry))
	if !errors.As(err, &missing) || missing.ID != id("P9") || !errors.As(err, &refusal) || refusal.ID != id("P1") || !errors.As(err, &transition) || transition.Item != "P1" {
		t.Errorf("got %#v", err)
	}
}

func TestAGuardCountsAllThatIsInTheWay(t *testing.T) {
	d := mustParse(t, planType(t), string(samplePlan(1, 1, 1, 1000)))
	_, _, err := d.Apply(document.Advance(id("P1.M1.T1"), complete))
	var refusal *statemachine.TransitionError
	if !errors.As(err, &refusal) || len(refusal.Blocking) != statemachine.MaxBlocking || refusal.MoreBlocking != 990 {
		t.Errorf("got %v", err)
	}
	d, _, err = d.Apply(document.Force(id("P1.M1.T1"), complete, "x"))
	if err != nil {
		t.Fatal(err)
	}
	want := `"P1.M1.T1": it is Complete, which needs all its children done or dropped: see P1.M1.T1.S1, P1.M1.T1.S2, P1.M1.T1.S3 and 997 more`
	for _, p := range d.Validate() {
		if got := fmt.Sprintf("%q: %s", p.Item, p.Message); got != want {
			t.Errorf("got %s", got)
		}
	}
}
