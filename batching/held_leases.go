package batching

import (
	"slices"
	"sync"
	"time"

	"github.com/backlog-gen/backlog-gen/batching/internal/recovery"
	"github.com/backlog-gen/backlog-gen/document"
)

// heldLeases are the leases that were got with a Batcher, as far as it knows. It
// is safe for concurrent use.
type heldLeases struct {
	mu sync.Mutex
	of map[document.ID]heldLease
}

// heldLease is a lease as far as we can tell: it was asked for at a moment, so
// that the store's lasts no less.
type heldLease struct {
	worker   string
	asked    instant
	duration time.Duration
}

// left is how long the lease still lasts, negative when it is over.
func (h heldLease) left(now instant) time.Duration { return h.duration - now.since(h.asked) }

// instant is a moment by two clocks. The monotonic one is never set, but it may
// stand still while the machine sleeps. The one on the wall goes on, as the
// store's does, and is set with it.
type instant struct{ monotonic, wall time.Time }

// since returns the time between two moments: by the clock that says more, since
// a lease that may be over has to be looked at.
func (i instant) since(earlier instant) time.Duration {
	return max(i.monotonic.Sub(earlier.monotonic), i.wall.Sub(earlier.wall))
}

// add keeps leases that were asked for at a moment.
func (h *heldLeases) add(leases []Lease, asked instant, d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.of == nil {
		h.of = map[document.ID]heldLease{}
	}
	for _, l := range leases {
		h.of[l.ID] = heldLease{l.Worker, asked, d}
	}
}

// remove forgets leases of a worker.
func (h *heldLeases) remove(worker string, ids []document.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range ids {
		if h.of[id].worker == worker {
			delete(h.of, id)
		}
	}
}

// byWorker returns the items of the leases that pass, by worker, in the order of
// ids.
func (h *heldLeases) byWorker(passes func(document.ID, heldLease) bool) map[string][]document.ID {
	h.mu.Lock()
	defer h.mu.Unlock()
	var found map[string][]document.ID
	for id, held := range h.of {
		if !passes(id, held) {
			continue
		}
		if found == nil {
			found = map[string][]document.ID{}
		}
		found[held.worker] = append(found[held.worker], id)
	}
	for _, ids := range found {
		slices.SortFunc(ids, document.ID.Compare)
	}
	return found
}

// renewAllNext has all leases be past the half of their time, so that they are
// renewed before they are relied on again: the store knows of one that has ended.
func (h *heldLeases) renewAllNext(now instant) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for id, held := range h.of {
		half := held.duration / 2
		if held.left(now) > half {
			held.asked = instant{now.monotonic.Add(-half), now.wall.Add(-half)}
			h.of[id] = held
		}
	}
}

// empty reports whether there are no leases.
func (h *heldLeases) empty() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.of) == 0
}

// duration returns how long the lease on an item was to last.
func (h *heldLeases) duration(id document.ID) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.of[id].duration
}

// record returns the leases on those items that are stored as taken work, in
// their order. The others were to be claimed, and that is not saved.
func (h *heldLeases) record(items []document.ID, stored *document.Document) []recovery.Lease {
	h.mu.Lock()
	defer h.mu.Unlock()
	var leases []recovery.Lease
	for _, id := range items {
		held, ok := h.of[id]
		if item, _ := stored.Find(id); ok && item.Status() == item.ClaimStatus() {
			leases = append(leases, recovery.Lease{ID: id, Worker: held.worker, Duration: held.duration})
		}
	}
	return leases
}

// heldByOthers returns the items of a record that another worker has claimed with
// this Batcher since.
func (h *heldLeases) heldByOthers(leases []recovery.Lease) map[document.ID]error {
	h.mu.Lock()
	defer h.mu.Unlock()
	lost := map[document.ID]error{}
	for _, l := range leases {
		if held, ok := h.of[l.ID]; ok && held.worker != l.Worker {
			lost[l.ID] = &LeaseLostError{ID: l.ID, Worker: l.Worker, Holder: held.worker}
		}
	}
	return lost
}

// adopt takes over the leases of a record on items that pass, as old as can be:
// the next flush makes sure of them before it changes the status of the items.
func (h *heldLeases) adopt(leases []recovery.Lease, passes func(document.ID) bool) {
	for _, l := range leases {
		if id := l.ID; passes(id) && !h.has(id) {
			h.add([]Lease{{ID: id, Worker: l.Worker}}, instant{}, l.Duration)
		}
	}
}

func (h *heldLeases) has(id document.ID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, ok := h.of[id]
	return ok
}
