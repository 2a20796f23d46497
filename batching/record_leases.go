package batching

import (
	"time"

	"github.com/backlog-gen/backlog-gen/document"
)

// recordLease says which worker had an item when it was updated. The one that
// recovers the updates makes sure that nobody else has it now.
type recordLease struct {
	Group        string `json:"group,omitempty"`
	ID           string `json:"id"`
	Worker       string `json:"worker"`
	Milliseconds int64  `json:"milliseconds"`
}

func (l recordLease) item() document.ID { return document.NewID(l.Group, l.ID) }

func (l recordLease) duration() time.Duration {
	if l.Milliseconds > MaxLease.Milliseconds() {
		return MaxLease + 1 // and no overflow
	}
	return time.Duration(l.Milliseconds) * time.Millisecond
}

// record returns the leases on those items that are stored as taken work, in
// their order. The others were to be claimed, and that is not saved.
func (h *heldLeases) record(items []recordItem, stored *document.Document) []recordLease {
	h.mu.Lock()
	defer h.mu.Unlock()
	var leases []recordLease
	for _, i := range items {
		id := document.NewID(i.Group, i.ID)
		held, ok := h.of[id]
		if item, _ := stored.Find(id); ok && item.Status() == item.ClaimStatus() {
			leases = append(leases, recordLease{i.Group, i.ID, held.worker, held.duration.Milliseconds()})
		}
	}
	return leases
}

// heldByOthers returns the items of a record that another worker has claimed with
// this Batcher since.
func (h *heldLeases) heldByOthers(leases []recordLease) map[document.ID]error {
	h.mu.Lock()
	defer h.mu.Unlock()
	lost := map[document.ID]error{}
	for _, l := range leases {
		if held, ok := h.of[l.item()]; ok && held.worker != l.Worker {
			lost[l.item()] = &LeaseLostError{ID: l.item(), Worker: l.Worker, Holder: held.worker}
		}
	}
	return lost
}

// adopt takes over the leases of a record on items that pass, as old as can be:
// the next flush makes sure of them before it changes the status of the items.
func (h *heldLeases) adopt(leases []recordLease, passes func(document.ID) bool) {
	for _, l := range leases {
		if id := l.item(); passes(id) && !h.has(id) {
			h.add([]Lease{{ID: id, Worker: l.Worker}}, instant{}, l.duration())
		}
	}
}

func (h *heldLeases) has(id document.ID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, ok := h.of[id]
	return ok
}
