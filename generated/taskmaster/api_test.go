package taskmaster_test

import (
	"encoding/json"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/generated/taskmaster"
)

const tagged = `{
  "master": {
    "tasks": [
      {
        "id": 3,
        "title": "Build",
        "status": "completed",
        "priority": "urgent",
        "details": null,
        "dependencies": [],
        "subtasks": [
          {"id": 3.1, "title": "one", "status": "pending", "dependencies": []},
          {"id": 3.10, "title": "ten", "status": "pending", "dependencies": [3.1]}
        ]
      },
      {
        "id": "4",
        "title": "Ship",
        "status": "pending",
        "priority": "high",
        "complexity": 7,
        "dependencies": [3]
      }
    ],
    "metadata": {"version": 1}
  },
  "feature": {
    "tasks": [
      {"id": 3, "title": "Other", "status": "pending", "dependencies": []}
    ]
  }
}
`

func TestShapes(t *testing.T) {
	tests := map[string]struct {
		text   string
		groups []string
	}{
		"tagged": {tagged, []string{"master", "feature"}},
		"legacy": {`{"tasks":[{"id":1,"title":"a","status":"pending"}],"metadata":{}}`, []string{""}},
		"array":  {`[{"id":1,"title":"a","status":"pending"}]`, []string{""}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			tasks := parse(t, []byte(test.text))
			if diff := cmp.Diff(test.groups, tasks.Groups()); diff != "" {
				t.Errorf("Groups (-want +got):\n%s", diff)
			}
			if got := string(tasks.AppendJSON(nil)); got != test.text {
				t.Errorf("came back as %s", got)
			}
			group := test.groups[0]
			next := mustTasks(t)(tasks.AddTask(group, taskmaster.TaskSpec{Title: "New"}))
			id, ok := tasks.NextTaskID(group)
			if task, found := next.Task(id); !ok || !found || task.Title() != "New" {
				t.Errorf("added %v, %v, %v", id, task, ok)
			}
		})
	}
}

func TestIDsKeepGroupAndSpelling(t *testing.T) {
	tasks := parse(t, []byte(tagged))
	build := taskmaster.NewTaskID("master", "3")
	other := taskmaster.NewTaskID("feature", "3")
	if build == other {
		t.Fatal("tasks of two groups have one id")
	}
	for id, title := range map[taskmaster.TaskID]string{build: "Build", other: "Other"} {
		if task, ok := tasks.Task(id); !ok || task.Title() != title {
			t.Errorf("%v is %v, %v", id, task, ok)
		}
	}
	one, ten := taskmaster.NewSubtaskID(build, "3.1"), taskmaster.NewSubtaskID(build, "3.10")
	if one == ten {
		t.Fatal("3.1 and 3.10 are one id")
	}
	if one != taskmaster.NewSubtaskID(build, "1") || one.String() != "master/3.1" {
		t.Errorf("the id is %v", one)
	}
	subtask, ok := tasks.Subtask(ten)
	if !ok || subtask.Title() != "ten" {
		t.Fatalf("%v is %v, %v", ten, subtask, ok)
	}
	if diff := cmp.Diff([]taskmaster.ItemID{one.Item()}, slices.Collect(subtask.Dependencies())); diff != "" {
		t.Errorf("Dependencies (-want +got):\n%s", diff)
	}
	// A task is no subtask, whatever its id looks like.
	if _, ok := tasks.Subtask(taskmaster.MustSubtaskID("master/3.2")); ok {
		t.Error("found a subtask that is not there")
	}
}

func TestOptionalFields(t *testing.T) {
	tasks := parse(t, []byte(tagged))
	build, _ := tasks.Task(taskmaster.MustTaskID("master/3"))
	ship, _ := tasks.Task(taskmaster.MustTaskID("master/4"))
	if got, ok := build.Details(); !ok || string(got) != "null" {
		t.Errorf("Details is %s, %v: any JSON is a value, null too", got, ok)
	}
	if _, ok := ship.Details(); ok {
		t.Error("an absent field is a value")
	}
	if got, ok := ship.Complexity(); !ok || string(got) != "7" {
		t.Errorf("Complexity is %s, %v", got, ok)
	}
	if got, ok := ship.Priority(); !ok || got != taskmaster.PriorityHigh {
		t.Errorf("Priority is %v, %v", got, ok)
	}
	if got, ok := build.Priority(); !ok || got != 0 {
		t.Errorf("an unknown priority is %v, %v", got, ok)
	}
	if build.Status() != taskmaster.StatusDone {
		t.Errorf("the alias completed is %v", build.Status())
	}
	changed := mustTasks(t)(tasks.WithTask(ship.WithoutComplexity().WithDetails([]byte(`"Soon."`)).WithPriority(taskmaster.PriorityLow)))
	text := string(changed.AppendJSON(nil))
	if strings.Contains(text, "complexity") || !strings.Contains(text, `"priority": "low"`) || !strings.Contains(text, `"details": "Soon."`) {
		t.Errorf("the text is\n%s", text)
	}
	want := strings.NewReplacer(`"priority": "high"`, `"priority": "low"`, "        \"complexity\": 7,\n", "").Replace(tagged)
	if diff := cmp.Diff(want, strings.ReplaceAll(text, ",\n        \"details\": \"Soon.\"", "")); diff != "" {
		t.Errorf("more than the fields changed (-want +got):\n%s", diff)
	}
}

func TestReferencesAreWrittenAsTheFileWritesIDs(t *testing.T) {
	tasks := parse(t, []byte(tagged))
	id := taskmaster.MustTaskID("master/4")
	ship, _ := tasks.Task(id)
	tasks = mustTasks(t)(tasks.WithTask(ship.WithDependencies()))
	if text := string(tasks.AppendJSON(nil)); strings.Contains(text, `"dependencies": [3]`) {
		t.Fatalf("the reference is still there:\n%s", text)
	}
	ship, _ = tasks.Task(id)
	tasks = mustTasks(t)(tasks.WithTask(ship.WithDependencies(taskmaster.MustTaskID("master/3").Item())))
	text := strings.Replace(string(tasks.AppendJSON(nil)), "[\n          3\n        ]", "[3]", 1)
	if diff := cmp.Diff(tagged, text); diff != "" {
		t.Errorf("there and back left a difference (-want +got):\n%s", diff)
	}
}

// ids yields the ids of all items in document order.
func ids(tasks taskmaster.Tasks) iter.Seq[string] {
	return func(yield func(string) bool) {
		for item := range tasks.Items() {
			if !yield(item.ItemID().String()) {
				return
			}
		}
	}
}

func TestOrder(t *testing.T) {
	tasks := parse(t, []byte(tagged))
	must := mustTasks(t)
	build, ship := taskmaster.NewTaskID("master", "3"), taskmaster.NewTaskID("master", "4")
	one, ten := taskmaster.NewSubtaskID(build, "3.1"), taskmaster.NewSubtaskID(build, "3.10")
	steps := []struct {
		name string
		step func(taskmaster.Tasks) (taskmaster.Tasks, error)
		want string
	}{
		{"add before", func(now taskmaster.Tasks) (taskmaster.Tasks, error) {
			return now.AddTask("master", taskmaster.TaskSpec{Title: "New"}, taskmaster.Before(ship.Item()))
		}, "master/3 master/3.1 master/3.10 master/5 master/4 feature/3"},
		{"add first", func(now taskmaster.Tasks) (taskmaster.Tasks, error) {
			return now.AddSubtask(build, taskmaster.SubtaskSpec{Title: "two"}, taskmaster.First())
		}, "master/3 master/3.11 master/3.1 master/3.10 master/5 master/4 feature/3"},
		{"move among siblings", func(now taskmaster.Tasks) (taskmaster.Tasks, error) {
			return now.Move(one.Item(), build.Item(), taskmaster.After(ten.Item()))
		}, "master/3 master/3.11 master/3.10 master/3.1 master/5 master/4 feature/3"},
		{"move at the top", func(now taskmaster.Tasks) (taskmaster.Tasks, error) {
			return now.Move(build.Item(), taskmaster.ItemID{}, taskmaster.Last())
		}, "master/5 master/4 master/3 master/3.11 master/3.10 master/3.1 feature/3"},
	}
	for _, step := range steps {
		tasks = must(step.step(tasks))
		if diff := cmp.Diff(step.want, strings.Join(slices.Collect(ids(tasks)), " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
	// Differences tell, and lead through a Batcher.
	var moved []string
	for _, d := range taskmaster.Diff(parse(t, []byte(tagged)), tasks) {
		if d.Moved {
			moved = append(moved, d.ID.String())
		}
	}
	if diff := cmp.Diff([]string{"master/4", "master/3.10"}, moved); diff != "" {
		t.Errorf("moved (-want +got):\n%s", diff)
	}
	path := filepath.Join(t.TempDir(), "tasks.json")
	if err := os.WriteFile(path, []byte(tagged), 0o600); err != nil {
		t.Fatal(err)
	}
	bt, err := taskmaster.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range steps {
		if _, err := bt.Edit(t.Context(), step.step); err != nil {
			t.Fatal(err)
		}
	}
	if err := bt.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(tasks.AppendJSON(nil)), string(written)); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
	_, err = tasks.Move(one.Item(), build.Item(), taskmaster.Before(ship.Item()))
	if err == nil || err.Error() != "master/3.1: it cannot go before master/4: that is no child of master/3 [place]" {
		t.Errorf("beside no sibling: %v", err)
	}
}

// TestUnmarshal reads documents as encoding/json does, alone and as parts of others.
func TestUnmarshal(t *testing.T) {
	for name, text := range map[string]string{
		"tagged": tagged, "legacy": `{"tasks":[{"id":1,"title":"a","status":"pending"}],"metadata":{}}`,
		"array": `[{"id":1,"title":"a","status":"pending"}]`, "no groups": `{}`, "empty": `[]`,
	} {
		var alone taskmaster.Tasks
		var part struct{ Plan taskmaster.Tasks }
		if err := json.Unmarshal([]byte(text), &alone); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := json.Unmarshal([]byte(`{"Plan": `+text+`}`), &part); err != nil {
			t.Errorf("%s, as a part: %v", name, err)
		}
		for _, got := range []taskmaster.Tasks{alone, part.Plan} {
			if diff := cmp.Diff(strings.TrimSpace(text), string(got.AppendJSON(nil))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
	for _, text := range []string{`1`, `"tasks"`, `{"name":"left-pad"}`, `{"a":{"taks":[]}}`, `[{"id":1}]`} {
		tasks := parse(t, []byte(tagged))
		err := json.Unmarshal([]byte(text), &tasks)
		var refused *document.ParseError
		if !errors.As(err, &refused) || len(refused.Problems) == 0 || refused.Problems[0].Line != 1 {
			t.Errorf("%s: %v", text, err)
		}
		if string(tasks.AppendJSON(nil)) != tagged {
			t.Errorf("%s: what was there has changed", text)
		}
	}
}
