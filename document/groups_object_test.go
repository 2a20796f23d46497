package document_test

import (
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// TestGroupsBesideTheListOfAnObject: groups that nobody reads would be gone for
// whoever asks for items.
func TestGroupsBesideTheListOfAnObject(t *testing.T) {
	deep := trackerDescriptor()
	deep.Roots = []format.Root{{Kind: format.RootGroups, Key: "tasks"}, {Kind: format.RootObject, Key: "l", Within: []string{"data"}}}
	atPath, err := document.NewType(deep)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, text, want string
		typ              *document.Type
	}{
		{"behind the list", `{"tasks":[],§"home":{"tasks":[` + line("a") + `]}}`, `/home - the document has a group beside the list "tasks": want either that list or groups alone [root]`, trackerType(t)},
		{"before the list", `{§"home":{"tasks":[` + line("a") + `]},"tasks":[]}`, `/home - the document has a group beside the list "tasks": want either that list or groups alone [root]`, trackerType(t)},
		{"beside a path", `{§"home":{"tasks":[]},"data":{"l":[]}}`, `/home - the document has a group beside the list "data.l": want either that list or groups alone [root]`, atPath},
		{"on the way to the list", `{§"data":{"l":[],"tasks":[]}}`, `/data - the document has a group beside the list "data.l": want either that list or groups alone [root]`, atPath},
	} {
		t.Run(tt.name, func(t *testing.T) { checkProblems(t, tt.typ, tt.text, []string{tt.want}) })
	}
	mustParse(t, trackerType(t), `{"tasks":[],"home":{"a":{"tasks":[]},"tasks":{}}}`)
	mustParse(t, atPath, `{"data":{"l":[],"x":{"tasks":[]}}}`)
}

func TestListsOfObjectsAndGroupsAreTwo(t *testing.T) {
	of := trackerDescriptor()
	of.Roots = []format.Root{{Kind: format.RootObject, Key: "tasks", Within: []string{"data"}}, {Kind: format.RootGroups, Key: "tasks"}}
	_, err := document.NewType(of)
	if want := `the list "data.tasks" of a root object cannot be told from that of a group "data"`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}
