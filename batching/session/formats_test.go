package session_test

import (
	"context"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/session"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/generated/taskmaster"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

type (
	planID    = plantest.ID
	planCarry = session.Carry[plantest.ID]
	planType  = session.Session[plantest.Plan, plantest.ID, plantest.Status]
)

var planTask = plantest.TaskID(1, 1, 1)

// planSession has a task that is done, and a machine without a status for what is
// not wanted any more.
func planSession(t *testing.T, p project) *planType {
	t.Helper()
	return newPlanSession(t, p, plantest.Format())
}

// oneWaySession has a task that is done, and a machine that ends there. Its PRD
// is another one.
func oneWaySession(t *testing.T, p project) *planType {
	t.Helper()
	d := plantest.Type().Descriptor()
	machine := d.Machines[0]
	machine.Transitions = machine.Transitions[:2] // start and finish
	d.Machines = append(d.Machines[:0:0], machine)
	typ, err := document.NewType(d)
	if err != nil {
		t.Fatal(err)
	}
	f := plantest.Format()
	f.Type = typ
	p.prd = p.path("one-way.md")
	p.write("one-way.md", "# One way\n")
	return newPlanSession(t, p, f)
}

func newPlanSession(t *testing.T, p project, f batching.Format[plantest.Plan, plantest.ID, plantest.Status]) *planType {
	t.Helper()
	s, err := session.Init(t.Context(), f, p.plan, p.prd, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	d, err := f.Type.Parse([]byte(plantest.Text(1, 1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Save(t.Context(), plantest.Plan{Document: d}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Apply(t.Context(), batching.Advance(planTask, plantest.Done)); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestTaskMaster goes through the life of a session with another generated
// package, whose ids have groups.
func TestTaskMaster(t *testing.T) {
	const text = `{"master": {"tasks": [
  {"id": 1, "title": "One", "status": "pending", "subtasks": [{"id": 1, "title": "Step", "status": "done"}]},
  {"id": 2, "title": "Two", "status": "in-progress", "extra": [1.0]}
]}}`
	p := newProject(t)
	ctx := t.Context()
	tasks, err := taskmaster.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s, err := session.Init(ctx, taskmaster.Format(), p.plan, p.prd, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Save(ctx, tasks); err != nil {
		t.Fatal(err)
	}
	one := taskmaster.MustItemID("master/1")
	step := taskmaster.MustItemID("master/1.1")
	two := taskmaster.MustItemID("master/2")
	if err := s.SetCurrent(ctx, step); err != nil {
		t.Fatal(err)
	}
	if _, err := s.UpdateStatus(ctx, one, taskmaster.StatusDone); err != nil {
		t.Fatal(err)
	}
	p.write("PRD.md", newText)
	d, err := s.CreateDelta(ctx, p.prd, &session.Carry[taskmaster.ItemID]{
		Reset: []taskmaster.ItemID{one, step}, Obsolete: []taskmaster.ItemID{two},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[taskmaster.ItemID]taskmaster.Status{
		one: taskmaster.StatusPending, step: taskmaster.StatusPending, two: taskmaster.StatusCancelled,
	}
	for id, status := range want {
		if item, ok := d.Session.Backlog().Item(id); !ok || item.Status() != status {
			t.Errorf("%v: %v, want %v", id, item, status)
		}
	}
	for _, s := range []*session.Session[taskmaster.Tasks, taskmaster.ItemID, taskmaster.Status]{s, d.Session} {
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
	}
	again, err := session.Load(ctx, taskmaster.Format(), s.Metadata().Dir(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	if current, ok := again.Current(); !ok || current != step {
		t.Errorf("current item: %v, %v", current, ok)
	}
	if item, _ := again.Backlog().Item(one); item.Status() != taskmaster.StatusDone {
		t.Errorf("%v", item)
	}
	if err := again.Close(ctx); err != nil {
		t.Error(err)
	}
}
