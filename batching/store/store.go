// Package store says what a store of documents is: what package batching asks of
// it, and what it may offer besides. Whoever uses a Batcher finds the same names
// in package batching.
package store

import (
	"context"
	"errors"

	"github.com/backlog-gen/backlog-gen/document"
)

// Store keeps one document. A store may be used by several Batchers, and what
// it keeps may be changed by others at any time.
type Store interface {
	// Load reads the document and says which revision it is. If there is no
	// document, the error satisfies errors.Is(err, fs.ErrNotExist).
	Load(ctx context.Context, t *document.Type) (*document.Document, Revision, error)
	// Save stores a document in place of a revision, atomically: after an
	// error, what was stored before is still stored. It returns the new
	// revision once the document would survive a power cut. It returns
	//   - a *Conflict if what is stored is not the base any more;
	//   - an error that satisfies errors.Is(err, ErrNotDurable), together with
	//     the new revision, if the document is stored but might not survive;
	//   - any other error if the document is not stored. Errors that are worth
	//     another try are of ErrTransient, or one of the system's EBUSY,
	//     EAGAIN, ENFILE and EINTR.
	Save(ctx context.Context, s Save) (Revision, error)
	// Extras says what else the store can do. A Batcher asks once, when it
	// opens the store. Every store has the method, so that one that wraps
	// another cannot lose an ability by accident: it passes on what the other
	// returns, with its own parts in place of those that it changes.
	Extras() Extras
}

// Extras are the abilities that a store may have or not. A field that is nil
// says that the store lacks the ability. A store that only loads and saves returns Extras{}.
type Extras struct {
	// Refresher brings a document up to date without loading it whole.
	Refresher Refresher
	// Watcher notices when another writer has stored something.
	Watcher Watcher
	// Recovery preserves updates that cannot be saved.
	Recovery RecoveryStore
	// Leases hands out items to workers.
	Leases LeaseStore
}

// Revision names a state of what is stored. Only its store can read it; ""
// stands for nothing stored yet.
type Revision string

// Save is a document to store, and what it is to replace.
type Save struct {
	// Base is the revision that the document replaces. With "" there must be
	// nothing stored yet: else the error satisfies errors.Is(err, fs.ErrExist).
	Base Revision
	// Stored is the document of the base revision, nil if there is none.
	Stored *document.Document
	// Document is what to store.
	Document *document.Document
	// Groups are the pending groups that lead from Stored to Document, in
	// order, for stores that write down what was done. Applied to Stored they
	// make Document, nothing left out and nothing twice.
	//
	// After a Save that ended with ErrNotDurable, Stored has its groups
	// already, and Groups are those that were accepted since, perhaps none. The
	// next Save stores the document anew all the same, so that it becomes
	// durable. There are no groups where a document is stored for the first
	// time.
	Groups []Group
	// Leases are those that the Save relies on, without their ends: the items
	// change their status, and have been claimed. A store with leases makes
	// sure, in the step that saves, that none has ended, and returns an error
	// that satisfies errors.Is(err, ErrLeaseLost) if one has. The Batcher then
	// asks for them again, or leaves out the updates of items that somebody
	// else has.
	Leases []Lease
}

// Changed returns the items in which the document differs from the base, for
// stores that write only those. It costs time in proportion to them.
func (s Save) Changed() []document.Difference {
	return document.Diff(s.Stored, s.Document)
}

var (
	// ErrConflict is what a *Conflict and a *ConflictError are.
	ErrConflict = errors.New("changed by another writer")
	// ErrNotDurable says that a document is stored, but that it might not
	// survive a power cut.
	ErrNotDurable = errors.New("stored, but perhaps not durable")
	// ErrTransient says that trying again may help.
	ErrTransient = errors.New("worth another try")
)

// Conflict is how a Store says that somebody else has stored a document in the
// meantime. Nothing was saved.
type Conflict struct {
	// Document and Revision are what is stored now.
	Document *document.Document
	Revision Revision
	// Saved is how many of the Save's first groups are in it for sure, because
	// an earlier Save has stored them, though it ended with an error. SavedAs
	// is the document that it stored.
	Saved   int
	SavedAs *document.Document
}

// Error says that the base is gone.
func (c *Conflict) Error() string { return "what is stored was " + ErrConflict.Error() }

// Is reports whether the target is ErrConflict.
func (c *Conflict) Is(target error) bool { return target == ErrConflict }

// Refresher brings a document up to date without loading it whole. A Batcher asks
// it in place of Load, but for the first time.
type Refresher interface {
	// Refresh returns what is stored now, and its revision, given a document
	// and the revision that it is of. It returns that document itself, and its
	// revision, if nothing has changed. Errors are those of Load, and a
	// *Conflict if an earlier Save from that base turns out to have happened,
	// though it ended with an error: Saved and SavedAs tell what it has stored.
	Refresh(ctx context.Context, stored *document.Document, base Revision) (*document.Document, Revision, error)
}

// Watcher notices when another writer has stored something.
type Watcher interface {
	// Watch waits until what is stored is, or might be, another revision than
	// base, and returns nil then. It returns the context's error when that is
	// done first.
	Watch(ctx context.Context, base Revision) error
}

// RecoveryStore preserves pending updates that cannot be saved.
type RecoveryStore interface {
	// NewRecovery returns a place of the caller's own. Nothing is written
	// before the first Reserve or Preserve.
	NewRecovery() Recovery
	// Abandoned lists the places that hold something and belong to nobody. It
	// tidies up those that hold nothing.
	Abandoned(ctx context.Context) ([]string, error)
	// Claim makes an abandoned place the caller's own, and returns what it
	// holds. It returns a nil Recovery if somebody else was faster.
	Claim(ctx context.Context, name string) (Recovery, []byte, error)
}

// Recovery is one place for pending updates. It belongs to one owner at a
// time, also across processes, and is free when its owner's process ends. It is
// used by one goroutine at a time.
type Recovery interface {
	// Name says where it is, for messages and for Claim.
	Name() string
	// Reserve makes sure that so many bytes can be preserved later on, even if
	// the disk is full by then. It ends early, with the context's error, when
	// that is done: the space is needed no longer, or at once.
	Reserve(ctx context.Context, size int64) error
	// Preserve keeps data, durable, in place of what it kept before. After an
	// error that is still kept.
	Preserve(data []byte) error
	// Remove forgets everything, durable. The place can be used again. After
	// an error it is still the caller's, who can try again.
	Remove() error
	// Close ends the ownership. What is preserved stays.
	Close() error
}
