package merge

import (
	"errors"
	"iter"
	"slices"

	"github.com/backlog-gen/backlog-gen/document"
)

// Version is what is known of a document at some time: at least of the items that
// our groups are about. Whether what is stored now is still the same tells
// whether another writer has changed it since. Items are asked for only if the
// version has them.
type Version interface {
	Has(id document.ID) bool
	// SameStatus, SameField, SameParent and SameTree compare an item as it is
	// stored now. A tree is the item and all below it.
	SameStatus(now document.Item) bool
	SameField(now document.Item, key string) bool
	SameParent(now document.Item) bool
	SameTree(now document.Item) bool
	// SameOwnField compares a field of the document itself.
	SameOwnField(now *document.Document, key string) bool
	// Order returns the items of the list that an item is in, as they stood. It is
	// asked only where the item had the same parent.
	Order(now document.Item) []document.ID
}

// Known is a version that our side has seen, and how many of its groups that has
// already.
type Known struct {
	Groups int
	Version
}

// Whole is the version of a document that is known as a whole.
func Whole(d *document.Document) Version { return whole{d} }

type whole struct{ document *document.Document }

func (v whole) find(id document.ID) document.Item {
	item, _ := v.document.Find(id)
	return item
}

func (v whole) Has(id document.ID) bool { return !v.find(id).IsZero() }

func (v whole) SameStatus(now document.Item) bool {
	return v.find(now.ID()).Status() == now.Status()
}

func (v whole) SameField(now document.Item, key string) bool {
	return !slices.Contains(v.find(now.ID()).Difference(now).Fields, key)
}

func (v whole) SameOwnField(now *document.Document, key string) bool {
	return !slices.Contains(v.document.DifferentFields(now), key)
}

func (v whole) SameParent(now document.Item) bool {
	return ParentID(v.find(now.ID())) == ParentID(now)
}

func (v whole) SameTree(now document.Item) bool { return v.find(now.ID()).SameTree(now) }

func (v whole) Order(now document.Item) []document.ID { return Order(v.find(now.ID())) }

// contains reports whether what is stored is what a change of the group at this
// position has led to, as it was in a version that has the group.
func (m *merge) contains(known, position int, c *document.Change) bool {
	k := m.known[known]
	if isOwn(c) {
		return !slices.ContainsFunc(EditedFields(c), func(f document.FieldEdit) bool { return !k.SameOwnField(m.stored, f.Key) })
	}
	now, ok := m.stored.Find(c.ID)
	if ok != k.Has(c.ID) {
		return false
	}
	if !ok {
		var notFound *document.NotFoundError
		_, err := m.stored.Lookup(c.ID)
		return !errors.As(err, &notFound) || notFound.Items == 0 // that items share the id is another writer's work
	}
	switch c.Op {
	case document.OpEdit:
		for _, f := range EditedFields(c) {
			if !k.SameField(now, f.Key) {
				return false
			}
		}
		return true
	case document.OpAdd, document.OpRemove:
		return k.SameTree(now)
	case document.OpMove:
		return m.containsMove(known, position, c, now)
	}
	return k.SameStatus(now)
}

// isOwn reports whether a change is about fields of the document itself.
func isOwn(c *document.Change) bool { return c.Op == document.OpEdit && c.ID.IsZero() }

// EditedFields returns the fields that a change edits, none if it is no edit.
func EditedFields(c *document.Change) []document.FieldEdit {
	if c.Edit == nil {
		return nil
	}
	return c.Edit.Fields
}

// hasPlace reports whether a change says where among its siblings an item goes.
func hasPlace(c *document.Change) bool { return c.Edit != nil && !c.Edit.Place.IsZero() }

// ParentID returns the id of an item's parent, the zero ID at the top.
func ParentID(item document.Item) document.ID {
	parent, ok := item.Parent()
	if !ok {
		return document.ID{}
	}
	return parent.ID()
}

// Tree yields an item and all below it.
func Tree(item document.Item) iter.Seq[document.Item] {
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
