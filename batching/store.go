package batching

import "github.com/backlog-gen/backlog-gen/batching/store"

// What a store is, and what it is asked, is defined in package store. These are
// the same types.
type (
	// Store keeps one document.
	Store = store.Store
	// Extras are the abilities that a store may have or not.
	Extras = store.Extras
	// Refresher brings a document up to date without loading it whole.
	Refresher = store.Refresher
	// Watcher notices when another writer has stored something.
	Watcher = store.Watcher
	// RecoveryStore preserves pending updates that cannot be saved.
	RecoveryStore = store.RecoveryStore
	// Recovery is one place for pending updates.
	Recovery = store.Recovery
	// LeaseStore hands out items of a document for a time.
	LeaseStore = store.LeaseStore

	// Revision names a state of what is stored.
	Revision = store.Revision
	// Save is a document to store, and what it is to replace.
	Save = store.Save
	// Group is a group of changes that was accepted as a whole.
	Group = store.Group
	// Conflict is how a Store says that somebody else has stored a document in
	// the meantime.
	Conflict = store.Conflict
	// Acquire is what a worker asks a LeaseStore for.
	Acquire = store.Acquire
	// Candidate is an item that may be handed out while it has this status.
	Candidate = store.Candidate
	// OptionError refuses an option that makes no sense.
	OptionError = store.OptionError
	// Lease says that a worker has an item for a time.
	Lease = store.Lease
)

// MinLease and MaxLease bound the duration of leases.
const (
	MinLease = store.MinLease
	MaxLease = store.MaxLease
)

var (
	// ErrConflict is what a *Conflict and a *ConflictError are.
	ErrConflict = store.ErrConflict
	// ErrNotDurable says that a document is stored, but that it might not
	// survive a power cut.
	ErrNotDurable = store.ErrNotDurable
	// ErrTransient says that trying again may help.
	ErrTransient = store.ErrTransient
	// ErrLeaseLost is what a *LeaseLostError is.
	ErrLeaseLost = store.ErrLeaseLost
)
