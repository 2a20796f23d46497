package document

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// maxFindings bounds how many problems of one document are reported.
const maxFindings = 1000

// finding is a problem whose place is still an offset.
type finding struct {
	offset  int
	pointer string
	about   itemPlace
	// other is where the item lies that an id clashes with, 0 for none.
	other int
	Problem
}

// itemPlace names an item of the shape being read. known is false where no item
// or none with an id of its own is concerned.
type itemPlace struct {
	node
	known bool
}

// checker reads values and gathers what breaks a rule.
type checker struct {
	jsontext.Scanner
	typ      *Type
	findings []finding
	// omitted counts findings beyond the limit, the first of which is at
	// omittedAt.
	omitted, omittedAt int
	// base is the JSON pointer to the array of top items, and place the path
	// from there to the value being read.
	base     string
	place    []jsontext.Step
	about    itemPlace
	refusals int // among the findings
	// warnings asks for the rules that warn too.
	warnings bool
}

// enter steps down to a value.
func (c *checker) enter(s jsontext.Step) { c.place = append(c.place, s) }

// leave steps up again. After a syntax error the place stays what it is.
func (c *checker) leave(ok bool) bool {
	if ok {
		c.place = c.place[:len(c.place)-1]
	}
	return ok
}

// value reads any value.
func (c *checker) value(depth int) bool {
	ok := c.Scanner.Value(depth)
	for _, r := range c.Repeated {
		c.find(r.Offset, r.Rule, r.Message)
	}
	c.Repeated = c.Repeated[:0]
	return ok
}

// find records a problem at an offset, for the value at the current place.
func (c *checker) find(offset int, rule, message string) {
	c.record(offset, Refusal, rule, message)
}

// jsontext.DuplicateKey records that a key of the object at the current place occurs
// again at an offset.
func (c *checker) duplicateKey(offset int, key string) {
	c.enter(jsontext.KeyStep(key))
	c.find(offset, "duplicate-key", jsontext.DuplicateKey(key))
	c.leave(true)
}

func (c *checker) record(offset int, severity Severity, rule, message string) {
	if severity == Refusal {
		c.refusals++
	}
	if len(c.findings) >= maxFindings {
		if c.omitted == 0 {
			c.omittedAt = offset
		}
		c.omitted++
		return
	}
	c.findings = append(c.findings, finding{offset: offset, pointer: c.pointer(), about: c.about,
		Problem: Problem{Severity: severity, Rule: rule, Message: message}})
}

// faultFound returns the syntax error, if there is one, as a finding.
func (c *checker) faultFound() []finding {
	if c.Fault.Rule == "" {
		return nil
	}
	return []finding{{offset: c.Fault.Offset, pointer: c.pointer(), about: c.about,
		Problem: Problem{Severity: Refusal, Rule: c.Fault.Rule, Message: c.Fault.Message}}}
}

// pointer returns the JSON pointer to the value being read.
func (c *checker) pointer() string { return jsontext.Pointer(c.base, c.place...) }

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

// problems returns the findings in the order of the text, a syntax error last.
func (p *parser) problems() []Problem {
	slices.SortStableFunc(p.findings, func(a, b finding) int { return cmp.Compare(a.offset, b.offset) })
	found := p.findings
	if p.omitted > 0 {
		found = append(found, p.limitFound())
	}
	found = append(found, p.faultFound()...)
	out := make([]Problem, len(found))
	lines := jsontext.NewLineCounter(p.Src)
	others := p.otherLines()
	for i, f := range found {
		out[i] = f.Problem
		out[i].Pointer = f.pointer
		if f.about.known {
			out[i].Item = jsontext.Clipped(p.shape.itemName(f.about.node), jsontext.MaxNamed)
		}
		if p.unseen {
			continue
		}
		out[i].Line, out[i].Column = lines.Position(f.offset)
		if f.other > 0 {
			out[i].Message += fmt.Sprintf(", in line %d", others[f.other])
		}
	}
	return out
}

// limitFound says that there is more than what is reported.
func (p *parser) limitFound() finding {
	f := finding{offset: max(p.omittedAt, p.findings[len(p.findings)-1].offset)}
	f.Problem = Problem{Severity: Warning, Rule: "limit", Message: fmt.Sprintf("there are %d more problems", p.omitted)}
	if p.refusals > 0 {
		f.Severity = Refusal
	}
	return f
}

// otherLines returns the lines of what findings refer to.
func (p *parser) otherLines() map[int]int {
	var offsets []int
	for _, f := range p.findings {
		if f.other > 0 {
			offsets = append(offsets, f.other)
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
	at := int(s.slot(n, idSlot))
	if at == 0 {
		return ""
	}
	near := jsontext.Scanner{Src: s.source[at:min(len(s.source), at+longestID)]}
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
