package document_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
)

// TestMarshalJSON marshals documents, items and what is in them as other Go values
// are.
func TestMarshalJSON(t *testing.T) {
	typ := kindsType(t)
	const text = "\ufeff[\n  {\"id\": 1, \"status\": \"Planned\", \"text\": \"a\", \"more\": [1, 2],\n   \"object\": {\"a\":\"x\",\"b\":1}},\n {\"id\":2,\"status\":\"Planned\"}\n]"
	d := mustParse(t, typ, text)
	first, _ := d.Find(id("1"))
	object, _ := first.Object(fieldNumbered(t, typ, 0, "object"))
	edited, err := d.WithItem(first.With(fieldNumbered(t, typ, 0, "text"), document.TextValue("b")))
	if err != nil {
		t.Fatal(err)
	}
	edited, _, err = edited.Apply(document.Force(id("2"), complete, "why not"))
	if err != nil {
		t.Fatal(err)
	}
	nobody := d.Type().NewItem(0, id("3")).With(fieldNumbered(t, typ, 0, "text"), document.TextValue("new"))
	plan := mustParse(t, planType(t), smallPlan("Planned Planned Planned Planned Planned Complete"))
	task, _ := plan.Find(id("P1.M1.T1"))
	for name, tt := range map[string]struct {
		value any
		want  string
	}{
		"a document":       {d, `[{"id":1,"status":"Planned","text":"a","more":[1,2],"object":{"a":"x","b":1}},{"id":2,"status":"Planned"}]`},
		"an edited one":    {edited, `[{"id":1,"status":"Planned","text":"b","more":[1,2],"object":{"a":"x","b":1}},{"id":2,"status":"Complete"}]`},
		"no document":      {(*document.Document)(nil), `null`},
		"an item":          {first, `{"id":1,"status":"Planned","text":"a","more":[1,2],"object":{"a":"x","b":1}}`},
		"an item, changed": {first.With(fieldNumbered(t, typ, 0, "text"), document.Absent()).WithStatus(complete), `{"id":1,"status":"Complete","more":[1,2],"object":{"a":"x","b":1}}`},
		"a new item":       {nobody, `{"id":3,"text":"new","status":"Planned"}`},
		"no item":          {document.Item{}, `null`},
		"items":            {map[string]any{"list": []document.Item{first}}, `{"list":[{"id":1,"status":"Planned","text":"a","more":[1,2],"object":{"a":"x","b":1}}]}`},
		"an object":        {object, `{"a":"x","b":1}`},
		"no object":        {document.Object{}, `null`},
		"an id":            {document.NewID("g", "1"), `"g/1"`},
		"an id as a key":   {map[document.ID]int{id("1"): 2}, `{"1":2}`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := json.Marshal(tt.value)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("an item with all below it", func(t *testing.T) {
		changed, _, err := plan.Apply(document.Force(id("P1.M1.T1.S1"), complete, "why not"))
		if err != nil {
			t.Fatal(err)
		}
		whole, err := json.Marshal(changed)
		if err != nil {
			t.Fatal(err)
		}
		if task, _ = changed.Find(id("P1.M1.T1")); task.ChildCount() == 0 {
			t.Fatal("no children")
		}
		got, err := json.Marshal(task)
		if err != nil || !bytes.Contains(whole, got) || !bytes.Contains(got, []byte(`"status":"Complete"`)) {
			t.Errorf("%v: %s is no part of %s", err, got, whole)
		}
	})
	t.Run("a value that the gate refuses", func(t *testing.T) {
		if _, err := json.Marshal(first.With(0, document.TextValue("\xff"))); err == nil {
			t.Error("marshalled")
		}
		if _, err := json.Marshal(object.With(0, document.TextValue("\xff"))); err == nil {
			t.Error("marshalled")
		}
	})
	child := plan.Type().NewItem(3, id("P2.M1.T1.S1")).WithStatus(99)
	for name, it := range map[string]document.Item{
		"an item with no status of its level":            first.WithStatus(99),
		"a new item with no status of its level":         nobody.WithStatus(99),
		"a new item without a status":                    nobody.WithStatus(0),
		"a new item with a child of no status like that": plan.Type().NewItem(2, id("P2.M1.T1")).WithChildren(child),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := json.Marshal(it)
			var refusal *document.ChangeError
			if !errors.As(err, &refusal) || refusal.Problems[0].Rule != "status" {
				t.Errorf("got %v", err)
			}
		})
	}
	if got, _ := first.Text(fieldNumbered(t, typ, 0, "text")); got != "a" || !bytes.Equal(d.AppendJSON(nil), []byte(text)) {
		t.Error("marshalling has changed the document")
	}
}

// TestUnmarshalJSONSaysWhatToUse asks for what cannot be done: nothing is read in
// silence.
func TestUnmarshalJSONSaysWhatToUse(t *testing.T) {
	for want, into := range map[string]any{
		"document: a document cannot be unmarshalled without its format: use Type.Parse":         new(document.Document),
		"document: an item cannot be unmarshalled by itself: it is read as a part of a document": new(document.Item),
		"document: an object cannot be unmarshalled by itself: it is read as a part of an item":  new(document.Object),
		"document: an id cannot be unmarshalled without its format: use Type.ParseAnyID":         new(document.ID),
	} {
		text := `{"id":1}`
		if _, ok := into.(*document.ID); ok {
			text = `"1"`
		}
		if err := json.Unmarshal([]byte(text), into); err == nil || err.Error() != want {
			t.Errorf("%T: got %v", into, err)
		}
	}
}

// TestUnmarshalNullChangesNothing reads back what the zero values are written as.
func TestUnmarshalNullChangesNothing(t *testing.T) {
	d := mustParse(t, planType(t), smallPlan("Planned Planned Planned Planned Planned Complete"))
	want := string(d.AppendJSON(nil))
	item, ok := d.Find(id("P1.M1.T1"))
	if !ok {
		t.Fatal("no item")
	}
	was, err := json.Marshal(item)
	if err != nil {
		t.Fatal(err)
	}
	// encoding/json sets pointers to nil by itself, so no pointer is asked for.
	for name, into := range map[string]any{
		"document":       d,
		"item":           &item,
		"object":         new(document.Object),
		"in a structure": &struct{ Value document.Item }{item},
		"objects":        new([]document.Object),
	} {
		text := map[string]string{"in a structure": `{"Value":null}`, "objects": `[null]`}[name]
		if text == "" {
			text = "null"
		}
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if now, err := json.Marshal(item); err != nil || !bytes.Equal(now, was) || string(d.AppendJSON(nil)) != want {
		t.Errorf("null has changed what it is read into: %s, %v", now, err)
	}
}

func TestDocumentsAreDescribedInALine(t *testing.T) {
	plan := mustParse(t, planType(t), smallPlan("Planned Planned Planned Planned Planned Complete"))
	more, err := plan.AddItem(newSubtask(plan.Type(), "one more"), id("P1.M1.T1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ got, want string }{
		{fmt.Sprint(more), "1 Phase, 1 Milestone, 1 Task, 4 Subtasks: 1 of 7 done"},
		{fmt.Sprint(plan), "1 Phase, 1 Milestone, 1 Task, 3 Subtasks: 1 of 6 done"},
		{fmt.Sprint(planType(t).New()), "0 Phases, 0 Milestones, 0 Tasks, 0 Subtasks: 0 of 0 done"},
		{fmt.Sprint((*document.Document)(nil)), "no document"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}
