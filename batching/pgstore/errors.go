package pgstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backlog-gen/backlog-gen/batching"
)

// Error is what went wrong between the store and the server. It never holds a
// password. One that may pass by itself, such as that of a server that
// restarts, satisfies errors.Is(err, batching.ErrTransient).
type Error struct {
	// Op is what was being done: "load", "save", …
	Op string
	// Err is what the server, or the connection to it, said.
	Err error
	// gaveUp is whether the caller had by then.
	gaveUp bool
}

// Error says what was being done, and what the server said to it.
func (e *Error) Error() string { return fmt.Sprintf("pgstore: %s: %v", e.Op, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether the target is batching.ErrTransient, and trying again may
// help.
func (e *Error) Is(target error) bool {
	return target == batching.ErrTransient && !e.gaveUp && transient(e.Err)
}

// wrap returns an *Error, nil for nil.
func wrap(ctx context.Context, op string, err error) error {
	if err == nil {
		return nil
	}
	var known *Error
	if errors.As(err, &known) {
		return err
	}
	return &Error{Op: op, Err: err, gaveUp: ctx.Err() != nil}
}

// NameError refuses the name of a document.
type NameError struct{ Name string }

// Error says what a name may be.
func (e *NameError) Error() string {
	name := e.Name
	if len(name) > maxName {
		name = name[:maxName] + "…"
	}
	return fmt.Sprintf("pgstore: %q is not a name that a document can have: it must be 1 to %d letters, digits and . _ - /", name, maxName)
}

const maxName = 200

// checkName returns a *NameError if a document cannot have the name.
func checkName(name string) error {
	if name == "" || len(name) > maxName {
		return &NameError{name}
	}
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case c == '.', c == '_', c == '-', c == '/':
		default:
			return &NameError{name}
		}
	}
	return nil
}

// transient reports whether trying again may help: the server is busy, starts or
// stops, or cannot be reached. It does not if the caller has given up, which its
// context says: a deadline in the error may be that of the driver.
func transient(err error) bool {
	if errors.Is(err, context.Canceled) {
		return false
	}
	var refusal *pgconn.PgError
	if errors.As(err, &refusal) {
		return transientCode(refusal.Code)
	}
	return disconnected(err)
}

// maxClashes is how often a transaction is tried that has met another one.
const maxClashes = 10

// repeat runs a transaction again that the server has undone and that may succeed
// now: while it only fails because others touch the same rows at the same moment,
// and once, over a new connection, where the server has become read-only.
func (s *Store) repeat(ctx context.Context, f func() error) error {
	moved := false
	for attempt := 1; ; attempt++ {
		err := f()
		switch code := codeOf(err); {
		case attempt == maxClashes:
			return err
		case code == serializationFailure, code == deadlockDetected:
		case !moved && leaveReadOnly(ctx, s.pool, err):
			moved = true
		default:
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Duration(attempt) * time.Millisecond):
		}
	}
}

// leaveReadOnly reports whether the server refuses to write, as it does when
// another one has taken its place. It closes the idle connections that cannot
// write: new ones lead to the server that does, if how to connect can tell.
func leaveReadOnly(ctx context.Context, pool *pgxpool.Pool, err error) bool {
	if codeOf(err) != readOnlyTransaction {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, maxAnswer)
	defer cancel()
	// The pool is the program's, too: what it uses, and what can write, stays.
	for _, conn := range pool.AcquireAllIdle(ctx) {
		var readOnly string
		err := conn.QueryRow(ctx, "SHOW transaction_read_only").Scan(&readOnly)
		if err != nil || readOnly != "off" {
			_ = conn.Conn().Close(ctx)
		}
		conn.Release()
	}
	return true
}

// maxAnswer is how long idle connections have to say whether they can write. One
// that does not answer is closed.
const maxAnswer = time.Second

// codeOf returns what kind of error the server reports, "" if it reports none.
func codeOf(err error) string {
	var refusal *pgconn.PgError
	if !errors.As(err, &refusal) {
		return ""
	}
	return refusal.Code
}

const (
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	readOnlyTransaction  = "25006"
)

// transientCode judges what a server says: whether the same may succeed later,
// without anybody changing the program, the database or the rights in it. See
// "PostgreSQL Error Codes" in the manual.
func transientCode(code string) bool {
	switch code {
	case readOnlyTransaction, // another server writes now, or will
		"25P03", // idle_in_transaction_session_timeout
		"25P04", // transaction_timeout
		"55006", // object_in_use
		"55P03", // lock_not_available
		"57014", // query_canceled: by an administrator, or it took too long
		"57P01", // admin_shutdown
		"57P02", // crash_shutdown
		"57P03", // cannot_connect_now
		"57P05", // idle_session_timeout
		"58030", // io_error
		"72000": // snapshot_too_old
		return true
	case "40002", // transaction_integrity_constraint_violation
		"53400": // configuration_limit_exceeded
		return false
	}
	if len(code) != 5 {
		return false
	}
	switch code[:2] {
	case "08", // connection exceptions; by 08P01, poolers say that they have no server
		"40", // the transaction was rolled back
		"53": // not enough memory, disk or connections
		return true
	}
	return false
}

// disconnected reports whether an error comes from the connection, not from the
// server.
func disconnected(err error) bool {
	var refused *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &refused) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		err.Error() == "conn closed"
}
