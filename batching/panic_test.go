package batching_test

import (
	"log/slog"
	"testing"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// guardedFormat is the format of plans with a guard on starting a task.
func guardedFormat(t *testing.T, guard document.GuardFunc) batching.Format[plantest.Plan, plantest.ID, plantest.Status] {
	t.Helper()
	descriptor := plantest.Type().Descriptor()
	descriptor.Levels = append([]format.LevelDescriptor(nil), descriptor.Levels...)
	start, err := plantest.Type().Machine(plantest.TaskLevel).EventTo(document.Status(plantest.Open), document.Status(plantest.Active))
	if err != nil {
		t.Fatal(err)
	}
	descriptor.Levels[plantest.TaskLevel].Guards = []format.Guard{{
		Kind: format.CustomGuard, Name: "guard", Events: []document.Event{start},
	}}
	typ, err := document.NewType(descriptor)
	if err != nil {
		t.Fatal(err)
	}
	if typ, err = typ.WithGuards(map[string]document.GuardFunc{"guard": guard}); err != nil {
		t.Fatal(err)
	}
	f := plantest.Format()
	f.Type = typ
	return f
}

// panics reports whether f does.
func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return false
}

// TestPanicsOfTheProgram has the program's own code panic inside the Batcher,
// which must work on afterwards.
func TestPanicsOfTheProgram(t *testing.T) {
	name := newFile(t, 1, 1, 4)
	dead := open(t, failing(name))
	update(t, dead, 4, plantest.Active)
	abandon(t, dead)

	armed := false
	format := guardedFormat(t, func(*document.Document, document.Item, document.Event) error {
		if armed {
			panic("guard")
		}
		return nil
	})
	b, err := batching.Open(t.Context(), format, filestore.New(name), batching.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	armed = true
	steps := []struct {
		what string
		do   func()
	}{
		{"a recovery", func() { _, _ = b.Recover(t.Context()) }},
		{"an update", func() { _, _ = b.UpdateStatus(t.Context(), plantest.TaskID(1, 1, 2), plantest.Active) }},
		{"an edit", func() {
			_, _ = b.Edit(t.Context(), func(plantest.Plan) (plantest.Plan, error) { panic("edit") })
		}},
		{"a flush", func() {
			armed = false
			update(t, b, 1, plantest.Active)
			armed = true
			rewrite(t, name, plantest.TaskID(1, 1, 3), plantest.Failed, true)
			_, _ = b.Flush(t.Context())
		}},
	}
	for _, step := range steps {
		if !panics(step.do) {
			t.Errorf("%s does not panic: the test shows nothing", step.what)
		}
	}
	armed = false
	update(t, b, 2, plantest.Active)
	if _, err := b.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for task, want := range []plantest.Status{plantest.Active, plantest.Active, plantest.Failed, plantest.Active} {
		wantStatus(t, stored(t, name), plantest.TaskID(1, 1, task+1), want)
	}
	if left := recoveryFiles(t, name, false); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// TestEditReturnsAnotherType hands in a document of a format that is not ours.
func TestEditReturnsAnotherType(t *testing.T) {
	descriptor := plantest.Type().Descriptor()
	descriptor.Name = "another"
	descriptor.Levels = descriptor.Levels[:1]
	descriptor.Machines = append([]format.Machine(nil), descriptor.Machines...)
	descriptor.Levels = append([]format.LevelDescriptor(nil), descriptor.Levels...)
	descriptor.Levels[0].Children, descriptor.Levels[0].Guards = "", nil
	another, err := document.NewType(descriptor)
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, filestore.New(newFile(t, 1, 1, 1)))
	for what, d := range map[string]*document.Document{"another type": another.New(), "nothing": nil} {
		before := b.Snapshot()
		_, err := b.Edit(t.Context(), func(plantest.Plan) (plantest.Plan, error) { return plantest.Plan{Document: d}, nil })
		if err == nil || b.Dirty() || b.Snapshot() != before {
			t.Errorf("%s: error %v, dirty %v", what, err, b.Dirty())
		}
	}
	// A type of the same descriptor is as good as ours.
	same := document.MustNewType(plantest.Type().Descriptor())
	d, err := same.Parse([]byte(b.Snapshot().String()))
	if err != nil {
		t.Fatal(err)
	}
	edited, err := retitle(1, "new")(plantest.Plan{Document: d})
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.Edit(t.Context(), func(plantest.Plan) (plantest.Plan, error) { return edited, nil })
	if err != nil || p.Title(plantest.TaskID(1, 1, 1)) != "new" {
		t.Errorf("error %v", err)
	}
}
