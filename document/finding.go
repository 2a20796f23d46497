package document

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
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
	scanner
	typ      *Type
	findings []finding
	// omitted counts findings beyond the limit, the first of which is at
	// omittedAt.
	omitted, omittedAt int
	// base is the JSON pointer to the array of top items, and place the path
	// from there to the value being read.
	base     string
	place    []step
	about    itemPlace
	refusals int // among the findings
	// warnings asks for the rules that warn too.
	warnings bool
}

// enter steps down to a value.
func (c *checker) enter(s step) { c.place = append(c.place, s) }

// leave steps up again. After a syntax error the place stays what it is.
func (c *checker) leave(ok bool) bool {
	if ok {
		c.place = c.place[:len(c.place)-1]
	}
	return ok
}

// value reads any value.
func (c *checker) value(depth int) bool {
	ok := c.scanner.value(depth)
	for _, r := range c.repeated {
		c.find(r.offset, r.rule, r.message)
	}
	c.repeated = c.repeated[:0]
	return ok
}

// find records a problem at an offset, for the value at the current place.
func (c *checker) find(offset int, rule, message string) {
	c.record(offset, Refusal, rule, message)
}

// duplicateKey records that a key of the object at the current place occurs
// again at an offset.
func (c *checker) duplicateKey(offset int, key string) {
	c.enter(keyStep(key))
	c.find(offset, "duplicate-key", duplicateKey(key))
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
	if c.fault.rule == "" {
		return nil
	}
	return []finding{{offset: c.fault.offset, pointer: c.pointer(), about: c.about,
		Problem: Problem{Severity: Refusal, Rule: c.fault.rule, Message: c.fault.message}}}
}

// pointer returns the JSON pointer to the value being read.
func (c *checker) pointer() string {
	var b strings.Builder
	b.WriteString(c.base)
	for _, s := range c.place {
		appendStep(&b, s)
	}
	return b.String()
}

// rootPointer returns the path to the array of top items of a group.
func rootPointer(r format.Root, group string) string {
	var b strings.Builder
	if r.Kind == format.RootGroups {
		appendStep(&b, keyStep(group))
	}
	if r.Kind != format.RootArray && r.Kind != 0 {
		appendStep(&b, keyStep(r.Key))
	}
	return b.String()
}

// pointer returns the JSON pointer of an item.
func (s *shape) pointer(n node) string {
	var b strings.Builder
	if above, ok := s.parent(n); ok {
		b.WriteString(s.pointer(above))
		appendStep(&b, keyStep(s.level(above).Children))
	} else {
		b.WriteString(rootPointer(s.root, s.groups[s.group(n)].name))
	}
	appendStep(&b, indexStep(int(n.index-s.siblings(n).first)))
	return b.String()
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
	lines := newLineCounter(p.src)
	others := p.otherLines()
	for i, f := range found {
		out[i] = f.Problem
		out[i].Pointer = f.pointer
		if f.about.known {
			out[i].Item = clipped(p.shape.itemName(f.about.node), maxNamed)
		}
		if p.unseen {
			continue
		}
		out[i].Line, out[i].Column = lines.position(f.offset)
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
	lines, counter := map[int]int{}, newLineCounter(p.src)
	for _, offset := range offsets {
		lines[offset], _ = counter.position(offset)
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
	id.group = clipped(id.group, maxNamed)
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
	near := scanner{src: s.source[at:min(len(s.source), at+longestID)]}
	if near.src[0] != '"' {
		return sharedString(near.src[:numberLength(near.src)])
	}
	if _, ok := near.text(); !ok {
		return ""
	}
	return unquote(near.src[:near.pos])
}

// withArticle puts "a" or "an" before a name.
func withArticle(name string) string {
	if name != "" && strings.ContainsRune("AEIOUaeiou", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}
