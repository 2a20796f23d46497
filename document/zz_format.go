package document

import (
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/document/internal/persistent"
	"github.com/backlog-gen/backlog-gen/statemachine"
	"regexp"
	"slices"
	"strings"
)

// Format is a descriptor ready to read and judge. It never changes.
type formatType struct {
	descriptor   format.Descriptor
	levels       []levelType
	objects      []recordType
	enums        []enumType
	machines     []*statemachine.Machine[format.Status, format.Event]
	packing      persistent.Packing
	statusValues [][]byte // as JSON, by Status
	events       []string // names, by Event
	statuses     []string // names, by Status
	grouped      bool     // documents may have groups
	plain        bool     // documents may have no groups
	rollsUp      bool     // some level has a roll-up
	// longestStatus is the length of the longest status as JSON text.
	longestStatus int
	// longestKey is that of the longest key of children.
	longestKey int
}

// Slots of every item, before its fields.
const (
	idSlot = iota
	statusSlot
	firstField
)

// maxLevels is the largest number of levels a format may have.
const maxLevels = 16

// statusName returns how a status is written, "" for none.
func (t *formatType) statusName(s format.Status) string {
	if int(s) >= len(t.statuses) {
		return ""
	}
	return t.statuses[s]
}

// eventName returns the name of an event, "" for none.
func (t *formatType) eventName(e format.Event) string {
	if int(e) >= len(t.events) {
		return ""
	}
	return t.events[e]
}

// levelType is a compiled level: its record has the id in slot 0, the status in
// slot 1, the fields from slot firstField on, and the children last.
type levelType struct {
	format.LevelDescriptor
	ID      idForm // that of the descriptor, complete
	record  recordType
	machine *statemachine.Machine[format.Status, format.Event]
	// spellings are the texts accepted as a status, canonical names first.
	spellings   []statusText
	statusCount int // of the canonical names among them
	pattern     *regexp.Regexp
	guardList   []compiledGuard
	// dependencies is the field that holds what an item waits for, -1 for none.
	dependencies int
}

type statusText struct {
	text   string
	status format.Status
}

// category returns the category of a status as a set, empty for what is none.
func (t *formatType) category(s format.Status) format.Categories {
	return format.Categories(t.packing.Class(uint8(s)))
}

// has reports whether the format has a level.
func (t *formatType) has(l format.Level) bool { return int(l) < len(t.levels) }

func (t *formatType) leaf(l format.Level) bool { return int(l) == len(t.levels)-1 }

// childLevel returns the level of what is below a level, false for the lowest.
func (t *formatType) childLevel(l format.Level) (format.Level, bool) { return l + 1, !t.leaf(l) }

// parentLevel returns the level of what is above a level, false for the highest.
func (t *formatType) parentLevel(l format.Level) (format.Level, bool) { return l - 1, l > 0 }

// eventNamed returns the event with a name, 0 if there is none.
func (t *formatType) eventNamed(name string) format.Event {
	return format.Event(max(slices.Index(t.events, name), 0))
}

func (t *formatType) levelNames(levels []format.Level) string {
	names := make([]string, len(levels))
	for i, l := range levels {
		names[i] = t.levels[l].Name
	}
	return strings.Join(names, " or ")
}

// layout is that of new documents.
func (t *formatType) layout() jsontext.Layout {
	if t.descriptor.Indent == "" {
		return jsontext.Layout{Colon: ":", Comma: ","}
	}
	return jsontext.Layout{Newline: "\n", Unit: t.descriptor.Indent, Colon: ": ", Comma: ", "}
}
