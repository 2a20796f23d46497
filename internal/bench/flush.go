package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/backlog-gen/backlog-gen/generated/backlog"
)

const (
	flushName    = "flush of 100 changes to a file"
	durableName  = "durable write, bare"
	unsyncedName = "unsynced write, bare"
)

// measureFlush compares a flush with writing the same bytes by the same calls.
// All replace a file of the same size, in turns. How wide the tasks are makes no
// difference, so the wide sample is left out.
func measureFlush(m *meter, s sample) error {
	if s.curve() == 0 {
		return nil
	}
	dir, err := os.MkdirTemp(filepath.Dir(s.file), "flush")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	text, err := s.text()
	if err != nil {
		return err
	}
	file, bare, unsynced := filepath.Join(dir, "flushed.json"), filepath.Join(dir, "bare.json"), filepath.Join(dir, "unsynced.json")
	for _, name := range []string{file, bare, unsynced} {
		if err := replace(name, text, true); err != nil {
			return err
		}
	}
	f := &flusher{steps: s.steps, next: s.endless(), unsynced: unsynced}
	if f.batcher, err = backlog.Open(context.Background(), file, silent); err != nil {
		return err
	}
	err = m.time(flushName, s.size,
		operation{contender: ours, prepare: f.change, run: f.flush},
		operation{contender: durableName, prepare: f.quiet, run: func() error { return replace(bare, text, true) }},
		operation{contender: unsyncedName, prepare: f.quiet, run: func() error { return replace(unsynced, text, false) }},
	)
	return errors.Join(err, f.batcher.Close(context.Background()))
}

// flusher keeps a file up to date.
type flusher struct {
	batcher *backlog.Batcher
	steps   []step
	next    func() int
	// unsynced is a file that somebody replaces without a sync.
	unsynced string
}

// change makes a hundred updates.
func (f *flusher) change() error {
	for range 100 {
		step := f.steps[f.next()]
		status, err := backlog.ParseStatus(step.status)
		if err != nil {
			return err
		}
		if _, err := f.batcher.UpdateStatus(context.Background(), backlog.MustItemID(step.id), status); err != nil {
			return err
		}
	}
	return f.quiet()
}

func (f *flusher) flush() error {
	_, err := f.batcher.Flush(context.Background())
	return err
}

// quiet brings to disk what the last unsynced write has left to be written, or
// the next one would pay for it.
func (f *flusher) quiet() error {
	file, err := os.OpenFile(f.unsynced, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// replace writes a file anew by way of a temporary one. With sync it survives a
// power cut.
func replace(name string, text []byte, sync bool) error {
	f, err := os.OpenFile(name+".tmp", os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err == nil && sync {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(name+".tmp", name); err != nil || !sync {
		return err
	}
	dir, err := os.Open(filepath.Dir(name))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
