package recovery

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/backlog-gen/backlog-gen/batching/store"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/merge"
)

// The versions of the form. A record has the first one that can tell all of it, so
// that programs which are older refuse what they would misread.
const (
	firstForm  = 1
	placesForm = 2 // items have places among their siblings
	seenForm   = 3 // items are known by their places
	lastForm   = seenForm
)

// Record is pending updates as they are preserved, with what it takes to tell
// later whether they were saved after all.
type Record struct {
	// Saved is when it was preserved.
	Saved time.Time
	// Groups are the updates, in order.
	Groups []store.Group
	// Checkpoints are documents that the groups lead to, in order.
	Checkpoints []Checkpoint
	// Leases are those that the items were updated under.
	Leases []Lease

	// items are what the groups are about, as it was at each checkpoint.
	items []recordItem
	// lists are those that the groups have moved items in.
	lists []recordList
}

// Checkpoint is the document after the first groups.
type Checkpoint struct {
	Groups int
	// Document is not part of what is preserved: Decode does not know it.
	Document *document.Document

	// sum is its digest. The document before all groups has one only where items are
	// known by their places: others need not be recognised.
	sum string
}

// Lease says which worker had an item when it was updated. The one that recovers
// the updates makes sure that nobody else has it now.
type Lease struct {
	ID       document.ID
	Worker   string
	Duration time.Duration
}

// wireRecord is how a record is written.
type wireRecord struct {
	Version     int              `json:"version"`
	Format      string           `json:"format"`
	Saved       time.Time        `json:"saved"`
	Checkpoints []wireCheckpoint `json:"checkpoints"`
	Items       []recordItem     `json:"items,omitempty"`
	Lists       []recordList     `json:"lists,omitempty"`
	Leases      []wireLease      `json:"leases,omitempty"`
	// Updates are those of each group.
	Updates []int           `json:"updates"`
	Groups  json.RawMessage `json:"groups"`
}

type wireCheckpoint struct {
	Groups int    `json:"groups"`
	SHA256 string `json:"sha256,omitempty"`
}

type wireLease struct {
	Group        string `json:"group,omitempty"`
	ID           string `json:"id"`
	Worker       string `json:"worker"`
	Milliseconds int64  `json:"milliseconds"`
}

// Encode writes a record of a type down.
func Encode(t *document.Type, r Record) ([]byte, error) {
	w := wireRecord{Version: formOf(r.Groups), Format: t.Descriptor().Name, Saved: r.Saved}
	lists := make([][]document.Change, len(r.Groups))
	for i, g := range r.Groups {
		lists[i] = g.Changes
		w.Updates = append(w.Updates, g.Updates)
	}
	var err error
	if w.Groups, err = t.MarshalChanges(lists); err != nil {
		return nil, err
	}
	for _, c := range r.Checkpoints {
		checkpoint := wireCheckpoint{Groups: c.Groups}
		if c.Groups > 0 || w.Version >= seenForm {
			if checkpoint.SHA256, err = Digest(c.Document); err != nil {
				return nil, err
			}
		}
		w.Checkpoints = append(w.Checkpoints, checkpoint)
	}
	w.Items = recordItems(r.Groups, r.Checkpoints)
	w.Lists = recordLists(r.Groups, r.Checkpoints)
	for _, l := range r.Leases {
		w.Leases = append(w.Leases, wireLease{l.ID.Group(), l.ID.Text(), l.Worker, l.Duration.Milliseconds()})
	}
	return json.Marshal(w)
}

// formOf returns the form that can tell of groups.
func formOf(groups []store.Group) int {
	for _, g := range groups {
		if slices.ContainsFunc(g.Changes, func(c document.Change) bool { return len(c.Seen) > 0 || c.ByPlace() }) {
			return seenForm
		}
	}
	for _, g := range groups {
		if slices.ContainsFunc(g.Changes, func(c document.Change) bool { return c.Edit != nil && !c.Edit.Place.IsZero() }) {
			return placesForm
		}
	}
	return firstForm
}

// Digest returns the SHA-256 of a document's text.
func Digest(d *document.Document) (string, error) {
	h := sha256.New()
	if _, err := d.WriteTo(h); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Decode reads what Encode has written.
func Decode(t *document.Type, data []byte) (*Record, error) {
	var w wireRecord
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, err
	}
	if w.Version < firstForm || w.Version > lastForm {
		return nil, fmt.Errorf("version %d, want %d to %d", w.Version, firstForm, lastForm)
	}
	if want := t.Descriptor().Name; w.Format != want {
		return nil, fmt.Errorf("updates of the format %q, want %q", w.Format, want)
	}
	r := &Record{Saved: w.Saved, items: w.Items, lists: w.Lists}
	for _, c := range w.Checkpoints {
		r.Checkpoints = append(r.Checkpoints, Checkpoint{Groups: c.Groups, sum: c.SHA256})
	}
	for i, l := range w.Leases {
		lease, err := l.decode()
		if err != nil {
			return nil, fmt.Errorf("lease %d: %w", i, err)
		}
		r.Leases = append(r.Leases, lease)
	}
	lists, err := t.UnmarshalChanges(w.Groups)
	if err != nil {
		return nil, err
	}
	if len(lists) != len(w.Updates) {
		return nil, fmt.Errorf("%d groups, but %d counts of updates", len(lists), len(w.Updates))
	}
	for i, changes := range lists {
		if len(changes) == 0 {
			return nil, fmt.Errorf("group %d is empty", i)
		}
		if u := w.Updates[i]; u < 0 || u > math.MaxInt32 {
			return nil, fmt.Errorf("group %d has %d updates", i, u)
		}
		r.Groups = append(r.Groups, store.Group{Changes: changes, Updates: w.Updates[i]}.Of(t))
	}
	return r, nil
}

func (l wireLease) decode() (Lease, error) {
	lease := Lease{ID: document.NewID(l.Group, l.ID), Worker: l.Worker}
	if !store.IsWorker(l.Worker) {
		return lease, fmt.Errorf("%.*q is not the name of a worker", store.MaxWorker, l.Worker)
	}
	if least, most := store.MinLease.Milliseconds(), store.MaxLease.Milliseconds(); l.Milliseconds < least || l.Milliseconds > most {
		return lease, fmt.Errorf("%d milliseconds, want %d to %d", l.Milliseconds, least, most)
	}
	lease.Duration = time.Duration(l.Milliseconds) * time.Millisecond
	return lease, nil
}

// KnownOf is Known for a document with the given digest that has so many of the groups.
// Where items are known by their places, what is at a checkpoint has nothing of later
// ones.
func (r *Record) KnownOf(sum string, contained int) []merge.Known {
	known := r.Known()
	for _, c := range r.Checkpoints {
		if c.Groups == 0 && c.sum != "" && (contained > 0 || c.sum == sum) {
			return slices.DeleteFunc(known, func(k merge.Known) bool { return k.Groups > contained })
		}
	}
	return known
}

// Contained returns how many of the groups a document with the given digest has
// already.
func (r *Record) Contained(sum string) int {
	contained := 0
	for _, c := range r.Checkpoints {
		if c.Groups > 0 && c.sum == sum && c.Groups <= len(r.Groups) {
			contained = max(contained, c.Groups)
		}
	}
	return contained
}
