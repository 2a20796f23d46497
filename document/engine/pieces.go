package engine

import (
	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/internal/seam"
)

// Mark stands in a piece of text where pieces of other items belong. It cannot
// occur in the text of a document: JSON has control characters only as escapes.
const Mark = seam.Mark

// Frame returns the text of the document that belongs to no item, with a Mark
// in place of the items of each group that has any: one where the document has
// no groups.
func Frame(d *document.Document) []byte { return document.Seam().Frame(d) }

// AppendPiece appends what the item itself contributes to the text of its
// document: the space and comma before it, and its text with one Mark in place
// of its children, if it has any, and what is between them. The frame and the
// pieces of all items, each put behind the one before it below the same parent,
// make the text of the document. It appends nothing for a new item.
func AppendPiece(dst []byte, it document.Item) []byte { return document.Seam().AppendPiece(it, dst) }

// ParentID returns the id of the item above. At the top it has no text, only the
// group where the document has groups.
func ParentID(it document.Item) document.ID {
	if it.Document() == nil {
		return document.ID{}
	}
	if above, ok := it.Parent(); ok {
		return above.ID()
	}
	return document.NewID(it.ID().Group(), "")
}

// Before returns the item before another in document order, which is above it,
// beside it, or below the one beside it. It is false for the first item.
func Before(it document.Item) (document.Item, bool) { return document.Seam().Before(it) }

// After returns the item after another in document order. It is false for the
// last item.
func After(it document.Item) (document.Item, bool) { return document.Seam().After(it) }

// PieceDifference is an item whose piece differs between two documents.
type PieceDifference struct {
	// Before and After are the item in the two documents, zero where it is
	// not there.
	Before, After document.Item
	// Placed says that it stands elsewhere among the items that both documents
	// have, or is new, or that an item of another level has its id now.
	Placed bool
}

// DiffPieces compares the text of two documents of one type, item by item. The
// items of b come first, in document order where any is placed, then those that
// b does not have. frame says that the frames differ.
//
// Snapshots that have the same items are compared without looking at what they
// share; others cost time in proportion to their size.
func DiffPieces(a, b *document.Document) (differences []PieceDifference, frame bool) {
	frame = document.Seam().Differences(a, b, func(before, after document.Item, placed bool) {
		differences = append(differences, PieceDifference{Before: before, After: after, Placed: placed})
	})
	return differences, frame
}
