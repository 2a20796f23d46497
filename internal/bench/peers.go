package main

import (
	"slices"
	"sync"

	"github.com/benbjohnson/immutable"
)

// scanKeeper is the pattern of today's tools: look through all items for the id,
// copy the arrays on the way to it.
type scanKeeper struct {
	steps []step
	plan  plan
	// position returns the position of an id, -1 where it is not there.
	position func([]subtask, string) int
}

func loadScan(s sample) (keeper, error) {
	p, err := s.plan()
	return &scanKeeper{s.steps, p, findByValue}, err
}

func loadIndexScan(s sample) (keeper, error) {
	p, err := s.plan()
	return &scanKeeper{s.steps, p, findByIndex}, err
}

// findByValue is the loop that one writes first. It copies each item to look at
// it.
func findByValue(subtasks []subtask, id string) int {
	for i, item := range subtasks {
		if item.is(id) {
			return i
		}
	}
	return -1
}

func (s subtask) is(id string) bool { return s.ID == id }

// findByIndex looks at the items where they are.
func findByIndex(subtasks []subtask, id string) int {
	for i := range subtasks {
		if subtasks[i].ID == id {
			return i
		}
	}
	return -1
}

func (k *scanKeeper) update(n int) error { return k.set(k.steps[n].id, k.steps[n].status) }

// set looks for the item and copies what leads to it.
func (k *scanKeeper) set(id, status string) error {
	for i, phase := range k.plan.Backlog {
		for j, milestone := range phase.Milestones {
			for l, task := range milestone.Tasks {
				n := k.position(task.Subtasks, id)
				if n < 0 {
					continue
				}
				task.Subtasks = slices.Clone(task.Subtasks)
				task.Subtasks[n].Status = status
				milestone.Tasks = slices.Clone(milestone.Tasks)
				milestone.Tasks[l] = task
				phase.Milestones = slices.Clone(phase.Milestones)
				phase.Milestones[j] = milestone
				k.plan.Backlog = slices.Clone(k.plan.Backlog)
				k.plan.Backlog[i] = phase
				return nil
			}
		}
	}
	return missing(id)
}

func (k *scanKeeper) lookup(step int) error {
	if item, _ := k.find(k.steps[step].id); item == nil || item.Status == "" {
		return missing(k.steps[step].id)
	}
	return nil
}

func (k *scanKeeper) find(id string) (*subtask, int) {
	for _, phase := range k.plan.Backlog {
		for _, milestone := range phase.Milestones {
			for _, task := range milestone.Tasks {
				if n := k.position(task.Subtasks, id); n >= 0 {
					return &task.Subtasks[n], n
				}
			}
		}
	}
	return nil, 0
}

// put looks for the item again: the position in its task does not lead to it.
func (k *scanKeeper) put(_ int, item *subtask, status string) error { return k.set(item.ID, status) }

func (k *scanKeeper) look(step int) error { return k.lookup(step) }

func (k *scanKeeper) snapshot() any { return k.plan }
func (k *scanKeeper) settle() error { return nil }

// mapKeeper holds items in a persistent map, by id.
type mapKeeper struct {
	steps []step
	items *immutable.Map[string, *subtask]
}

func loadMap(s sample) (keeper, error) {
	all, err := s.items()
	builder := immutable.NewMapBuilder[string, *subtask](nil)
	for _, item := range all {
		builder.Set(item.ID, item)
	}
	return &mapKeeper{s.steps, builder.Map()}, err
}

func (k *mapKeeper) update(n int) error {
	item, at := k.find(k.steps[n].id)
	if item == nil {
		return missing(k.steps[n].id)
	}
	return k.put(at, item, k.steps[n].status)
}

func (k *mapKeeper) lookup(step int) error {
	if item, _ := k.find(k.steps[step].id); item == nil || item.Status == "" {
		return missing(k.steps[step].id)
	}
	return nil
}

func (k *mapKeeper) find(id string) (*subtask, int) {
	item, _ := k.items.Get(id)
	return item, 0
}

func (k *mapKeeper) put(_ int, item *subtask, status string) error {
	k.items = k.items.Set(item.ID, item.with(status))
	return nil
}

func (k *mapKeeper) look(step int) error { return k.lookup(step) }

func (k *mapKeeper) snapshot() any { return k.items }
func (k *mapKeeper) settle() error { return nil }

// listKeeper holds items in a persistent list, and finds them by a plain map
// from the id to the position.
type listKeeper struct {
	steps     []step
	items     *immutable.List[*subtask]
	positions map[string]int
}

func loadList(s sample) (keeper, error) {
	all, err := s.items()
	builder := immutable.NewListBuilder[*subtask]()
	positions := make(map[string]int, len(all))
	for i, item := range all {
		builder.Append(item)
		positions[item.ID] = i
	}
	return &listKeeper{s.steps, builder.List(), positions}, err
}

func (k *listKeeper) update(n int) error {
	item, at := k.find(k.steps[n].id)
	if item == nil {
		return missing(k.steps[n].id)
	}
	return k.put(at, item, k.steps[n].status)
}

func (k *listKeeper) lookup(step int) error {
	if item, _ := k.find(k.steps[step].id); item == nil || item.Status == "" {
		return missing(k.steps[step].id)
	}
	return nil
}

func (k *listKeeper) find(id string) (*subtask, int) {
	at, ok := k.positions[id]
	if !ok {
		return nil, 0
	}
	return k.items.Get(at), at
}

func (k *listKeeper) put(at int, item *subtask, status string) error {
	k.items = k.items.Set(at, item.with(status))
	return nil
}

func (k *listKeeper) look(step int) error { return k.lookup(step) }

func (k *listKeeper) snapshot() any { return k.items }
func (k *listKeeper) settle() error { return nil }

// lockedKeeper changes items in place, under a mutex: the floor. It has no
// snapshots.
type lockedKeeper struct {
	steps []step
	mu    sync.Mutex
	items map[string]*subtask
}

func loadLocked(s sample) (keeper, error) {
	all, err := s.items()
	items := make(map[string]*subtask, len(all))
	for _, item := range all {
		items[item.ID] = item
	}
	return &lockedKeeper{steps: s.steps, items: items}, err
}

func (k *lockedKeeper) update(step int) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	item, ok := k.items[k.steps[step].id]
	if !ok {
		return missing(k.steps[step].id)
	}
	item.Status = k.steps[step].status
	return nil
}

// find returns an item, for whoever holds the mutex or needs none.
func (k *lockedKeeper) find(id string) (*subtask, int) { return k.items[id], 0 }

func (k *lockedKeeper) put(_ int, item *subtask, status string) error {
	item.Status = status
	return nil
}

func (k *lockedKeeper) lookup(step int) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if item, ok := k.items[k.steps[step].id]; !ok || item.Status == "" {
		return missing(k.steps[step].id)
	}
	return nil
}

func (k *lockedKeeper) look(step int) error { return k.lookup(step) }

func (k *lockedKeeper) snapshot() any { return nil }
func (k *lockedKeeper) settle() error { return nil }

// items returns the subtasks of the plan in document order.
func (s sample) items() ([]*subtask, error) {
	p, err := s.plan()
	all := make([]*subtask, 0, s.subtasks())
	for _, phase := range p.Backlog {
		for _, milestone := range phase.Milestones {
			for _, task := range milestone.Tasks {
				for i := range task.Subtasks {
					item := task.Subtasks[i]
					all = append(all, &item)
				}
			}
		}
	}
	return all, err
}

// with returns a copy with another status.
func (s *subtask) with(status string) *subtask {
	changed := *s
	changed.Status = status
	return &changed
}
