package compiled

import (
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// maxFindings bounds how many problems of one document are reported.
const maxFindings = 1000

// Finding is what a text has against it, at an offset.
type Finding struct {
	Offset  int
	Pointer string
	About   Subject
	// Other is where the item lies that an id clashes with, 0 for none.
	Other int
	// Warning says that the text is accepted all the same.
	Warning bool
	Rule    string
	Message string
}

// Subject is the item that a finding is about: its place in its row of the tree,
// the row and the level. Known is false where no item or none with an id of its
// own is concerned.
type Subject struct {
	Index uint32
	Row   uint16
	Level format.Level
	Known bool
}

// Checker reads values and gathers what breaks a rule.
type Checker struct {
	jsontext.Scanner
	Format   *Format
	Findings []Finding
	// Omitted counts findings beyond the limit, the first of which is at
	// OmittedAt.
	Omitted, OmittedAt int
	// Base is the JSON pointer to the array of top items, and Place the path
	// from there to the value being read.
	Base     string
	Place    []jsontext.Step
	About    Subject
	Refusals int // among the findings
	// Warnings asks for the rules that warn too, Strict for members that the format
	// does not know.
	Warnings, Strict bool
	unknown          []UnknownMember // of the objects that are being read
	nearest          map[memberKey]string
}

// Enter steps down to a value.
func (c *Checker) Enter(s jsontext.Step) { c.Place = append(c.Place, s) }

// EnterValue steps down from an item to a known value, through the objects around
// it.
func (c *Checker) EnterValue(f *Field) {
	for _, key := range f.Way {
		c.Enter(jsontext.KeyStep(key))
	}
}

// Leave steps up again. After a syntax error the place stays what it is.
func (c *Checker) Leave(ok bool) bool {
	if ok {
		c.Place = c.Place[:len(c.Place)-1]
	}
	return ok
}

// Value reads any value.
func (c *Checker) Value(depth int) bool {
	ok := c.Scanner.Value(depth)
	for _, r := range c.Repeated {
		c.Find(r.Offset, r.Rule, r.Message)
	}
	c.Repeated = c.Repeated[:0]
	return ok
}

// Find records what refuses the text, at an offset and for the value at the
// current place.
func (c *Checker) Find(offset int, rule, message string) {
	c.Refusals++
	c.record(Finding{Offset: offset, Rule: rule, Message: message})
}

// Warn records what does not refuse the text.
func (c *Checker) Warn(offset int, rule, message string) {
	c.record(Finding{Offset: offset, Rule: rule, Message: message, Warning: true})
}

// DuplicateKey records that a key of the object at the current place occurs
// again at an offset.
func (c *Checker) DuplicateKey(offset int, key string) {
	c.Enter(jsontext.KeyStep(key))
	c.Find(offset, "duplicate-key", jsontext.DuplicateKey(key))
	c.Leave(true)
}

func (c *Checker) record(f Finding) {
	if len(c.Findings) >= maxFindings {
		if c.Omitted == 0 {
			c.OmittedAt = f.Offset
		}
		c.Omitted++
		return
	}
	f.Pointer, f.About = c.pointer(), c.About
	c.Findings = append(c.Findings, f)
}

// FaultFound returns the syntax error, if there is one, as a finding.
func (c *Checker) FaultFound() []Finding {
	if c.Fault.Rule == "" {
		return nil
	}
	return []Finding{{Offset: c.Fault.Offset, Pointer: c.pointer(), About: c.About, Rule: c.Fault.Rule, Message: c.Fault.Message}}
}

// pointer returns the JSON pointer to the value being read.
func (c *Checker) pointer() string { return jsontext.Pointer(c.Base, c.Place...) }

// JudgeValue returns what is wrong with a value for a field.
func (t *Format) JudgeValue(field *Field, value string) []Finding {
	c := Checker{Scanner: jsontext.Scanner{Src: []byte(value)}, Format: t}
	c.Enter(jsontext.KeyStep(field.Key))
	if c.fieldValue(field, 0) {
		c.End("the value")
	}
	return append(c.Findings, c.FaultFound()...)
}
