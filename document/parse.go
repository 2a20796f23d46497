package document

import (
	"bytes"

	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// Parse reads a document. It copies data once, so the caller keeps it. The error
// is a *ParseError with every problem.
func (t *Type) Parse(data []byte) (*Document, error) {
	return t.ParseOwned(bytes.Clone(data))
}

// ParseOwned is Parse without the copy: data belongs to the document from then
// on and must not be touched again.
func (t *Type) ParseOwned(data []byte) (*Document, error) {
	p := tree.NewParser(&t.format, data, t.maxSize)
	of := p.Document()
	if p.Refusals > 0 {
		return nil, &ParseError{Problems: problems(p)}
	}
	return newShape(t, of).document(), nil
}

// document returns the snapshot that is the source text.
func (s *shape) document() *Document {
	return &Document{typ: s.typ, shape: s, statuses: s.Statuses, counts: s.Counts}
}
