package document_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

func TestNewItemsStartWithDefaults(t *testing.T) {
	of := kindsDescriptor()
	of.Levels[0].Fields[intKind].Default = "7"
	of.Levels[0].Fields[textsKind].Default = `["a"]`
	of.Levels[0].Fields[rawKind] = format.FieldDescriptor{Name: "Kind", Key: "kind", Kind: format.ConstantField, Constant: "it\"em", Required: true}
	of.Objects[0].Fields[0].Default = "1"
	of.Objects[0].Fields = append(of.Objects[0].Fields, format.FieldDescriptor{Name: "C", Key: "c", Kind: format.ConstantField, Constant: "in"})
	typ, err := document.NewType(of)
	if err != nil {
		t.Fatal(err)
	}
	it := typ.NewItem(0, id("5"))
	if n, ok := it.Int(intKind); n != 7 || !ok || it.Status() != planned || it.Document() != nil || it.ID() != id("5") || it.IsZero() {
		t.Errorf("got %s with %d", it, n)
	}
	if got := typ.NewObject(0).String(); got != `{"n":1,"c":"in"}` {
		t.Errorf("a new object is %s", got)
	}
	d, err := typ.New().AddItem(it.With(intKind, document.Absent()).With(textKind, document.TextValue("t")), document.ID{})
	if err != nil {
		t.Fatal(err)
	}
	want := "[\n  {\n    \"kind\": \"it\\\"em\",\n    \"id\": 5,\n    \"text\": \"t\",\n    \"status\": \"Planned\",\n    \"texts\": [\n      \"a\"\n    ]\n  }\n]"
	if diff := cmp.Diff(want, string(d.AppendJSON(nil))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, ok := it.Parent(); ok || it.ChildCount() != 0 || len(slices.Collect(it.Children())) != 0 || len(it.Changes()) != 0 {
		t.Error("a new item has relations")
	}
	copied, _ := d.Find(id("5"))
	if d, err = d.AddItem(copied, document.ID{}); err == nil {
		t.Errorf("an item of the document is added again: %s", d.AppendJSON(nil))
	}
}

func TestNewItemsWithChildren(t *testing.T) {
	typ := boardType(t)
	list := typ.NewItem(1, id("1.1")).WithChildren(typ.NewItem(2, id("1.1.1")), typ.NewItem(2, id("1.1.x")))
	d, err := typ.New().AddItem(typ.NewItem(0, id("1")).WithChildren(list), document.ID{})
	if err != nil {
		t.Fatal(err)
	}
	if got := statusesOf(d); got != "pending pending pending pending" {
		t.Errorf("statuses %s", got)
	}
	for _, text := range []string{"1", "1.1", "1.1.1", "1.1.x"} {
		if _, ok := d.Find(id(text)); !ok {
			t.Errorf("%s is not there", text)
		}
	}
	if it, _ := d.Find(id("1")); it.WithChildren(list) != it {
		t.Error("an item of a document takes children")
	}
}

func TestANewItemReplacesFields(t *testing.T) {
	d := mustParse(t, planType(t), smallPlan("Planned Ready Planned Planned Planned Planned"))
	it := d.Type().NewItem(1, id("P1.M1")).With(titleField, document.TextValue("new")).WithStatus(failed)
	to, err := d.WithItem(it)
	if err != nil {
		t.Fatal(err)
	}
	if now, _ := to.Find(id("P1.M1")); now.String() != `Milestone P1.M1 "new" (Ready)` {
		t.Errorf("got %s", now)
	}
	if _, err := d.WithItem(d.Type().NewItem(2, id("P1.M1"))); err == nil || err.Error() != `no Task has the id "P1.M1"` {
		t.Errorf("an item of another level: %v", err)
	}
	if _, err := d.AddItem(newSubtask(d.Type(), "x"), id("P1.M1")); err == nil || err.Error() != `no Task has the id "P1.M1"` {
		t.Errorf("a parent of another level: %v", err)
	}
}

func TestTexts(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{document.ItemAdded.String(), "added"}, {document.ItemRemoved.String(), "removed"}, {document.ItemChanged.String(), "changed"}, {document.DifferenceKind(0).String(), "none"},
		{document.Refusal.String(), "error"}, {document.Warning.String(), "warning"},
		{document.OpMove.String(), "move"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}
