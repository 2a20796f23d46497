package document

import "bytes"

// lineCounter works out lines and columns of ascending offsets.
type lineCounter struct {
	cursor lineCursor
	line   int
}

func newLineCounter(src []byte) lineCounter { return lineCounter{cursor: lineCursor{src: src}} }

func (c *lineCounter) position(offset int) (line, column int) {
	c.line += bytes.Count(c.cursor.src[c.cursor.at:offset], []byte("\n"))
	return c.line + 1, offset - c.cursor.start(offset) + 1
}

// lineCursor finds where the lines of ascending offsets begin, without a look at
// any part of the text twice.
type lineCursor struct {
	src      []byte
	at, line int
}

// start returns where the line of an offset begins.
func (c *lineCursor) start(offset int) int {
	if offset < c.at {
		c.at, c.line = 0, 0
	}
	if i := bytes.LastIndexByte(c.src[c.at:offset], '\n'); i >= 0 {
		c.line = c.at + i + 1
	}
	c.at = offset
	return c.line
}

// indent returns the white space that the line of an offset begins with.
func (c *lineCursor) indent(offset uint32) string { return indentOf(c.src, c.start(int(offset))) }

// lineIndent returns the white space that the line of an offset begins with.
func lineIndent(src []byte, offset int) string {
	return indentOf(src, bytes.LastIndexByte(src[:offset], '\n')+1)
}

// indentOf returns the white space that a line begins with.
func indentOf(src []byte, line int) string {
	end := line
	for end < len(src) && end-line < maxIndent && (src[end] == ' ' || src[end] == '\t') {
		end++
	}
	return string(src[line:end])
}
