package faultfs

import (
	"errors"
	"fmt"
)

// ErrStopped is returned by every operation after a crash, and by everything
// that was opened before one.
var ErrStopped = errors.New("faultfs: the system has stopped")

// Mode says how an operation fails.
type Mode uint8

const (
	// Before returns the error and does nothing.
	Before Mode = iota + 1
	// After does all of it and returns the error.
	After
	// Torn writes half of the bytes and returns the error; other operations
	// fail as with Before.
	Torn
	// Lie writes half of the bytes and reports success; other operations
	// succeed.
	Lie
	// CrashBefore stops the system before the operation.
	CrashBefore
	// CrashTorn stops the system in the middle of a write, or before any
	// other operation.
	CrashTorn
	// CrashAfter stops the system after the operation.
	CrashAfter
)

// String names the mode.
func (m Mode) String() string {
	names := [...]string{"none", "before", "after", "torn", "lie", "crash-before", "crash-torn", "crash-after"}
	if int(m) < len(names) {
		return names[m]
	}
	return fmt.Sprintf("Mode(%d)", m)
}

// Crashes reports whether the system stops.
func (m Mode) Crashes() bool { return m >= CrashBefore }

// Fault is a failure planted at an operation.
type Fault struct {
	// At is the number of the operation, counted from 1. Zero is no fault.
	At   int
	Mode Mode
	// Err is what the operation returns, where the mode returns an error.
	Err error
}

// verdict is what an operation has to do: its work, half of it or nothing, and
// then to return err.
type verdict struct {
	skip, half bool
	// lie reports half a write as whole.
	lie bool
	err error
}

// operation counts one operation and decides about it. The caller holds f.mu.
func (f *FS) operation(what string) verdict {
	if f.stopped {
		return verdict{skip: true, err: ErrStopped}
	}
	f.count++
	f.trace = append(f.trace, what)
	if f.fault.At == 0 || f.count < f.fault.At || f.count > f.fault.At && !f.fault.Mode.Crashes() {
		return verdict{}
	}
	f.fired = what
	switch f.fault.Mode {
	case Before:
		return verdict{skip: true, err: f.fault.Err}
	case After:
		return verdict{err: f.fault.Err}
	case Torn:
		return verdict{half: true, err: f.fault.Err}
	case Lie:
		return verdict{half: true, lie: true}
	}
	f.stopped = true
	return verdict{
		skip: f.fault.Mode == CrashBefore,
		half: f.fault.Mode == CrashTorn,
		err:  ErrStopped,
	}
}
