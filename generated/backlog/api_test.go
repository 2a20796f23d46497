package backlog_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

// sample has a phase of one task with three subtasks: the second waits for the
// first, the third for the second.
const sample = `{
  "backlog": [
    {
      "type": "Phase",
      "id": "P1",
      "title": "Foundations",
      "status": "Planned",
      "description": "Lay them.",
      "milestones": [
        {
          "type": "Milestone",
          "id": "P1.M1",
          "title": "Ground",
          "status": "Planned",
          "description": "Break it.",
          "tasks": [
            {
              "type": "Task",
              "id": "P1.M1.T1",
              "title": "Dig",
              "status": "Planned",
              "description": "A hole.",
              "subtasks": [
                {
                  "type": "Subtask",
                  "id": "P1.M1.T1.S1",
                  "title": "Find a spade",
                  "status": "Planned",
                  "story_points": 0.5,
                  "dependencies": [],
                  "context_scope": "Look in the shed."
                },
                {
                  "type": "Subtask",
                  "id": "P1.M1.T1.S2",
                  "title": "Use it",
                  "status": "Planned",
                  "story_points": 2,
                  "dependencies": ["P1.M1.T1.S1"],
                  "context_scope": "Mind the roots.",
                  "note": "not in the schema"
                },
                {
                  "type": "Subtask",
                  "id": "P1.M1.T1.S3",
                  "title": "Clean it",
                  "status": "Planned",
                  "story_points": 1,
                  "dependencies": ["P1.M1.T1.S2"],
                  "context_scope": "With water."
                }
              ]
            }
          ]
        }
      ]
    }
  ]
}`

var (
	phase1 = backlog.MustPhaseID("P1")
	task1  = backlog.MustTaskID("P1.M1.T1")
	spade  = backlog.MustSubtaskID("P1.M1.T1.S1")
	use    = backlog.MustSubtaskID("P1.M1.T1.S2")
	clean  = backlog.MustSubtaskID("P1.M1.T1.S3")
)

func subtask(t *testing.T, b backlog.Backlog, id backlog.SubtaskID) backlog.Subtask {
	t.Helper()
	s, ok := b.Subtask(id)
	if !ok {
		t.Fatalf("no subtask %v", id)
	}
	return s
}

func TestGetters(t *testing.T) {
	b := parse(t, []byte(sample))
	want := backlog.SubtaskSpec{
		ID:           use,
		Status:       backlog.StatusPlanned,
		Title:        "Use it",
		StoryPoints:  2,
		Dependencies: []backlog.ItemID{spade.Item()},
		ContextScope: "Mind the roots.",
	}
	if diff := cmp.Diff(want, subtask(t, b, use).Spec()); diff != "" {
		t.Errorf("Spec (-want +got):\n%s", diff)
	}
	parent, ok := subtask(t, b, use).Parent()
	if !ok || parent.ID() != task1 || parent.Title() != "Dig" {
		t.Errorf("Parent is %v, %v", parent, ok)
	}
	if got := len(slices.Collect(parent.Subtasks())); got != 3 {
		t.Errorf("the task has %d subtasks", got)
	}
	var ids []string
	for item := range b.Items() {
		ids = append(ids, item.ItemID().String())
	}
	if diff := cmp.Diff([]string{"P1", "P1.M1", "P1.M1.T1", "P1.M1.T1.S1", "P1.M1.T1.S2", "P1.M1.T1.S3"}, ids); diff != "" {
		t.Errorf("Items (-want +got):\n%s", diff)
	}
}

func TestWithersChainAndLeaveTheReceiverAlone(t *testing.T) {
	b := parse(t, []byte(sample))
	before := subtask(t, b, use)
	after := before.WithTitle("Use it well").WithStoryPoints(3).WithDependencies()
	if before.Title() != "Use it" || before.StoryPoints() != 2 {
		t.Errorf("the receiver changed: %v", before)
	}
	if after.Title() != "Use it well" || after.StoryPoints() != 3 || len(slices.Collect(after.Dependencies())) != 0 {
		t.Errorf("the copy is %+v", after.Spec())
	}
	next, err := b.WithSubtask(after)
	if err != nil {
		t.Fatal(err)
	}
	if got := subtask(t, b, use).Title(); got != "Use it" {
		t.Errorf("the document changed: %q", got)
	}
	if got := subtask(t, next, use); !got.Equal(after) {
		t.Errorf("the new document has %+v", got.Spec())
	}
	text := string(next.AppendJSON(nil))
	for _, part := range []string{`"note": "not in the schema"`, `"title": "Use it well"`, `"story_points": 3`, `"dependencies": []`} {
		if !strings.Contains(text, part) {
			t.Errorf("the text lacks %s", part)
		}
	}
	if got := changedLines([]byte(sample), []byte(text)); got != 3 {
		t.Errorf("%d lines changed, want 3", got)
	}
}

func TestWithersThatChangeNothing(t *testing.T) {
	b := parse(t, []byte(sample))
	before := subtask(t, b, use)
	same := before.WithTitle("Use it").WithStoryPoints(2).WithDependencies(spade.Item())
	if same != before {
		t.Errorf("withers that change nothing made another value")
	}
	next, err := b.WithSubtask(same)
	if err != nil || next != b {
		t.Errorf("WithSubtask of an unchanged value made another document, error %v", err)
	}
}

func TestNewValueReplacesFieldsAndNotTheStatus(t *testing.T) {
	b := parse(t, []byte(sample))
	b, err := b.WithStatus(spade.Item(), backlog.StatusImplementing)
	if err != nil {
		t.Fatal(err)
	}
	spec := subtask(t, b, spade).Spec()
	spec.Title, spec.Status = "Find two spades", 0
	if b, err = b.WithSubtask(backlog.NewSubtask(spec)); err != nil {
		t.Fatal(err)
	}
	got := subtask(t, b, spade)
	if got.Title() != "Find two spades" || got.Status() != backlog.StatusImplementing {
		t.Errorf("got %v", got)
	}
}

func TestStaleValueDoesNotTurnTheStatusBack(t *testing.T) {
	b := parse(t, []byte(sample))
	stale := subtask(t, b, spade).WithTitle("Find two spades")
	b, err := b.WithStatus(spade.Item(), backlog.StatusImplementing)
	if err != nil {
		t.Fatal(err)
	}
	if b, err = b.WithSubtask(stale); err != nil {
		t.Fatal(err)
	}
	got := subtask(t, b, spade)
	if got.Status() != backlog.StatusImplementing || got.Title() != "Find two spades" {
		t.Errorf("got %v", got)
	}
}

func TestGateRefusesValuesThatBreakRules(t *testing.T) {
	b := parse(t, []byte(sample))
	s := subtask(t, b, use)
	tests := map[string]struct {
		value backlog.Subtask
		rule  string
	}{
		"empty title":           {s.WithTitle(""), "minLength"},
		"long title":            {s.WithTitle(strings.Repeat("x", 201)), "maxLength"},
		"no story points":       {s.WithStoryPoints(0), "exclusiveMinimum"},
		"too many story points": {s.WithStoryPoints(22), "maximum"},
		"empty context":         {s.WithContextScope(""), "minLength"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := b.WithSubtask(test.value)
			var refused *document.ChangeError
			if !errors.As(err, &refused) {
				t.Fatalf("error %v, want a *document.ChangeError", err)
			}
			if refused.ID.String() != use.String() || len(refused.Problems) != 1 || refused.Problems[0].Rule != test.rule {
				t.Errorf("refused with %+v, want the rule %s", refused, test.rule)
			}
		})
	}
	if _, err := b.WithSubtask(s.WithStoryPoints(2.3)); err != nil {
		t.Errorf("a rule that warns refused: %v", err)
	}
}

func TestFireGoesThroughMachineAndGuards(t *testing.T) {
	b := parse(t, []byte(sample))
	_, err := b.Fire(spade.Item(), backlog.EventComplete)
	var refusal *statemachine.TransitionError
	if !errors.As(err, &refusal) {
		t.Fatalf("error %v, want a *statemachine.TransitionError", err)
	}
	if refusal.Item != spade.String() || refusal.From != "Planned" || len(refusal.Legal) == 0 {
		t.Errorf("refused with %+v", refusal)
	}

	_, err = b.Fire(use.Item(), backlog.EventImplement)
	if !errors.As(err, &refusal) || !errors.Is(err, statemachine.ErrGuard) {
		t.Fatalf("error %v, want one of a guard", err)
	}
	if diff := cmp.Diff([]string{spade.String()}, refusal.Blocking); diff != "" {
		t.Errorf("Blocking (-want +got):\n%s", diff)
	}

	for _, event := range []backlog.Event{backlog.EventImplement, backlog.EventComplete} {
		if b, err = b.Fire(spade.Item(), event); err != nil {
			t.Fatal(err)
		}
	}
	if b, err = b.Fire(use.Item(), backlog.EventImplement); err != nil {
		t.Fatal(err)
	}
	if got := subtask(t, b, use).Status(); got != backlog.StatusImplementing {
		t.Errorf("status %v", got)
	}
}

func TestWithStatusAndAdvance(t *testing.T) {
	b := parse(t, []byte(sample))
	if _, err := b.WithStatus(spade.Item(), backlog.StatusComplete); err == nil {
		t.Error("WithStatus took two hops")
	}
	same, err := b.WithStatus(spade.Item(), backlog.StatusPlanned)
	if err != nil || same != b {
		t.Errorf("WithStatus to the same status: %v, another document: %v", err, same != b)
	}
	b, err = b.Advance(spade.Item(), backlog.StatusComplete)
	if err != nil {
		t.Fatal(err)
	}
	if got := subtask(t, b, spade).Status(); got != backlog.StatusComplete {
		t.Errorf("status %v", got)
	}
	if _, err := b.Advance(phase1.Item(), backlog.StatusComplete); !errors.Is(err, statemachine.ErrGuard) {
		t.Errorf("a phase over open milestones: %v", err)
	}
}

func TestUnknownIDsAreErrors(t *testing.T) {
	b := parse(t, []byte(sample))
	missing := backlog.MustSubtaskID("P9.M9.T9.S9")
	change := map[string]func() (backlog.Backlog, error){
		"Fire":       func() (backlog.Backlog, error) { return b.Fire(missing.Item(), backlog.EventImplement) },
		"WithStatus": func() (backlog.Backlog, error) { return b.WithStatus(missing.Item(), backlog.StatusReady) },
		"Advance":    func() (backlog.Backlog, error) { return b.Advance(missing.Item(), backlog.StatusReady) },
		"Remove":     func() (backlog.Backlog, error) { return b.Remove(missing.Item()) },
		"Move":       func() (backlog.Backlog, error) { return b.Move(missing.Item(), task1.Item()) },
		"zero id":    func() (backlog.Backlog, error) { return b.Fire(backlog.ItemID{}, backlog.EventImplement) },
		"AddSubtask": func() (backlog.Backlog, error) {
			return b.AddSubtask(missing.Parent(), backlog.SubtaskSpec{ID: missing, Title: "x", StoryPoints: 1, ContextScope: "x"})
		},
		"AddSubtask to the zero id": func() (backlog.Backlog, error) {
			return b.AddSubtask(backlog.TaskID{}, backlog.SubtaskSpec{ID: missing, Title: "x", StoryPoints: 1, ContextScope: "x"})
		},
		"WithSubtask of a new one": func() (backlog.Backlog, error) {
			return b.WithSubtask(backlog.NewSubtask(backlog.SubtaskSpec{ID: missing, Title: "x"}))
		},
		"WithSubtask of zero": func() (backlog.Backlog, error) { return b.WithSubtask(backlog.Subtask{}.WithTitle("x")) },
	}
	for name, f := range change {
		t.Run(name, func(t *testing.T) {
			_, err := f()
			var notFound *document.NotFoundError
			if !errors.As(err, &notFound) {
				t.Errorf("error %v, want a *document.NotFoundError", err)
			}
		})
	}
	if _, ok := b.Subtask(missing); ok {
		t.Error("found a subtask that is not there")
	}
	if item, ok := b.Item(missing.Item()); ok || item != nil {
		t.Errorf("found %v", item)
	}
}

func TestAddRemoveMove(t *testing.T) {
	b := parse(t, []byte(sample))
	next, ok := b.NextSubtaskID(task1)
	if !ok || next != backlog.NewSubtaskID(task1, 4) {
		t.Fatalf("the next id is %v, %v", next, ok)
	}
	b, err := b.AddSubtask(task1, backlog.SubtaskSpec{
		Title:        "Put it away",
		StoryPoints:  1,
		Dependencies: []backlog.ItemID{clean.Item()},
		ContextScope: "Where it was.",
	})
	if err != nil {
		t.Fatal(err)
	}
	added := subtask(t, b, next)
	if added.Status() != backlog.StatusPlanned || added.Title() != "Put it away" {
		t.Errorf("added %+v", added.Spec())
	}
	if _, err := b.AddSubtask(task1, added.Spec()); err == nil {
		t.Error("the same id was added twice")
	}
	done := added.Spec()
	done.ID, done.Status = backlog.NewSubtaskID(task1, 9), backlog.StatusComplete
	if _, err := b.AddSubtask(task1, done); err == nil {
		t.Error("a new subtask was complete from the start")
	}

	if b, err = b.AddTask(task1.Parent(), backlog.TaskSpec{Title: "Fill", Description: "The hole."}); err != nil {
		t.Fatal(err)
	}
	task2 := backlog.NewTaskID(task1.Parent(), 2)
	if b, err = b.Move(clean.Item(), task2.Item()); err != nil {
		t.Fatal(err)
	}
	moved := backlog.NewSubtaskID(task2, 1)
	if got := subtask(t, b, moved).Title(); got != "Clean it" {
		t.Errorf("moved %q", got)
	}
	if got := slices.Collect(subtask(t, b, next).Dependencies()); len(got) != 1 || got[0] != moved.Item() {
		t.Errorf("the reference to what was moved is %v", got)
	}

	if b, err = b.Remove(moved.Item()); err != nil {
		t.Fatal(err)
	}
	if _, ok := b.Subtask(moved); ok {
		t.Error("what was removed is still there")
	}
	if again := parse(t, b.AppendJSON(nil)); !again.Equal(b) {
		t.Errorf("the text is another document: %v", backlog.Diff(b, again))
	}
}

func TestBuildingFromNothing(t *testing.T) {
	b := backlog.New()
	phase, _ := b.NextPhaseID()
	var err error
	for _, step := range []func() (backlog.Backlog, error){
		func() (backlog.Backlog, error) {
			return b.AddPhase(backlog.PhaseSpec{Title: "One", Description: "First."})
		},
		func() (backlog.Backlog, error) {
			return b.AddMilestone(phase, backlog.MilestoneSpec{Title: "Two", Description: "Second."})
		},
		func() (backlog.Backlog, error) {
			return b.AddTask(backlog.NewMilestoneID(phase, 1), backlog.TaskSpec{Title: "Three", Description: "Third."})
		},
	} {
		if b, err = step(); err != nil {
			t.Fatal(err)
		}
	}
	const want = `{
  "backlog": [
    {
      "type": "Phase",
      "id": "P1",
      "title": "One",
      "status": "Planned",
      "description": "First.",
      "milestones": [
        {
          "type": "Milestone",
          "id": "P1.M1",
          "title": "Two",
          "status": "Planned",
          "description": "Second.",
          "tasks": [
            {
              "type": "Task",
              "id": "P1.M1.T1",
              "title": "Three",
              "status": "Planned",
              "description": "Third."
            }
          ]
        }
      ]
    }
  ]
}`
	if diff := cmp.Diff(want, string(b.AppendJSON(nil))); diff != "" {
		t.Errorf("AppendJSON (-want +got):\n%s", diff)
	}
}

func TestQueries(t *testing.T) {
	b := parse(t, []byte(sample))
	b, err := b.Advance(spade.Item(), backlog.StatusComplete)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.Count(backlog.LevelSubtask, backlog.StatusComplete); got != 1 {
		t.Errorf("Count is %d", got)
	}
	if got := b.Len(backlog.LevelSubtask); got != 3 {
		t.Errorf("Len is %d", got)
	}
	want := document.Progress{Items: 3, Todo: 2, Done: 1}
	if diff := cmp.Diff(want, b.Progress(backlog.LevelSubtask)); diff != "" {
		t.Errorf("Progress (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, b.ProgressOf(phase1.Item())); diff != "" {
		t.Errorf("ProgressOf (-want +got):\n%s", diff)
	}
	var next []backlog.SubtaskID
	for s := range b.NextExecutable() {
		next = append(next, s.ID())
	}
	if diff := cmp.Diff([]backlog.SubtaskID{use}, next); diff != "" {
		t.Errorf("NextExecutable (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]backlog.ItemID{use.Item()}, slices.Collect(b.Blockers(clean.Item()))); diff != "" {
		t.Errorf("Blockers (-want +got):\n%s", diff)
	}
	for name, items := range map[string][]backlog.Item{
		"Dependencies":  slices.Collect(b.Dependencies(use.Item())),
		"ItemsByStatus": slices.Collect(b.ItemsByStatus(backlog.LevelSubtask, backlog.StatusComplete)),
	} {
		if len(items) != 1 || items[0].ItemID() != spade.Item() {
			t.Errorf("%s is %v, want %v", name, items, spade)
		}
	}
	if items := slices.Collect(b.Dependents(use.Item())); len(items) != 1 || items[0].ItemID() != clean.Item() {
		t.Errorf("Dependents is %v, want %v", items, clean)
	}
}

func TestFindings(t *testing.T) {
	b := parse(t, []byte(strings.NewReplacer(
		`"dependencies": []`, `"dependencies": ["P1.M1.T1.S3", "P7"]`,
		`"id": "P1",
      "title": "Foundations",
      "status": "Planned"`, `"id": "P1",
      "title": "Foundations",
      "status": "Complete"`,
	).Replace(sample)))
	cycles := b.Cycles()
	if len(cycles) != 1 || len(cycles[0]) != 3 {
		t.Errorf("Cycles is %v", cycles)
	}
	for item, target := range b.Dangling() {
		if item.ItemID() != spade.Item() || target.String() != "P7" {
			t.Errorf("%v refers to %v", item, target)
		}
	}
	if open := slices.Collect(b.OpenUnderDone()); len(open) != 1 || open[0].ItemID() != phase1.Item() {
		t.Errorf("OpenUnderDone is %v", open)
	}
	rules := map[string]bool{}
	for _, problem := range b.Validate() {
		rules[problem.Rule] = true
		if problem.Severity != document.Warning {
			t.Errorf("not a warning: %v", problem)
		}
	}
	if !rules["dangling-reference"] {
		t.Errorf("Validate found %v", rules)
	}
}

func TestDiffAndEqual(t *testing.T) {
	from := parse(t, []byte(sample))
	to, err := from.Advance(spade.Item(), backlog.StatusComplete)
	if err != nil {
		t.Fatal(err)
	}
	if to, err = to.WithSubtask(subtask(t, to, use).WithTitle("Use it well")); err != nil {
		t.Fatal(err)
	}
	want := []backlog.Difference{
		{ID: spade.Item(), Kind: document.ItemChanged, From: backlog.StatusPlanned, To: backlog.StatusComplete},
		{ID: use.Item(), Kind: document.ItemChanged, From: backlog.StatusPlanned, To: backlog.StatusPlanned, Fields: []string{"title"}},
	}
	if diff := cmp.Diff(want, backlog.Diff(from, to)); diff != "" {
		t.Errorf("Diff (-want +got):\n%s", diff)
	}
	compact, err := json.Marshal(json.RawMessage(sample))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(from, parse(t, compact)); diff != "" {
		t.Errorf("the same in another layout differs: %s", diff)
	}
	if cmp.Equal(from, to) {
		t.Error("documents that differ are equal")
	}
}
