package filestore_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/batching/filestore"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/atomicfile/faultfs"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
	"github.com/backlog-gen/backlog-gen/internal/reliability"
)

// machine drives a Batcher and the model side by side.
type machine struct {
	fsys *faultfs.FS
	b    *plantest.Batcher
	log  *forceLog
	full bool

	// file and memory are what the file and the snapshot should be; loaded is
	// the file as the Batcher knows it.
	file, memory, loaded modelPlan
	pending              [][]modelStep
	// conflicts is how many groups are still to be reported.
	conflicts int
	// preserved are the groups in the recovery file, which lead from origin to
	// target.
	preserved      [][]modelStep
	origin, target modelPlan
	forces         int
}

// forceLog counts the forces that were logged.
type forceLog struct {
	slog.Handler
	mu sync.Mutex
	n  int
}

func (l *forceLog) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

func (l *forceLog) Handle(_ context.Context, r slog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r.Message == "Status forced" {
		l.n++
	}
	return nil
}

// TestMachineCannotBeBypassed runs random updates, flushes, crashes and edits by
// others against the model.
func TestMachineCannotBeBypassed(t *testing.T) {
	steps := 0
	defer func() {
		reliability.Record(t, steps, "random steps, compared with a model", 0, reliability.NoLoss, reliability.Machine)
	}()
	rapid.Check(t, func(t *rapid.T) {
		m := &machine{fsys: faultfs.New("/d"), log: &forceLog{Handler: slog.DiscardHandler}}
		m.fsys.Put(planFile, []byte(plantest.Text(1, 2, 2)))
		m.file = readModel(plantest.Parse(plantest.Text(1, 2, 2)))
		m.open(t)
		t.Repeat(map[string]func(*rapid.T){
			"":        func(t *rapid.T) { steps++; m.check(t) },
			"update":  m.update,
			"group":   m.group,
			"edit":    m.edit,
			"foreign": m.foreign,
			"flush":   m.flush,
			"refresh": m.refresh,
			"crash":   m.crash,
			"full":    func(*rapid.T) { m.full = !m.full; m.fsys.SetFull(m.full) },
		})
		m.full = false
		m.fsys.SetFull(false)
		m.flush(t)
		if err := m.b.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
	})
}

func (m *machine) open(t *rapid.T) {
	b, err := batching.Open(context.Background(), plantest.Format(), filestore.New(planFile, filestore.WithFS(m.fsys)),
		batching.WithLogger(slog.New(m.log)))
	if err != nil {
		t.Fatal(err)
	}
	m.b, m.memory, m.loaded, m.pending, m.conflicts = b, m.file, m.file, nil, 0
}

// check compares everything with the model.
func (m *machine) check(t *rapid.T) {
	if got := readModel(m.b.Snapshot()); !maps.Equal(got, m.memory) {
		t.Fatalf("snapshot\n%v, model\n%v", got, m.memory)
	}
	content, _ := m.fsys.Get(planFile)
	if got := readModel(plantest.Parse(string(content))); !maps.Equal(got, m.file) {
		t.Fatalf("file\n%v, model\n%v", got, m.file)
	}
	if got := len(m.b.Pending()); got != len(m.pending) || m.b.Dirty() != (got > 0) {
		t.Fatalf("%d groups pending, model %d", got, len(m.pending))
	}
	if m.log.n != m.forces {
		t.Fatalf("%d forces logged, model %d", m.log.n, m.forces)
	}
}

func drawStep(t *rapid.T, hows ...string) modelStep {
	return modelStep{
		id:     rapid.SampledFrom(modelIDs).Draw(t, "id"),
		how:    rapid.SampledFrom(hows).Draw(t, "how"),
		status: rapid.SampledFrom([]plantest.Status{plantest.Open, plantest.Active, plantest.Done, plantest.Failed}).Draw(t, "status"),
	}
}

// accept compares the verdict on a group with the model's.
func (m *machine) accept(t *rapid.T, group []modelStep, err error) {
	after, ok := m.memory.apply(group)
	if ok != (err == nil) {
		t.Fatalf("%v: error %v, but the model says %v", group, err, ok)
	}
	if !ok || maps.Equal(after, m.memory) && m.noop(group) {
		return
	}
	m.memory = after
	m.pending = append(m.pending, group)
	m.countForces(group)
}

// noop reports whether no step of a group does anything.
func (m *machine) noop(group []modelStep) bool {
	state := m.memory
	for _, s := range group {
		after, ok := state.apply([]modelStep{s})
		if !ok || !maps.Equal(after, state) {
			return false
		}
	}
	return true
}

func (m *machine) countForces(group []modelStep) {
	for _, s := range group {
		if s.how == "force" {
			m.forces++
		}
	}
}

func (m *machine) update(t *rapid.T) {
	step := drawStep(t, "set", "advance", "force")
	ctx, id := context.Background(), plantest.MakeID(step.id)
	var err error
	switch step.how {
	case "set":
		_, err = m.b.UpdateStatus(ctx, id, step.status)
	case "advance":
		_, err = m.b.Advance(ctx, id, step.status)
	default:
		_, err = m.b.Force(ctx, id, step.status, "model")
	}
	m.accept(t, []modelStep{step}, err)
}

func (m *machine) group(t *rapid.T) {
	var group []modelStep
	for range rapid.IntRange(1, 5).Draw(t, "size") {
		group = append(group, drawStep(t, "set", "advance", "advance", "force"))
	}
	_, err := m.b.Apply(context.Background(), changes(group)...)
	m.accept(t, group, err)
}

// edit hands in a document that was made elsewhere, by no rules.
func (m *machine) edit(t *rapid.T) {
	step := drawStep(t, "advance")
	title := rapid.SampledFrom([]string{"one", "two \"\\ three", "ü"}).Draw(t, "title")
	var group []modelStep // of what differs
	if m.memory[step.id].status != step.status {
		group = append(group, step)
	}
	if m.memory[step.id].title != title {
		group = append(group, modelStep{id: step.id, how: "title", title: title})
	}
	_, err := m.b.Edit(context.Background(), func(p plantest.Plan) (plantest.Plan, error) {
		p, err := plantest.Parse(p.String()).WithTitle(plantest.MakeID(step.id), title)
		if err != nil {
			return p, err
		}
		return p.Apply(document.Force(plantest.MakeID(step.id).Document(), document.Status(step.status), "elsewhere"))
	})
	m.accept(t, group, err)
}

// foreign has another program change the file, by no rules, in place or by
// rename.
func (m *machine) foreign(t *rapid.T) {
	step := drawStep(t, "force", "title")
	content, _ := m.fsys.Get(planFile)
	p, id := plantest.Parse(string(content)), plantest.MakeID(step.id)
	var err error
	if step.how == "title" {
		step.title = rapid.SampledFrom([]string{"one", "theirs"}).Draw(t, "title")
		p, err = p.WithTitle(id, step.title)
	} else {
		p, err = p.Apply(document.Force(id.Document(), document.Status(step.status), "editor"))
	}
	if err != nil {
		t.Fatal(err)
	}
	m.file, _ = m.file.apply([]modelStep{step})
	if rapid.Bool().Draw(t, "in place") {
		m.fsys.Overwrite(planFile, []byte(p.String()))
	} else {
		m.fsys.Put(planFile, []byte(p.String()))
	}
}

// rebase does in the model what the Batcher does when it meets another file.
func (m *machine) rebase() {
	if maps.Equal(m.file, m.loaded) {
		return
	}
	var refused [][]modelStep
	m.memory, m.pending, refused = m.file.merge(m.loaded, m.pending)
	m.conflicts += len(refused)
	m.loaded = m.file
}

func (m *machine) flush(t *rapid.T) {
	dirty := len(m.pending) > 0
	if dirty {
		m.rebase()
	}
	_, err := m.b.Flush(context.Background())
	m.judge(t, err, dirty)
}

// judge checks what a flush has returned, and does it in the model.
func (m *machine) judge(t *rapid.T, err error, tried bool) {
	var conflict *batching.ConflictError
	reported := 0
	if errors.As(err, &conflict) {
		reported = len(conflict.Groups)
	}
	if reported != m.conflicts {
		t.Fatalf("%d conflicts reported, model %d: %v", reported, m.conflicts, err)
	}
	m.conflicts = 0
	var failure *batching.FlushError
	failed := errors.As(err, &failure)
	if failed != (m.full && len(m.pending) > 0) {
		t.Fatalf("error %v, disk full: %v", err, m.full)
	}
	if failed {
		if failure.Preserved != "" && failure.PreserveErr == nil {
			m.preserved, m.origin, m.target = slices.Clone(m.pending), m.loaded, m.memory
		}
		return
	}
	if tried {
		m.file, m.loaded, m.pending, m.preserved = m.memory, m.memory, nil, nil
	}
}

func (m *machine) refresh(t *rapid.T) {
	if _, err := m.b.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	m.rebase()
}

// crash kills the program, opens the file again and recovers.
func (m *machine) crash(t *rapid.T) {
	m.fsys.Kill()
	m.full = false
	m.fsys.SetFull(false)
	preserved := m.preserved
	m.open(t)
	found := m.b.Recoverable()
	if len(found) > 1 || len(found) == 1 && len(found[0].Groups) != len(preserved) || len(found) == 0 && preserved != nil {
		t.Fatalf("recoverable: %v, model %v", found, preserved)
	}
	if preserved != nil && !maps.Equal(m.file, m.target) {
		memory, kept, refused := m.file.recover(m.origin, m.target, preserved)
		for i := range kept {
			m.countForcesIfChanged(kept[:i], kept[i])
		}
		m.memory, m.conflicts = memory, len(refused)
	}
	_, err := m.b.Recover(context.Background())
	m.judge(t, err, true)
}

// countForcesIfChanged counts the forces of a group that was recovered after
// others; a group that does nothing is not logged.
func (m *machine) countForcesIfChanged(before [][]modelStep, group []modelStep) {
	state, _, _ := m.file.applyAll(before)
	probe := machine{memory: state}
	if !probe.noop(group) {
		m.countForces(group)
	}
}
