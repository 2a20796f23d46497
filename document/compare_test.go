package document_test

import (
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
)

// TestSameTree compares a milestone with itself in another text.
func TestSameTree(t *testing.T) {
	typ := document.MustNewType(planDescriptor())
	text := string(samplePlan(1, 2, 2, 2))
	tests := []struct {
		name, old, new string
		same           bool
	}{
		{"the same text", "", "", true},
		{"another spelling", `"title": "Subtask P1.M1.T2.S2"`, `"title":  "\u0053ubtask P1.M1.T2.S2"`, true},
		{"a title below", `"title": "Subtask P1.M1.T2.S2"`, `"title": "new"`, false},
		{"a status below", `"Subtask P1.M1.T2.S2",` + "\n" + strings.Repeat(" ", 18) + `"status": "Planned"`,
			`"Subtask P1.M1.T2.S2", "status": "Ready"`, false},
		{"an unknown member below", `"title": "Subtask P1.M1.T2.S2"`, `"title": "Subtask P1.M1.T2.S2", "x": [1]`, false},
		{"something elsewhere", `"title": "Subtask P1.M2.T2.S2"`, `"title": "new"`, true},
	}
	id := document.NewID("", "P1.M1")
	before, err := typ.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	old, _ := before.Find(id)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			changed := strings.Replace(text, tt.old, tt.new, 1)
			if tt.old != tt.new && changed == text {
				t.Fatal("nothing to replace: the test shows nothing")
			}
			d, err := typ.Parse([]byte(changed))
			if err != nil {
				t.Fatal(err)
			}
			now, _ := d.Find(id)
			if got := old.SameTree(now); got != tt.same || now.SameTree(old) != tt.same {
				t.Errorf("got %v, want %v", got, tt.same)
			}
		})
	}
	removed, _, err := before.Apply(document.Remove(document.NewID("", "P1.M1.T2")))
	if err != nil {
		t.Fatal(err)
	}
	if now, _ := removed.Find(id); old.SameTree(now) {
		t.Error("a child less is the same")
	}
	if none := (document.Item{}); old.SameTree(none) || none.SameTree(old) || !none.SameTree(none) {
		t.Error("the zero Item")
	}
}

// TestItemDifference compares versions of one item.
func TestItemDifference(t *testing.T) {
	typ := document.MustNewType(planDescriptor())
	before, err := typ.Parse(samplePlan(1, 1, 1, 1))
	if err != nil {
		t.Fatal(err)
	}
	id := document.NewID("", "P1.M1.T1")
	old, _ := before.Find(id)
	edit, _ := old.With(titleField, document.TextValue("new")).EditChange()
	after, _, err := before.Apply(edit, document.Advance(id, 3))
	if err != nil {
		t.Fatal(err)
	}
	now, _ := after.Find(id)
	d := old.Difference(now)
	if d.Kind != document.ItemChanged || d.ID != id || d.From != 1 || d.To != 3 || strings.Join(d.Fields, ",") != "title" {
		t.Errorf("changed: %+v", d)
	}
	none := document.Item{}
	if d := none.Difference(now); d.Kind != document.ItemAdded || d.ID != id || d.To != 3 {
		t.Errorf("added: %+v", d)
	}
	if d := now.Difference(none); d.Kind != document.ItemRemoved || d.ID != id || d.From != 3 {
		t.Errorf("removed: %+v", d)
	}
	if d := now.Difference(now); d.Kind != 0 {
		t.Errorf("equal: %+v", d)
	}
}
