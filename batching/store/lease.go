package store

import (
	"context"
	"errors"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/joiner"
)

const (
	// MinLease and MaxLease bound the duration of leases.
	MinLease = 100 * time.Millisecond
	MaxLease = 24 * time.Hour
)

// MaxWorker is how many bytes the name of a worker may have.
const MaxWorker = 200

// ErrLeaseLost says that a lease has ended on which a save relies.
var ErrLeaseLost = errors.New("lease lost")

// Lease says that a worker has an item for a time.
type Lease struct {
	ID     document.ID
	Worker string
	// Expires is when the lease ends, by the clock of the store.
	Expires time.Time
}

// Candidate is an item that may be handed out while it has this status.
type Candidate struct {
	ID     document.ID
	Status document.Status
}

// Acquire is what a worker asks a LeaseStore for: up to N of the candidates, in
// their order, that nobody holds and whose stored status is still the candidate's.
// An expired lease holds nothing. A lease that the worker has already counts as
// held. The store may skip items that others acquire at this moment, and so return
// fewer than there are, or none.
type Acquire struct {
	// Base is the revision that the candidates were chosen from, and Stored
	// its document.
	Base   Revision
	Stored *document.Document
	Worker string
	// Candidates are all different.
	Candidates []Candidate
	N          int
	// Duration of the leases, from now on by the clock of the store.
	Duration time.Duration
}

// LeaseStore hands out items of a document for a time. A lease says nothing about
// the document: it is kept beside it, and ends by itself.
//
// Time is the store's own: leases expire by its clock, never by a worker's. All
// methods are safe for concurrent use, in many processes.
type LeaseStore interface {
	// Acquire leases candidates to a worker, in one atomic and durable step. It
	// returns them in their order. With an error nothing is leased, or what is
	// leased expires unused. If the candidates were chosen from a document that
	// is no longer stored, the error is a *Conflict, or another one that
	// satisfies errors.Is(err, ErrConflict).
	Acquire(ctx context.Context, a Acquire) ([]Lease, error)
	// Renew prolongs leases of a worker: they end d from now. It returns
	// those that the worker still held, in the order of ids; the others have
	// expired, and may be somebody else's.
	Renew(ctx context.Context, worker string, ids []document.ID, d time.Duration) ([]Lease, error)
	// Release ends leases of a worker. Those that it does not hold are left
	// as they are.
	Release(ctx context.Context, worker string, ids []document.ID) error
	// Leases lists the leases that have not expired, ordered by ID.Compare.
	Leases(ctx context.Context) ([]Lease, error)
}

// IsWorker reports whether a text can be the name of a worker: 1 to MaxWorker
// bytes of printable text.
func IsWorker(name string) bool {
	if name == "" || len(name) > MaxWorker || !utf8.ValidString(name) {
		return false
	}
	for at, r := range name {
		if !unicode.IsPrint(r) && !joiner.Belongs(name, at) {
			return false
		}
	}
	return true
}
