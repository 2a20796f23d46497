package batching

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/merge"
)

// ErrClosed refuses updates of a Batcher after Close.
var ErrClosed = errors.New("the batcher is closed")

// FlushError reports that pending updates could not be saved. All of them stay
// pending, and the next flush tries again.
type FlushError struct {
	// Pending is the number of updates that stay pending.
	Pending int
	// Attempts is how often the store was asked to save.
	Attempts int
	// Preserved is the recovery file that holds them all, "" if none does.
	Preserved string
	// Err is what the store said last. PreserveErr says why there is no
	// recovery file, if there should be one.
	Err, PreserveErr error
}

// Error says what stays pending, and why.
func (e *FlushError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "cannot save %s, which stay pending", count(e.Pending, "update"))
	if e.Preserved != "" {
		fmt.Fprintf(&b, " and are preserved in %s", e.Preserved)
	}
	fmt.Fprintf(&b, ": %v", e.Err)
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " (after %d attempts)", e.Attempts)
	}
	if e.PreserveErr != nil {
		fmt.Fprintf(&b, "; nor can they be preserved: %v", e.PreserveErr)
	}
	return b.String()
}

// log logs what Error says.
func (e *FlushError) log(ctx context.Context, l *slog.Logger) {
	message := "Batch write failed, pending updates in memory only"
	attributes := []slog.Attr{slog.Int("pending", e.Pending), slog.Int("attempts", e.Attempts)}
	if e.Preserved != "" {
		message = "Batch write failed, pending updates preserved"
		attributes = append(attributes, slog.String("recovery", e.Preserved))
	}
	attributes = append(attributes, slog.Any("error", e.Err))
	if e.PreserveErr != nil {
		attributes = append(attributes, slog.Any("recovery_error", e.PreserveErr))
	}
	l.LogAttrs(ctx, slog.LevelError, message, attributes...)
}

// Unwrap returns the causes.
func (e *FlushError) Unwrap() []error {
	if e.PreserveErr == nil {
		return []error{e.Err}
	}
	return []error{e.Err, e.PreserveErr}
}

// ConflictError reports groups that were accepted, and that another writer's
// changes have made illegal before they were saved, or that would have
// overwritten those changes. They are left out, each as a whole. Everything
// else is saved, unless the error is joined with a *FlushError.
type ConflictError struct {
	// Groups are those left out since the last report, in order: the newest
	// 1000 of them.
	Groups []GroupConflict
	// Omitted is how many were left out before those. Each was logged.
	Omitted int
}

// GroupConflict is one group that was left out.
type GroupConflict struct {
	Group Group
	// Items are the two sides of every item that the group is about.
	Items []ItemConflict
	// Err says why: what the gate said, or one or several *MergeErrors.
	Err error
}

// MergeError says why a group is left out that the gate would have let pass on
// what another writer has stored: it would overwrite what they have written, or
// change an item of theirs that has the id of one of ours. It names the item
// (ID), the JSON keys of the values in question (Fields, none if it is about
// the item as such or its status), and what is wrong (Message).
type MergeError = merge.Error

// ItemConflict shows an item on both sides. An Item is zero where that side
// does not have it. Items are copies that keep no document in memory: they have
// status and fields, but no parent, children or unknown members.
type ItemConflict struct {
	// ID is zero for the fields of the document itself, and for a new item of a
	// level without ids.
	ID    document.ID
	about string
	typ   *document.Type
	// Ours is the item as it was with all our updates; it is zero for updates
	// from a recovery file, of which only the changes are known.
	Ours document.Item
	// Theirs is the item as the other writer has stored it.
	Theirs document.Item
}

// Error names every group with both sides, one a line.
func (e *ConflictError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s left out because of another writer's changes", count(e.Omitted+len(e.Groups), "group"))
	if e.Omitted > 0 {
		fmt.Fprintf(&b, ", the oldest %d of which are not listed", e.Omitted)
	}
	for _, g := range e.Groups {
		b.WriteString("\n\t")
		for i, item := range g.Items {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(item.String())
		}
		fmt.Fprintf(&b, ": %v", g.Err)
	}
	return b.String()
}

// Is reports whether the target is ErrConflict.
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }

// Unwrap returns why each group is illegal.
func (e *ConflictError) Unwrap() []error {
	errs := make([]error, len(e.Groups))
	for i, g := range e.Groups {
		errs[i] = g.Err
	}
	return errs
}

// String shows both sides: "P1.M1 (ours Complete, theirs Failed)".
func (c ItemConflict) String() string {
	if c.ID.Text() == "" {
		return c.about
	}
	return fmt.Sprintf("%s (ours %s, theirs %s)", c.ID, c.side(c.Ours), c.side(c.Theirs))
}

func (c ItemConflict) side(item document.Item) string {
	switch {
	case item.IsZero():
		return "none"
	case c.typ == nil:
		return item.String()
	}
	return c.typ.StatusName(item.Status())
}

// RecoveryError reports a recovery file that cannot be used. It is left alone.
type RecoveryError struct {
	Name string
	Err  error
}

// Error says which file, and why.
func (e *RecoveryError) Error() string { return fmt.Sprintf("recovery file %s: %v", e.Name, e.Err) }

// Unwrap returns the cause.
func (e *RecoveryError) Unwrap() error { return e.Err }

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
