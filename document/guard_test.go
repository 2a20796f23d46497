package document_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

var doneOrDropped = format.CategorySet(format.Done, format.Dropped)

// typeWith compiles the plan format after a change to its descriptor.
func typeWith(t testing.TB, change func(*format.Descriptor)) *document.Type {
	t.Helper()
	of := planDescriptor()
	change(&of)
	typ, err := document.NewType(of)
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

func TestParentGuard(t *testing.T) {
	typ := typeWith(t, func(d *format.Descriptor) {
		d.Levels[3].Guards = []format.Guard{{Events: []document.Event{implement}, Kind: format.ParentIn, Categories: format.CategorySet(format.Active)}}
		d.Levels[0].Guards = []format.Guard{{Events: []document.Event{implement}, Kind: format.ParentIn, Categories: format.CategorySet(format.Active)}}
	})
	d := mustParse(t, typ, smallPlan("Planned Planned Planned Planned Planned Planned"))
	_, _, err := d.Apply(document.Set(id("P1.M1.T1.S1"), implementing))
	want := "P1.M1.T1.S1: cannot implement from Planned: that needs its parent active, but P1.M1.T1 stands in the way; legal instead from Planned are research (→ Researching), ready (→ Ready), fail (→ Failed) and obsolete (→ Obsolete)"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	if _, _, err = d.Apply(document.Set(id("P1.M1.T1.S1"), implementing), document.Set(id("P1.M1.T1"), researching)); err != nil {
		t.Errorf("with the parent in the same group: %v", err)
	}
	if _, _, err = d.Apply(document.Set(id("P1"), implementing)); err != nil {
		t.Errorf("at the top: %v", err)
	}
}

func TestCustomGuards(t *testing.T) {
	typ := typeWith(t, func(d *format.Descriptor) {
		d.Levels[0].Guards = []format.Guard{
			{Events: []document.Event{implement, drop}, Kind: format.CustomGuard, Name: "approved"},
			{Events: []document.Event{implement}, Kind: format.CustomGuard, Name: "funded"},
		}
	})
	text := smallPlan("Planned Planned Planned Planned Planned Planned")
	_, _, err := mustParse(t, typ, text).Apply(document.Set(id("P1"), implementing))
	if err == nil || !strings.Contains(err.Error(), "the program has not supplied the guard approved") {
		t.Errorf("without the program's guards: %v", err)
	}
	for name, guards := range map[string]map[string]document.GuardFunc{
		"none":     nil,
		"one nil":  {"approved": func(*document.Document, document.Item, document.Event) error { return nil }, "funded": nil},
		"too many": {"approved": allow, "funded": allow, "other": allow},
	} {
		if with, err := typ.WithGuards(guards); err == nil || with != nil {
			t.Errorf("%s: accepted", name)
		}
	}
	var asked []string
	broke := errors.New("no money")
	with, err := typ.WithGuards(map[string]document.GuardFunc{
		"approved": func(d *document.Document, it document.Item, e document.Event) error {
			child, _ := d.Find(id("P1.M1"))
			asked = append(asked, fmt.Sprintf("%s by event %d; %s", it, e, child))
			if it.Document() != d {
				t.Error("the item is of another document")
			}
			return nil
		},
		"funded": func(_ *document.Document, it document.Item, _ document.Event) error {
			if title, _ := it.Text(titleField); title == "cheap" {
				return nil
			}
			return broke
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	d := mustParse(t, with, text)
	_, _, err = d.Apply(document.Set(id("P1"), implementing), document.Set(id("P1.M1"), ready))
	var refusal *statemachine.TransitionError
	if !errors.Is(err, broke) || !errors.As(err, &refusal) || refusal.Item != "P1" {
		t.Errorf("got %v", err)
	}
	if _, _, err = d.Apply(append(editTitle("P1", "cheap"), document.Set(id("P1"), implementing), document.Force(id("P1.M1"), complete, "x"))...); err != nil {
		t.Error(err)
	}
	want := []string{
		`Phase P1 "T" (Implementing) by event 3; Milestone P1.M1 "T" (Ready)`,
		`Phase P1 "T" (Implementing) by event 9; Milestone P1.M1 "T" (Ready)`, // whether drop may be recommended
		`Phase P1 "cheap" (Implementing) by event 3; Milestone P1.M1 "T" (Complete)`,
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("what the guard saw (-want +got):\n%s", diff)
	}
}

// TestGuardsKeepWhatTheySaw has guards keep the documents that they are asked about,
// also those halfway through a group that is refused.
func TestGuardsKeepWhatTheySaw(t *testing.T) {
	content := func(d *document.Document) string { return fmt.Sprint(slices.Collect(d.All())) }
	for name, refused := range map[string]document.Change{
		"an event":             document.Fire(id("P1"), reopen),
		"a force to no status": document.Force(id("P1"), 99, "x"),
	} {
		t.Run(name, func(t *testing.T) {
			type sight struct {
				d    *document.Document
				text string
			}
			var seen []sight
			typ, err := typeWith(t, func(d *format.Descriptor) {
				d.Levels[0].Guards = []format.Guard{{Events: []document.Event{implement}, Kind: format.CustomGuard, Name: "approved"}}
			}).WithGuards(map[string]document.GuardFunc{"approved": func(d *document.Document, _ document.Item, _ document.Event) error {
				seen = append(seen, sight{d, content(d)})
				return nil
			}})
			if err != nil {
				t.Fatal(err)
			}
			d := mustParse(t, typ, smallPlan("Planned Planned Planned Planned Planned Planned"))
			group := append([]document.Change{document.Set(id("P1.M1"), ready), refused, document.Set(id("P1.M1"), researching)}, editTitle("P1.M1.T1", "late")...)
			if _, _, err := d.Apply(group...); err == nil {
				t.Fatal("accepted")
			}
			if len(seen) == 0 {
				t.Fatal("no guard was asked")
			}
			for n, s := range seen {
				if diff := cmp.Diff(s.text, content(s.d)); diff != "" {
					t.Errorf("document %d has changed under its guard:\n%s", n, diff)
				}
			}
		})
	}
}

func allow(*document.Document, document.Item, document.Event) error { return nil }

// rollupType rolls tasks up to Complete and milestones to Obsolete once their
// children are done or dropped.
func rollupType(t *testing.T) *document.Type {
	return typeWith(t, func(d *format.Descriptor) {
		d.Levels[2].Rollup = &format.Rollup{When: doneOrDropped, To: complete}
		d.Levels[1].Rollup = &format.Rollup{When: doneOrDropped, To: obsolete}
		d.Levels[3].Guards = nil
	})
}

func TestRollup(t *testing.T) {
	tests := []struct {
		name, from string
		changes    []document.Change
		want       string
		updates    int
	}{
		{"last child", "Planned Planned Planned Complete Obsolete Implementing", []document.Change{document.Set(id("P1.M1.T1.S3"), complete)}, "Planned Obsolete Complete Complete Obsolete Complete", 1},
		{"not the last child", "Planned Planned Planned Planned Obsolete Implementing", []document.Change{document.Set(id("P1.M1.T1.S3"), complete)}, "Planned Planned Planned Planned Obsolete Complete", 1},
		{"forced child", "Planned Planned Planned Complete Obsolete Planned", []document.Change{document.Force(id("P1.M1.T1.S3"), complete, "x")}, "Planned Obsolete Complete Complete Obsolete Complete", 1},
		{"all children in one group", "Planned Planned Ready Planned Planned Planned", []document.Change{document.Advance(id("P1.M1.T1.S3"), complete), document.Advance(id("P1.M1.T1.S1"), complete), document.Advance(id("P1.M1.T1.S2"), obsolete)}, "Planned Obsolete Complete Complete Obsolete Complete", 3},
		{"a child that is reopened in the same group", "Planned Planned Ready Complete Complete Planned", []document.Change{document.Advance(id("P1.M1.T1.S3"), complete), document.Fire(id("P1.M1.T1.S1"), reopen)}, "Planned Planned Ready Planned Complete Complete", 2},
		{"a parent whose children nobody touched", "Planned Planned Planned Complete Complete Complete", []document.Change{document.Set(id("P1"), researching)}, "Researching Planned Planned Complete Complete Complete", 1},
		{"a parent that is dropped stays so", "Planned Planned Obsolete Complete Complete Implementing", []document.Change{document.Set(id("P1.M1.T1.S3"), complete)}, "Planned Planned Obsolete Complete Complete Complete", 1},
		{"a parent that is done stays so", "Planned Complete Planned Complete Complete Implementing", []document.Change{document.Set(id("P1.M1.T1.S3"), complete)}, "Planned Complete Complete Complete Complete Complete", 1},
		{"a parent set by hand", "Planned Planned Implementing Complete Complete Implementing", []document.Change{document.Set(id("P1.M1.T1"), failed), document.Set(id("P1.M1.T1.S3"), complete)}, "Planned Obsolete Complete Complete Complete Complete", 2},
		{"the last open child is removed", "Planned Planned Planned Complete Obsolete Planned", []document.Change{document.Remove(id("P1.M1.T1.S3"))}, "Planned Obsolete Complete Complete Obsolete", 1},
		{"the last child is removed", "Planned Planned Planned Complete Obsolete Planned", []document.Change{document.Remove(id("P1.M1.T1.S3")), document.Remove(id("P1.M1.T1.S2")), document.Remove(id("P1.M1.T1.S1"))}, "Planned Planned Planned", 3},
	}
	typ := rollupType(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			to, applied, err := mustParse(t, typ, smallPlan(tt.from)).Apply(tt.changes...)
			if err != nil {
				t.Fatal(err)
			}
			if got := statusesOf(to); got != tt.want || applied.Updates != tt.updates {
				t.Errorf("%d updates to %s\nwant %d to %s", applied.Updates, got, tt.updates, tt.want)
			}
			checkCounts(t, to)
		})
	}
}

func TestRollupThatAGuardRefuses(t *testing.T) {
	asked := 0
	typ, err := typeWith(t, func(d *format.Descriptor) {
		d.Levels[3].Guards = nil
		d.Levels[2].Rollup = &format.Rollup{When: doneOrDropped, To: complete}
		d.Levels[2].Guards = []format.Guard{{Events: []document.Event{completeEvent}, Kind: format.CustomGuard, Name: "reviewed"}}
	}).WithGuards(map[string]document.GuardFunc{"reviewed": func(*document.Document, document.Item, document.Event) error {
		asked++
		return errors.New("nobody has looked at it")
	}})
	if err != nil {
		t.Fatal(err)
	}
	d := mustParse(t, typ, smallPlan("Planned Planned Planned Complete Implementing Implementing"))
	to, _, err := d.Apply(document.Set(id("P1.M1.T1.S3"), complete), document.Set(id("P1.M1.T1.S2"), complete))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := statusesOf(to), "Planned Planned Planned Complete Complete Complete"; got != want || asked != 1 {
		t.Errorf("asked %d times: %s, want %s", asked, got, want)
	}
}

// TestManyStatuses is about more statuses than fit into half a byte.
func TestManyStatuses(t *testing.T) {
	const count = 200
	type transition = format.Transition
	typ := typeWith(t, func(d *format.Descriptor) {
		d.Statuses, d.Events = nil, []string{"next"}
		m := format.Machine{Name: "ring", Initial: 1}
		d.Events = nil
		for s := range count {
			d.Statuses = append(d.Statuses, format.StatusDescriptor{Name: fmt.Sprint("S", s+1), Category: format.Category(1 + s%5)})
			d.Events = append(d.Events, fmt.Sprint("leave", s+1))
			m.States = append(m.States, document.Status(s+1))
			m.Transitions = append(m.Transitions, transition{Event: document.Event(s + 1), From: status(document.Status(s + 1)), To: document.Status(1 + (s+1)%count)})
		}
		d.Machines[0] = m
		for l := range d.Levels {
			d.Levels[l].Guards = nil
		}
	})
	d := mustParse(t, typ, strings.ReplaceAll(string(samplePlan(1, 2, 3, 50)), "Planned", "S1"))
	n := 0
	for it := range d.All() {
		n++
		to := document.Status(1 + n*7%count)
		next, _, err := d.Apply(document.Advance(it.ID(), to))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := next.Find(it.ID()); got.Status() != to {
			t.Fatalf("%s: status %d, want %d", got, got.Status(), to)
		}
		d = next
	}
	checkCounts(t, d)
	for c := format.Todo; c <= format.Dropped; c++ {
		for l := range document.Level(4) {
			var want, got []string
			for it := range d.Items(l) {
				if it.Category() == c {
					want = append(want, it.String())
				}
			}
			for it := range d.ItemsIn(l, format.CategorySet(c)) {
				got = append(got, it.String())
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("level %d, %s (-want +got):\n%s", l, c, diff)
			}
		}
	}
}
