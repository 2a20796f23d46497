package document_test

import (
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
)

func TestChangesAsText(t *testing.T) {
	typ := document.MustNewType(planDescriptor())
	id, parent := document.NewID("", "P1.M1"), document.NewID("", "P2")
	edit := document.Change{Op: document.OpEdit, ID: id, Edit: &document.Edit{Fields: []document.FieldEdit{
		{Key: "title", Value: `"new"`}, {Key: "x"},
	}}}
	add := document.Change{Op: document.OpAdd, ID: id, Edit: &document.Edit{Parent: parent, Item: "{}"}}
	tests := []struct {
		change          document.Change
		text, described string
	}{
		{document.Set(id, 2), "set P1.M1 to status 2", "set P1.M1 to Ready"},
		{document.Advance(id, 3), "advance P1.M1 to status 3", "advance P1.M1 to Researching"},
		{document.Advance(id, 99), "advance P1.M1 to status 99", "advance P1.M1 to status 99"},
		{document.Fire(id, 1), "fire event 1 on P1.M1", "fire research on P1.M1"},
		{document.Force(id, 3, "it is so"), `force P1.M1 to status 3: "it is so"`, `force P1.M1 to Researching: "it is so"`},
		{edit, "edit P1.M1 (title, x)", "edit P1.M1 (title, x)"},
		{document.Change{Op: document.OpEdit, Edit: edit.Edit}, "edit the document (title, x)", "edit the document (title, x)"},
		{add, "add P1.M1 to P2", "add P1.M1 to P2"},
		{document.Move(id, parent), "move P1.M1 to P2", "move P1.M1 to P2"},
		{document.Move(parent, document.ID{}), "move P2 to the top", "move P2 to the top"},
		{document.Move(parent, document.NewID("tag", "")), "move P2 to the top of tag", "move P2 to the top of tag"},
		{document.Remove(id), "remove P1.M1", "remove P1.M1"},
		{document.Change{ID: id}, "Op(0) P1.M1", "Op(0) P1.M1"},
	}
	for _, tt := range tests {
		if got := tt.change.String(); got != tt.text {
			t.Errorf("got %q, want %q", got, tt.text)
		}
		if got := typ.Describe(tt.change); got != tt.described {
			t.Errorf("got %q, want %q", got, tt.described)
		}
	}
}
