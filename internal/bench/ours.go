package main

import (
	"context"
	"log/slog"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/generated/backlog"
)

// batcherKeeper is this project: the generated package on a store in memory. An
// update finds its item, asks the machine and the guards, makes a snapshot and
// goes to the list of what is pending.
type batcherKeeper struct {
	batcher  *backlog.Batcher
	steps    []step
	ids      []backlog.SubtaskID
	statuses []backlog.Status
	// complete is what was counted last.
	complete int
}

func loadBatcher(s sample) (keeper, error) {
	batcher, err := openInMemory(s)
	if err != nil {
		return nil, err
	}
	k := &batcherKeeper{batcher: batcher, steps: s.steps}
	for _, step := range s.steps {
		id, err := backlog.ParseSubtaskID(step.id)
		if err != nil {
			return nil, err
		}
		status, err := backlog.ParseStatus(step.status)
		if err != nil {
			return nil, err
		}
		k.ids = append(k.ids, id)
		k.statuses = append(k.statuses, status)
	}
	return k, nil
}

func openInMemory(s sample) (*backlog.Batcher, error) {
	text, err := s.text()
	if err != nil {
		return nil, err
	}
	return backlog.OpenStore(context.Background(), memoryStore{text}, silent)
}

// silent keeps a batcher from logging.
var silent = batching.WithLogger(slog.New(slog.DiscardHandler))

func (k *batcherKeeper) update(step int) error {
	_, err := k.batcher.UpdateStatus(context.Background(), k.ids[step].Item(), k.statuses[step])
	return err
}

// updateByText is update for a caller that has the id as text only.
func (k *batcherKeeper) updateByText(step int) error {
	id, err := backlog.ParseItemID(k.steps[step].id)
	if err != nil {
		return err
	}
	_, err = k.batcher.UpdateStatus(context.Background(), id, k.statuses[step])
	return err
}

func (k *batcherKeeper) lookup(step int) error {
	item, ok := k.batcher.Snapshot().Subtask(k.ids[step])
	if !ok || item.Status() == 0 {
		return missing(k.steps[step].id)
	}
	return nil
}

func (k *batcherKeeper) look(step int) error {
	b := k.batcher.Snapshot()
	item, ok := b.Subtask(k.ids[step])
	if !ok || item.Status() != k.statuses[step] {
		return missing(k.steps[step].id)
	}
	k.complete = b.Count(backlog.LevelSubtask, backlog.StatusComplete)
	return nil
}

func (k *batcherKeeper) snapshot() any { return k.batcher.Snapshot() }

func (k *batcherKeeper) settle() error {
	_, err := k.batcher.Flush(context.Background())
	return err
}

// memoryStore is a store that saves nothing, so that only the work in memory is
// measured.
type memoryStore struct{ text []byte }

func (m memoryStore) Load(_ context.Context, t *document.Type) (*document.Document, batching.Revision, error) {
	d, err := t.ParseOwned(m.text)
	return d, "loaded", err
}

func (m memoryStore) Save(context.Context, batching.Save) (batching.Revision, error) {
	return "saved", nil
}

func (m memoryStore) Extras() batching.Extras { return batching.Extras{} }
