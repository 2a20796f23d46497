package tree

import (
	"bytes"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// isLines reports whether the text is of the kind lines: it is empty, or begins with
// an object. No other shape that may stand beside lines does.
func (p *Parser) isLines() bool {
	_, ok := p.rootOf(format.RootLines)
	return ok && (p.Pos == len(p.Src) || p.Src[p.Pos] == '{')
}

// lineEnd returns where the line of an offset ends: behind its newline, or at the
// end of the text.
func lineEnd(src []byte, offset int) int {
	if at := bytes.IndexByte(src[offset:], '\n'); at >= 0 {
		return offset + at + 1
	}
	return len(src)
}

// LineEnd returns where the line of an offset ends.
func (s *Tree) LineEnd(offset uint32) uint32 { return uint32(lineEnd(s.Source, int(offset))) }

// newlineOf returns what a line ends with: a newline, perhaps after a carriage
// return, or nothing.
func newlineOf(line []byte) []byte {
	text := bytes.TrimSuffix(line, []byte("\n"))
	if len(text) < len(line) {
		text = bytes.TrimSuffix(text, []byte("\r"))
	}
	return line[len(text):]
}

// lines reads JSON Lines: an item on each line that is not blank.
func (p *Parser) lines() bool {
	whole := p.Src
	p.Tree.Root, _ = p.rootOf(format.RootLines)
	p.Tree.Groups = append(p.Tree.Groups, Group{Array: jsontext.Span{Start: uint32(p.Pos), End: uint32(len(whole))}})
	p.Line = true
	ok := true
	for at, n, end := p.Pos, 0, 0; ok && at < len(whole); at = end {
		end = lineEnd(whole, at)
		p.Src, p.Pos = whole[:end-len(newlineOf(whole[at:end]))], at
		if p.Next(); p.Pos == len(p.Src) {
			continue
		}
		p.Enter(jsontext.IndexStep(n))
		p.About = compiled.Subject{}
		ok = p.Leave(p.line())
		n++
	}
	p.Src, p.Line = whole, false
	if ok {
		p.Pos, p.About = len(whole), compiled.Subject{}
		p.Tree.Groups[0].End = uint32(len(p.Tree.rows[0].entries))
	}
	return ok
}

// line reads the item of a line, and nothing behind it.
func (p *Parser) line() bool {
	if p.Src[p.Pos] != '{' {
		if !p.WrongValue(compiled.WithArticle(p.levels[0].Name), "an object") {
			return false
		}
	} else if !p.Item(Top(0), 0) {
		return false
	}
	switch p.Next() {
	case ',':
		return p.Fail(p.Pos, "syntax", "a comma behind the value of a line: JSON Lines have none between them")
	case '{':
		return p.Fail(p.Pos, "syntax", "a second value on the line: want each on a line of its own")
	}
	return p.End("the value of the line")
}
