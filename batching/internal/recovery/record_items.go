package recovery

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"slices"

	"github.com/backlog-gen/backlog-gen/batching/store"
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/internal/merge"
)

// recordItem tells what a record's groups have met and made of one item. By it
// Recover knows groups that were saved after all, and items that another writer
// has changed since.
type recordItem struct {
	Group string `json:"group,omitempty"`
	ID    string `json:"id"`
	// States are those at each checkpoint, null where there was no such item.
	States []*itemState `json:"states"`
}

// itemState is as much of an item as the groups are about. Values are digests.
type itemState struct {
	Status string            `json:"status,omitempty"`
	Fields map[string]string `json:"fields,omitempty"`
	Parent string            `json:"parent,omitempty"`
	Before string            `json:"before,omitempty"` // the sibling right before it
	After  string            `json:"after,omitempty"`  // the sibling right behind it
	Tree   string            `json:"tree,omitempty"`
}

// aspects say what groups are about, of one item.
type aspects struct {
	status, parent, place, tree bool
	fields                      []string
}

// Items returns the items that groups are about, in the order of their first
// change.
func Items(groups []store.Group) []document.ID {
	_, order := about(groups)
	return order
}

func about(groups []store.Group) (of map[document.ID]*aspects, order []document.ID) {
	of = map[document.ID]*aspects{}
	for _, g := range groups {
		for i := range g.Changes {
			c := &g.Changes[i]
			if of[c.ID] == nil {
				of[c.ID] = &aspects{}
				order = append(order, c.ID)
			}
			of[c.ID].add(c)
		}
	}
	return of, order
}

// recordItems returns what the groups are about, as it was at each checkpoint.
func recordItems(groups []store.Group, checkpoints []Checkpoint) []recordItem {
	about, order := about(groups)
	items := make([]recordItem, len(order))
	for n, id := range order {
		items[n] = recordItem{Group: id.Group(), ID: id.Text(), States: make([]*itemState, len(checkpoints))}
		for i := range checkpoints {
			if item, ok := checkpoints[i].Document.Find(id); ok {
				items[n].States[i] = about[id].state(item)
			}
		}
	}
	return items
}

func (a *aspects) add(c *document.Change) {
	switch c.Op {
	case document.OpEdit:
		for _, f := range merge.EditedFields(c) {
			if !slices.Contains(a.fields, f.Key) {
				a.fields = append(a.fields, f.Key)
			}
		}
	case document.OpMove:
		a.parent = true
		a.place = a.place || c.Edit != nil && !c.Edit.Place.IsZero()
	case document.OpAdd, document.OpRemove:
		a.tree = true
	default:
		a.status = true
	}
}

func (a *aspects) state(item document.Item) *itemState {
	s := &itemState{}
	if a.status {
		s.Status = statusName(item)
	}
	if a.parent {
		s.Parent = merge.ParentID(item).String()
	}
	if a.place {
		before, after := merge.SiblingIDs(item)
		s.Before, s.After = before.String(), after.String()
	}
	if a.tree {
		s.Tree = treeDigest(item)
	}
	for _, key := range a.fields {
		if s.Fields == nil {
			s.Fields = map[string]string{}
		}
		s.Fields[key] = fieldDigest(item, key)
	}
	return s
}

// statusName returns the status of an item of a document by name.
func statusName(item document.Item) string {
	return item.Document().Type().StatusName(item.Status())
}

// fieldDigest returns a digest of how a field's value is written.
func fieldDigest(item document.Item, key string) string {
	for f, field := range item.Document().Type().Descriptor().Levels[item.Level()].Fields {
		if field.Key == key {
			raw, _ := item.Raw(f)
			h := sha256.New()
			h.Write(raw)
			return short(h)
		}
	}
	return ""
}

// treeDigest returns a digest of an item and of all below it.
func treeDigest(item document.Item) string {
	h := sha256.New()
	write := func(text string) {
		_, _ = io.WriteString(h, text) // never fails
		h.Write([]byte{0})
	}
	write(merge.ParentID(item).String())
	for below := range merge.Tree(item) {
		write(below.ID().String())
		write(statusName(below))
		for f := range item.Document().Type().Descriptor().Levels[below.Level()].Fields {
			raw, _ := below.Raw(f)
			write(string(raw))
		}
	}
	return short(h)
}

// short returns as much of a digest as accidents need.
func short(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)[:8]) }

// recordVersion is the version of a document that a record tells of.
type recordVersion map[document.ID]*itemState

func (v recordVersion) Has(id document.ID) bool {
	state, about := v[id]
	return !about || state != nil // of what no group is about nothing is known
}

func (v recordVersion) state(now document.Item) *itemState {
	if state := v[now.ID()]; state != nil {
		return state
	}
	return &itemState{}
}

func (v recordVersion) SameStatus(now document.Item) bool {
	return v.state(now).Status == statusName(now)
}

func (v recordVersion) SameField(now document.Item, key string) bool {
	return v.state(now).Fields[key] == fieldDigest(now, key)
}

func (v recordVersion) SameParent(now document.Item) bool {
	return v.state(now).Parent == merge.ParentID(now).String()
}

func (v recordVersion) SamePlace(now document.Item) bool {
	before, after := merge.SiblingIDs(now)
	return v.state(now).Before == before.String() || v.state(now).After == after.String()
}

func (v recordVersion) SameTree(now document.Item) bool { return v.state(now).Tree == treeDigest(now) }

// Known returns the versions that a record tells of: none if it has no items.
func (r *Record) Known() []merge.Known {
	if len(r.items) == 0 {
		return nil
	}
	known := make([]merge.Known, len(r.Checkpoints))
	for i, c := range r.Checkpoints {
		v := recordVersion{}
		for _, item := range r.items {
			if i < len(item.States) {
				v[document.NewID(item.Group, item.ID)] = item.States[i]
			}
		}
		known[i] = merge.Known{Groups: c.Groups, Version: v}
	}
	return known
}
