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
	// StateMachine is the machine that the descriptor refers to.
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

// Category returns the category of a status as a set, empty for what is none.
func (t *Format) Category(s format.Status) format.Categories {
	return format.Categories(t.Packing.Class(uint8(s)))
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
