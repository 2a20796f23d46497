package document_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
)

// TestChangesAroundItemsThatShareAnID tries all orders of two items that share an
// id, two with ids of their own, and a new one. A place between those that share an
// id can be named only by what stays there.
func TestChangesAroundItemsThatShareAnID(t *testing.T) {
	typ := sharingType(t, [2]format.IDKind{format.TextID, format.LocalID}, bothWarn)
	for _, from := range arrangements("xxab") {
		a := mustParse(t, typ, tasksInOrder(from))
		for _, to := range slices.Concat(arrangements("xxab"), arrangements("xxabn")) {
			b := mustParse(t, typ, tasksInOrder(to))
			got, _, err := a.Apply(document.Changes(a, b)...)
			nameable := between(to) == "" || strings.ContainsAny(between(from), between(to))
			switch {
			case err != nil && nameable:
				t.Errorf("from %s to %s: %v", from, to, err)
			case err == nil && document.Diff(got, b) != nil:
				t.Errorf("from %s to %s: the changes lead elsewhere: %s", from, to, got.AppendJSON(nil))
			}
		}
	}
}

// between returns what stands between the first x and the last.
func between(order string) string {
	return order[strings.Index(order, "x")+1 : strings.LastIndex(order, "x")]
}

// arrangements returns the different orders of letters.
func arrangements(letters string) []string {
	if letters == "" {
		return []string{""}
	}
	var out []string
	for i, first := range letters {
		for _, rest := range arrangements(letters[:i] + letters[i+1:]) {
			out = append(out, string(first)+rest)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// tasksInOrder returns a document with a task for each letter.
func tasksInOrder(order string) string {
	var tasks []string
	for _, id := range order {
		tasks = append(tasks, fmt.Sprintf(`{"id":"%c"}`, id))
	}
	return `{"tasks":[` + strings.Join(tasks, ",") + `]}`
}
