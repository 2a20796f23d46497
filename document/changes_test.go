package document_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

var compareIDs = cmp.Comparer(func(a, b document.ID) bool { return a == b })

func TestMarshalChanges(t *testing.T) {
	typ := planType(t)
	groups := [][]document.Change{
		{document.Set(id("P1"), ready), document.Advance(id("P1"), complete), document.Fire(document.NewID("g/é", "P1"), reopen), document.Force(id("P1"), failed, "a \"reason\"\n</script>")},
		{},
		append(editTitle("P1", "<b>"), add("P1.M1", "P1", "{\"id\":\"\\u0050\",\n\"x\":1e400}"), document.Remove(id("P1")), document.Move(id("P1.M1"), document.NewID("g", ""))),
	}
	data, err := typ.MarshalChanges(groups)
	if err != nil {
		t.Fatal(err)
	}
	again, err := typ.UnmarshalChanges(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(groups, again, compareIDs); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
	// Names outlive numbers: a type whose statuses and events are in another
	// order reads the same.
	other := typeWith(t, func(d *format.Descriptor) {
		d.Statuses[0], d.Statuses[7] = d.Statuses[7], d.Statuses[0]
		swap := func(s document.Status) document.Status {
			switch s {
			case planned:
				return obsolete
			case obsolete:
				return planned
			}
			return s
		}
		m := &d.Machines[0]
		m.Initial = swap(m.Initial)
		for i := range m.States {
			m.States[i] = swap(m.States[i])
		}
		for i := range m.Transitions {
			m.Transitions[i].To = swap(m.Transitions[i].To)
			for j := range m.Transitions[i].From {
				m.Transitions[i].From[j] = swap(m.Transitions[i].From[j])
			}
		}
	})
	back, err := other.UnmarshalChanges([]byte(`[[{"op":"set","id":"P1","to":"Obsolete"}]]`))
	if err != nil || back[0][0].To != 1 {
		t.Errorf("got %+v, %v", back, err)
	}
	for name, change := range map[string]document.Change{"operation": {ID: id("P1")}, "status": document.Set(id("P1"), 99), "event": document.Fire(id("P1"), 99)} {
		if _, err := typ.MarshalChanges([][]document.Change{{change}}); err == nil || !strings.Contains(err.Error(), "group 0, change 0: unknown "+name) {
			t.Errorf("unknown %s: %v", name, err)
		}
	}
}

func TestUnmarshalChangesReportsEverything(t *testing.T) {
	typ := planType(t)
	_, err := typ.UnmarshalChanges([]byte(`[[{"op":"set","id":"P1","to":"Ready"},{"op":"sat","id":"P1"}],[{"op":"set","id":"P1","to":"Redy"},{"op":"fire","id":"P1","event":"go"}]]`))
	want := "document: group 0, change 1: unknown operation \"sat\"\ndocument: group 1, change 0: unknown status \"Redy\"\ndocument: group 1, change 1: unknown event \"go\""
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	for _, text := range []string{``, `{}`, `[[1]]`, `[[{"op":"set"}]`, `[[{"op":5}]]`} {
		if _, err := typ.UnmarshalChanges([]byte(text)); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}

// textBelow is the board format with text ids on all levels: an item keeps its
// id wherever it is.
func textBelow(t *testing.T) *document.Type {
	of := boardType(t).Descriptor()
	for l := range of.Levels {
		of.Levels[l].ID.Kind = format.TextID
	}
	typ, err := document.NewType(of)
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

func TestDifferencesAndChanges(t *testing.T) {
	boards, free := boardType(t), textBelow(t)
	tests := []struct {
		name    string
		typ     *document.Type
		a, b    string
		diff    []document.Difference
		changes []document.Op
	}{
		{"spelling and order of members", boards, `{"boards":[{"id":1,"x":1},{"id":2,"lists":[]}]}`, `{ "boards": [ {"id": "1", "x": 2}, {"lists": [], "id": "2"} ] }`, nil, nil},
		{"order of items", boards, `{"boards":[{"id":1},{"id":2},{"id":3},{"id":4}]}`, `{"boards":[{"id":4},{"id":1},{"id":2},{"id":3}]}`,
			[]document.Difference{{ID: id("4"), Kind: document.ItemChanged, From: 1, To: 1, Moved: true}}, []document.Op{document.OpMove}},
		{"added and moved between others", boards, `{"boards":[{"id":1},{"id":2},{"id":3},{"id":4}]}`, `{"boards":[{"id":5},{"id":4},{"id":1},{"id":6},{"id":3,"x":[]},{"id":2}]}`,
			[]document.Difference{
				{ID: id("5"), Kind: document.ItemAdded, To: 1}, {ID: id("4"), Kind: document.ItemChanged, From: 1, To: 1, Moved: true},
				{ID: id("6"), Kind: document.ItemAdded, To: 1}, {ID: id("3"), Kind: document.ItemChanged, From: 1, To: 1, Moved: true},
			}, []document.Op{document.OpAdd, document.OpAdd, document.OpMove, document.OpMove}},
		{"a status", boards, `{"boards":[{"id":1}]}`, `{"boards":[{"id":1,"status":"done"}]}`,
			[]document.Difference{{ID: id("1"), Kind: document.ItemChanged, From: 1, To: 4}}, []document.Op{document.OpAdvance}},
		{"fields", boards, `{"boards":[{"id":1,"lists":[{"id":1,"cards":[{"id":1,"after":["1.1.2"],"twin":2},{"id":2}]}]}]}`, `{"boards":[{"id":1,"lists":[{"id":1,"cards":[{"id":1,"after":[2]},{"id":2,"after":[]}]}]}]}`,
			[]document.Difference{{ID: id("1.1.1"), Kind: document.ItemChanged, From: 1, To: 1, Fields: []string{"twin"}}, {ID: id("1.1.2"), Kind: document.ItemChanged, From: 1, To: 1, Fields: []string{"after"}}},
			[]document.Op{document.OpEdit, document.OpEdit}},
		{"added and removed", boards, `{"boards":[{"id":1,"lists":[{"id":1,"cards":[{"id":1}]}]}]}`, `{"boards":[{"id":1,"lists":[{"id":2,"status":"done","cards":[{"id":1,"status":"review","more":true}]}]}]}`,
			[]document.Difference{
				{ID: id("1.2"), Kind: document.ItemAdded, To: 4}, {ID: id("1.2.1"), Kind: document.ItemAdded, To: 3},
				{ID: id("1.1"), Kind: document.ItemRemoved, From: 1}, {ID: id("1.1.1"), Kind: document.ItemRemoved, From: 1},
			}, []document.Op{document.OpAdd, document.OpRemove, document.OpAdvance, document.OpAdvance}},
		{"moved", free, `{"boards":[{"id":1,"lists":[{"id":2,"cards":[{"id":"c","status":"done"}]},{"id":3}]}]}`, `{"boards":[{"id":1,"lists":[{"id":2,"cards":[]},{"id":3,"cards":[{"id":"c","status":"done"}]}]}]}`,
			[]document.Difference{{ID: id("c"), Kind: document.ItemChanged, From: 4, To: 4, Moved: true}}, []document.Op{document.OpMove}},
		{"moved from what goes to what comes, with one in between", free,
			`{"boards":[{"id":1,"lists":[{"id":2,"cards":[{"id":"c","status":"done","x":[1, 2]},{"id":"d"}]}]}]}`, `{"boards":[{"id":9,"lists":[{"id":8,"cards":[{"id":"e"},{"id":"c","status":"done","x":[1, 2],"twin":"e"}]}]}]}`,
			[]document.Difference{
				{ID: id("9"), Kind: document.ItemAdded, To: 1}, {ID: id("8"), Kind: document.ItemAdded, To: 1}, {ID: id("e"), Kind: document.ItemAdded, To: 1},
				{ID: id("c"), Kind: document.ItemChanged, From: 4, To: 4, Fields: []string{"twin"}, Moved: true},
				{ID: id("1"), Kind: document.ItemRemoved, From: 1}, {ID: id("2"), Kind: document.ItemRemoved, From: 1}, {ID: id("d"), Kind: document.ItemRemoved, From: 1},
			}, []document.Op{document.OpAdd, document.OpMove, document.OpRemove, document.OpEdit}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, b := mustParse(t, tt.typ, tt.a), mustParse(t, tt.typ, tt.b)
			if diff := cmp.Diff(tt.diff, document.Diff(a, b), compareIDs); diff != "" {
				t.Errorf("Diff (-want +got):\n%s", diff)
			}
			changes := document.Changes(a, b)
			var ops []document.Op
			for _, c := range changes {
				ops = append(ops, c.Op)
			}
			if diff := cmp.Diff(tt.changes, ops); diff != "" {
				t.Errorf("Changes (-want +got):\n%s", diff)
			}
			to, _, err := a.Apply(changes...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := document.Diff(to, b); diff != nil {
				t.Errorf("Changes leads elsewhere: %+v", diff)
			}
			checkCounts(t, to)
		})
	}
}

func TestDiffOfSnapshotsLooksAtWhatTheyDoNotShare(t *testing.T) {
	d := mustParse(t, planType(t), string(samplePlan(2, 5, 5, 20)))
	to, _, err := d.Apply(append(editTitle("P2.M5.T5.S20", "new"), document.Set(id("P1.M1.T1.S1"), ready), document.Force(id("P1.M1.T1.S2"), planned, "as it is"))...)
	if err != nil {
		t.Fatal(err)
	}
	want := []document.Difference{
		{ID: id("P1.M1.T1.S1"), Kind: document.ItemChanged, From: planned, To: ready},
		{ID: id("P2.M5.T5.S20"), Kind: document.ItemChanged, From: planned, To: planned, Fields: []string{"title"}},
	}
	if diff := cmp.Diff(want, document.Diff(d, to), compareIDs); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	again := mustParse(t, d.Type(), string(to.AppendJSON(nil)))
	if diff := cmp.Diff(want, document.Diff(d, again), compareIDs); diff != "" {
		t.Errorf("to a document read anew (-want +got):\n%s", diff)
	}
	if document.Diff(to, to) != nil || document.Diff(d, d) != nil {
		t.Error("a document differs from itself")
	}
	back := document.Diff(to, d)
	for i := range back {
		back[i].From, back[i].To = back[i].To, back[i].From
	}
	if diff := cmp.Diff(want, back, compareIDs); diff != "" {
		t.Errorf("the other way (-want +got):\n%s", diff)
	}
}
