package document

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// rootPointer returns the path to the array of top items of a group.
func rootPointer(r format.Root, group string) string {
	switch r.Kind {
	case format.RootObject:
		return jsontext.Pointer("", jsontext.KeyStep(r.Key))
	case format.RootGroups:
		return jsontext.Pointer("", jsontext.KeyStep(group), jsontext.KeyStep(r.Key))
	}
	return ""
}

// pointer returns the JSON pointer of an item.
func (s *shape) pointer(n node) string {
	last := jsontext.IndexStep(int(n.index - s.siblings(n).first))
	if above, ok := s.parent(n); ok {
		return jsontext.Pointer(s.pointer(above), jsontext.KeyStep(s.level(above).Children), last)
	}
	return jsontext.Pointer(rootPointer(s.root, s.groups[s.group(n)].name), last)
}

// about is an item as findings name it.
func about(n node, known bool) compiled.Subject {
	return compiled.Subject{Index: n.index, Row: n.row, Level: n.kind, Known: known}
}

func nodeOf(s compiled.Subject) node { return node{s.Index, s.Row, s.Level} }

// problemOf is a finding without its place in the text.
func problemOf(f compiled.Finding) Problem {
	out := Problem{Severity: Refusal, Pointer: f.Pointer, Rule: f.Rule, Message: f.Message}
	if f.Warning {
		out.Severity = Warning
	}
	return out
}

// problems returns the findings in the order of the text, a syntax error last.
func (p *parser) problems() []Problem {
	slices.SortStableFunc(p.Findings, func(a, b compiled.Finding) int { return cmp.Compare(a.Offset, b.Offset) })
	found := p.Findings
	if p.Omitted > 0 {
		found = append(found, p.limitFound())
	}
	found = append(found, p.FaultFound()...)
	out := make([]Problem, len(found))
	lines := jsontext.NewLineCounter(p.Src)
	others := p.otherLines()
	for i, f := range found {
		out[i] = problemOf(f)
		if f.About.Known {
			out[i].Item = jsontext.Clipped(p.shape.itemName(nodeOf(f.About)), jsontext.MaxNamed)
		}
		if p.unseen {
			continue
		}
		out[i].Line, out[i].Column = lines.Position(f.Offset)
		if f.Other > 0 {
			out[i].Message += fmt.Sprintf(", in line %d", others[f.Other])
		}
	}
	return out
}

// limitFound says that there is more than what is reported.
func (p *parser) limitFound() compiled.Finding {
	f := compiled.Finding{Offset: max(p.OmittedAt, p.Findings[len(p.Findings)-1].Offset)}
	f.Rule, f.Message = "limit", fmt.Sprintf("there are %d more problems", p.Omitted)
	f.Warning = p.Refusals == 0
	return f
}

// otherLines returns the lines of what findings refer to.
func (p *parser) otherLines() map[int]int {
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

// itemName is the id of an item of a shape that may not be complete, with its
// group; "" if it has none.
func (s *shape) itemName(n node) string {
	id := ID{text: s.partialID(n)}
	if id.text == "" {
		return ""
	}
	if len(s.groups) == 1 {
		id.group = s.groups[0].name
	} else {
		id.group = s.groups[s.group(n)].name
	}
	id.group = jsontext.Clipped(id.group, jsontext.MaxNamed)
	return id.String()
}

// partialID is the id of an item of a shape that may not be complete.
func (s *shape) partialID(n node) string {
	own := s.nearID(n)
	parent, ok := s.parent(n)
	if own == "" || !ok || s.level(n).ID.Kind != format.LocalID || int(parent.index) >= len(s.rows[parent.row].entries) {
		return own
	}
	above := s.partialID(parent)
	if above == "" || strings.HasPrefix(own, above+".") {
		return own
	}
	return above + "." + own
}

// nearID is the id as an item spells it, "" if it has none or one that is too
// long: what is longer is not looked at, however often it is asked for.
func (s *shape) nearID(n node) string {
	at := int(s.slot(n, compiled.IDSlot))
	if at == 0 {
		return ""
	}
	near := jsontext.Scanner{Src: s.source[at:min(len(s.source), at+compiled.LongestID)]}
	if near.Src[0] != '"' {
		return jsontext.SharedString(near.Src[:jsontext.NumberLength(near.Src)])
	}
	if _, ok := near.Text(); !ok {
		return ""
	}
	return jsontext.Unquote(near.Src[:near.Pos])
}

// withArticle puts "a" or "an" before a name.
func withArticle(name string) string {
	if name != "" && strings.ContainsRune("AEIOUaeiou", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}
