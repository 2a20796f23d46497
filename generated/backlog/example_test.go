package backlog_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
)

const small = `{
  "backlog": [
    {
      "type": "Phase", "id": "P1", "title": "Foundations", "status": "Planned",
      "description": "Lay them.",
      "milestones": []
    }
  ]
}`

func ExampleParse() {
	b, err := backlog.Parse([]byte(small))
	if err != nil {
		fmt.Println(err)
		return
	}
	for phase := range b.Phases() {
		fmt.Println(phase.ID(), phase.Title(), phase.Status())
	}
	// Output: P1 Foundations Planned
}

func ExampleParse_problems() {
	_, err := backlog.Parse([]byte(strings.NewReplacer(`"Planned"`, `"Done"`, `"Foundations"`, `""`).Replace(small)))
	fmt.Println(err)
	// Output:
	// 4:45: P1: title is empty [minLength]
	// 4:59: P1: "Done" is not a status of a Phase: want Planned, Ready, Researching, Implementing, Retrying, Complete, Failed, Obsolete [status]
}

func ExampleBacklog_WithPhase() {
	b, err := backlog.Parse([]byte(small))
	if err != nil {
		fmt.Println(err)
		return
	}
	phase, _ := b.Phase(backlog.MustPhaseID("P1"))
	b2, err := b.WithPhase(phase.WithTitle("Ground work").WithDescription("Do it."))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(b2.AppendJSON(nil)))
	// Output:
	// {
	//   "backlog": [
	//     {
	//       "type": "Phase", "id": "P1", "title": "Ground work", "status": "Planned",
	//       "description": "Do it.",
	//       "milestones": []
	//     }
	//   ]
	// }
}

func ExampleBacklog_Fire() {
	b, err := backlog.Parse([]byte(small))
	if err != nil {
		fmt.Println(err)
		return
	}
	id := backlog.MustPhaseID("P1").Item()
	_, err = b.Fire(id, backlog.EventComplete)
	fmt.Println(err)
	b, err = b.Fire(id, backlog.EventImplement)
	if err != nil {
		fmt.Println(err)
		return
	}
	item, _ := b.Item(id)
	fmt.Println(item)
	// Output:
	// P1: cannot complete from Planned: legal from Planned are research (→ Researching), ready (→ Ready), implement (→ Implementing), fail (→ Failed) and obsolete (→ Obsolete)
	// Phase P1 "Foundations" (Implementing)
}

func ExampleOpen() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "backlog")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "tasks.json")
	b, err := backlog.Parse([]byte(small))
	if err == nil {
		err = backlog.Create(ctx, path, b)
	}
	if err != nil {
		fmt.Println(err)
		return
	}

	bt, err := backlog.Open(ctx, path, batching.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		fmt.Println(err)
		return
	}
	id := backlog.MustPhaseID("P1").Item()
	if _, err := bt.Apply(ctx, batching.Set(id, backlog.StatusImplementing), batching.Set(id, backlog.StatusComplete)); err != nil {
		fmt.Println(err)
	}
	stats, err := bt.Flush(ctx)
	fmt.Println(stats.ItemsWritten, "updates in one write, error", err)
	fmt.Println("closed, error", bt.Close(ctx))
	// Output:
	// 2 updates in one write, error <nil>
	// closed, error <nil>
}

func ExampleBatcher_claim() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "backlog")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "tasks.json")
	if err := os.WriteFile(path, []byte(work), 0o666); err != nil {
		fmt.Println(err)
		return
	}
	bt, err := backlog.Open(ctx, path, batching.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		fmt.Println(err)
		return
	}
	for {
		var claims []backlog.Claim
		claims, err = bt.Claim(ctx, "worker 1", 1, time.Minute)
		if err != nil || len(claims) == 0 {
			break
		}
		item, _ := bt.Snapshot().Item(claims[0].ID)
		fmt.Println(item)
		if _, err := bt.UpdateStatus(ctx, claims[0].ID, backlog.StatusComplete); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println("nothing more to do, error", err)
	fmt.Println("closed, error", bt.Close(ctx))
	// Output:
	// Subtask P1.M1.T1.S2 "Dig" (Implementing)
	// Subtask P1.M1.T1.S1 "Build" (Implementing)
	// nothing more to do, error <nil>
	// closed, error <nil>
}

// work is a backlog in which the second subtask has to be finished first.
const work = `{"backlog": [
  {"id": "P1", "type": "Phase", "title": "House", "description": "A house.", "status": "Planned", "milestones": [
    {"id": "P1.M1", "type": "Milestone", "title": "Cellar", "description": "A cellar.", "status": "Planned", "tasks": [
      {"id": "P1.M1.T1", "type": "Task", "title": "Walls", "description": "Its walls.", "status": "Planned", "subtasks": [
        {"id": "P1.M1.T1.S1", "type": "Subtask", "title": "Build", "status": "Planned", "story_points": 2,
         "dependencies": ["P1.M1.T1.S2"], "context_scope": "CONTRACT DEFINITION: 1. RESEARCH NOTE 2. INPUT 3. LOGIC 4. OUTPUT"},
        {"id": "P1.M1.T1.S2", "type": "Subtask", "title": "Dig", "status": "Ready", "story_points": 1,
         "dependencies": [], "context_scope": "CONTRACT DEFINITION: 1. RESEARCH NOTE 2. INPUT 3. LOGIC 4. OUTPUT"}
      ]}
    ]}
  ]}
]}`
