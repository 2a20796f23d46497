package document

import (
	"regexp"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// recordType says how the members of a JSON object are read: those of an item
// or of an object field. A member that is known has a slot.
type recordType struct {
	name   string
	fields []fieldType // by slot
	quoted []string    // their keys as JSON text
	slots  map[string]int
	// order lists the slots as new items have them, the children's last.
	order    []int
	children int // slot, -1 for none
	// required lists the slots that must be there.
	required []int
}

// fieldType is a compiled field.
type fieldType struct {
	format.FieldDescriptor
	refuse, warn []compiledRule // in the order of the descriptor
	quoted       string         // the key as JSON text
}

type compiledRule struct {
	format.Rule
	pattern *regexp.Regexp
}

type enumType struct {
	format.EnumDescriptor
	values map[string]uint8 // names and aliases
}

func (f *fieldType) add(r compiledRule) {
	if r.Warn {
		f.warn = append(f.warn, r)
	} else {
		f.refuse = append(f.refuse, r)
	}
}

// finish fills what is derived from fields.
func (r *recordType) finish() {
	r.slots = make(map[string]int, len(r.fields))
	for slot := range r.fields {
		f := &r.fields[slot]
		f.quoted = string(jsontext.AppendQuoted(nil, f.Key))
		r.quoted = append(r.quoted, f.quoted)
		r.slots[f.Key] = slot
		if f.Required {
			r.required = append(r.required, slot)
		}
	}
}

// at returns the slot of the member that a text begins with: its key, as it is
// mostly written, and the colon. Other spellings of a key are not found. The
// guess is looked at first.
func (r *recordType) at(text []byte, guess int) (slot int, ok bool) {
	if begins(text, r.quoted[guess]) {
		return guess, true
	}
	for slot, quoted := range r.quoted {
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
