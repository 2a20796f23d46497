package document

import (
	"fmt"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// judgeItem reads the text of a new item below a parent, and returns it and
// those below it, or what is wrong with it.
func (t *Type) judgeItem(level Level, parent ID, text string) ([]newItem, []Problem) {
	source := append(jsontext.AppendQuoted([]byte{' '}, parent.text), text...)
	p := newParser(t, source)
	p.unseen = true
	p.Pos = len(source) - len(text)
	p.shape.groups = []group{{name: parent.group}}
	in := p.below(level)
	if p.Next() != '{' {
		return nil, []Problem{{Severity: Refusal, Rule: "syntax", Message: "the item to add is not a JSON object"}}
	}
	if p.item(in, 0) {
		p.End("the item")
	}
	if problems := p.problems(); len(problems) > 0 {
		return nil, problems
	}
	var out []newItem
	problems := p.judged(p.shape.ofKind(level), parent, &out)
	return out, problems
}

// below returns a list of a level in a shape without items. The parent is all that
// its children's ids need: it stands for one whose id is the first thing in the
// text.
func (p *parser) below(level Level) listID {
	above, ok := p.typ.format.ParentLevel(level)
	if !ok {
		return top(0)
	}
	r := &p.shape.rows[above]
	r.entries, r.kids = []entry{{}}, []uint32{0}
	r.slots = make([]uint32, r.stride)
	r.slots[compiled.IDSlot] = 1
	return node{0, uint16(above), above}.below()
}

// judged lists items and those below them, and reports those that do not start in
// the initial status.
func (p *parser) judged(items list, parent ID, out *[]newItem) []Problem {
	var problems []Problem
	for n := range items.nodes() {
		level, status := p.shape.level(n), p.levels[n.kind].statuses[n.index]
		id := ID{parent.group, p.shape.ownID(n)}
		if level.ID.Kind == format.LocalID {
			id = p.typ.LocalID(parent, id.text)
		}
		if len(id.text) > MaxIDLength {
			problems = append(problems, Problem{Severity: Refusal, Item: jsontext.Clipped(id.String(), jsontext.MaxNamed), Rule: "id",
				Message: fmt.Sprintf("the id has %d bytes with those above it: want at most %d", len(id.text), MaxIDLength)})
		}
		*out = append(*out, newItem{id, parent, n.kind})
		if status != level.StateMachine.Initial() {
			problems = append(problems, Problem{Severity: Refusal, Item: id.String(), Rule: "status", Message: p.typ.mustStart(n.kind, status)})
		}
		problems = append(problems, p.judged(p.shape.children(n), id, out)...)
	}
	return problems
}
