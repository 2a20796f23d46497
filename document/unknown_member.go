package document

import "github.com/backlog-gen/backlog-gen/document/internal/tree"

// UnknownMembers returns all members of the document that the format does not
// know, in the order of the text. They are kept as they are, and break no rule;
// whoever wants a document without them refuses what is returned.
func (d *Document) UnknownMembers() []Problem {
	t := d.typ
	p := tree.NewParser(&t.format, d.AppendJSON(nil), t.maxSize)
	p.Strict = true
	p.Document()
	return problems(p)
}
