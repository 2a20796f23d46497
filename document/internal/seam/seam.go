// Package seam says what package document gives to package engine beside what
// everybody sees. It is generic so that it depends on neither.
package seam

import "io"

// Mark stands in a piece of text where pieces of other items belong.
const Mark = '\x01'

// Document is what the engine asks of documents D and their items I. The functions
// of package engine say what each does.
type Document[D, I any] struct {
	Frame         func(D) []byte
	AppendPiece   func(I, []byte) []byte
	Before, After func(I) (I, bool)
	// Differences calls f for each item whose piece differs between two documents
	// of one type.
	Differences func(a, b D, f func(before, after I, placed bool)) (frame bool)
	Text        func(D) Text
}

// Text is the text of a document.
type Text interface {
	Size() int64
	WriteTo(io.Writer) (int64, error)
}
