package pgstore

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backlog-gen/backlog-gen/batching"
)

// channel is what is notified of new revisions: the payload is the document's
// name.
const channel = "backlog"

// notifier knows whether the server has NOTIFY: that it may be missing must not
// end a transaction.
type notifier struct{ state atomic.Int32 }

const (
	notifyUnknown = iota
	notifyWorks
	notifyMissing
)

// queue adds a notification to a transaction, once it is known to work.
func (n *notifier) queue(b *pgx.Batch, name string) {
	if n.state.Load() == notifyWorks {
		b.Queue("SELECT pg_notify($1, $2)", channel, name)
	}
}

// probe finds out whether the server has NOTIFY.
func (n *notifier) probe(ctx context.Context, pool *pgxpool.Pool, name string) {
	if n.state.Load() != notifyUnknown {
		return
	}
	_, err := pool.Exec(ctx, "SELECT pg_notify($1, $2)", channel, name)
	switch {
	case err == nil:
		n.state.Store(notifyWorks)
	case !transient(err) && ctx.Err() == nil:
		n.state.Store(notifyMissing)
	}
}

// Watch returns when another revision than the base is stored. It asks for the
// revision now and then, and sooner if the server notifies it. While the server
// cannot be reached, Watch waits for it and logs that. If the document is gone,
// the error satisfies errors.Is(err, fs.ErrNotExist).
func (s *Store) Watch(ctx context.Context, base batching.Revision) error {
	if err := s.check(); err != nil {
		return err
	}
	waits := false
	for {
		started := time.Now()
		changed, err := s.look(ctx, base)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && !transient(err):
			return s.failed(ctx, "watch", err)
		case changed:
			return nil
		case err != nil && !waits:
			s.log.LogAttrs(ctx, slog.LevelWarn, "Watch waits for the server",
				slog.String("document", s.name), slog.Any("error", wrap(ctx, "watch", err)))
		}
		waits = err != nil
		rest := time.NewTimer(s.poll - time.Since(started))
		select {
		case <-ctx.Done():
			rest.Stop()
			return ctx.Err()
		case <-rest.C:
		}
	}
}

// look reports whether another revision than the base is stored. If not, and if
// the pool has connections to spare, it listens for as long as it has until the
// next look.
func (s *Store) look(ctx context.Context, base batching.Revision) (changed bool, err error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Release()
	stat := s.pool.Stat()
	listen := 2*stat.AcquiredConns() <= stat.MaxConns() && s.notify.state.Load() != notifyMissing
	if listen {
		defer unlisten(ctx, conn)
		_, err := conn.Exec(ctx, "LISTEN "+channel)
		switch {
		case err == nil:
		case codeOf(err) == readOnlyTransaction: // a standby: it can be read, if not listened to
			listen = false
		case transient(err) || ctx.Err() != nil:
			return false, err
		default:
			s.notify.state.Store(notifyMissing)
			listen = false
		}
	}
	if changed, err = s.changed(ctx, conn, base); err != nil || changed || !listen {
		return changed, err
	}
	waiting, cancel := context.WithTimeout(ctx, s.poll)
	defer cancel()
	for {
		note, err := conn.Conn().WaitForNotification(waiting)
		if err != nil {
			break // in most cases, time is up
		}
		if note.Payload == s.name {
			changed = true
			break
		}
	}
	return changed, nil
}

// unlisten makes a connection fit for the pool again, also if the caller has
// given up. One with which that fails is closed.
func unlisten(ctx context.Context, conn *pgxpool.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if conn.Conn().IsClosed() {
		return
	}
	if _, err := conn.Exec(ctx, "UNLISTEN "+channel); err != nil {
		_ = conn.Conn().Close(ctx)
		return
	}
	cancel()
	for { // what has come in by now is returned at once
		if _, err := conn.Conn().WaitForNotification(ctx); err != nil {
			return
		}
	}
}

func (s *Store) changed(ctx context.Context, conn *pgxpool.Conn, base batching.Revision) (bool, error) {
	var now revision
	err := conn.QueryRow(ctx, "SELECT revision, token FROM backlog.document WHERE name = $1", s.name).Scan(&now.number, &now.token)
	return err == nil && now.revision() != base, err
}
