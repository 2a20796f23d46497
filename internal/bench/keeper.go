package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
)

// keeper keeps a plan in memory and takes the steps of its sample, which it
// names by their position.
type keeper interface {
	// update takes a step.
	update(step int) error
	// lookup finds the item of a step and looks at its status.
	lookup(step int) error
	// look does the same in the snapshot that the last update has made, and asks
	// how many items are complete there, where the keeper counts.
	look(step int) error
	// snapshot returns the plan as it is now and stays, nil if updates change
	// it in place.
	snapshot() any
	// settle gets rid of what updates leave behind for later.
	settle() error
}

// contender is a way to keep a plan.
type contender struct {
	name string
	load func(sample) (keeper, error)
	// batch is how many updates are taken between two looks at the clock.
	batch int
	// retained is how many snapshots are held to see what one costs: 0 where
	// there are none.
	retained int
}

const (
	scanName   = "scan and copy"
	indexName  = "scan by index and copy"
	mapName    = "benbjohnson/immutable Map"
	listName   = "benbjohnson/immutable List"
	lockedName = "mutex and plain map, in place"
)

var keepers = []contender{
	{ours, loadBatcher, 10_000, 10_000},
	{scanName, loadScan, 10, 20},
	{scanName + withDuties, dutiful(loadScan), 10, 0},
	{indexName, loadIndexScan, 10, 0},
	{mapName, loadMap, 1000, 10_000},
	{mapName + withDuties, dutiful(loadMap), 1000, 0},
	{listName, loadList, 1000, 10_000},
	{listName + withDuties, dutiful(loadList), 1000, 0},
	{lockedName, loadLocked, 1000, 0},
	{lockedName + withDuties, loadDutifulLocked, 1000, 0},
}

const (
	updateName = "update"
	byTextName = "update, id read from text"
	lookedName = "update, and a look at its snapshot"
	lookupName = "lookup"
	retainName = "snapshot retained after one update"
)

// compared are the contenders whose ratios to ours are held against targets, and
// near enough to them that noise could decide.
var compared = []string{ours, mapName + withDuties, lockedName + withDuties}

// measureKeepers measures updates, lookups and snapshots. Those that are compared
// with ours are measured in turns, so that whatever else the machine does meets all
// of them, and are in memory together for that. The others follow one by one.
func measureKeepers(m *meter, s sample) error {
	if m.comparedOnly {
		return measureCompared(m, s, []string{ours, mapName + withDuties})
	}
	if err := measureCompared(m, s, compared); err != nil {
		return err
	}
	for _, c := range keepers {
		if err := measureKeeper(m, s, c); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// measureCompared measures updates, and updates with a look, of contenders in turns.
func measureCompared(m *meter, s sample, names []string) error {
	var updates, looked []operation
	for _, name := range names {
		c := keepers[slices.IndexFunc(keepers, func(c contender) bool { return c.name == name })]
		k, err := c.load(s)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if m.comparedOnly {
			c.batch = 10_000
		}
		next := s.endless()
		updates = append(updates, c.updates(k, next))
		looked = append(looked, c.looked(k, next))
	}
	first := len(m.results)
	if err := m.time(updateName, s.size, updates...); err != nil {
		return err
	}
	for i := range names {
		if names[i] != ours {
			m.results[first+i].subtasks = 0 // its curve would lie on that of the bare one
		}
	}
	return m.time(lookedName, s.size, looked...)
}

// updates is an update.
func (c contender) updates(k keeper, next func() int) operation {
	return operation{contender: c.name, prepare: k.settle, batch: c.batch, run: func() error { return k.update(next()) }}
}

// looked is an update and a look at its snapshot.
func (c contender) looked(k keeper, next func() int) operation {
	return operation{contender: c.name, prepare: k.settle, batch: c.batch, run: func() error {
		step := next()
		if err := k.update(step); err != nil {
			return err
		}
		return k.look(step)
	}}
}

// measureKeeper measures what measureCompared has not measured of a contender.
func measureKeeper(m *meter, s sample, c contender) error {
	hasDuties := strings.HasSuffix(c.name, withDuties)
	if hasDuties && slices.Contains(compared, c.name) {
		return nil
	}
	k, err := c.load(s)
	if err != nil {
		return err
	}
	next := s.endless()
	if c.name != ours {
		if err := m.time(updateName, s.size, c.updates(k, next)); err != nil {
			return err
		}
	}
	if hasDuties {
		m.results[len(m.results)-1].subtasks = 0 // its curve would lie on that of the bare one
		// It looks items up as the bare one does.
		return m.time(lookedName, s.size, c.looked(k, next))
	}
	if b, ok := k.(*batcherKeeper); ok {
		byText := operation{contender: c.name, prepare: k.settle, batch: c.batch, run: func() error { return b.updateByText(next()) }}
		if err := m.time(byTextName, s.size, byText); err != nil {
			return err
		}
	}
	find := s.endless()
	lookup := operation{contender: c.name, batch: c.batch, run: func() error { return k.lookup(find()) }}
	if err := m.time(lookupName, s.size, lookup); err != nil {
		return err
	}
	return measureRetained(m, s, c, k, next)
}

// measureRetained holds snapshots with one update between each two, and weighs
// them.
func measureRetained(m *meter, s sample, c contender, k keeper, next func() int) error {
	if c.retained == 0 {
		return nil
	}
	var runs []float64
	for range m.runs {
		held := make([]any, c.retained)
		if err := k.settle(); err != nil {
			return err
		}
		before := heap()
		for i := range held {
			if err := k.update(next()); err != nil {
				return err
			}
			held[i] = k.snapshot()
		}
		if err := k.settle(); err != nil {
			return err
		}
		runs = append(runs, float64(heap()-before)/float64(len(held)))
		runtime.KeepAlive(held)
	}
	m.add(result{what: retainName, size: s.name, contender: c.name, subtasks: s.curve(), unit: heapBytes, runs: runs})
	return nil
}

// heap returns the bytes that are in use.
func heap() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC() // frees what the first has found to be garbage only late
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// endless returns the positions of the steps, again and again.
func (s sample) endless() func() int {
	next := -1
	return func() int {
		if next++; next == len(s.steps) {
			next = 0
		}
		return next
	}
}

// missing is the error of a keeper that does not find an item.
func missing(id string) error { return fmt.Errorf("there is no item %s", id) }
