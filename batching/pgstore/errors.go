package pgstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/backlog-gen/backlog-gen/batching"
)

// Error is what went wrong between the store and the server. It never holds a
// password. Those that may pass by themselves, such as a server that restarts,
// are of batching.ErrTransient.
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
	return fmt.Sprintf("pgstore: %q is no name of a document: it must be 1 to %d letters, digits and . _ - /", name, maxName)
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

// clashing runs a transaction again while it only fails because others touch the
// same rows at the same moment: the server has undone it then.
func clashing(ctx context.Context, f func() error) error {
	for attempt := 1; ; attempt++ {
		err := f()
		var refusal *pgconn.PgError
		if !errors.As(err, &refusal) || refusal.Code != serializationFailure && refusal.Code != deadlockDetected || attempt == maxClashes {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Duration(attempt) * time.Millisecond):
		}
	}
}

const (
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
)

// transientCode judges what a server says. See "PostgreSQL Error Codes" in the
// manual.
func transientCode(code string) bool {
	switch code {
	case serializationFailure, deadlockDetected,
		"40003", // statement_completion_unknown
		"53300", // too_many_connections
		"55P03", // lock_not_available
		"25P03", // idle_in_transaction_session_timeout
		"57P01", // admin_shutdown
		"57P02", // crash_shutdown
		"57P03", // cannot_connect_now
		"57P05": // idle_session_timeout
		return true
	}
	return len(code) == 5 && code[:2] == "08" // connection exceptions
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
