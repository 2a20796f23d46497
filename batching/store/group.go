package store

import (
	"strings"

	"github.com/backlog-gen/backlog-gen/document"
)

// Group is a group of changes that was accepted as a whole. Its changes are
// not to be modified.
type Group struct {
	Changes []document.Change
	// Updates is how many of them did something.
	Updates int

	typ *document.Type // for String; may be nil
}

// Of returns the group with the type of its document, by which String names
// statuses.
func (g Group) Of(t *document.Type) Group {
	g.typ = t
	return g
}

// String says what the changes do, fit for a log line.
func (g Group) String() string {
	texts := make([]string, len(g.Changes))
	for i, c := range g.Changes {
		if g.typ == nil {
			texts[i] = c.String()
		} else {
			texts[i] = g.typ.Describe(c)
		}
	}
	return strings.Join(texts, "; ")
}
