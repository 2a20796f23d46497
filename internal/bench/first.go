package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/backlog-gen/backlog-gen/generated/backlog"
)

const (
	firstName  = "first update after Open of a file"
	secondName = "the second"
)

// measureFirst opens the file again for each run, and times its first updates one
// by one.
func measureFirst(m *meter, s sample) error {
	first := result{what: firstName, size: s.name, contender: ours, unit: nanoseconds}
	second := first
	second.contender = secondName
	for range m.runs {
		times, err := firstUpdates(s)
		if err != nil {
			return err
		}
		first.runs = append(first.runs, times[0])
		second.runs = append(second.runs, times[1])
	}
	m.add(first)
	m.add(second)
	return nil
}

// firstUpdates returns how long each of two updates of a copy of the file takes.
func firstUpdates(s sample) (times [2]float64, err error) {
	ctx := context.Background()
	text, err := s.text()
	if err != nil {
		return times, err
	}
	dir, err := os.MkdirTemp(filepath.Dir(s.file), "first")
	if err != nil {
		return times, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "plan.json")
	if err := replace(file, text, true); err != nil {
		return times, err
	}
	batcher, err := backlog.Open(ctx, file, silent)
	if err != nil {
		return times, err
	}
	defer func() { err = errors.Join(err, batcher.Close(ctx)) }()
	for i, step := range s.steps[:len(times)] {
		id, err := backlog.ParseItemID(step.id)
		if err != nil {
			return times, err
		}
		status, err := backlog.ParseStatus(step.status)
		if err != nil {
			return times, err
		}
		start := time.Now()
		if _, err := batcher.UpdateStatus(ctx, id, status); err != nil {
			return times, err
		}
		times[i] = float64(time.Since(start))
	}
	return times, nil
}
