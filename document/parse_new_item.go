package document

import (
	"fmt"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/tree"
)

// judgeItem reads the text of a new item below a parent, and returns it and
// those below it, or what is wrong with it. An item without an id gets the one that is
// given.
func (t *Type) judgeItem(level Level, parent ID, text string, id ID) ([]newItem, []Problem) {
	source := append(jsontext.AppendQuoted([]byte{' '}, parent.text), text...)
	p := tree.NewParser(&t.format, source, t.maxSize)
	p.Unseen = true
	p.Pos = len(source) - len(text)
	p.Tree.Groups = []tree.Group{{Name: parent.group}}
	in := p.Below(level)
	if p.Next() != '{' {
		return nil, []Problem{{Severity: Refusal, Rule: "syntax", Message: "the item to add is not a JSON object"}}
	}
	if p.Item(in, 0) {
		p.End("the item")
	}
	if problems := problems(p); len(problems) > 0 {
		return nil, problems
	}
	var out []newItem
	problems := t.judged(p, p.Tree.OfKind(level), parent, &out, id)
	return out, problems
}

// judged lists items and those below them, and reports those that do not start in
// the initial status.
func (t *Type) judged(p *tree.Parser, items tree.List, parent ID, out *[]newItem, first ID) []Problem {
	var problems []Problem
	for n := range items.Nodes() {
		level, status := p.Tree.Level(n), p.StatusOf(n)
		id := ID{parent.group, p.Tree.OwnID(n)}
		switch {
		case level.ID.Kind == format.PositionID && !first.IsZero():
			id = first
		case level.ID.FollowsParent():
			id = t.LocalID(parent, id.text)
		}
		if len(id.text) > MaxIDLength {
			problems = append(problems, Problem{Severity: Refusal, Item: jsontext.Clipped(id.String(), jsontext.MaxNamed), Rule: "id",
				Message: fmt.Sprintf("the id has %d bytes with those above it: want at most %d", len(id.text), MaxIDLength)})
		}
		*out = append(*out, newItem{id, parent, n.Kind})
		if status != level.Initial() {
			problems = append(problems, Problem{Severity: Refusal, Item: id.String(), Rule: "status", Message: t.mustStart(n.Kind, status)})
		}
		problems = append(problems, t.judged(p, p.Tree.Children(n), id, out, ID{})...)
	}
	return problems
}
