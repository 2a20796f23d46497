package document_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
)

func TestMisspeltKeys(t *testing.T) {
	typ := trackerType(t)
	tests := map[string]string{
		`[{"id":1,"titel":"t","status":"pending"}]`:                                                       `1:2: 1: the Task has no "title": was it meant by "titel"? [required]`,
		`[{"id":1,"Title":"t","status":"pending"}]`:                                                       `1:2: 1: the Task has no "title": was it meant by "Title"? [required]`,
		`[{"id":1,"x":1,"tit\u006ce ":"t","status":"pending"}]`:                                           `1:2: 1: the Task has no "title": was it meant by "title "? [required]`,
		`[{"id":1,"name":"t","status":"pending"}]`:                                                        `1:2: 1: the Task has no "title" [required]`,
		`[{"id":1,"status":"pending","title":"t","subtasks":[{"ide":1,"title":"t","status":"pending"}]}]`: `1:53: the Subtask has no "id": was it meant by "ide"? [required]`,
	}
	for text, want := range tests {
		_, err := typ.Parse([]byte(text))
		if err == nil {
			t.Errorf("accepted: %s", text)
			continue
		}
		if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	kinds := kindsType(t)
	for key, want := range map[string]string{
		"nn": `the Inner has no "n": was it meant by "nn"? [required]`,
		"m":  `the Inner has no "n" [required]`,
	} {
		_, err := kinds.Parse([]byte(`[{"id":1,"status":"Planned","object":{"innner":{"m":1},"inner":{"` + key + `":1}}}]`))
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestEditsOfMisspeltKeys(t *testing.T) {
	d := mustParse(t, trackerType(t), `[{"id":1,"title":"t","status":"pending"}]`)
	for key, want := range map[string]string{
		"prority":  `1: a Task has no field "prority" to edit: did you mean "priority"? [field]`,
		"assignee": `1: a Task has no field "assignee" to edit: its fields are title, description, details, testStrategy, priority, dependencies [field]`,
	} {
		_, _, err := d.Apply(document.Change{Op: document.OpEdit, ID: id("1"), Edit: &document.Edit{Fields: []document.FieldEdit{{Key: key, Value: `"x"`}}}})
		if err == nil || err.Error() != want {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
}
