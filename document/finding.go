package document

import (
	"fmt"

	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// problemOf is a finding without its place in the text.
func problemOf(f compiled.Finding) Problem {
	out := Problem{Severity: Refusal, Pointer: f.Pointer, Rule: f.Rule, Message: f.Message}
	if f.Warning {
		out.Severity = Warning
	}
	return out
}

// problems returns the findings in the order of the text, a syntax error last.
func problems(p *tree.Parser) []Problem {
	found := p.Sorted()
	out := make([]Problem, len(found))
	lines := jsontext.NewLineCounter(p.Src)
	others := p.OtherLines()
	for i, f := range found {
		out[i] = problemOf(f)
		if f.About.Known {
			out[i].Item = jsontext.Clipped(itemName(p.Tree, tree.NodeOf(f.About)), jsontext.MaxNamed)
		}
		if p.Unseen {
			continue
		}
		out[i].Line, out[i].Column = lines.Position(f.Offset)
		if f.Other > 0 {
			out[i].Message += fmt.Sprintf(", in line %d", others[f.Other])
		}
	}
	return out
}

// itemName is the id of an item of a tree that may not be complete, with its
// group; "" if it has none.
func itemName(s *tree.Tree, n tree.Node) string {
	id := ID{text: s.PartialID(n)}
	if id.text == "" {
		return ""
	}
	if len(s.Groups) == 1 {
		id.group = s.Groups[0].Name
	} else {
		id.group = s.Groups[s.Group(n)].Name
	}
	id.group = jsontext.Clipped(id.group, jsontext.MaxNamed)
	return id.String()
}
