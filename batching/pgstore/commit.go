package pgstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/backlog-gen/backlog-gen/batching"
	"github.com/backlog-gen/backlog-gen/document"
)

const (
	// askFor is how long the server is asked what became of a commit.
	askFor = 15 * time.Second
	// From the one wait to the other, doubling, between two questions.
	firstAsk = 20 * time.Millisecond
	lastAsk  = time.Second
)

// commitSave is commit for a Save. If the outcome is not known, the next Save from
// the same base finds out.
func (s *Store) commitSave(ctx context.Context, tx pgx.Tx, base, next revision, save batching.Save) error {
	err := s.commit(ctx, tx, next)
	var unknown *outcomeError
	if errors.As(err, &unknown) {
		s.lost.add(lostCommit{base, next, save})
	}
	return err
}

// commit ends the transaction that has made a revision. If the connection is
// lost before the server has answered, the server is asked what became of it. The
// error is an *outcomeError if it cannot be asked.
func (s *Store) commit(ctx context.Context, tx pgx.Tx, next revision) error {
	err := tx.Commit(ctx)
	if err == nil || !ambiguous(err) {
		return err
	}
	// Also if the caller has given up: it has to be told what is stored.
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.askFor)
	defer cancel()
	for wait := firstAsk; ; wait = min(2*wait, lastAsk) {
		committed, askErr := s.committed(asking, next)
		switch {
		case askErr == nil && committed:
			return nil
		case askErr == nil:
			return fmt.Errorf("not committed: %w", err)
		case asking.Err() != nil || !transient(askErr):
			return &outcomeError{err}
		}
		leaveReadOnly(asking, s.pool, askErr)
		select {
		case <-asking.Done():
		case <-time.After(wait):
		}
	}
}

// outcomeError says that it is not known whether a commit was stored. A Save that
// is tried again finds out first; a Replace does not, and replaces what others may
// have stored in the meantime.
type outcomeError struct{ err error }

func (e *outcomeError) Error() string {
	return fmt.Sprintf("the connection was lost while committing, and the server cannot be asked for the outcome: a flush that is tried again finds out, a replacement replaces whatever is stored by then: %v", e.err)
}

func (e *outcomeError) Unwrap() error { return e.err }

// ambiguous reports whether the outcome of a commit is open. What the server
// refuses has not happened, unless it was about to end.
func ambiguous(err error) bool {
	var refusal *pgconn.PgError
	if !errors.As(err, &refusal) {
		return !errors.Is(err, pgx.ErrTxCommitRollback)
	}
	switch refusal.Code {
	case "40003", "57P01", "57P02", "57P03":
		return true
	}
	return refusal.Code[:2] == "08"
}

// committed reports whether a revision has ever been stored. It waits for a
// transaction that may still be storing it.
func (s *Store) committed(ctx context.Context, r revision) (bool, error) {
	tx, now, err := s.begin(ctx)
	if tx != nil {
		defer end(ctx, tx)
	}
	if isNoRows(err) {
		if r.number > 1 {
			return false, nil
		}
		return s.created(ctx, tx, r)
	}
	if err != nil {
		return false, err
	}
	return s.logged(ctx, tx, now.id, r)
}

// created is committed for a document that is not there yet, and that somebody
// may be about to commit: a row of the same name has to wait for that.
func (s *Store) created(ctx context.Context, tx pgx.Tx, r revision) (bool, error) {
	var id int64
	err := tx.QueryRow(ctx, `
		INSERT INTO backlog.document (name, revision, token, schema, frame, size, digest, logged)
		VALUES ($1, 0, '', '', '', 0, '', 0) ON CONFLICT (name) DO NOTHING RETURNING id`, s.name).Scan(&id)
	if err == nil {
		return false, tx.Rollback(ctx)
	}
	if !isNoRows(err) {
		return false, err
	}
	if err := tx.QueryRow(ctx, "SELECT id FROM backlog.document WHERE name = $1", s.name).Scan(&id); err != nil {
		return false, err
	}
	return s.logged(ctx, tx, id, r)
}

// logged reports whether a revision is in the log.
func (s *Store) logged(ctx context.Context, tx pgx.Tx, id int64, r revision) (bool, error) {
	var token string
	err := tx.QueryRow(ctx, "SELECT token FROM backlog.change WHERE document = $1 AND revision = $2", id, r.number).Scan(&token)
	if isNoRows(err) {
		return false, nil
	}
	return err == nil && token == r.token, err
}

func isNoRows(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

// lostCommit is a save whose outcome is not known.
type lostCommit struct {
	base, next revision
	save       batching.Save
}

// lostCommits remembers them until the next save from the same base.
type lostCommits struct {
	mu   sync.Mutex
	list []lostCommit
}

func (l *lostCommits) add(c lostCommit) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, c)
}

// take removes and returns those that a save repeats: with the same base, and
// the same groups first.
func (l *lostCommits) take(base revision, stored, created *document.Document) []lostCommit {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []lostCommit
	l.list = slices.DeleteFunc(l.list, func(c lostCommit) bool {
		// A document in memory belongs to one Batcher.
		repeated := c.base == base && c.save.Stored == stored && (stored != nil || c.save.Document == created)
		if repeated {
			out = append(out, c)
		}
		return repeated
	})
	return out
}

// putBack remembers them for another time.
func (l *lostCommits) putBack(list []lostCommit) {
	for _, c := range list {
		l.add(c)
	}
}
