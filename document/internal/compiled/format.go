// Package compiled has the descriptor of a format ready to use: it says where the
// values of an item are, what its ids and statuses look like, and judges values. It
// knows text, and nothing of documents.
package compiled

import (
	"regexp"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/persistent"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

// Format is a descriptor ready to read and judge. It never changes.
type Format struct {
	Descriptor format.Descriptor
	Levels     []Level
	Objects    []Record
	Enums      []Enum
	machines   []*statemachine.Machine[format.Status, format.Event]
	Packing    persistent.Packing
	Events     []string // names, by Event
	Statuses   []string // names, by Status
	Grouped    bool     // documents may have groups
	RollsUp    bool     // some level has a roll-up
	Positions  bool     // items of some level have no ids
	// None stands in the column for an item of a level that has no statuses, 0
	// where there is no such level.
	None format.Status
	// NewFields are what new documents have in their own fields, as JSON, "" for
	// nothing.
	NewFields []string
	// LongestStatus is the length of the longest status as JSON text, with all the
	// white space that one can be given.
	LongestStatus int
	// LongestWay is that of the longest way to new children.
	LongestWay int
}

// Slots of every item, before its fields.
const (
	IDSlot = iota
	StatusSlot
	FirstField
)

// StatusName returns how a status is written, "" for none.
func (t *Format) StatusName(s format.Status) string {
	if int(s) >= len(t.Statuses) {
		return ""
	}
	return t.Statuses[s]
}

// EventName returns the name of an event, "" for none.
func (t *Format) EventName(e format.Event) string {
	if int(e) >= len(t.Events) {
		return ""
	}
	return t.Events[e]
}

// Level is one kind of item. Its record has the id in IDSlot, the status in
// StatusSlot, the fields from FirstField on, and the children last.
type Level struct {
	format.LevelDescriptor
	ID     IDForm // that of the descriptor, complete
	Record Record
	// StateMachine is the machine that the descriptor refers to, nil for a level
	// without statuses.
	StateMachine *statemachine.Machine[format.Status, format.Event]
	// spellings are the values accepted as a status, in each case the one that is
	// written before the others.
	spellings []Spelling
	written   [][]byte       // by Status, nil for those that items cannot have
	Pattern   *regexp.Regexp // of ids, nil for any text
	// GuardList are the guards with what they demand.
	GuardList []Guard
	// Dependencies name what an item waits for, nil for nothing.
	Dependencies *References
}

// UnknownClass is that of items whose status nobody knows: no set of categories has
// it, so that they hold up whoever waits for them. Items of levels without statuses
// are of no class, and hold nobody up.
const UnknownClass persistent.Set = 1

// Category returns the category of a status as a set, empty for what is none.
func (t *Format) Category(s format.Status) format.Categories {
	return format.Categories(t.Packing.Class(uint8(s)) &^ UnknownClass)
}

// Work returns the lowest level whose items have statuses, from a level on down.
// It reports false if neither that nor one below has.
func (t *Format) Work(from format.Level) (format.Level, bool) {
	for l := len(t.Levels) - 1; l >= int(from); l-- {
		if !t.Levels[l].NoStatus {
			return format.Level(l), true
		}
	}
	return 0, false
}

// Has reports whether the format has a level.
func (t *Format) Has(l format.Level) bool { return int(l) < len(t.Levels) }

// Leaf reports whether nothing is below items of a level.
func (t *Format) Leaf(l format.Level) bool { return int(l) == len(t.Levels)-1 }

// ChildLevel returns the level of what is below a level, false for the lowest.
func (t *Format) ChildLevel(l format.Level) (format.Level, bool) { return l + 1, !t.Leaf(l) }

// ParentLevel returns the level of what is above a level, false for the highest.
func (t *Format) ParentLevel(l format.Level) (format.Level, bool) { return l - 1, l > 0 }

// EventNamed returns the event with a name, 0 if there is none.
func (t *Format) EventNamed(name string) format.Event {
	return format.Event(max(slices.Index(t.Events, name), 0))
}

// LevelNames lists levels by name.
func (t *Format) LevelNames(levels []format.Level) string {
	names := make([]string, len(levels))
	for i, l := range levels {
		names[i] = t.Levels[l].Name
	}
	return strings.Join(names, " or ")
}

// Layout is that of new documents.
func (t *Format) Layout() jsontext.Layout {
	if t.Descriptor.Indent == "" {
		return jsontext.Layout{Colon: ":", Comma: ","}
	}
	return jsontext.Layout{Newline: "\n", Unit: t.Descriptor.Indent, Colon: ": ", Comma: ", "}
}
