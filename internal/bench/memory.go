package main

import (
	"encoding/json"
	"runtime"
	"time"

	"github.com/backlog-gen/backlog-gen/generated/backlog"
)

const (
	memoryName     = "memory of a parsed document"
	itemMemoryName = "memory per subtask"
	besideTextName = "memory per subtask, beside the text"
	collectName    = "full garbage collection, document in memory"
	pauseName      = "pauses of that collection"
)

// measureMemory weighs a parsed document, its text included where it is kept,
// and sees what a garbage collection costs while it is there.
func measureMemory(m *meter, s sample) error {
	for _, c := range []struct {
		name  string
		parse func(text []byte) (any, error)
	}{
		{ours, func(text []byte) (any, error) { return backlog.Parse(text) }},
		{plainName, func(text []byte) (any, error) {
			p := new(plan)
			return p, json.Unmarshal(text, p)
		}},
	} {
		parsed := func() (any, error) { // so that the text is garbage afterwards
			text, err := s.text()
			if err != nil {
				return nil, err
			}
			return c.parse(text)
		}
		if err := measureParsed(m, s, c.name, parsed); err != nil {
			return err
		}
	}
	return nil
}

func measureParsed(m *meter, s sample, contender string, parsed func() (any, error)) error {
	base := result{size: s.name, contender: contender, subtasks: s.curve()}
	memory, item, beside, collect, pause := base, base, base, base, base
	memory.what, memory.unit = memoryName, timesItsBytes
	item.what, item.unit = itemMemoryName, heapBytes
	beside.what, beside.unit = besideTextName, heapBytes
	collect.what, collect.unit = collectName, nanoseconds
	pause.what, pause.unit = pauseName, nanoseconds
	before := heap()
	document, err := parsed()
	if err != nil {
		return err
	}
	used := float64(heap() - before)
	memory.runs = []float64{used / float64(s.bytes)}
	item.runs = []float64{used / float64(s.subtasks())}
	beside.runs = []float64{(used - float64(s.bytes)) / float64(s.subtasks())}
	for range m.runs {
		full, paused := collection()
		collect.runs = append(collect.runs, full)
		pause.runs = append(pause.runs, paused)
	}
	runtime.KeepAlive(document)
	for _, r := range []result{memory, item, beside, collect, pause} {
		m.add(r)
	}
	return nil
}

// collection collects garbage once and returns the nanoseconds that it took and
// that it stopped the program.
func collection() (full, paused float64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	runtime.GC()
	full = float64(time.Since(start))
	runtime.ReadMemStats(&after)
	return full, float64(after.PauseTotalNs - before.PauseTotalNs)
}
