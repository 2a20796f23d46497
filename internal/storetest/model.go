package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/internal/plantest"
)

// leaseModel is what a store of leases is to be like, in the simplest words:
// who holds which task, and what its status is.
type leaseModel struct {
	random  *rand.Rand
	tasks   int
	clients []*client
	pass    func(time.Duration)
	held    map[int]string
	status  map[int]plantest.Status
	// stale are the clients that do not know the newest document.
	stale map[*client]bool
}

// step does something, and says what.
func (m *leaseModel) step(t testing.TB) string {
	c := m.clients[m.random.IntN(len(m.clients))]
	worker := []string{"one", "two", "three"}[m.random.IntN(3)]
	switch k := m.random.IntN(20); {
	case k < 10:
		return m.acquire(t, c, worker)
	case k < 13:
		return m.renew(t, c, worker)
	case k < 17:
		return m.release(t, c, worker)
	default:
		return m.change(t, c)
	}
}

// some returns a few tasks in any order.
func (m *leaseModel) some() []int {
	var list []int
	for _, i := range m.random.Perm(m.tasks)[:1+m.random.IntN(m.tasks)] {
		list = append(list, i+1)
	}
	return list
}

func (m *leaseModel) acquire(t testing.TB, c *client, worker string) string {
	var candidates []batching.Candidate
	var want []int
	n := 1 + m.random.IntN(4)
	for _, task := range m.some() {
		status := m.status[task]
		if m.random.IntN(5) == 0 {
			status = plantest.Failed // which no task has
		}
		candidates = append(candidates, in(status, task)...)
		if status == m.status[task] && m.held[task] == "" && len(want) < n {
			want = append(want, task)
		}
	}
	d := long
	if m.random.IntN(6) == 0 {
		d = brief
	}
	what := fmt.Sprintf("%s acquires %d of %v for %v", worker, n, candidates, d)
	leases, err := c.acquire(t.Context(), worker, candidates, n, d)
	if errors.Is(err, batching.ErrConflict) && m.stale[c] {
		c.load(t)
		m.stale[c] = false
		leases, err = c.acquire(t.Context(), worker, candidates, n, d)
	}
	if err != nil {
		t.Error(err)
		return what
	}
	wantTasks(t, leases, worker, want...)
	if d == brief {
		m.pass(brief)
		return what
	}
	for _, task := range want {
		m.held[task] = worker
	}
	return what
}

func (m *leaseModel) renew(t testing.TB, c *client, worker string) string {
	tasks := m.some()
	what := fmt.Sprintf("%s renews %v", worker, tasks)
	leases, err := c.Renew(t.Context(), worker, taskIDs(tasks...), long)
	if err != nil {
		t.Error(err)
		return what
	}
	wantTasks(t, leases, worker, slices.DeleteFunc(tasks, func(task int) bool { return m.held[task] != worker })...)
	return what
}

func (m *leaseModel) release(t testing.TB, c *client, worker string) string {
	tasks := m.some()
	if err := c.Release(t.Context(), worker, taskIDs(tasks...)); err != nil {
		t.Error(err)
	}
	for _, task := range tasks {
		if m.held[task] == worker {
			delete(m.held, task)
		}
	}
	return fmt.Sprintf("%s releases %v", worker, tasks)
}

func (m *leaseModel) change(t testing.TB, c *client) string {
	task := 1 + m.random.IntN(m.tasks)
	to := plantest.Open
	if m.status[task] == plantest.Open {
		to = plantest.Active
	}
	c.load(t)
	c.save(t, task, to)
	m.status[task] = to
	for _, other := range m.clients {
		m.stale[other] = other != c
	}
	return fmt.Sprintf("task %d becomes %v", task, to)
}

// check compares what all clients see with the model.
func (m *leaseModel) check(t testing.TB, what string) {
	t.Helper()
	var want []string
	for task := 1; task <= m.tasks; task++ {
		if worker := m.held[task]; worker != "" {
			want = append(want, taskID(task).String()+" "+worker)
		}
	}
	for _, c := range m.clients {
		leases, err := c.Leases(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range leases {
			got = append(got, l.ID.String()+" "+l.Worker)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("leases after %s (-want +got):\n%s", what, diff)
		}
	}
}
