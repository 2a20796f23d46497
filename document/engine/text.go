package engine

import (
	"io"

	"github.com/backlog-gen/backlog-gen/document"
)

// Text is the text of a document. Many may use it at the same time.
type Text interface {
	// Size returns the number of bytes that WriteTo writes.
	Size() int64
	// WriteTo writes what the method of the document writes.
	io.WriterTo
}

// TextOf returns the text of a document. Ask once for both its size and its
// bytes: what has changed is looked up once.
func TextOf(d *document.Document) Text { return document.Seam().Text(d) }
