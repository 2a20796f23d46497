package backlog_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
)

func TestZeroValues(t *testing.T) {
	var (
		b       backlog.Backlog
		s       backlog.Subtask
		p       backlog.Phase
		id      backlog.SubtaskID
		item    backlog.ItemID
		status  backlog.Status
		event   backlog.Event
		level   backlog.Level
		isZeros = []interface{ IsZero() bool }{s, p, id, item}
	)
	for _, zero := range isZeros {
		if !zero.IsZero() {
			t.Errorf("%T is not zero", zero)
		}
	}
	if got, want := string(b.AppendJSON(nil)), string(backlog.New().AppendJSON(nil)); got != want {
		t.Errorf("the zero Backlog is %s, want an empty one, %s", got, want)
	}
	if s.Title() != "" || s.StoryPoints() != 0 || len(slices.Collect(s.Dependencies())) != 0 || s.Status() != 0 {
		t.Errorf("the zero Subtask has values: %+v", s.Spec())
	}
	if !s.Equal(backlog.Subtask{}) || !s.WithTitle("x").IsZero() {
		t.Error("the zero Subtask does not stay zero")
	}
	if len(slices.Collect(p.Milestones())) != 0 {
		t.Error("the zero Phase has milestones")
	}
	if _, ok := s.Parent(); ok {
		t.Error("the zero Subtask has a parent")
	}
	for got, want := range map[string]string{
		status.String(): "Status(0)",
		event.String():  "Event(0)",
		level.String():  "Level(0)",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for _, v := range []json.Marshaler{text{status}, text{event}, text{level}} {
		if out, err := json.Marshal(v); err == nil {
			t.Errorf("a zero value became %s", out)
		}
	}
	if status.Category() != 0 {
		t.Errorf("the zero Status is of category %v", status.Category())
	}
}

// text makes a json.Marshaler of what marshals as text.
type text struct {
	of interface{ MarshalText() ([]byte, error) }
}

func (t text) MarshalJSON() ([]byte, error) {
	out, err := t.of.MarshalText()
	if err != nil {
		return nil, err
	}
	return json.Marshal(string(out))
}

func TestStatuses(t *testing.T) {
	want := []string{"Planned", "Ready", "Researching", "Implementing", "Retrying", "Complete", "Failed", "Obsolete"}
	var got []string
	for _, s := range backlog.Statuses() {
		got = append(got, s.String())
		parsed, err := backlog.ParseStatus(s.String())
		if err != nil || parsed != s {
			t.Errorf("ParseStatus(%q) is %v, %v", s, parsed, err)
		}
		if s.Category() == 0 {
			t.Errorf("%v has no category", s)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Statuses (-want +got):\n%s", diff)
	}
	_, err := backlog.ParseStatus("done")
	var wrong *document.NameError
	if !errors.As(err, &wrong) {
		t.Fatalf("error %v, want a *document.NameError", err)
	}
	if diff := cmp.Diff(want, wrong.Want); diff != "" {
		t.Errorf("Want (-want +got):\n%s", diff)
	}
	if got := backlog.Status(200).String(); got != "Status(200)" {
		t.Errorf("Status(200) is %q", got)
	}
}

func TestIDs(t *testing.T) {
	task := backlog.NewTaskID(backlog.NewMilestoneID(backlog.NewPhaseID(1), 2), 3)
	subtask := backlog.NewSubtaskID(task, 10)
	if subtask.String() != "P1.M2.T3.S10" || subtask.Parent() != task || subtask.Parent().Parent().Parent() != backlog.NewPhaseID(1) {
		t.Errorf("got %v below %v", subtask, subtask.Parent())
	}
	if subtask != backlog.MustSubtaskID("P1.M2.T3.S10") {
		t.Error("two ways to one id differ")
	}
	if backlog.NewSubtaskID(task, 2).Compare(subtask) >= 0 {
		t.Error("S2 does not come before S10")
	}
	if subtask.Item() != backlog.MustItemID("P1.M2.T3.S10") {
		t.Error("the ItemID of a text and of a SubtaskID differ")
	}
	for _, wrong := range []string{"", "P1", "P1.M2.T3", "p1.m2.t3.s1", "P1.M2.T3.S1.", "P1.M2.T3.S", "P1.M2.T3.S-1", " P1.M2.T3.S1"} {
		_, err := backlog.ParseSubtaskID(wrong)
		var refused *document.IDError
		if !errors.As(err, &refused) || refused.Text != wrong || refused.Level != "Subtask" {
			t.Errorf("ParseSubtaskID(%q): %v", wrong, err)
		}
	}
}

func TestMustPanicsOnWhatParseRefuses(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("MustSubtaskID accepted a phase")
		}
	}()
	backlog.MustSubtaskID("P1")
}

func TestValuesTravelAsText(t *testing.T) {
	type message struct {
		ID     backlog.SubtaskID
		Item   backlog.ItemID
		None   backlog.ItemID
		Status backlog.Status
		Event  backlog.Event
		Level  backlog.Level
		Points map[backlog.SubtaskID]float64
	}
	in := message{
		ID:     spade,
		Item:   task1.Item(),
		Status: backlog.StatusRetrying,
		Event:  backlog.EventReopen,
		Level:  backlog.LevelTask,
		Points: map[backlog.SubtaskID]float64{use: 2},
	}
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"ID":"P1.M1.T1.S1","Item":"P1.M1.T1","None":"","Status":"Retrying","Event":"reopen","Level":"Task","Points":{"P1.M1.T1.S2":2}}`
	if diff := cmp.Diff(want, string(data)); diff != "" {
		t.Errorf("Marshal (-want +got):\n%s", diff)
	}
	var out message
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(in, out); diff != "" {
		t.Errorf("Unmarshal (-want +got):\n%s", diff)
	}
	for _, wrong := range []string{`{"ID":"P1"}`, `{"Status":"done"}`, `{"Event":""}`, `{"Level":"Epic"}`} {
		out := in
		if err := json.Unmarshal([]byte(wrong), &out); err == nil {
			t.Errorf("Unmarshal accepted %s", wrong)
		}
		if diff := cmp.Diff(in, out); diff != "" {
			t.Errorf("Unmarshal of %s changed (-want +got):\n%s", wrong, diff)
		}
	}
}

// TestFieldLevelDiffs shows how tests get differences field by field.
func TestFieldLevelDiffs(t *testing.T) {
	b := parse(t, []byte(sample))
	before := subtask(t, b, use)
	after := before.WithTitle("Use it well")
	bySpec := cmp.Transformer("Spec", backlog.Subtask.Spec)
	if diff := cmp.Diff(before, before, bySpec); diff != "" {
		t.Errorf("a value differs from itself:\n%s", diff)
	}
	var r reporter
	cmp.Equal(before, after, bySpec, cmp.Reporter(&r))
	if diff := cmp.Diff([]string{".Title"}, r.fields); diff != "" {
		t.Errorf("fields that differ (-want +got):\n%s", diff)
	}
}

// reporter gathers the last step of the path to every difference.
type reporter struct {
	path   cmp.Path
	fields []string
}

func (r *reporter) PushStep(step cmp.PathStep) { r.path = append(r.path, step) }
func (r *reporter) PopStep()                   { r.path = r.path[:len(r.path)-1] }

func (r *reporter) Report(result cmp.Result) {
	if !result.Equal() {
		r.fields = append(r.fields, r.path.Last().String())
	}
}

func TestStringIsFitForALogLine(t *testing.T) {
	b := parse(t, []byte(sample))
	if got, want := subtask(t, b, use).String(), `Subtask P1.M1.T1.S2 "Use it" (Planned)`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestDocumentsAndItemsAsJSON passes them to encoding/json as parts of other
// values.
func TestDocumentsAndItemsAsJSON(t *testing.T) {
	b, err := backlog.New().AddPhase(backlog.PhaseSpec{Title: "One", Description: "The first"})
	if err != nil {
		t.Fatal(err)
	}
	phase, _ := b.Phase(backlog.MustPhaseID("P1"))
	const one = `{"type":"Phase","id":"P1","title":"One","status":"Planned","description":"The first"}`
	type report struct {
		Backlog backlog.Backlog
		Phase   backlog.Phase
	}
	text, err := json.Marshal(report{b, phase})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`{"Backlog":{"backlog":[`+one+`]},"Phase":`+one+`}`, string(text)); diff != "" {
		t.Error(diff)
	}
	var again struct{ Backlog backlog.Backlog }
	if err := json.Unmarshal(text, &again); err != nil || !again.Backlog.Equal(b) {
		t.Errorf("%v: read back as %s", err, again.Backlog)
	}
	var parseError *document.ParseError
	if err := json.Unmarshal([]byte(`{"Backlog":{"backlog":[5]}}`), &again); !errors.As(err, &parseError) || !again.Backlog.Equal(b) {
		t.Errorf("a wrong document gives %v", err)
	}
	const want = "document: an item cannot be unmarshalled by itself: it is read as a part of a document"
	if err := json.Unmarshal([]byte(one), &phase); err == nil || err.Error() != want {
		t.Errorf("an item by itself gives %v", err)
	}
	if got, want := b.String(), "1 Phase, 0 Milestones, 0 Tasks, 0 Subtasks: 0 of 1 done"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
