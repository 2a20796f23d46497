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
	Tree   string            `json:"tree,omitempty"`
}

// aspects say what groups are about, of one item.
type aspects struct {
	status, parent, tree bool
	fields               []string
}

// recordList tells in what order the items of a list stood that groups have moved
// one in.
type recordList struct {
	Group  string `json:"group,omitempty"`
	Parent string `json:"parent,omitempty"`
	// Orders are those at each checkpoint, null where none of the moved items was
	// in the list.
	Orders [][]string `json:"orders"`
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
			if id.IsZero() {
				items[n].States[i] = about[id].ownState(checkpoints[i].Document)
			} else if item, ok := checkpoints[i].Document.Find(id); ok {
				items[n].States[i] = about[id].state(item)
			}
		}
	}
	return items
}

// recordLists returns the lists that items have been moved in, as they were at each
// checkpoint.
func recordLists(groups []store.Group, checkpoints []Checkpoint) []recordList {
	about, order := about(groups)
	var lists []recordList
	positions := map[document.ID]int{}
	for _, id := range order {
		if !about[id].parent {
			continue
		}
		for i := range checkpoints {
			item, ok := checkpoints[i].Document.Find(id)
			if !ok {
				continue
			}
			in := merge.ListID(item)
			at, ok := positions[in]
			if !ok {
				at = len(lists)
				positions[in] = at
				lists = append(lists, recordList{Group: in.Group(), Parent: in.Text(), Orders: make([][]string, len(checkpoints))})
			}
			if lists[at].Orders[i] == nil {
				lists[at].Orders[i] = idTexts(merge.Order(item))
			}
		}
	}
	return lists
}

func idTexts(ids []document.ID) []string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.Text()
	}
	return texts
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

// ownState is as much of the document itself.
func (a *aspects) ownState(d *document.Document) *itemState {
	s := &itemState{Fields: map[string]string{}}
	for _, key := range a.fields {
		s.Fields[key] = ownDigest(d, key)
	}
	return s
}

// ownDigest returns a digest of how the value of a field of the document itself is
// written.
func ownDigest(d *document.Document, key string) string {
	for f, field := range d.Type().Descriptor().Fields {
		if field.Key == key {
			raw, _ := d.Fields().Raw(f)
			return digestOf(raw)
		}
	}
	return ""
}

func digestOf(raw []byte) string {
	h := sha256.New()
	h.Write(raw)
	return short(h)
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
			return digestOf(raw)
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
type recordVersion struct {
	items map[document.ID]*itemState
	lists map[document.ID][]document.ID
}

func (v recordVersion) Has(id document.ID) bool {
	state, about := v.items[id]
	return !about || state != nil // of what no group is about nothing is known
}

func (v recordVersion) state(now document.Item) *itemState {
	if state := v.items[now.ID()]; state != nil {
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

func (v recordVersion) SameOwnField(now *document.Document, key string) bool {
	state := v.items[document.ID{}]
	return state == nil || state.Fields[key] == ownDigest(now, key)
}

func (v recordVersion) SameParent(now document.Item) bool {
	return v.state(now).Parent == merge.ParentID(now).String()
}

func (v recordVersion) SameTree(now document.Item) bool { return v.state(now).Tree == treeDigest(now) }

func (v recordVersion) Order(now document.Item) []document.ID { return v.lists[merge.ListID(now)] }

// Known returns the versions that a record tells of: none if it has no items.
func (r *Record) Known() []merge.Known {
	if len(r.items) == 0 {
		return nil
	}
	known := make([]merge.Known, len(r.Checkpoints))
	for i, c := range r.Checkpoints {
		v := recordVersion{map[document.ID]*itemState{}, map[document.ID][]document.ID{}}
		for _, item := range r.items {
			if i < len(item.States) {
				v.items[document.NewID(item.Group, item.ID)] = item.States[i]
			}
		}
		for _, list := range r.lists {
			if i < len(list.Orders) {
				v.lists[document.NewID(list.Group, list.Parent)] = list.order(i)
			}
		}
		known[i] = merge.Known{Groups: c.Groups, Version: v}
	}
	return known
}

// order returns the items of a list as they stood at a checkpoint.
func (l *recordList) order(checkpoint int) []document.ID {
	ids := make([]document.ID, len(l.Orders[checkpoint]))
	for i, text := range l.Orders[checkpoint] {
		ids[i] = document.NewID(l.Group, text)
	}
	return ids
}
