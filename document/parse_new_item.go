package document

import (
	"fmt"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// judgeItem reads the text of a new item below a parent, and returns it and
// those below it, or what is wrong with it.
func (t *Type) judgeItem(level Level, parent ID, text string) ([]newItem, []Problem) {
	source := append(jsontext.AppendQuoted([]byte{' '}, parent.text), text...)
	p := newParser(&t.format, source, t.maxSize)
	p.unseen = true
	p.Pos = len(source) - len(text)
	p.tree.groups = []group{{name: parent.group}}
	in := p.below(level)
	if p.Next() != '{' {
		return nil, []Problem{{Severity: Refusal, Rule: "syntax", Message: "the item to add is not a JSON object"}}
	}
	if p.item(in, 0) {
		p.End("the item")
	}
	if problems := problems(p); len(problems) > 0 {
		return nil, problems
	}
	var out []newItem
	problems := t.judged(p, p.tree.ofKind(level), parent, &out)
	return out, problems
}

// judged lists items and those below them, and reports those that do not start in
// the initial status.
func (t *Type) judged(p *parser, items list, parent ID, out *[]newItem) []Problem {
	var problems []Problem
	for n := range items.nodes() {
		level, status := p.tree.level(n), p.statusOf(n)
		id := ID{parent.group, p.tree.ownID(n)}
		if level.ID.Kind == format.LocalID {
			id = t.LocalID(parent, id.text)
		}
		if len(id.text) > MaxIDLength {
			problems = append(problems, Problem{Severity: Refusal, Item: jsontext.Clipped(id.String(), jsontext.MaxNamed), Rule: "id",
				Message: fmt.Sprintf("the id has %d bytes with those above it: want at most %d", len(id.text), MaxIDLength)})
		}
		*out = append(*out, newItem{id, parent, n.kind})
		if status != level.StateMachine.Initial() {
			problems = append(problems, Problem{Severity: Refusal, Item: id.String(), Rule: "status", Message: t.mustStart(n.kind, status)})
		}
		problems = append(problems, t.judged(p, p.tree.children(n), id, out)...)
	}
	return problems
}
