package batching

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/backlog-gen/backlog-gen/document"
)

// recordForm is raised when the form of a record changes.
const recordForm = 1

// record is what a recovery file holds.
type record struct {
	Version int       `json:"version"`
	Format  string    `json:"format"`
	Saved   time.Time `json:"saved"`
	// Checkpoints are documents that the groups lead to.
	Checkpoints []checkpoint `json:"checkpoints"`
	// Items are what the groups are about, as it was at each checkpoint.
	Items []recordItem `json:"items,omitempty"`
	// Leases are those that the items were updated under.
	Leases []recordLease `json:"leases,omitempty"`
	// Updates are those of each group.
	Updates []int           `json:"updates"`
	Groups  json.RawMessage `json:"groups"`

	groups []Group
}

// checkpoint is the document after the first groups. The one before all of them
// has no digest: nobody has to recognise it.
type checkpoint struct {
	Groups int    `json:"groups"`
	SHA256 string `json:"sha256,omitempty"`

	document *document.Document
}

// encodeRecord writes groups down, the last of which leads to d. The record also
// tells what a generation leads to that is about to be saved, if there is one.
// The caller has the turn.
func (c *core) encodeRecord(groups []Group, d *document.Document, g *generation) ([]byte, error) {
	r := record{Version: recordForm, Format: c.typ.Descriptor().Name, Saved: time.Now().UTC()}
	lists := make([][]document.Change, len(groups))
	for i, g := range groups {
		lists[i] = g.Changes
		r.Updates = append(r.Updates, g.Updates)
	}
	var err error
	if r.Groups, err = c.typ.MarshalChanges(lists); err != nil {
		return nil, err
	}
	if c.state.origin != nil {
		r.Checkpoints = append(r.Checkpoints, checkpoint{document: c.state.origin})
	}
	if c.state.contained > 0 {
		r.Checkpoints = append(r.Checkpoints, checkpoint{Groups: c.state.contained, document: c.state.stored})
	}
	if g != nil && g.document != d {
		r.Checkpoints = append(r.Checkpoints, checkpoint{Groups: g.groups, document: g.document})
	}
	r.Checkpoints = append(r.Checkpoints, checkpoint{Groups: len(groups), document: d})
	for i := range r.Checkpoints {
		if c := &r.Checkpoints[i]; c.Groups > 0 {
			if c.SHA256, err = digest(c.document); err != nil {
				return nil, err
			}
		}
	}
	r.Items = recordItems(groups, r.Checkpoints)
	r.Leases = c.held.record(r.Items, c.state.stored)
	return json.Marshal(r)
}

// digest returns the SHA-256 of a document's text.
func digest(d *document.Document) (string, error) {
	h := sha256.New()
	if _, err := d.WriteTo(h); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// decodeRecord reads what encodeRecord has written.
func decodeRecord(t *document.Type, data []byte) (*record, error) {
	var r record
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, err
	}
	if r.Version != recordForm {
		return nil, fmt.Errorf("version %d, want %d", r.Version, recordForm)
	}
	if want := t.Descriptor().Name; r.Format != want {
		return nil, fmt.Errorf("updates of the format %q, want %q", r.Format, want)
	}
	lists, err := t.UnmarshalChanges(r.Groups)
	if err != nil {
		return nil, err
	}
	for i, l := range r.Leases {
		if d := l.duration(); !isWorker(l.Worker) || d < MinLease || d > MaxLease {
			return nil, fmt.Errorf("lease %d is none: worker %q, %v", i, l.Worker, d)
		}
	}
	if len(lists) != len(r.Updates) {
		return nil, fmt.Errorf("%d groups, but %d counts of updates", len(lists), len(r.Updates))
	}
	for i, changes := range lists {
		if len(changes) == 0 {
			return nil, fmt.Errorf("group %d is empty", i)
		}
		if u := r.Updates[i]; u < 0 || u > math.MaxInt32 {
			return nil, fmt.Errorf("group %d has %d updates", i, u)
		}
		r.groups = append(r.groups, Group{Changes: changes, Updates: r.Updates[i]}.Of(t))
	}
	return &r, nil
}

// reached returns how many of the groups a document with the given digest has
// already.
func (r *record) reached(sum string) int {
	reached := 0
	for _, c := range r.Checkpoints {
		if c.Groups > 0 && c.SHA256 == sum && c.Groups <= len(r.groups) {
			reached = max(reached, c.Groups)
		}
	}
	return reached
}
