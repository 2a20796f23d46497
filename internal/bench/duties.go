package main

import (
	"fmt"
	"sync"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

// withDuties is the end of the name of a peer that does all that ours does.
const withDuties = ", same duties"

// items is a peer without duties.
type items interface {
	keeper
	// find returns an item and its position, nil if there is none.
	find(id string) (*subtask, int)
	// put gives the item at a position another status, in a new snapshot.
	put(at int, item *subtask, status string) error
}

// dutifulKeeper adds to a peer what an update owes besides the new snapshot:
// the state machine and the dependencies are asked, each snapshot knows how
// many items have which status, and the update goes to the list of what is
// pending.
type dutifulKeeper struct {
	items
	steps    []step
	statuses []backlog.Status
	machine  *statemachine.Machine[document.Status, document.Event]
	// counts is by status. It belongs to a snapshot, so it never changes, unless
	// the keeper has no snapshots.
	counts  *[16]int
	inPlace bool
	pending []step
	// complete is what was counted last.
	complete int
}

// dutiful returns how to load a peer with duties.
func dutiful(load func(sample) (keeper, error)) func(sample) (keeper, error) {
	return func(s sample) (keeper, error) {
		bare, err := load(s)
		if err != nil {
			return nil, err
		}
		k := &dutifulKeeper{items: bare.(items), steps: s.steps, counts: new([16]int)}
		k.machine = backlog.Format().Type.Machine(subtaskLevel)
		for _, step := range s.steps {
			status, err := backlog.ParseStatus(step.status)
			if err != nil {
				return nil, err
			}
			k.statuses = append(k.statuses, status)
		}
		return k, nil
	}
}

const subtaskLevel = 3

func (k *dutifulKeeper) update(n int) error {
	step := k.steps[n]
	item, at := k.find(step.id)
	if item == nil {
		return missing(step.id)
	}
	from, err := backlog.ParseStatus(item.Status)
	if err != nil {
		return err
	}
	if err := k.allowed(item, from, k.statuses[n]); err != nil {
		return err
	}
	if err := k.put(at, item, step.status); err != nil {
		return err
	}
	if !k.inPlace {
		counts := *k.counts
		k.counts = &counts
	}
	k.counts[from]--
	k.counts[k.statuses[n]]++
	k.pending = append(k.pending, step)
	return nil
}

// allowed asks the machine, and for work to begin, whether all that the item
// waits for is complete.
func (k *dutifulKeeper) allowed(item *subtask, from, to backlog.Status) error {
	event, err := k.machine.EventTo(document.Status(from), document.Status(to))
	if err != nil {
		return err
	}
	if _, err := k.machine.Fire(document.Status(from), event); err != nil {
		return err
	}
	if to != backlog.StatusImplementing {
		return nil
	}
	for _, id := range item.Dependencies {
		if other, _ := k.find(id); other == nil || other.Status != complete {
			return fmt.Errorf("%s waits for %s", item.ID, id)
		}
	}
	return nil
}

func (k *dutifulKeeper) look(step int) error {
	item, _ := k.find(k.steps[step].id)
	if item == nil || item.Status != k.steps[step].status {
		return missing(k.steps[step].id)
	}
	k.complete = k.counts[backlog.StatusComplete]
	return nil
}

func (k *dutifulKeeper) snapshot() any { return [2]any{k.items.snapshot(), k.counts} }

func (k *dutifulKeeper) settle() error {
	k.pending = nil
	return k.items.settle()
}

// lockedDutifulKeeper does the duties in place, with a mutex held all the time:
// the least that they cost.
type lockedDutifulKeeper struct {
	mu sync.Mutex
	*dutifulKeeper
}

func loadDutifulLocked(s sample) (keeper, error) {
	k, err := dutiful(loadLocked)(s)
	if err != nil {
		return nil, err
	}
	duties := k.(*dutifulKeeper)
	duties.inPlace = true
	return &lockedDutifulKeeper{dutifulKeeper: duties}, nil
}

func (k *lockedDutifulKeeper) update(step int) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.dutifulKeeper.update(step)
}

func (k *lockedDutifulKeeper) look(step int) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.dutifulKeeper.look(step)
}
