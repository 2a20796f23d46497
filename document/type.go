package document

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/persistent"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

// Type is a compiled Descriptor: it reads documents of one format. It is
// immutable and safe for concurrent use.
type Type struct {
	descriptor   format.Descriptor
	levels       []levelType
	objects      []recordType
	enums        []enumType
	machines     []*statemachine.Machine[Status, Event]
	guards       map[string]GuardFunc
	packing      persistent.Packing
	statusValues [][]byte // as JSON, by Status
	events       []string // names, by Event
	statuses     []string // names, by Status
	grouped      bool     // documents may have groups
	plain        bool     // documents may have no groups
	rollsUp      bool     // some level has a roll-up
	maxSize      int64    // MaxSize; less in tests
	// longestStatus is the length of the longest status as JSON text.
	longestStatus int
	// longestKey is that of the longest key of children.
	longestKey int
}

// GuardFunc judges a custom guard: it returns nil to let the event pass, or an
// error that says what is in the way. doc is the document that the whole group
// of changes would produce, and item is in it. It is also asked about events that
// nobody has fired, so that a refusal lists only what is possible. It must not
// block and must be safe for concurrent use.
type GuardFunc func(doc *Document, item Item, event Event) error

// DescriptorError reports everything wrong with a descriptor.
type DescriptorError struct {
	Name     string
	Problems []string
}

// Error lists all problems.
func (e *DescriptorError) Error() string {
	return fmt.Sprintf("descriptor %q: %s", e.Name, strings.Join(e.Problems, "; "))
}

// levelType is a compiled level: its record has the id in slot 0, the status in
// slot 1, the fields from slot firstField on, and the children last.
type levelType struct {
	format.LevelDescriptor
	ID      idForm // that of the descriptor, complete
	record  recordType
	machine *statemachine.Machine[Status, Event]
	// spellings are the texts accepted as a status, canonical names first.
	spellings   []statusText
	statusCount int // of the canonical names among them
	pattern     *regexp.Regexp
	guardList   []compiledGuard
	// dependencies is the field that holds what an item waits for, -1 for none.
	dependencies int
}

// idForm says what the ids of a level look like.
type idForm struct {
	format.IDDescriptor
}

type statusText struct {
	text   string
	status Status
}

// Slots of every item, before its fields.
const (
	idSlot = iota
	statusSlot
	firstField
)

// MaxLevels is the largest number of levels a format may have.
const MaxLevels = 16

// NewType checks and compiles a descriptor. The error is a *DescriptorError.
func NewType(d format.Descriptor) (*Type, error) {
	c := typeCompiler{t: &Type{descriptor: d, maxSize: MaxSize}}
	c.roots()
	c.names()
	c.machines()
	c.enums()
	c.objects()
	c.levels()
	if len(c.problems) == 0 {
		c.defaults()
	}
	if len(c.problems) > 0 {
		return nil, &DescriptorError{Name: d.Name, Problems: c.problems}
	}
	return c.t, nil
}

// MustNewType is NewType for descriptors known to be right, such as generated
// ones. It panics where NewType returns an error.
func MustNewType(d format.Descriptor) *Type {
	t, err := NewType(d)
	if err != nil {
		panic(err)
	}
	return t
}

// Descriptor returns what the type was made from. It must not be modified.
func (t *Type) Descriptor() format.Descriptor { return t.descriptor }

// Machine returns the machine of a level.
func (t *Type) Machine(l Level) *statemachine.Machine[Status, Event] { return t.levels[l].machine }

// StatusName returns how a status is written, "" for none.
func (t *Type) StatusName(s Status) string {
	if int(s) >= len(t.statuses) {
		return ""
	}
	return t.statuses[s]
}

// EventName returns the name of an event, "" for none.
func (t *Type) EventName(e Event) string {
	if int(e) >= len(t.events) {
		return ""
	}
	return t.events[e]
}

// eventNamed returns the event with a name, 0 if there is none.
func (t *Type) eventNamed(name string) Event {
	return Event(max(slices.Index(t.events, name), 0))
}

// WithGuards returns a copy of the type that asks the given functions when an
// event has a custom guard. Each custom guard of the descriptor must be there,
// and nothing else.
func (t *Type) WithGuards(guards map[string]GuardFunc) (*Type, error) {
	with := *t
	with.guards = maps.Clone(guards)
	var problems []error
	if missing := with.MissingGuards(); len(missing) > 0 {
		problems = append(problems, &MissingGuardsError{Format: t.descriptor.Name, Guards: missing})
	}
	known := t.customGuards()
	for _, name := range slices.Sorted(maps.Keys(guards)) {
		if !slices.Contains(known, name) {
			problems = append(problems, fmt.Errorf("document: format %q has no guard %q", t.descriptor.Name, name))
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return &with, nil
}

// MissingGuards lists the custom guards of the descriptor that the program has
// not supplied. Their events are refused.
func (t *Type) MissingGuards() []string {
	return slices.DeleteFunc(t.customGuards(), func(name string) bool { return t.guards[name] != nil })
}

func (t *Type) customGuards() []string {
	var names []string
	for _, l := range t.descriptor.Levels {
		for _, g := range l.Guards {
			if g.Kind == format.CustomGuard && !slices.Contains(names, g.Name) {
				names = append(names, g.Name)
			}
		}
	}
	return names
}

// category returns the category of a status as a set, empty for what is none.
func (t *Type) category(s Status) format.Categories {
	return format.Categories(t.packing.Class(uint8(s)))
}

// has reports whether the format has a level.
func (t *Type) has(l Level) bool { return int(l) < len(t.levels) }

func (t *Type) leaf(l Level) bool { return int(l) == len(t.levels)-1 }
