package batching

import (
	"iter"
	"slices"

	"github.com/backlog-gen/backlog-gen/document"
)

// version knows what the items that groups of ours are about were at some time.
// Whether what is stored now is still the same tells whether another writer has
// changed it since. Items are asked for only if the version has them.
type version interface {
	has(id document.ID) bool
	// sameStatus, sameField, sameParent and sameTree compare an item as it is
	// stored now. A tree is the item and all below it.
	sameStatus(now document.Item) bool
	sameField(now document.Item, key string) bool
	sameParent(now document.Item) bool
	sameTree(now document.Item) bool
}

// documentVersion is a version of which the whole document is known.
type documentVersion struct{ document *document.Document }

func (v documentVersion) find(id document.ID) document.Item {
	item, _ := v.document.Find(id)
	return item
}

func (v documentVersion) has(id document.ID) bool { return !v.find(id).IsZero() }

func (v documentVersion) sameStatus(now document.Item) bool {
	return v.find(now.ID()).Status() == now.Status()
}

func (v documentVersion) sameField(now document.Item, key string) bool {
	return !slices.Contains(v.find(now.ID()).Difference(now).Fields, key)
}

func (v documentVersion) sameParent(now document.Item) bool {
	return parentOf(v.find(now.ID())) == parentOf(now)
}

func (v documentVersion) sameTree(now document.Item) bool { return v.find(now.ID()).SameTree(now) }

// parentOf returns the id of an item's parent, the zero ID at the top.
func parentOf(item document.Item) document.ID {
	parent, ok := item.Parent()
	if !ok {
		return document.ID{}
	}
	return parent.ID()
}

// moment is a version, and how many of the groups in question it has already.
type moment struct {
	groups int
	version
}

// contains reports whether what is stored is what a change has led to at this
// moment.
func (m moment) contains(c *document.Change, stored *document.Document) bool {
	now, ok := stored.Find(c.ID)
	if ok != m.has(c.ID) {
		return false
	}
	if !ok {
		return true
	}
	switch c.Op {
	case document.OpEdit:
		for _, f := range fieldsOf(c) {
			if !m.sameField(now, f.Key) {
				return false
			}
		}
		return true
	case document.OpAdd, document.OpRemove:
		return m.sameTree(now)
	case document.OpMove:
		return m.sameParent(now)
	}
	return m.sameStatus(now)
}

func fieldsOf(c *document.Change) []document.FieldEdit {
	if c.Edit == nil {
		return nil
	}
	return c.Edit.Fields
}

// descendants yields an item and all below it.
func descendants(item document.Item) iter.Seq[document.Item] {
	return func(yield func(document.Item) bool) { walk(item, yield) }
}

func walk(item document.Item, yield func(document.Item) bool) bool {
	if !yield(item) {
		return false
	}
	for child := range item.Children() {
		if !walk(child, yield) {
			return false
		}
	}
	return true
}
