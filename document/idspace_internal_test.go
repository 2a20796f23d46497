package document

import (
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// Reaching the real bound takes half a gibibyte: a parser with a smaller one
// stands in for it.
func TestIDsTogetherAreBounded(t *testing.T) {
	typ, err := NewType(format.Descriptor{
		Roots:    []format.Root{{Kind: format.RootArray}},
		Statuses: []format.StatusDescriptor{{Name: "open", Category: format.Todo}},
		Machines: []format.Machine{{Name: "m", Initial: 1, States: []Status{1}}},
		Levels: []format.LevelDescriptor{
			{Name: "List", Plural: "Lists", ID: format.IDDescriptor{Kind: format.TextID}, Children: "items", StatusOptional: true},
			{Name: "Item", Plural: "Items", ID: format.IDDescriptor{Kind: format.LocalID}, StatusOptional: true},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	// The ids are l, l.a, l.b: seven bytes.
	for space, want := range map[int]string{7: "", 6: "1:38: l.b: the ids of the document, each with those above it, have together more than 6 bytes [size]"} {
		p := tree.NewParser(&typ.format, []byte(`[{"id":"l","items":[{"id":"a"},{"id":"b"}]}]`), MaxSize)
		p.IDSpace = space
		p.Document()
		var got []string
		for _, problem := range problems(p) {
			got = append(got, problem.String())
		}
		if strings.Join(got, "\n") != want {
			t.Errorf("with space for %d bytes: %q, want %q", space, got, want)
		}
	}
}
