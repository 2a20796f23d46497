package document_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
)

func TestNewMembersStandWhereNewItemsHaveThem(t *testing.T) {
	subtask := add("1.1", "1", `{"id":1,"title":"s","status":"pending"}`)
	edit := func(key, value string) document.Change {
		return document.Change{Op: document.OpEdit, ID: id("1"), Edit: &document.Edit{Fields: []document.FieldEdit{{Key: key, Value: value}}}}
	}
	const child = `"subtasks":[{"id":1,"title":"s","status":"pending"}]`
	tests := []struct {
		name, text string
		change     document.Change
		want       string
	}{
		{"the first child", `[{"id":1,"title":"t","status":"pending"}]`, subtask, `[{"id":1,"title":"t","status":"pending",` + child + `}]`},
		{"the first child in another order", `[{"priority":"high","status":"pending","id":1,"title":"t","x":1}]`, subtask, `[{"priority":"high","status":"pending","id":1,"title":"t",` + child + `,"x":1}]`},
		{"a field", `[{"id":1,"title":"t","status":"pending"}]`, edit("details", `"d"`), `[{"id":1,"title":"t","status":"pending","details":"d"}]`},
		{"a field between others", `[{"id":1,"title":"t","status":"pending","description":"d","dependencies":[]}]`, edit("details", `"d"`), `[{"id":1,"title":"t","status":"pending","description":"d","details":"d","dependencies":[]}]`},
		{"a field behind all before it in another order", `[{"id":1,"title":"t","description":"d","status":"pending"}]`, edit("details", `"d"`), `[{"id":1,"title":"t","description":"d","status":"pending","details":"d"}]`},
		{"a field between others in another order", `[{"id":1,"status":"pending","title":"t","description":"d","dependencies":[]}]`, edit("details", `"d"`), `[{"id":1,"status":"pending","title":"t","description":"d","details":"d","dependencies":[]}]`},
		{"a field before children", `[{"id":1,"title":"t","status":"pending",` + child + `}]`, edit("details", `"d"`), `[{"id":1,"title":"t","status":"pending","details":"d",` + child + `}]`},
	}
	typ := trackerType(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			to, _, err := mustParse(t, typ, tt.text).Apply(tt.change)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(to.AppendJSON(nil))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNewMembersOfObjects(t *testing.T) {
	typ := kindsType(t)
	values := []document.Value{document.TextValue("n"), document.RawValue([]byte(`{"n":1}`)), document.ListValue()}
	for text, want := range map[string]string{
		`{}`:                      `{"a":"n","inner":{"n":1},"colors":[]}`,
		`{"x":1}`:                 `{"x":1,"a":"n","inner":{"n":1},"colors":[]}`,
		`{"x":1,"inner":{"n":2}}`: `{"x":1,"a":"n","inner":{"n":1},"colors":[]}`,
		`{"inner":{"n":2},"x":1}`: `{"a":"n","inner":{"n":1},"colors":[],"x":1}`,
		`{"a":"b","colors":[]}`:   `{"a":"n","inner":{"n":1},"colors":[]}`,
		`{"colors":[],"a":"b"}`:   `{"colors":[],"a":"n","inner":{"n":1}}`,
		`{"colors":[],"x":true}`:  `{"a":"n","inner":{"n":1},"colors":[],"x":true}`,
	} {
		for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
			o, _ := oneItem(t, typ, `,"object":`+text).Object(objectKind)
			for _, f := range order {
				o = o.With(f, values[f])
			}
			if diff := cmp.Diff(want, o.String()); diff != "" {
				t.Errorf("%s with fields %v (-want +got):\n%s", text, order, diff)
			}
		}
	}
}
