package compiled

import (
	"regexp"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// Record says how the members of a JSON object are read: those of an item
// or of an object field. A member that is known has a slot, also one that is in an
// object of an item.
type Record struct {
	name   string
	Fields []Field  // by slot
	Quoted []string // the keys as JSON text, "" of what is in objects
	Members
	Children   int  // slot, -1 for none
	references bool // some are in it, or in its objects
	// Anchor is the slot of the member that is always there: the id of an item, the
	// list of a document.
	Anchor int
	// Required lists the slots that must be there.
	Required []int
}

// Members says which members of one JSON object are known.
type Members struct {
	Path  string         // that leads to the object from its item, with dots between keys
	words string         // for the object
	Slots map[string]int // by key
	// Inside are the objects of an item that hold known values, by key.
	Inside map[string]*Members
	// Order lists the members as new items have them, the children's last.
	Order []Member
	// Nullable accepts null in place of the object: nothing is in it.
	Nullable bool
}

// Member is a known member of an object: a value with a slot, or an object that
// holds such.
type Member struct {
	Key, Quoted string
	Slot        int
	Inside      *Members // nil for a value
}

// Field is a compiled field.
type Field struct {
	format.FieldDescriptor
	// Way are the keys that lead to the value from its item: its own, and those of the
	// objects around it. Path is the same with dots between them.
	Way          []string
	Path         string
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

// finish fills what is derived from fields. New items have them in an order; it
// does not matter for objects.
func (r *Record) finish(order []int) {
	r.words = "the " + r.name
	r.Slots = make(map[string]int, len(r.Fields))
	for slot := range r.Fields {
		f := &r.Fields[slot]
		if f.Key == "" { // the id or the status of what has none
			r.Quoted = append(r.Quoted, "")
			continue
		}
		f.Quoted = string(jsontext.AppendQuoted(nil, f.Key))
		f.Path = strings.Join(f.Way, ".")
		if f.Required {
			r.Required = append(r.Required, slot)
		}
		if len(f.Way) > 1 {
			r.Quoted = append(r.Quoted, "")
			continue
		}
		r.Quoted = append(r.Quoted, f.Quoted)
		r.Slots[f.Key] = slot
	}
	for _, slot := range order {
		if r.Fields[slot].Key != "" {
			r.place(slot)
		}
	}
}

// place puts a slot behind what comes before it in new items.
func (r *Record) place(slot int) {
	f, m := &r.Fields[slot], &r.Members
	for depth, key := range f.Within() {
		if m.Inside[key] == nil {
			if m.Inside == nil {
				m.Inside = map[string]*Members{}
			}
			path := strings.Join(f.Way[:depth+1], ".")
			m.Inside[key] = &Members{Path: path, words: "the object " + jsontext.Shown(path), Slots: map[string]int{}, Nullable: true}
			m.Order = append(m.Order, Member{Key: key, Quoted: string(jsontext.AppendQuoted(nil, key)), Inside: m.Inside[key]})
		}
		m = m.Inside[key]
		m.Nullable = m.Nullable && f.Nullable && !f.Required
	}
	m.Slots[f.Key] = slot
	m.Order = append(m.Order, Member{Key: f.Key, Quoted: f.Quoted, Slot: slot})
}

// Within are the keys of the objects around the value.
func (f *Field) Within() []string { return f.Way[:len(f.Way)-1] }

// ChildrenField is the field of the children, which the record has.
func (r *Record) ChildrenField() *Field { return &r.Fields[r.Children] }

// longestWay is at most how long the text of a new list of children is, with its
// key and the objects around it, but for what is in the list.
func (f *Field) longestWay() int {
	length := 0
	for _, key := range f.Way {
		length += len(jsontext.AppendQuoted(nil, key)) + len("{}:") + 4*jsontext.MaxSpace
	}
	return length
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
	return n > 0 && len(text) > n && text[n] == ':' && string(text[:n]) == quoted
}
