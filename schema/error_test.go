package schema_test

import (
	"errors"
	"testing"

	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/google/go-cmp/cmp"
)

func TestErrorListsAllProblems(t *testing.T) {
	_, err := schema.Parse("notes.yaml", []byte(schema.Complete("document: {shapes: [{kind: array}], ident: 2}\nevents: {close: {}, reopen: {}, shelve: {}}\nenum: {}\n")))
	want := `notes.yaml:1:37: the document has no key "ident": did you mean "indent"? [unknown-key]
notes.yaml:2:33: warning: no level can fire the event "shelve" [unused-event]
notes.yaml:3:1: a schema has no key "enum": did you mean "enums"? [unknown-key]`
	if err == nil {
		t.Fatal("the schema loads")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
	var refused *schema.Error
	if !errors.As(err, &refused) || len(refused.Diagnostics) != 3 || refused.Diagnostics[1].Severity != schema.Warning {
		t.Errorf("diagnostics: %+v", refused)
	}
}

func TestPosString(t *testing.T) {
	for want, pos := range map[string]schema.Pos{
		"a.yaml:3:5": {File: "a.yaml", Line: 3, Column: 5},
		"-":          {File: "a.yaml"},
	} {
		if got := pos.String(); got != want {
			t.Errorf("%#v.String() = %q, want %q", pos, got, want)
		}
	}
}
