package taskmaster_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
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
	// master/1: cannot finish from in-progress: that needs all its children done or dropped, but master/1.2 stands in the way; legal instead from in-progress are submit (→ review), reset (→ pending), block (→ blocked), defer (→ deferred) and cancel (→ cancelled)
}

// What was put off is not handed out, and neither is a task above its subtasks.
func ExampleBatcher_claim() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "taskmaster")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "tasks.json")
	err = os.WriteFile(path, []byte(`{
  "master": {
    "tasks": [
      {"id": 1, "title": "Write", "status": "pending", "dependencies": [], "subtasks": [
        {"id": 1, "title": "Think", "status": "pending"},
        {"id": 2, "title": "Type", "status": "pending", "dependencies": [1]}
      ]},
      {"id": 2, "title": "Publish", "status": "deferred", "dependencies": []},
      {"id": 3, "title": "Rest", "status": "pending", "dependencies": []}
    ]
  }
}`), 0o666)
	if err != nil {
		fmt.Println(err)
		return
	}
	bt, err := taskmaster.Open(ctx, path, batching.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		fmt.Println(err)
		return
	}
	claims, err := bt.Claim(ctx, "worker 1", 5, time.Minute)
	for _, c := range claims {
		fmt.Println(c.Worker, "has", c.ID)
	}
	fmt.Println("error", err)
	fmt.Println("closed, error", bt.Close(ctx))
	// Output:
	// worker 1 has master/1.1
	// worker 1 has master/3
	// error <nil>
	// closed, error <nil>
}
