package tree

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// SubjectOf is an item as findings name it.
func SubjectOf(n Node, known bool) compiled.Subject {
	return compiled.Subject{Index: n.Index, Row: n.Row, Level: n.Kind, Known: known}
}

// NodeOf is the item that a finding is about.
func NodeOf(s compiled.Subject) Node { return Node{s.Index, s.Row, s.Level} }

// limitFound says that there is more than what is reported.
func (p *Parser) limitFound() compiled.Finding {
	return compiled.Finding{
		Offset: max(p.OmittedAt, p.Findings[len(p.Findings)-1].Offset), Warning: p.Refusals == 0,
		Rule: "limit", Message: fmt.Sprintf("there are %d more problems", p.Omitted),
	}
}

// OtherLines returns the lines of what findings refer to.
func (p *Parser) OtherLines() map[int]int {
	var offsets []int
	for _, f := range p.Findings {
		if f.Other > 0 {
			offsets = append(offsets, f.Other)
		}
	}
	slices.Sort(offsets)
	lines, counter := map[int]int{}, jsontext.NewLineCounter(p.Src)
	for _, offset := range offsets {
		lines[offset], _ = counter.Position(offset)
	}
	return lines
}

// Sorted returns the findings in the order of the text, a syntax error last.
func (p *Parser) Sorted() []compiled.Finding {
	slices.SortStableFunc(p.Findings, func(a, b compiled.Finding) int { return cmp.Compare(a.Offset, b.Offset) })
	found := p.Findings
	if p.Omitted > 0 {
		found = append(found, p.limitFound())
	}
	return append(found, p.FaultFound()...)
}
