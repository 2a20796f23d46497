package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"time"
)

// unit says what a figure counts. Less is better, whatever it is.
type unit int

const (
	nanoseconds unit = iota
	heapBytes
	timesItsBytes // bytes of memory for each byte of the document
)

// result is what one contender has shown at one size.
type result struct {
	what, size, contender string
	// subtasks is where the result belongs in a growth curve: 0 for none.
	subtasks int
	unit     unit
	// runs holds one figure for each run.
	runs []float64
	// processed is how many bytes of text go through one operation, where that
	// is what matters: then the figure is told as a speed.
	processed int64
	// allocations, to one decimal, and allocated bytes of one operation, medians
	// too.
	allocations, allocated float64
}

// ours is the contender that the others are compared with.
const ours = "ours"

func (r result) median() float64 { return median(r.runs) }

// speed is in bytes per second.
func (r result) speed() float64 { return float64(r.processed) / r.median() * 1e9 }

// spread is half of the range of the runs, relative to the median.
func (r result) spread() float64 {
	if r.median() == 0 {
		return 0
	}
	return (slices.Max(r.runs) - slices.Min(r.runs)) / 2 / r.median()
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// meter measures and collects the results.
type meter struct {
	// runs is how often each figure is measured; a run takes at least atLeast.
	runs    int
	atLeast time.Duration
	// comparedOnly leaves out whoever is not compared in a short run.
	comparedOnly bool
	results      []result
	// progress is where each result is told at once.
	progress io.Writer
}

// operation is something to time.
type operation struct {
	contender string
	// what is as in result, where it is another than that of its turn.
	what string
	// prepare, if set, is called before each batch. It is not timed.
	prepare func() error
	// run does the operation once.
	run func() error
	// batch is how often it is done between two looks at the clock: at least
	// once.
	batch int
	// processed is as in result.
	processed int64
}

// time measures operations in turns, so that whatever else the machine does
// meets all of them, and adds the nanoseconds of each.
func (m *meter) time(what string, s size, ops ...operation) error {
	timings := make([]timing, len(ops))
	for range m.runs {
		for i, op := range ops {
			runtime.GC()
			if err := timings[i].add(op, m.atLeast); err != nil {
				return fmt.Errorf("%s, %s, %s: %w", what, s.name, op.contender, err)
			}
		}
	}
	for i, op := range ops {
		m.add(timings[i].result(what, s, op))
	}
	return nil
}

func (m *meter) add(r result) {
	m.results = append(m.results, r)
	fmt.Fprintf(m.progress, "%s, %s, %s: %s\n", r.what, r.size, r.contender, r)
}

// timing is the runs of one operation.
type timing struct {
	nanoseconds, allocations, allocated []float64
}

// add runs an operation in batches until it has taken long enough. Allocations
// are those of the first batch.
func (t *timing) add(op operation, atLeast time.Duration) error {
	var taken time.Duration
	var before, after runtime.MemStats
	count, batch := 0, max(1, op.batch)
	for taken < atLeast || count == 0 {
		if op.prepare != nil {
			if err := op.prepare(); err != nil {
				return err
			}
		}
		if count == 0 {
			runtime.ReadMemStats(&before)
		}
		start := time.Now()
		err := repeat(op.run, batch)
		taken += time.Since(start)
		if err != nil {
			return err
		}
		if count == 0 {
			runtime.ReadMemStats(&after)
		}
		count += batch
	}
	t.nanoseconds = append(t.nanoseconds, float64(taken)/float64(count))
	t.allocations = append(t.allocations, float64(after.Mallocs-before.Mallocs)/float64(batch))
	t.allocated = append(t.allocated, float64(after.TotalAlloc-before.TotalAlloc)/float64(batch))
	return nil
}

func (t *timing) result(what string, s size, op operation) result {
	return result{
		what: cmp.Or(op.what, what), size: s.name, contender: op.contender, subtasks: s.curve(), unit: nanoseconds,
		runs: t.nanoseconds, processed: op.processed,
		allocations: math.Round(10*median(t.allocations)) / 10, allocated: median(t.allocated),
	}
}

// curve returns the number of subtasks, 0 for a sample whose tasks are wider
// than those of the others.
func (s size) curve() int {
	if s.fanOut[3] > 10 {
		return 0
	}
	return s.subtasks()
}

func repeat(f func() error, n int) error {
	for range n {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}
