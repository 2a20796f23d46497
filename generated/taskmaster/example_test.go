package taskmaster_test

import (
	"fmt"

	"github.com/backlog-gen/backlog-gen/generated/taskmaster"
)

func Example() {
	tasks, err := taskmaster.Parse([]byte(`{
  "master": {
    "tasks": [
      {"id": 1, "title": "Write", "status": "in-progress", "dependencies": [], "subtasks": [
        {"id": 1, "title": "Think", "status": "done"},
        {"id": 2, "title": "Type", "status": "pending", "dependencies": [1]}
      ]},
      {"id": "2", "title": "Publish", "status": "pending", "dependencies": [1]}
    ]
  }
}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for subtask := range tasks.NextExecutable() {
		fmt.Println("next:", subtask)
	}
	for blocker := range tasks.Blockers(taskmaster.NewTaskID("master", "2").Item()) {
		fmt.Println("publishing waits for:", blocker)
	}
	task := taskmaster.NewTaskID("master", "1")
	_, err = tasks.Fire(task.Item(), taskmaster.EventFinish)
	fmt.Println(err)
	// Output:
	// next: Subtask master/1.2 "Type" (pending)
	// publishing waits for: master/1
	// master/1: cannot finish from in-progress: that needs all its children done or dropped, but master/1.2 stands in the way; legal instead from in-progress are submit (→ review), reset (→ pending), defer (→ deferred) and cancel (→ cancelled)
}
