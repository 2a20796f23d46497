package jsontext

import "bytes"

// LineCounter works out lines and columns of ascending offsets.
type LineCounter struct {
	cursor LineCursor
	line   int
}

// NewLineCounter returns a counter for a text.
func NewLineCounter(src []byte) LineCounter { return LineCounter{cursor: LineCursor{Src: src}} }

// Position returns the line and column of an offset, from 1 on; columns count
// bytes.
func (c *LineCounter) Position(offset int) (line, column int) {
	c.line += bytes.Count(c.cursor.Src[c.cursor.at:offset], []byte("\n"))
	return c.line + 1, offset - c.cursor.start(offset) + 1
}

// LineCursor finds where the lines of ascending offsets begin, without a look at
// any part of the text twice.
type LineCursor struct {
	Src      []byte
	at, line int
}

// start returns where the line of an offset begins.
func (c *LineCursor) start(offset int) int {
	if offset < c.at {
		c.at, c.line = 0, 0
	}
	if i := bytes.LastIndexByte(c.Src[c.at:offset], '\n'); i >= 0 {
		c.line = c.at + i + 1
	}
	c.at = offset
	return c.line
}

// Indent returns the white space that the line of an offset begins with.
func (c *LineCursor) Indent(offset uint32) string { return IndentOf(c.Src, c.start(int(offset))) }

// LineIndent returns the white space that the line of an offset begins with. It is
// bound, as all that new text takes over.
func LineIndent(src []byte, offset int) string {
	return IndentOf(src, bytes.LastIndexByte(src[:offset], '\n')+1)
}

// IndentOf returns the white space that the line which begins at an offset begins
// with.
func IndentOf(src []byte, line int) string {
	end := line
	for end < len(src) && end-line < maxIndent && (src[end] == ' ' || src[end] == '\t') {
		end++
	}
	return string(src[line:end])
}
