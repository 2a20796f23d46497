package session

import (
	"context"
	"errors"
	"sync"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
)

// Session is one session: a PRD as it was at the start, and the backlog made of
// it. It is safe for concurrent use, and other programs may work on the same
// session: see package batching. Format and type parameters are those of a
// generated package.
type Session[B any, ID, S comparable] struct {
	format   batching.Format[B, ID, S]
	metadata Metadata
	options  options
	prd      string
	store    *backlogStore
	batcher  *batching.Batcher[B, ID, S]

	// mu guards current and orders its writes. saving orders calls of Save.
	mu      sync.Mutex
	current ID
	saving  sync.Mutex
}

// Metadata returns which session it is.
func (s *Session[B, ID, S]) Metadata() Metadata { return s.metadata }

// PRD returns the PRD as it was at the start.
func (s *Session[B, ID, S]) PRD() string { return s.prd }

// Changed reports whether the content of the PRD is no longer the one that the
// session was made for, by its hash. It reads the file at each call. The error
// wraps ErrNoPRD if the session does not know where the PRD is: see WithPRD.
func (s *Session[B, ID, S]) Changed(ctx context.Context) (bool, error) {
	const op = "compare PRD"
	if s.options.prdPath == "" {
		return false, failed(op, s.metadata.Dir(), ErrNoPRD)
	}
	if err := ctx.Err(); err != nil {
		return false, failed(op, s.options.prdPath, err)
	}
	now, err := readPRD(s.options.prdPath)
	if err != nil {
		return false, err
	}
	return now.hash != s.metadata.Hash, nil
}

// Backlog returns the backlog with all accepted updates: an empty one while
// there is no tasks.json. It never waits.
func (s *Session[B, ID, S]) Backlog() B { return s.batcher.Snapshot() }

// Batcher returns the batcher of the session's tasks.json, for what the session
// itself does not offer.
func (s *Session[B, ID, S]) Batcher() *batching.Batcher[B, ID, S] { return s.batcher }

// UpdateStatus changes the status of an item by the one event that leads there,
// in memory, and returns the new backlog. See [batching.Batcher.UpdateStatus].
func (s *Session[B, ID, S]) UpdateStatus(ctx context.Context, id ID, to S) (B, error) {
	b, err := s.batcher.UpdateStatus(ctx, id, to)
	return b, s.failed("update", err)
}

// Apply accepts a group of changes, all of them or none, in memory, and returns
// the new backlog. See [batching.Batcher.Apply].
func (s *Session[B, ID, S]) Apply(ctx context.Context, changes ...batching.Change[ID, S]) (B, error) {
	b, err := s.batcher.Apply(ctx, changes...)
	return b, s.failed("update", err)
}

// Edit accepts any change as one group, in memory, and returns the new backlog.
// See [batching.Batcher.Edit].
func (s *Session[B, ID, S]) Edit(ctx context.Context, edit func(B) (B, error)) (B, error) {
	b, err := s.batcher.Edit(ctx, edit)
	return b, s.failed("update", err)
}

// Flush writes what is pending to tasks.json, in one atomic write, and does
// nothing if there is nothing. See [batching.Batcher.Flush].
func (s *Session[B, ID, S]) Flush(ctx context.Context) (batching.Stats, error) {
	stats, err := s.batcher.Flush(ctx)
	return stats, s.failed("flush", err)
}

// Dirty reports whether updates are pending. It never waits.
func (s *Session[B, ID, S]) Dirty() bool { return s.batcher.Dirty() }

// Save makes b the backlog, and writes it. The first backlog is written as it
// is; afterwards, what differs from the present one passes the gate as one
// group, as in Edit, and a status that differs is an Advance. What was updated
// since b was taken from the session is changed back.
//
// If another program has written the first backlog in the meantime, b is not
// saved: the error satisfies errors.Is(err, batching.ErrConflict), and Backlog
// returns the other one from then on.
func (s *Session[B, ID, S]) Save(ctx context.Context, b B) error {
	s.saving.Lock()
	defer s.saving.Unlock()
	if !s.store.seen.Load() && !s.Dirty() {
		return s.failed("save", s.saveFirst(ctx, b))
	}
	if _, err := s.batcher.Edit(ctx, func(B) (B, error) { return b, nil }); err != nil {
		return s.failed("save", err)
	}
	_, err := s.batcher.Flush(ctx)
	return s.failed("save", err)
}

// saveFirst writes the first backlog and takes it in.
func (s *Session[B, ID, S]) saveFirst(ctx context.Context, b B) error {
	// The batcher refuses if the session is closed.
	if _, err := s.batcher.Edit(ctx, func(now B) (B, error) { return now, nil }); err != nil {
		return err
	}
	err := s.store.saveFirst(ctx, s.document(b))
	if err != nil && !errors.Is(err, batching.ErrConflict) {
		return err
	}
	_, refreshErr := s.batcher.Refresh(context.WithoutCancel(ctx))
	return errors.Join(err, refreshErr)
}

// document returns the document of a snapshot, an empty one for the zero B.
func (s *Session[B, ID, S]) document(b B) *document.Document {
	if d := s.format.Unwrap(b); d != nil {
		return d
	}
	return s.format.Type.New()
}

// Recoverable lists what ended programs have preserved and Recover has not
// dealt with.
func (s *Session[B, ID, S]) Recoverable() []batching.Recoverable { return s.batcher.Recoverable() }

// Recover applies what ended programs have preserved, and flushes. See
// [batching.Batcher.Recover].
func (s *Session[B, ID, S]) Recover(ctx context.Context) (batching.Stats, error) {
	stats, err := s.batcher.Recover(ctx)
	return stats, s.failed("recover", err)
}

// Close flushes and ends the session: updates are refused from then on. When the
// context is done first, what is pending is preserved in a recovery file. If the
// flush fails Close can be called again. See [batching.Batcher.Close].
func (s *Session[B, ID, S]) Close(ctx context.Context) error {
	return s.failed("close", s.batcher.Close(ctx))
}

func (s *Session[B, ID, S]) failed(op string, err error) error {
	return failed(op, s.store.path, err)
}
