package document

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// maxFindings bounds how many problems of one document are reported.
const maxFindings = 1000

// finding is a problem whose place is still an offset.
type finding struct {
	offset  int
	pointer string
	about   itemPlace
	Problem
}

// itemPlace names an item of the shape being read. known is false where no item
// or none with an id of its own is concerned.
type itemPlace struct {
	level Level
	i     uint32
	known bool
}

// step is one token of a JSON pointer: a key, or an index where key is "".
type step struct {
	key   string
	index int
}

// checker reads values and gathers what breaks a rule.
type checker struct {
	scanner
	typ      *Type
	findings []finding
	// base is the JSON pointer to the array of top items, and place the path
	// from there to the value being read.
	base     string
	place    []step
	about    itemPlace
	refusals int // among the findings
	// warnings asks for the rules that warn too.
	warnings bool
}

// find records a problem at an offset, for the value at the current place.
func (c *checker) find(offset int, rule, message string) {
	c.record(offset, Refusal, rule, message)
}

// findKey is find for the member key of the current place.
func (c *checker) findKey(key string, offset int, rule, message string) {
	c.place = append(c.place, step{key: key})
	c.find(offset, rule, message)
	c.place = c.place[:len(c.place)-1]
}

func (c *checker) record(offset int, severity Severity, rule, message string) {
	if len(c.findings) > maxFindings {
		return
	}
	if len(c.findings) == maxFindings {
		rule, message = "limit", "there are more problems than these"
	}
	if severity == Refusal {
		c.refusals++
	}
	c.findings = append(c.findings, finding{offset: offset, pointer: c.pointer(), about: c.about,
		Problem: Problem{Severity: severity, Rule: rule, Message: message}})
}

// keepFault turns a syntax error into the last finding.
func (c *checker) keepFault() {
	if c.fault.rule != "" {
		c.find(c.fault.offset, c.fault.rule, c.fault.message)
	}
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

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func appendStep(b *strings.Builder, s step) {
	b.WriteByte('/')
	if s.key == "" {
		b.WriteString(strconv.Itoa(s.index))
	} else {
		b.WriteString(pointerEscapes.Replace(s.key))
	}
}

// pointer returns the path to the array of top items of a group.
func (r Root) pointer(group string) string {
	var b strings.Builder
	if r.Kind == RootGroups {
		appendStep(&b, step{key: group})
	}
	if r.Kind != RootArray && r.Kind != 0 {
		appendStep(&b, step{key: r.Key})
	}
	return b.String()
}

// problems returns the findings in the order of the text.
func (p *parser) problems() []Problem {
	slices.SortStableFunc(p.findings, func(a, b finding) int { return a.offset - b.offset })
	out := make([]Problem, len(p.findings))
	lines := lineCounter{src: p.src}
	for i, f := range p.findings {
		out[i] = f.Problem
		out[i].Line, out[i].Column = lines.position(f.offset)
		out[i].Pointer = f.pointer
		if f.about.known {
			out[i].Item = p.shape.partialID(f.about.level, f.about.i)
		}
	}
	return out
}

// partialID is the id of an item of a shape that may not be complete.
func (s *shape) partialID(l Level, i uint32) string {
	own := s.ownID(l, i)
	if l == 0 || own == "" || s.typ.levels[l].ID.Kind != LocalID {
		return own
	}
	parent := s.partialID(l-1, s.levels[l].nodes[i].parent)
	if parent == "" || strings.HasPrefix(own, parent+".") {
		return own
	}
	return parent + "." + own
}

// lineCounter works out lines of ascending offsets.
type lineCounter struct {
	src        []byte
	line, from int
}

func (c *lineCounter) position(offset int) (line, column int) {
	c.line += bytes.Count(c.src[c.from:offset], []byte("\n"))
	c.from = offset
	return c.line + 1, offset - bytes.LastIndexByte(c.src[:offset], '\n')
}

// position returns the line and column of an offset, from 1.
func position(src []byte, offset int) (line, column int) {
	c := lineCounter{src: src}
	return c.position(offset)
}

// kindName says what kind of JSON value begins with c.
func kindName(c byte) string {
	switch c {
	case '"':
		return "text"
	case '{':
		return "an object"
	case '[':
		return "an array"
	case 't', 'f':
		return "a bool"
	case 'n':
		return "null"
	}
	return "a number"
}
