package formats_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// tool is what is tried with the sample of a format, and what whoever reads such
// files asks of them.
type tool struct {
	steps []step
	// lines are the ones that change.
	lines []string
	// refused are changes that are not made, of other documents.
	refused []refusal
	// wrong are documents that are refused, and why.
	wrong map[string]string
	// unknown are messages about keys of the sample that the schema does not know.
	unknown []string
	// reads reports what the format's own tools would have against a file.
	reads func(data []byte) error
}

// refusal is a change of a document that is refused, and why.
type refusal struct {
	text, id, to, why string
}

var tools = map[string]tool{
	"api-items": {
		steps:   []step{{"i1", "closed"}},
		lines:   []string{`6: {"id": "i1", "title": "Sort the screws", "status": "closed"},`},
		unknown: []string{`the object "data.board" has no "name" in this format`},
		reads:   each(list("data", "board", "items"), has("status")),
	},
	"auto-claude": {
		steps: []step{{"subtask-1-2", "completed"}, {"subtask-2-1", "in_progress"}},
		lines: []string{`18: "status": "completed"`, `32: "status": "in_progress",`},
		unknown: []string{
			`the document has no "feature" in this format`,
			`the document has no "workflow_type" in this format`,
		},
		reads: each(list("phases"), has("name"), func(phase map[string]any) error {
			return each(list("subtasks"), has("id", "description"), known("status", "pending", "in_progress", "completed", "blocked", "failed"))(marshal(phase))
		}),
	},
	"beads": {
		// What is closed needs a closed_at, which does not follow yet.
		steps: []step{{"shed-1", "blocked"}},
		lines: []string{`1: {"id":"shed-1","title":"Sort the screws","status":"blocked","priority":2,"issue_type":"task","created_at":"2026-03-01T09:00:00.123456789+01:00","updated_at":"2026-03-02T09:00:00+01:00"}`},
		refused: []refusal{{
			`{"id":"a","title":"One","status":"open","issue_type":"task"}` + "\n" + `{"id":"b","title":"Two","status":"open","issue_type":"task","dependencies":[{"issue_id":"b","depends_on_id":"a","type":"blocks"}]}`,
			"b", "in_progress", "b: cannot start from open: that needs its dependencies done or dropped, but a stands in the way",
		}},
		reads: each(lines, has("title", "created_at", "updated_at"),
			known("priority", 0.0, 1.0, 2.0, 3.0, 4.0), known("status", "open", "in_progress", "blocked", "deferred", "closed", "tombstone"),
			func(issue map[string]any) error {
				if (issue["closed_at"] != nil) != (issue["status"] == "closed") {
					return errors.New("closed_at stands in an issue exactly while it is closed")
				}
				return nil
			}),
	},
	"claude-todos": {
		steps: []step{{"#2", "completed"}, {"#3", "in_progress"}},
		lines: []string{`9: "status": "completed",`, `14: "status": "in_progress",`},
		reads: each(list(), has("content", "activeForm"), known("status", "pending", "in_progress", "completed")),
	},
	"feature-list": {
		steps: []step{{"#2", "passed"}, {"#1", "open"}},
		lines: []string{`10: "passes": false`, `19: "passes": true`},
		wrong: map[string]string{
			`[{"description": "One", "passes": false, "status": "open"}]`: "no status beside passes, with which it would have to agree",
		},
		reads: each(list(), has("category", "description"), known("passes", true, false)),
	},
	"feature-list-ids": {
		steps: []step{{"F002", "passed"}, {"F001", "open"}},
		lines: []string{`14: "passes": false`, `24: "passes": true`},
		refused: append(statusBeside(`[{"id": "a", "description": "One", "passes": false, "status": %s}, {"id": "b", "description": "Two", "passes": false}]`, "passed"), refusal{
			`[{"id": 1, "description": "One", "passes": false, "status": "pending"}]`, "1", "passed",
			"1: cannot pass from open: that needs its dependencies done (no status beside passes, with which it would have to agree), but pending stands in the way",
		}),
		unknown: []string{`the document has no "project" in this format`},
		reads:   each(list("features"), has("category", "description"), known("passes", true, false)),
	},
	"github-issues": {
		steps:   []step{{"12", "closed"}},
		lines:   []string{`5: "state": "closed",`},
		unknown: []string{`the Issue has no "closed_at" in this format`},
		// Nothing reads the file back: it has to be what programs find statuses in.
		reads: each(list(), known("state", "open", "closed")),
	},
	"jira": {
		steps: []step{{"SHED-1", "Done"}},
		lines: []string{`11: "name": "Done"`},
		unknown: []string{
			`the document has no "startAt" in this format`,
			`the document has no "total" in this format`,
			`the Issue has no "id" in this format`,
			`the object "fields" has no "summary" in this format`,
			`the object "fields" has no "priority" in this format`,
		},
		reads: each(list("issues"), has("key"), func(issue map[string]any) error {
			status := func(data []byte) ([]map[string]any, error) {
				var issue struct {
					Fields struct{ Status map[string]any }
				}
				err := json.Unmarshal(data, &issue)
				return []map[string]any{issue.Fields.Status}, err
			}
			return each(status, has("name"))(marshal(issue))
		}),
	},
	"prp": {
		steps: []step{{"P1.M1.T1.S2", "Implementing"}, {"P1.M1.T1.S2", "Complete"}, {"P1.M1.T1", "Complete"}, {"P1.M1", "Complete"}, {"P1", "Complete"}},
		lines: []string{
			`7: "status": "Complete",`,
			`14: "status": "Complete",`,
			`21: "status": "Complete",`,
			`37: "status": "Complete",`,
		},
		reads: each(list("backlog"), prpItem),
	},
	"ralph": {
		steps: []step{{"US-002", "passed"}, {"US-001", "open"}},
		lines: []string{`15: "passes": false,`, `27: "passes": true,`},
		refused: append(statusBeside(`{"userStories": [{"id": "a", "title": "One", "passes": false, "status": %s}, {"id": "b", "title": "Two", "passes": false}]}`, "passed"), refusal{
			`{"userStories": [{"id": "US-1", "title": "One", "passes": false, "status": "open"}]}`, "US-1", "passed",
			"US-1: cannot pass from open: that needs its dependencies done (no status beside passes, with which it would have to agree), but open stands in the way",
		}),
		unknown: []string{
			`the document has no "project" in this format`,
			`the document has no "branchName" in this format`,
			`the document has no "description" in this format`,
		},
		reads: each(list("userStories"), has("id", "title"), known("passes", true, false)),
	},
	"shrimp": {
		steps: []step{{"c8e2b6fd-7a39-4d0c-8f22-5b1d4e6f9a02", "in_progress"}},
		lines: []string{`17: "status": "in_progress",`},
		reads: each(list("tasks"),
			has("id", "name"), known("status", "pending", "in_progress", "completed", "blocked"),
			func(item map[string]any) error { return each(list("dependencies"), has("taskId"))(marshal(item)) }),
	},
	"taskmaster": {
		steps:   []step{{"master/1.2", "done"}, {"master/1", "done"}, {"master/2", "cancelled"}},
		lines:   []string{`8: "status": "done",`, `23: "status": "done",`, `34: "status": "cancelled",`},
		unknown: []string{`the group "master" has no "metadata" in this format`},
		reads: each(list("master", "tasks"), taskMasterItem, func(item map[string]any) error {
			return each(list("subtasks"), taskMasterItem)(marshal(item))
		}),
	},
	"todo-completed": {
		steps:   []step{{"1", "done"}, {"2", "open"}},
		lines:   []string{`6: "completed": true`, `11: "completed": false`},
		refused: statusBeside(`{"todos": [{"id": "a", "title": "One", "completed": false, "status": %s}, {"id": "b", "title": "Two", "completed": false}]}`, "done"),
		reads:   each(list("todos"), known("completed", true, false)),
	},
	"todo-done": {
		steps:   []step{{"a2", "done"}},
		lines:   []string{`3: { "id": "a2", "text": "Fix the chair", "done": true }`},
		refused: statusBeside(`[{"id": "a", "title": "One", "done": false, "status": %s}, {"id": "b", "title": "Two", "done": false}]`, "done"),
		reads:   each(list(), known("done", true, false)),
	},
	"todo-number": {
		steps: []step{{"B", "done"}, {"C", "active"}},
		lines: []string{`3: {"id": "B", "title": "Cut the wood", "status": 2},`, `4: {"id": "C", "title": "Paint it", "status": 1}`},
		reads: each(list(), known("status", 0.0, 1.0, 2.0)),
	},
	"taskwarrior": {
		steps: []step{{"2a4b8d6f-1c8e-4d8f-8b62-7a1e3d5c9f21", "completed"}},
		lines: []string{`3: {"id":1,"depends":["1f3a7c5e-0b7d-4c7e-9a51-6f0d2c4b8e10"],"description":"Sand the bench","due":"20260201T000000Z","entry":"20260102T090100Z","modified":"20260102T090100Z","project":"garden","status":"completed","tags":["wood"],"uuid":"2a4b8d6f-1c8e-4d8f-8b62-7a1e3d5c9f21","urgency":6.2}`},
		reads: each(list(), has("uuid", "description"), known("status", "pending", "waiting", "recurring", "completed", "deleted")),
	},
}

// statusBeside returns changes of the item a of a document, each refused for what
// stands beside its flag, also where that is the id of an item that is not done, b.
func statusBeside(text, to string) []refusal {
	var all []refusal
	for value, shown := range map[string]string{`"pending"`: "pending", `"done"`: "done", `"b"`: "b", `""`: `""`, `0`: "0"} {
		all = append(all, refusal{fmt.Sprintf(text, value), "a", to, "but " + shown + " stands in the way"})
	}
	return all
}

// items is how a tool comes to the items of a file.
type items func(data []byte) ([]map[string]any, error)

// list finds the items of a list under keys of the document.
func list(path ...string) items {
	return func(data []byte) ([]map[string]any, error) {
		var value any
		if err := json.Unmarshal(data, &value); err != nil {
			return nil, err
		}
		for _, key := range path {
			object, ok := value.(map[string]any)
			if !ok {
				return nil, fmt.Errorf("no %s", key)
			}
			value = object[key]
		}
		elements, ok := value.([]any)
		if !ok {
			return nil, errors.New("no list")
		}
		var all []map[string]any
		for _, e := range elements {
			item, ok := e.(map[string]any)
			if !ok {
				return nil, fmt.Errorf("%v is no item", e)
			}
			all = append(all, item)
		}
		return all, nil
	}
}

// lines finds the items of JSON Lines.
func lines(data []byte) ([]map[string]any, error) {
	var all []map[string]any
	for line := range strings.Lines(string(data)) {
		var item map[string]any
		if err := json.Unmarshal([]byte(line), &item); err != nil {
			return nil, err
		}
		all = append(all, item)
	}
	return all, nil
}

// each asks something of every item.
func each(find items, ask ...func(item map[string]any) error) func(data []byte) error {
	return func(data []byte) error {
		all, err := find(data)
		if err != nil {
			return err
		}
		for _, item := range all {
			for _, ask := range ask {
				if err := ask(item); err != nil {
					return fmt.Errorf("%v: %w", item, err)
				}
			}
		}
		return nil
	}
}

// has asks for texts.
func has(keys ...string) func(item map[string]any) error {
	return func(item map[string]any) error {
		for _, key := range keys {
			if _, ok := item[key].(string); !ok {
				return fmt.Errorf("%s is %v", key, item[key])
			}
		}
		return nil
	}
}

// known asks for one of some values.
func known(key string, values ...any) func(item map[string]any) error {
	return func(item map[string]any) error {
		if !slices.Contains(values, item[key]) {
			return fmt.Errorf("%s is %v", key, item[key])
		}
		return nil
	}
}

func marshal(item map[string]any) []byte {
	data, err := json.Marshal(item)
	if err != nil {
		panic(err)
	}
	return data
}

func taskMasterItem(item map[string]any) error {
	return errors.Join(has("title")(item), known("status", "pending", "in-progress", "review", "done", "deferred", "cancelled", "blocked")(item))
}

// prpItem asks of an item, and of all below it, what the pipeline's types need.
func prpItem(item map[string]any) error {
	if err := errors.Join(has("type", "id", "title")(item), known("status", "Planned", "Ready", "Researching", "Implementing", "Retrying", "Complete", "Failed", "Obsolete")(item)); err != nil {
		return err
	}
	if item["type"] == "Subtask" {
		_, points := item["story_points"].(float64)
		_, dependencies := item["dependencies"].([]any)
		if !points || !dependencies {
			return errors.New("story_points or dependencies are missing")
		}
		return has("context_scope")(item)
	}
	below := map[any]string{"Phase": "milestones", "Milestone": "tasks", "Task": "subtasks"}[item["type"]]
	return each(list(below), prpItem)(marshal(item))
}
