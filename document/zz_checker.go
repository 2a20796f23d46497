package document

import (
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// maxFindings bounds how many problems of one document are reported.
const maxFindings = 1000

// finding is what a text has against it, at an offset.
type finding struct {
	offset  int
	pointer string
	about   subject
	// other is where the item lies that an id clashes with, 0 for none.
	other int
	// warning says that the text is accepted all the same.
	warning bool
	rule    string
	message string
}

// subject is the item that a finding is about: its place in its row of the tree,
// the row and the level. known is false where no item or none with an id of its
// own is concerned.
type subject struct {
	index uint32
	row   uint16
	level format.Level
	known bool
}

// checker reads values and gathers what breaks a rule.
type checker struct {
	jsontext.Scanner
	format   *formatType
	findings []finding
	// omitted counts findings beyond the limit, the first of which is at
	// omittedAt.
	omitted, omittedAt int
	// base is the JSON pointer to the array of top items, and place the path
	// from there to the value being read.
	base     string
	place    []jsontext.Step
	about    subject
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

// find records what refuses the text, at an offset and for the value at the
// current place.
func (c *checker) find(offset int, rule, message string) {
	c.refusals++
	c.record(finding{offset: offset, rule: rule, message: message})
}

// warn records what does not refuse the text.
func (c *checker) warn(offset int, rule, message string) {
	c.record(finding{offset: offset, rule: rule, message: message, warning: true})
}

// duplicateKey records that a key of the object at the current place occurs
// again at an offset.
func (c *checker) duplicateKey(offset int, key string) {
	c.enter(jsontext.KeyStep(key))
	c.find(offset, "duplicate-key", jsontext.DuplicateKey(key))
	c.leave(true)
}

func (c *checker) record(f finding) {
	if len(c.findings) >= maxFindings {
		if c.omitted == 0 {
			c.omittedAt = f.offset
		}
		c.omitted++
		return
	}
	f.pointer, f.about = c.pointer(), c.about
	c.findings = append(c.findings, f)
}

// faultFound returns the syntax error, if there is one, as a finding.
func (c *checker) faultFound() []finding {
	if c.Fault.Rule == "" {
		return nil
	}
	return []finding{{offset: c.Fault.Offset, pointer: c.pointer(), about: c.about, rule: c.Fault.Rule, message: c.Fault.Message}}
}

// pointer returns the JSON pointer to the value being read.
func (c *checker) pointer() string { return jsontext.Pointer(c.base, c.place...) }

// judgeValue returns what is wrong with a value for a field.
func (t *formatType) judgeValue(field *fieldType, value string) []finding {
	c := checker{Scanner: jsontext.Scanner{Src: []byte(value)}, format: t}
	c.enter(jsontext.KeyStep(field.Key))
	if c.fieldValue(field, 0) {
		c.End("the value")
	}
	return append(c.findings, c.faultFound()...)
}
