package format_test

import (
	"fmt"
	"testing"

	"github.com/backlog-gen/backlog-gen/document/format"
)

func TestStrings(t *testing.T) {
	for _, tt := range []struct {
		value fmt.Stringer
		want  string
	}{
		{format.Todo, "todo"},
		{format.Failed, "failed"},
		{format.Dropped, "dropped"},
		{format.Category(0), "none"},
		{format.Dropped + 1, "none"},
		{format.CategorySet(), ""},
		{format.CategorySet(format.Done), "done"},
		{format.CategorySet(format.Dropped, format.Done), "done or dropped"},
		{format.CategorySet(format.Done, format.Todo, format.Active), "todo, active or done"},
		{format.PathID, "path"},
		{format.TextID, "text"},
		{format.LocalID, "local"},
		{format.IDKind(0), "none"},
		{format.MinLength, "minLength"},
		{format.UniqueItems, "uniqueItems"},
		{format.RuleKind(0), "RuleKind(0)"},
		{format.UniqueItems + 1, "RuleKind(15)"},
	} {
		if got := tt.value.String(); got != tt.want {
			t.Errorf("%T: got %q, want %q", tt.value, got, tt.want)
		}
	}
}

func TestCategories(t *testing.T) {
	for c := format.Todo; c <= format.Dropped; c++ {
		for other := format.Todo; other <= format.Dropped; other++ {
			if got := format.CategorySet(c).Has(other); got != (c == other) {
				t.Errorf("the set of %s has %s: %v", c, other, got)
			}
		}
	}
}
