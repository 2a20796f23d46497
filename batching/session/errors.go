package session

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

var (
	// ErrUnchanged says that there is nothing to derive a session from: the PRD
	// is still that of the session.
	ErrUnchanged = errors.New("the PRD has not changed")
	// ErrNoPRD says that a session does not know where its PRD is: see WithPRD.
	ErrNoPRD = errors.New("the place of the PRD is not known")
)

// Error says what could not be done, and with which file or directory.
type Error struct {
	// Op is what was to be done, such as "init" or "load".
	Op string
	// Path is the file or directory concerned.
	Path string
	Err  error
}

// Error returns the operation, the path and the cause.
func (e *Error) Error() string { return "session: " + e.Op + " " + e.Path + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// failed returns an *Error, or nil if there is none. What is an *Error already
// knows its path better and stays as it is.
func failed(op, path string, err error) error {
	if err == nil {
		return nil
	}
	var known *Error
	if errors.As(err, &known) {
		return err
	}
	return &Error{Op: op, Path: path, Err: withoutPath(err, path)}
}

// withoutPath spares the reader a second mention of the same path.
func withoutPath(err error, path string) error {
	if e, ok := err.(*fs.PathError); ok && filepath.Base(e.Path) == filepath.Base(path) {
		return e.Err
	}
	return err
}

// NameError reports a text that is not the name of a session.
type NameError struct{ Name string }

// Error says what a name looks like.
func (e *NameError) Error() string {
	return fmt.Sprintf("%q is not the name of a session: want 3 to %d digits, _ and %d hex digits, such as 001_14b9dc2a33c7",
		e.Name, maxSequenceDigits, hashDigits)
}

// EncodingError reports a text that is not UTF-8.
type EncodingError struct {
	// Offset of the first wrong byte, from 0, and its line, from 1.
	Offset, Line int
}

// Error says where the first wrong byte is.
func (e *EncodingError) Error() string {
	return fmt.Sprintf("line %d: byte %d of the text is not UTF-8", e.Line, e.Offset)
}

// SignalError reports that a signal has ended Run.
type SignalError struct{ Signal os.Signal }

// Error names the signal.
func (e *SignalError) Error() string { return "ended by the signal: " + e.Signal.String() }
