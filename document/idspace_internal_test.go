package document

import (
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/statemachine"
)

// Reaching the real bound takes half a gibibyte: a parser with a smaller one
// stands in for it.
func TestIDsTogetherAreBounded(t *testing.T) {
	typ, err := NewType(Descriptor{
		Roots:    []Root{{Kind: RootArray}},
		Statuses: []StatusDescriptor{{Name: "open", Category: Todo}},
		Machines: []statemachine.Definition[Status, Event]{{Name: "m", Initial: 1, States: []Status{1}}},
		Levels: []LevelDescriptor{
			{Name: "List", Plural: "Lists", ID: IDDescriptor{Kind: TextID}, Children: "items", StatusOptional: true},
			{Name: "Item", Plural: "Items", ID: IDDescriptor{Kind: LocalID}, StatusOptional: true},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	// The ids are l, l.a, l.b: seven bytes.
	for space, want := range map[int]string{7: "", 6: "1:38: l.b: the ids of the document, each with those above it, have together more than 6 bytes [size]"} {
		p := newParser(typ, []byte(`[{"id":"l","items":[{"id":"a"},{"id":"b"}]}]`))
		p.idSpace = space
		p.document()
		var got []string
		for _, problem := range p.problems() {
			got = append(got, problem.String())
		}
		if strings.Join(got, "\n") != want {
			t.Errorf("with space for %d bytes: %q, want %q", space, got, want)
		}
	}
}
