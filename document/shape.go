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
	rootOnce   sync.Once
	rootKeys   map[string]bool
}

func newShape(t *Type, of *tree.Tree) *shape { return &shape{Tree: *of, typ: t} }

// MaxSize is the size in bytes of the largest document.
const MaxSize = 1<<31 - 1

// find returns the item with an id.
func (s *shape) find(id ID) (tree.Node, bool) { return s.Tree.Find(id.group, id.text) }

// id returns the id of an item.
func (s *shape) id(n tree.Node) ID {
	group, text := s.ID(n)
	return ID{group, text}
}
