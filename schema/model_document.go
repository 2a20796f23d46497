package schema

import (
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// Document describes the JSON of a whole document.
type Document struct {
	// Shapes that a document may have, at least one, each of another kind. New
	// documents are written in the first.
	Shapes []Shape
	// Fields of the document itself, beside the lists of an object.
	Fields []*Field
	// Indent is the text of one step in new documents: spaces or a tab; ""
	// writes one line.
	Indent string
	// FinalNewline ends new documents with a newline.
	FinalNewline bool
	Pos          Pos
}

// Shape is one way to write a document.
type Shape struct {
	Kind format.RootKind
	// Lists that the document, or each of its groups, holds: at least one. An
	// array is a single list, without a path, and so are lines.
	Lists []List
	Pos   Pos
}

// List says where items of one level are: in a document or a group, or in the
// item above.
type List struct {
	// Path leads to the list from the object that holds it.
	Path Path
	// Of is the level of the items.
	Of *Level
	// Keyed lists are objects of items, by their ids.
	Keyed bool
	// Required refuses items without the list; Nullable accepts null for it.
	// They are false for the lists of a document.
	Required, Nullable bool
	Pos                Pos
}

// Path is the keys that lead from an object to a value in it, at least one.
type Path []string

// String writes the keys with dots between them: fields.status.
func (p Path) String() string { return strings.Join(p, ".") }

// Key is the last key, "" of no path.
func (p Path) Key() string {
	if len(p) == 0 {
		return ""
	}
	return p[len(p)-1]
}

// Within are the keys before the last, nil where there are none.
func (p Path) Within() []string {
	if len(p) < 2 {
		return nil
	}
	return p[:len(p)-1]
}

// leadsInto reports whether p leads to, or into, the value at outer.
func (p Path) leadsInto(outer Path) bool {
	if len(outer) == 0 || len(p) < len(outer) {
		return false
	}
	for i, key := range outer {
		if p[i] != key {
			return false
		}
	}
	return true
}
