package document_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"weak"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

const (
	inReview document.Status = iota + 1
	approved
	rejected
)

const (
	approve document.Event = iota + 1
	override
	reject
	again
)

// reviewType is a list of reports, of which approve, and not override, waits for
// those before; sections of a report roll it up.
func reviewType(t testing.TB) *document.Type {
	t.Helper()
	transition := func(e document.Event, to document.Status, from ...document.Status) format.Transition {
		return format.Transition{Event: e, From: from, To: to}
	}
	after := format.FieldDescriptor{Name: "After", Key: "after", Kind: format.ReferenceField, List: true}
	title := format.FieldDescriptor{Name: "Title", Key: "title", Kind: format.TextField}
	done := format.CategorySet(format.Done, format.Dropped)
	typ, err := document.NewType(format.Descriptor{
		Name: "reports", Roots: []format.Root{{Kind: format.RootArray}}, Indent: "  ",
		Statuses: []format.StatusDescriptor{
			{Name: "review", Category: format.Active}, {Name: "approved", Category: format.Done}, {Name: "rejected", Category: format.Failed},
		},
		Events: []string{"approve", "override", "reject", "again"},
		Machines: []format.Machine{{
			Name: "review", Initial: inReview, States: []document.Status{inReview, approved, rejected},
			Transitions: []format.Transition{
				transition(approve, approved, inReview), transition(override, approved, inReview),
				transition(reject, rejected, inReview), transition(again, inReview, approved, rejected),
			},
		}},
		Levels: []format.LevelDescriptor{
			{
				Name: "Report", Plural: "Reports", Children: "sections", ID: format.IDDescriptor{Kind: format.PathID, Prefix: "R"},
				Fields: []format.FieldDescriptor{title, after},
				Guards: []format.Guard{{Events: []document.Event{approve, reject}, Kind: format.DependenciesIn, References: format.References{Fields: []int{1}}, Categories: done}},
				Rollup: &format.Rollup{When: done, To: approved},
			},
			{
				Name: "Section", Plural: "Sections", ID: format.IDDescriptor{Kind: format.PathID, Prefix: "S"},
				Fields: []format.FieldDescriptor{title, after},
				Guards: []format.Guard{{Events: []document.Event{approve, reject}, Kind: format.DependenciesIn, References: format.References{Fields: []int{1}}, Categories: done}},
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

// reports are R1, and R2 that waits for it, with a section each.
const reports = `[
  {"id": "R1", "status": "review", "sections": [{"id": "R1.S1", "status": "review"}]},
  {"id": "R2", "status": "review", "after": ["R1"], "sections": [
    {"id": "R2.S1", "status": "review", "after": ["R1.S1"]},
    {"id": "R2.S2", "status": "review"}]}
]
`

// steps applies one group after the other.
func steps(groups ...[]document.Change) func(*document.Document) (*document.Document, error) {
	return func(d *document.Document) (*document.Document, error) {
		for _, group := range groups {
			var err error
			if d, _, err = d.Apply(group...); err != nil {
				return nil, err
			}
		}
		return d, nil
	}
}

func TestTrackRemembersWhatWasApplied(t *testing.T) {
	type groups = [][]document.Change
	one := func(c ...document.Change) []document.Change { return c }
	section := document.Change{Op: document.OpAdd, ID: id("R1.S2"), Edit: &document.Edit{Parent: id("R1"), Item: `{"id":"R1.S2","status":"review"}`}}
	for name, test := range map[string]struct {
		groups groups
		want   string // what Track returns, one to a line; the groups themselves if empty
	}{
		"an event among others that lead there": {groups: groups{one(document.Fire(id("R2.S1"), override))}},
		"a force":                               {groups: groups{one(document.Force(id("R2.S1"), rejected, "late"))}},
		"a way, there and back":                 {groups: groups{one(document.Fire(id("R2.S1"), override)), one(document.Fire(id("R2.S1"), again)), one(document.Fire(id("R2.S1"), override))}},
		"edits and events in turns":             {groups: groups{editTitle("R2.S1", "a"), one(document.Fire(id("R2.S1"), override)), editTitle("R2.S1", "b")}},
		"an addition, then more":                {groups: groups{one(section), editTitle("R1.S2", "new"), one(document.Fire(id("R1.S2"), override))}},
		"a removal":                             {groups: groups{one(document.Remove(id("R2.S2"))), one(document.Fire(id("R2.S1"), override))}},
		"nothing":                               {groups: groups{one(document.Set(id("R1"), inReview))}, want: "-"},
		"a rollup":                              {groups: groups{one(document.Fire(id("R2.S1"), override), document.Fire(id("R2.S2"), override)), one(document.Fire(id("R1.S1"), approve))}},
		"what builds on a rollup": {
			groups: groups{one(document.Fire(id("R1.S1"), approve)), one(document.Fire(id("R1"), again)), one(document.Fire(id("R1.S1"), again))},
			want:   "fire approve on R1.S1; fire approve on R1; fire again on R1; fire again on R1.S1",
		},
		"a move that gives another id": {
			groups: groups{one(document.Fire(id("R2.S1"), override)), one(document.Move(id("R2.S2"), id("R1")))},
			want:   "add R1.S2 to R1; remove R2.S2; fire override on R2.S1",
		},
		"additions and events in turns": {
			groups: groups{
				one(section), one(document.Fire(id("R1.S2"), override)),
				one(add("R1.S3", "R1", `{"id":"R1.S3","status":"review"}`)), one(document.Fire(id("R1.S3"), override)),
			},
			want: "add R1.S2 to R1; add R1.S3 to R1; fire override on R1.S2; fire override on R1.S3",
		},
		"additions and removals in turns": {
			groups: groups{one(section), one(document.Fire(id("R1.S2"), override)), one(document.Remove(id("R1.S2"))), one(section)},
		},
		"a move there and back, with events under both ids": {
			groups: groups{
				one(document.Fire(id("R2.S2"), reject)), one(document.Move(id("R2.S2"), id("R1"))),
				one(document.Fire(id("R1.S2"), again)), one(document.Fire(id("R1.S2"), override)), one(document.Move(id("R1.S2"), id("R2"))),
			},
			want: "advance R2.S2 to approved",
		},
		"a move, and a new item that gets the id": {
			groups: groups{
				one(document.Fire(id("R2.S2"), override)), one(document.Move(id("R2.S2"), id("R1"))),
				one(add("R2.S2", "R2", `{"id":"R2.S2","status":"review"}`)), one(document.Fire(id("R2.S2"), override)),
			},
			want: "add R1.S2 to R1; advance R1.S2 to approved; advance R2.S2 to approved",
		},
	} {
		t.Run(name, func(t *testing.T) {
			typ := reviewType(t)
			d := mustParse(t, typ, reports)
			var edited *document.Document
			changes, err := d.Track(func(given *document.Document) (*document.Document, error) {
				var err error
				edited, err = steps(test.groups...)(given)
				return edited, err
			})
			if err != nil {
				t.Fatal(err)
			}
			var got, want []string
			for _, c := range changes {
				got = append(got, typ.Describe(c))
			}
			for _, group := range test.groups {
				for _, c := range group {
					want = append(want, typ.Describe(c))
				}
			}
			if test.want != "" {
				want = strings.Split(strings.Trim(test.want, "-"), "; ")
			}
			if diff := cmp.Diff(strings.Join(want, "; "), strings.Join(got, "; ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			to, _, err := d.Apply(changes...)
			if err != nil {
				t.Fatal(err)
			}
			if differences := document.Diff(edited, to); differences != nil {
				t.Errorf("the group leads elsewhere: %+v in\n%s", differences, to.AppendJSON(nil))
			}
		})
	}
}

func TestTrackComparesWhatDoesNotDescend(t *testing.T) {
	typ := reviewType(t)
	d := mustParse(t, typ, reports)
	other := mustParse(t, typ, strings.Replace(reports, `"R1", "status": "review"`, `"R1", "status": "rejected"`, 1))
	var leaked *document.Document
	if _, err := d.Track(func(given *document.Document) (*document.Document, error) {
		leaked = given
		return given, nil
	}); err != nil {
		t.Fatal(err)
	}
	late, _, err := leaked.Apply(document.Fire(id("R1"), reject)) // Track has ended
	if err != nil {
		t.Fatal(err)
	}
	for name, edited := range map[string]*document.Document{"another document": other, "one of a Track that has ended": late} {
		t.Run(name, func(t *testing.T) {
			changes, err := d.Track(func(*document.Document) (*document.Document, error) { return edited, nil })
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]document.Change{document.Advance(id("R1"), rejected)}, changes, cmp.AllowUnexported(document.ID{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	broken := errors.New("broken")
	if _, err := d.Track(func(*document.Document) (*document.Document, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if _, err := d.Track(func(*document.Document) (*document.Document, error) { return nil, nil }); err == nil {
		t.Error("no document is accepted")
	}
}

// TestTrackSaysWhatTakesTwoEdits has edits where the rollup does at the end of a
// group what it did not do after the last step.
func TestTrackSaysWhatTakesTwoEdits(t *testing.T) {
	type groups = [][]document.Change
	one := func(c ...document.Change) []document.Change { return c }
	for name, test := range map[string]struct {
		groups groups
		want   string
	}{
		"a rollup that is taken back": {
			groups{one(document.Fire(id("R1.S1"), approve)), one(document.Fire(id("R1"), again))},
			"in one, R1 would become approved instead of review",
		},
		"a rollup that a guard refuses until later": {
			groups{one(document.Fire(id("R2.S1"), override), document.Fire(id("R2.S2"), override)), one(document.Fire(id("R1"), override))},
			"in one, R2 would become approved instead of review",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := mustParse(t, reviewType(t), reports)
			changes, err := d.Track(steps(test.groups...))
			var refusal *document.TrackError
			if !errors.As(err, &refusal) || len(refusal.Differences) != 1 || changes != nil {
				t.Fatalf("got %v, %v", changes, err)
			}
			want := "no single group of changes leads to what the edit returned, so it takes two edits: " + test.want
			if diff := cmp.Diff(want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("a move to where the gate refuses the status", func(t *testing.T) {
		d := mustParse(t, reviewType(t), strings.Replace(reports, `"R2.S2", "status": "review"`, `"R2.S2", "status": "rejected", "after": ["R1.S1"]`, 1))
		_, err := d.Track(steps(one(document.Move(id("R2.S2"), id("R1")))))
		var refusal *document.TrackError
		var machine *statemachine.TransitionError
		if !errors.As(err, &refusal) || refusal.Differences != nil || !errors.As(err, &machine) || machine.Item != "R1.S2" {
			t.Errorf("got %v", err)
		}
	})
}

// TestTrackKeepsNoVersions looks for older versions in memory, while the newest
// that Track has made is held.
func TestTrackKeepsNoVersions(t *testing.T) {
	d := mustParse(t, reviewType(t), reports)
	var older []weak.Pointer[document.Document]
	var held *document.Document
	_, err := d.Track(func(given *document.Document) (*document.Document, error) {
		for n := range 20 {
			older = append(older, weak.Make(given))
			var err error
			if given, _, err = given.Apply(editTitle("R1", fmt.Sprint(n))...); err != nil {
				return nil, err
			}
		}
		held = given
		return given, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	for n, p := range older {
		if p.Value() != nil {
			t.Errorf("version %d is kept", n)
		}
	}
	runtime.KeepAlive(held)
}

func TestRefusalsRecommendNothingThatIsRefused(t *testing.T) {
	typ := reviewType(t)
	d := mustParse(t, typ, reports)
	done, _, err := d.Apply(document.Force(id("R2.S1"), rejected, "late"))
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		d    *document.Document
		c    document.Change
		want string
	}{
		"by a guard": {d, document.Fire(id("R2.S1"), approve),
			"R2.S1: cannot approve from review: that needs its dependencies done or dropped, but R1.S1 stands in the way; legal instead from review is override (→ approved)"},
		"of a destination, by a guard": {d, document.Set(id("R2.S1"), approved),
			"R2.S1: cannot approve from review: that needs its dependencies done or dropped, but R1.S1 stands in the way; legal instead from review is override (→ approved)"},
		"by the machine": {d, document.Fire(id("R2.S1"), again),
			"R2.S1: cannot again from review: legal from review is override (→ approved)"},
		"by the machine, with a way that a guard bars": {done, document.Set(id("R2.S1"), approved),
			"R2.S1: cannot go from rejected to approved in one step: it takes again (→ review), then approve (→ approved), but approve needs its dependencies done or dropped; legal from rejected is again (→ review)"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, _, err := test.d.Apply(test.c)
			if err == nil {
				t.Fatal("accepted")
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestNothingIsRecommendedWhereGuardsRefuseAll has a guard of the program before
// each event.
func TestNothingIsRecommendedWhereGuardsRefuseAll(t *testing.T) {
	of := reviewType(t).Descriptor()
	of.Levels[1].Guards = []format.Guard{{Events: []document.Event{approve, override, reject}, Kind: format.CustomGuard, Name: "open"}}
	typ, err := document.NewType(of)
	if err != nil {
		t.Fatal(err)
	}
	closed := errors.New("the office is closed")
	typ, err = typ.WithGuards(map[string]document.GuardFunc{"open": func(*document.Document, document.Item, document.Event) error { return closed }})
	if err != nil {
		t.Fatal(err)
	}
	d := mustParse(t, typ, reports)
	for event, want := range map[document.Event]string{
		again:   "R1.S1: cannot again from review: guards refuse what the machine allows from review",
		approve: `R1.S1: cannot approve from review: that needs the guard "open" to pass: the office is closed; nothing else is legal from review`,
	} {
		_, _, err := d.Apply(document.Fire(id("R1.S1"), event))
		if err == nil {
			t.Fatal("accepted")
		}
		if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Error(diff)
		}
	}
}
