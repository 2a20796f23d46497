package infer_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/backlog-gen/backlog-gen/schema"
	"github.com/backlog-gen/backlog-gen/schema/infer"
)

// TestTheWorkIsFound draws documents of which it is known what is the work, its id
// and its status, among people, notes and other things that have ids and statuses
// as well. A guess that takes another one is wrong.
func TestTheWorkIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SampledFrom([]string{"tasks", "todo_items", "userStories", "Features", "backlog", "plan", "open issues"}).Draw(t, "list")
		idKey := rapid.SampledFrom([]string{"id", "ID", "key", "uuid", "task_id", "number"}).Draw(t, "id")
		statusKey := rapid.SampledFrom([]string{"status", "Status", "state", "task_status", "currentState", "column"}).Draw(t, "status")
		data := drawWork(t, list, idKey, statusKey)

		guess, err := infer.Infer("tasks", []byte(data))
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		m, err := schema.Parse("backlog.yaml", guess.YAML)
		if err != nil {
			t.Fatal(err)
		}
		top := m.Levels[0]
		lists := m.Document.Shapes[0].Lists
		if got := strings.Join(lists[0].Path, "/"); got != list {
			t.Errorf("the list is %q, want %q\n%s\n%s", got, list, data, guess.YAML)
		}
		if got := strings.Join(top.ID.Path, "/"); got != idKey {
			t.Errorf("the id is %q, want %q\n%s\n%s", got, idKey, data, guess.YAML)
		}
		if got := strings.Join(top.Status.Path, "/"); got != statusKey {
			t.Errorf("the status is %q, want %q\n%s\n%s", got, statusKey, data, guess.YAML)
		}
		if len(m.Levels) != 1 {
			t.Errorf("there are %d levels, want 1\n%s\n%s", len(m.Levels), data, guess.YAML)
		}
	})
}

// drawWork draws a document with a list of work and things beside it, in any order.
func drawWork(t *rapid.T, list, idKey, statusKey string) string {
	members := []string{
		`"name": "Plan"`, `"version": 3`, `"status": "active"`, `"created_at": "2026-01-02T03:04:05Z"`,
		`"members": [{"id": 1, "status": "active"}, {"id": 2, "status": "active"}, {"id": 3, "status": "done"}, {"id": 4, "status": "done"}, {"id": 5, "status": "done"}]`,
		`"labels": [{"id": "l1", "state": "open"}]`, `"settings": {"theme": "dark", "columns": ["a", "b"]}`,
		`"owner": {"id": "o", "status": "active"}`, `"comments": [{"id": 1, "done": true}]`,
		`"sprint_logs": [{"id": 1, "status": "Completed"}, {"id": 2, "status": "Active"}, {"id": 3, "status": "Active"}]`,
		`"tags": ["a", "b"]`, `"statuses": [{"id": "open", "label": "Open"}, {"id": "done", "label": "Done"}]`,
	}
	members = rapid.Permutation(members).Draw(t, "beside")[:rapid.IntRange(0, len(members)).Draw(t, "how many")]
	at := rapid.IntRange(0, len(members)).Draw(t, "at")
	items := make([]string, rapid.IntRange(1, 4).Draw(t, "items"))
	extras := rapid.Permutation([]string{
		`"title": "Same"`, `"priority": 1`, `"assignee": "someone"`, `"archived": false`, `"tags": ["x"]`, `"estimate": 2.5`,
		`"comments": [{"id": 1, "status": "open"}, {"id": 2, "status": "done"}]`, `"checklist": [{"id": 1, "done": true}]`,
		`"assignees": [{"id": 1, "status": "active"}]`, `"acceptanceCriteria": [{"id": 1, "passes": false}]`, `"meta": {"a": 1}`,
		`"history": [{"id": 9, "status": "open"}]`, `"notes": null`, `"priorityLevel": "high"`, `"progress": 50`,
	}).Draw(t, "extras")[:rapid.IntRange(0, 15).Draw(t, "how many extras")]
	for i := range items {
		word := rapid.SampledFrom([]string{"open", "in_progress", "done", "Blocked"}).Draw(t, "word")
		own := rapid.Permutation([]string{fmt.Sprintf("%q: %d", idKey, i+10), fmt.Sprintf("%q: %q", statusKey, word)}).Draw(t, "order")
		items[i] = "{" + strings.Join(append(own, extras...), ", ") + "}"
	}
	work := fmt.Sprintf("%q: [%s]", list, strings.Join(items, ", "))
	all := append(append(append([]string{}, members[:at]...), work), members[at:]...)
	return "{" + strings.Join(all, ", ") + "}"
}
