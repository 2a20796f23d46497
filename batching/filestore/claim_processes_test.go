package filestore_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/internal/reliability"
)

const (
	claimers, claimedTasks = 4, 400
	// claimersLease is short, so that what a killed program had is soon handed
	// out again. A program that is slower than this loses its items, and says
	// so.
	claimersLease = 2 * time.Second
)

// layeredPlan is a plan in which most tasks wait for two of those before them.
func layeredPlan(tasks int) string {
	after := make([][]int, tasks)
	for i := range after {
		if task := i + 1; task > 40 {
			after[i] = []int{task - 40, task - 33}
		}
	}
	return plantest.Waiting(after...)
}

// claimTasks is one of several workers on one file. It claims and finishes tasks
// until all are done, and reports each that it has finished. When it has claimed
// some, it says so, and waits until its input ends.
func claimTasks(name string, number int) error {
	ctx := context.Background()
	b, err := openPlain(name)
	if err != nil {
		return err
	}
	worker := fmt.Sprintf("worker %d.%d", number, os.Getpid())
	for begun := false; !allDone(b.Snapshot()); {
		claims, err := b.Claim(ctx, worker, 5, claimersLease)
		if err != nil {
			return err
		}
		if len(claims) > 0 && !begun {
			begun = true
			fmt.Println("claimed", len(claims))
			if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
				return err
			}
		}
		for _, c := range claims {
			if err := waitsForNothing(b.Snapshot(), c.ID); err != nil {
				return err
			}
			if _, err := b.UpdateStatus(ctx, c.ID, plantest.Done); err != nil {
				return err
			}
		}
		lost, err := flushClaims(ctx, b)
		if err != nil {
			return err
		}
		for _, c := range claims {
			if !lost[c.ID.Document()] {
				fmt.Println("done", c.ID.Document(), worker)
			}
		}
		if len(claims) == 0 {
			time.Sleep(5 * time.Millisecond) // what is left is in others' hands
		}
	}
	return b.Close(ctx)
}

func allDone(p plantest.Plan) bool {
	return p.Document.Progress(plantest.TaskLevel).Done == p.Document.Len(plantest.TaskLevel)
}

func waitsForNothing(p plantest.Plan, id plantest.ID) error {
	item, _ := p.Document.Find(id.Document())
	for other := range item.Dependencies() {
		if other.Category() != format.Done {
			return fmt.Errorf("%s was claimed before %s is done", id.Document(), other.ID())
		}
	}
	return nil
}

// flushClaims flushes, and returns the items that we had no more.
func flushClaims(ctx context.Context, b *plantest.Batcher) (map[document.ID]bool, error) {
	lost := map[document.ID]bool{}
	_, err := b.Flush(ctx)
	var conflict *batching.ConflictError
	if !errors.As(err, &conflict) {
		return lost, err
	}
	for _, g := range conflict.Groups {
		if !errors.Is(g.Err, batching.ErrLeaseLost) {
			return lost, err
		}
		lost[g.Group.Changes[0].ID] = true
	}
	return lost, nil
}

// wantEachDoneOnce checks the reports of all workers against the file.
func wantEachDoneOnce(t *testing.T, name string, reports map[string][]string) {
	t.Helper()
	p := plantest.Parse(readFile(t, name))
	if !allDone(p) {
		t.Errorf("tasks left: %+v", p.Document.Progress(plantest.TaskLevel))
	}
	twice := 0
	for id, workers := range reports {
		if len(workers) > 1 {
			twice++
			t.Errorf("%s was done by %v", id, workers)
		}
	}
	reliability.Record(t, len(reports), "tasks claimed by several programs, some of them killed", twice, reliability.NoLoss)
}

// addReports adds what a worker has reported, by task.
func addReports(t *testing.T, to map[string][]string, output string) {
	t.Helper()
	for line := range strings.Lines(output) {
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 3)
		if strings.HasSuffix(line, "\n") && len(fields) == 3 && fields[0] == "done" {
			to[fields[1]] = append(to[fields[1]], fields[2])
		}
	}
}

func TestProcessesClaimEachTaskOnce(t *testing.T) {
	name := newPlan(t, layeredPlan(claimedTasks))
	reports := map[string][]string{}
	var mu sync.Mutex
	var running sync.WaitGroup
	for i := range claimers {
		cmd := program(t, "claimer", name, i+1)
		var out bytes.Buffer
		cmd.Stdout = &out
		running.Go(func() {
			if err := cmd.Run(); err != nil {
				t.Errorf("program %d: %v", i+1, err)
			}
			mu.Lock()
			defer mu.Unlock()
			addReports(t, reports, out.String())
		})
	}
	running.Wait()
	if len(reports) != claimedTasks {
		t.Errorf("%d tasks reported, want %d", len(reports), claimedTasks)
	}
	wantEachDoneOnce(t, name, reports)
	if exists(leasesFile(name)) {
		t.Errorf("leases left: %s", readFile(t, leasesFile(name)))
	}
}

// Workers are killed, again and again: every other one while it holds what it has
// claimed, the others at any moment. Their leases expire, and others go on.
func TestKilledWorkersGiveTheirTasksBack(t *testing.T) {
	const kills = 12
	name := newPlan(t, layeredPlan(claimedTasks/2))
	reports := map[string][]string{}
	for round := range kills {
		output := killSoon(t, program(t, "claimer", name, round), round%2 == 0)
		if round == 0 && !strings.HasPrefix(output, "claimed 5\n") {
			t.Errorf("no lease is left behind: the first program says %q", output)
		}
		addReports(t, reports, output)
	}
	cmd := program(t, "claimer", name, kills)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	addReports(t, reports, string(out))
	wantEachDoneOnce(t, name, reports)
}

// killSoon kills a program when it has claimed something, if it is to be held
// there, or shortly after, and returns what it has reported.
func killSoon(t *testing.T, cmd *exec.Cmd, held bool) string {
	t.Helper()
	if held {
		if _, err := cmd.StdinPipe(); err != nil { // Wait closes it
			t.Fatal(err)
		}
	}
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(pipe)
	var out bytes.Buffer
	first, err := lines.ReadString('\n')
	out.WriteString(first)
	if err == nil {
		if !held {
			time.Sleep(time.Duration(rand.IntN(15_000)) * time.Microsecond)
		}
		_ = cmd.Process.Kill() // it may have ended
	}
	if _, err := out.ReadFrom(lines); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
	return out.String()
}
