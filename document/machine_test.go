package document_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

// twoMachines is the board format with a machine of its own for cards, and
// statuses that may be missing.
func twoMachines(t testing.TB) *document.Type {
	t.Helper()
	type transition = format.Transition
	of := boardType(t).Descriptor()
	of.Statuses = []format.StatusDescriptor{
		{Name: "open", Category: format.Todo, Aliases: []string{"OPEN", "opened"}},
		{Name: "closed", Category: format.Done},
		{Name: "todo", Category: format.Todo},
		{Name: "do\"ne", Category: format.Done, Aliases: []string{"completed"}},
	}
	of.Events = []string{"close", "open it", "finish"}
	of.Machines = []format.Machine{
		{Name: "boards", Initial: 1, States: status(1, 2), Transitions: []transition{{Event: 1, From: status(1), To: 2}, {Event: 2, From: status(2), To: 1}}},
		{Name: "cards", Initial: 3, States: status(3, 4), Transitions: []transition{{Event: 3, From: status(3), To: 4}}},
	}
	of.Levels[2].Machine = 1
	of.Levels[1].StatusOptional = false
	of.Levels[1].StatusKey = "state"
	typ, err := document.NewType(of)
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

func TestMachinesOfTheirOwn(t *testing.T) {
	typ := twoMachines(t)
	checkProblems(t, typ, `{"boards":[{"id":1,"status":§"todo","lists":[§{"id":1,"status":"open","cards":[{"id":1,"status":§"open"},{"id":2,"status":§"Completed"},{"id":3,"status":§null}]}]}]}`, []string{
		`/boards/0/status 1 "todo" is not a status of a Board: want open, closed [status]`,
		`/boards/0/lists/0 1.1 the List has no "state" [required]`,
		`/boards/0/lists/0/cards/0/status 1.1.1 "open" is not a status of a Card: want todo, do"ne [status]`,
		`/boards/0/lists/0/cards/1/status 1.1.2 "Completed" is not a status of a Card: want todo, do"ne [status]`,
		`/boards/0/lists/0/cards/2/status 1.1.3 status is null: want text [type]`,
	})
	d := mustParse(t, typ, `{"boards":[{"id":1,"lists":[{"id":1,"state":"OPEN","cards":[{"id":1},{"id":2,"status":"completed"}]}]}]}`)
	if got := written(d.Validate()); len(got) != 2 || !strings.Contains(got[0], `"OPEN" is read as open [status-alias]`) || !strings.Contains(got[1], `"completed" is read as do"ne [status-alias]`) {
		t.Errorf("warnings %q", got)
	}
	var refusal *statemachine.TransitionError
	if _, _, err := d.Apply(document.Set(id("1.1.1"), 2)); !errors.As(err, &refusal) || refusal.Machine != "cards" || refusal.To != "closed" {
		t.Errorf("a status of another machine: %v", err)
	}
	if _, _, err := d.Apply(document.Fire(id("1.1.1"), 1)); !errors.As(err, &refusal) {
		t.Errorf("an event of another machine: %v", err)
	}
	if _, _, err := d.Apply(document.Force(id("1.1.1"), 2, "x")); !errors.As(err, &refusal) {
		t.Errorf("a forced status of another machine: %v", err)
	}
}

func TestStatusesThatMayBeMissing(t *testing.T) {
	const text = "{\"boards\": [\n  {\n    \"id\": 1,\n    \"lists\": [{\"id\": 1, \"state\": \"open\", \"cards\": [{\"x\": 1, \"id\": 1}, {\"id\": 2, \"status\": \"todo\"}]}]\n  }\n]}"
	d := mustParse(t, twoMachines(t), text)
	if got := statusesOf(d); got != `open open todo todo` {
		t.Errorf("statuses %s", got)
	}
	same, applied, err := d.Apply(document.Set(id("1"), 1), document.Advance(id("1.1.1"), 3), document.Force(id("1.1.1"), 3, "x"))
	if err != nil || same != d || applied.Updates != 0 {
		t.Errorf("the initial status is set: %v, %+v, %v", same != d, applied, err)
	}
	to, _, err := d.Apply(document.Set(id("1"), 2), document.Set(id("1.1.1"), 4))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("\"id\": 1,\n    \"lists\"", "\"id\": 1,\n    \"status\": \"closed\",\n    \"lists\"", `{"x": 1, "id": 1}`, `{"x": 1, "id": 1, "status": "do\"ne"}`).Replace(text)
	if diff := cmp.Diff(want, string(to.AppendJSON(nil))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	checkCounts(t, to)
	back, _, err := to.Apply(document.Set(id("1"), 1))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Replace(want, `"closed"`, `"open"`, 1), string(back.AppendJSON(nil))); diff != "" {
		t.Errorf("back (-want +got):\n%s", diff)
	}
	if diff := document.Diff(d, back); len(diff) != 1 || diff[0].ID != id("1.1.1") {
		t.Errorf("differences %+v", diff)
	}
	added, err := to.AddItem(d.Type().NewItem(2, id("1.1.3")), id("1.1"))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(added.AppendJSON(nil)); !strings.Contains(got, `{"id": 3, "status": "todo"}`) {
		t.Errorf("a new item in\n%s", got)
	}
}

func TestAnAliasStaysUntilTheStatusChanges(t *testing.T) {
	text := `{"boards":[{"id":1,"status":"opened","lists":[]}]}`
	d := mustParse(t, twoMachines(t), text)
	closed, _, err := d.Apply(document.Set(id("1"), 2))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(closed.AppendJSON(nil)); got != strings.Replace(text, "opened", "closed", 1) {
		t.Errorf("closed: %s", got)
	}
	again, _, err := closed.Apply(document.Set(id("1"), 1))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(again.AppendJSON(nil)); got != text {
		t.Errorf("opened again: %s", got)
	}
}

func TestPatternsOfIDs(t *testing.T) {
	of := boardType(t).Descriptor()
	of.Levels[0].ID.Pattern = "[a-z]+"
	of.Levels[1].ID.Pattern = "[0-9]{2}|x"
	of.Levels[1].ID.String, of.Levels[1].ID.Int = false, true
	of.Levels[2].ID = format.IDDescriptor{Kind: format.LocalID, Float: true}
	typ, err := document.NewType(of)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ board, list, card, want string }{
		{`"a"`, `10`, `1.5`, ""},
		{`"a"`, `10`, `7`, ""},
		{`"a\u0062"`, `10`, `1e3`, ""},
		{`"A"`, `10`, `1.5`, `/boards/0/id - "A" is not the id of a Board: want [a-z]+ [id]`},
		{`"aé"`, `10`, `1.5`, `/boards/0/id - "aé" is not the id of a Board: want [a-z]+ [id]`},
		{`5`, `10`, `1.5`, `/boards/0/id - "5" is not the id of a Board: want [a-z]+ [id]`},
		{`"a"`, `"x"`, `1.5`, `/boards/0/lists/0/id - the id is text: want an integer [type]`},
		{`"a"`, `1.0`, `1.5`, `/boards/0/lists/0/id - the id is a number: want an integer [type]`},
		{`"a"`, `100`, `1.5`, `/boards/0/lists/0/id - "100" is not the id of a List: want [0-9]{2}|x [id]`},
		{`"a"`, `10`, `"1"`, `/boards/0/lists/0/cards/0/id - the id is text: want a number [type]`},
	}
	for _, tt := range tests {
		t.Run(tt.board+" "+tt.list+" "+tt.card, func(t *testing.T) {
			text := `{"boards":[{"id":` + tt.board + `,"lists":[{"id":` + tt.list + `,"cards":[{"id":` + tt.card + `}]}]}]}`
			got := problems(t, typ, text)
			for i := range got {
				_, got[i], _ = strings.Cut(got[i], " ")
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for text, ok := range map[string]bool{"ab": true, "AB": false, "ab.10": true, "ab.x": true, "ab.1": false, "ab.10.1.5": true, "": false, ".": false} {
		if _, err := typ.ParseAnyID(text); (err == nil) != ok {
			t.Errorf("ParseAnyID(%q) gives %v", text, err)
		}
	}
	var wrong *document.IDError
	if _, err := typ.ParseID(1, "ab.1"); !errors.As(err, &wrong) || err.Error() == "" {
		t.Errorf("ParseID gives %v", err)
	}
}

func TestAnEventThatLeadsNowhereElse(t *testing.T) {
	typ := typeWith(t, func(d *format.Descriptor) {
		d.Machines[0].Transitions[0].From = append(d.Machines[0].Transitions[0].From, researching)
		d.Levels[0].StatusOptional = true
		d.Levels[0].Guards = []format.Guard{{Events: []document.Event{research}, Kind: format.ChildrenIn, Categories: format.CategorySet(format.Todo)}}
	})
	d := mustParse(t, typ, smallPlan("Researching Planned Planned Planned Planned Planned"))
	to, applied, err := d.Apply(document.Fire(id("P1"), research))
	if err != nil || to != d || applied.Updates != 0 {
		t.Errorf("another document: %v, %+v, %v", to != d, applied, err)
	}
	var refusal *statemachine.TransitionError
	if _, _, err := d.Apply(document.Fire(id("P1"), research), document.Set(id("P1.M1"), researching)); !errors.As(err, &refusal) || refusal.Guard == "" {
		t.Errorf("the guard lets it pass: %v", err)
	}
}
