package document

import (
	"sync"

	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// shape is the tree of a document, and what is worked out of it when it is first
// asked for. All snapshots that have the same items share it.
type shape struct {
	tree.Tree
	typ        *Type
	layoutOnce sync.Once
	lay        jsontext.Layout
	numbers    nextNumbers
	ownOnce    sync.Once
	ownRecord  *record
	rootOnce   sync.Once
	rootKeys   map[string]bool
}

func newShape(t *Type, of *tree.Tree) *shape { return &shape{Tree: *of, typ: t} }

// MaxSize is the size in bytes of the largest document.
const MaxSize = 1<<31 - 1

// find returns the item with an id.
func (s *shape) find(id ID) (tree.Node, bool) { return s.Tree.Find(id.group, id.text) }

// notFound is the error for an id that names no item.
func (s *shape) notFound(id ID) *NotFoundError {
	by, items := s.Shared(id.group, id.text)
	if items == 0 {
		return &NotFoundError{ID: id}
	}
	return &NotFoundError{ID: id, Shared: ID{id.group, by}, Items: items}
}

// taken reports whether one item or several have an id.
func (s *shape) taken(id ID) bool {
	_, ok := s.find(id)
	if !ok {
		_, items := s.Shared(id.group, id.text)
		return items > 0
	}
	return true
}

// id returns the id of an item.
func (s *shape) id(n tree.Node) ID {
	group, text := s.ID(n)
	return ID{group, text}
}
