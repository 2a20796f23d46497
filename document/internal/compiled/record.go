package compiled

import (
	"regexp"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// Record says how the members of a JSON object are read: those of an item
// or of an object field. A member that is known has a slot.
type Record struct {
	name   string
	Fields []Field  // by slot
	Quoted []string // their keys as JSON text
	Slots  map[string]int
	// Order lists the slots as new items have them, the children's last.
	Order      []int
	Children   int  // slot, -1 for none
	references bool // some are in it, or in its objects
	// Required lists the slots that must be there.
	Required []int
}

// Field is a compiled field.
type Field struct {
	format.FieldDescriptor
	refuse, warn []Rule // in the order of the descriptor
	Quoted       string // the key as JSON text
}

// Rule is one check, ready to judge.
type Rule struct {
	format.Rule
	pattern *regexp.Regexp
}

// Enum is a named enum.
type Enum struct {
	format.EnumDescriptor
	byText map[string]uint8 // names and aliases
}

func (f *Field) add(r Rule) {
	if r.Warn {
		f.warn = append(f.warn, r)
	} else {
		f.refuse = append(f.refuse, r)
	}
}

// finish fills what is derived from fields.
func (r *Record) finish() {
	r.Slots = make(map[string]int, len(r.Fields))
	for slot := range r.Fields {
		f := &r.Fields[slot]
		f.Quoted = string(jsontext.AppendQuoted(nil, f.Key))
		r.Quoted = append(r.Quoted, f.Quoted)
		r.Slots[f.Key] = slot
		if f.Required {
			r.Required = append(r.Required, slot)
		}
	}
}

// At returns the slot of the member that a text begins with: its key, as it is
// mostly written, and the colon. Other spellings of a key are not found. The
// guess is looked at first.
func (r *Record) At(text []byte, guess int) (slot int, ok bool) {
	if begins(text, r.Quoted[guess]) {
		return guess, true
	}
	for slot, quoted := range r.Quoted {
		if begins(text, quoted) {
			return slot, true
		}
	}
	return 0, false
}

// begins reports whether a text begins with a key and a colon.
func begins(text []byte, quoted string) bool {
	n := len(quoted)
	return len(text) > n && text[n] == ':' && string(text[:n]) == quoted
}
