package taskmaster_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/generated/taskmaster"
	"github.com/backlog-gen/backlog-gen/internal/corpus"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

func parse(t *testing.T, data []byte) taskmaster.Tasks {
	t.Helper()
	tasks, err := taskmaster.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return tasks
}

func TestRealFilesComeBackByteForByte(t *testing.T) {
	for name, data := range corpus.Files(t, corpus.TaskMaster) {
		t.Run(name, func(t *testing.T) {
			tasks := parse(t, data)
			if diff := cmp.Diff(string(data), string(tasks.AppendJSON(nil))); diff != "" {
				t.Errorf("AppendJSON (-file +got):\n%s", diff)
			}
			for _, problem := range tasks.Validate() {
				if problem.Severity != document.Warning || problem.Line == 0 {
					t.Errorf("not a warning with a place: %v", problem)
				}
			}
		})
	}
}

// TestRealFilesTakeUpdates updates one item of each level, by each of the
// events that it accepts, and counts the lines of the file that differ.
func TestRealFilesTakeUpdates(t *testing.T) {
	machine, err := statemachine.New(taskmaster.WorkMachine())
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range corpus.Files(t, corpus.TaskMaster) {
		t.Run(name, func(t *testing.T) {
			tasks := parse(t, data)
			for _, level := range taskmaster.Levels() {
				updates := 0
				for item := range tasks.Items() {
					if item.Level() != level {
						continue
					}
					for _, step := range machine.Legal(item.Status()) {
						next, err := tasks.Fire(item.ItemID(), step.Event)
						if err != nil {
							continue // a guard
						}
						updates++
						if got := changedLines(data, next.AppendJSON(nil)); got != 1 {
							t.Errorf("%v by %v changed %d lines", item, step.Event, got)
						}
					}
				}
				if tasks.Len(level) > 0 && updates == 0 {
					t.Errorf("no %v takes an update", level)
				}
			}
		})
	}
}

func changedLines(a, b []byte) int {
	before, after := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	if len(before) != len(after) {
		return -1
	}
	changed := 0
	for i := range before {
		if !bytes.Equal(before[i], after[i]) {
			changed++
		}
	}
	return changed
}

// TestRealFilesTakeEdits gives every item another title, and then its own again.
func TestRealFilesTakeEdits(t *testing.T) {
	for name, data := range corpus.Files(t, corpus.TaskMaster) {
		t.Run(name, func(t *testing.T) {
			original := parse(t, data)
			edited := original
			for task := range original.Tasks() {
				edited = mustTasks(t)(edited.WithTask(task.WithTitle("new: " + task.Title())))
			}
			for subtask := range original.Subtasks() {
				edited = mustTasks(t)(edited.WithSubtask(subtask.WithTitle("new: " + subtask.Title())))
			}
			items := original.Len(taskmaster.LevelTask) + original.Len(taskmaster.LevelSubtask)
			if got := len(taskmaster.Diff(original, edited)); got != items {
				t.Errorf("%d items differ, want %d", got, items)
			}
			edited = parse(t, edited.AppendJSON(nil))
			for task := range original.Tasks() {
				now, _ := edited.Task(task.ID())
				edited = mustTasks(t)(edited.WithTask(now.WithTitle(task.Title())))
			}
			for subtask := range original.Subtasks() {
				now, _ := edited.Subtask(subtask.ID())
				edited = mustTasks(t)(edited.WithSubtask(now.WithTitle(subtask.Title())))
			}
			if !edited.Equal(original) {
				t.Errorf("edits there and back left differences: %v", taskmaster.Diff(original, edited))
			}
		})
	}
}

func mustTasks(t *testing.T) func(taskmaster.Tasks, error) taskmaster.Tasks {
	return func(tasks taskmaster.Tasks, err error) taskmaster.Tasks {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return tasks
	}
}

func TestRealItemsSurviveTheirSpec(t *testing.T) {
	for name, data := range corpus.Files(t, corpus.TaskMaster) {
		tasks := parse(t, data)
		for task := range tasks.Tasks() {
			again := taskmaster.NewTask(task.Spec())
			if diff := cmp.Diff(task.Spec(), again.Spec()); diff != "" {
				t.Errorf("%s: %v changed (-want +got):\n%s", name, task, diff)
			}
		}
		for subtask := range tasks.Subtasks() {
			again := taskmaster.NewSubtask(subtask.Spec())
			if again.ID() != subtask.ID() || again.Title() != subtask.Title() {
				t.Errorf("%s: %v became %v", name, subtask, again)
			}
		}
	}
}

func TestEveryItemIsFoundByItsID(t *testing.T) {
	for name, data := range corpus.Files(t, corpus.TaskMaster) {
		tasks := parse(t, data)
		ids := map[taskmaster.ItemID]bool{}
		for item := range tasks.Items() {
			id := item.ItemID()
			if ids[id] {
				t.Errorf("%s: two items have the id %v", name, id)
			}
			ids[id] = true
			if found, ok := tasks.Item(id); !ok || found != item {
				t.Errorf("%s: %v finds %v, %v", name, id, found, ok)
			}
			if again, err := taskmaster.ParseItemID(id.String()); err != nil || again != id {
				t.Errorf("%s: %v is read as %v, %v", name, id, again, err)
			}
			if !slices.Contains(tasks.Groups(), id.Group()) {
				t.Errorf("%s: %v is in no group of %v", name, id, tasks.Groups())
			}
		}
	}
}
