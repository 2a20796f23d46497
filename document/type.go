package document

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
	"github.com/backlog-gen/backlog-gen/statemachine"
)

// Type is a format that is ready to use: it reads documents. It is immutable
// and safe for concurrent use.
type Type struct {
	format  compiled.Format
	guards  map[string]GuardFunc
	maxSize int64 // MaxSize; less in tests
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

// NewType checks and compiles a descriptor. The error is a *DescriptorError.
func NewType(d format.Descriptor) (*Type, error) {
	f, problems := compiled.New(d)
	if len(problems) > 0 {
		return nil, &DescriptorError{Name: d.Name, Problems: problems}
	}
	return &Type{format: *f, maxSize: MaxSize}, nil
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
func (t *Type) Descriptor() format.Descriptor { return t.format.Descriptor }

// Machine returns the machine of a level, nil where items have no status.
func (t *Type) Machine(l Level) *statemachine.Machine[Status, Event] {
	return t.format.Levels[l].StateMachine
}

// StatusName returns how a status is written, "" for none.
func (t *Type) StatusName(s Status) string { return t.format.StatusName(s) }

// EventName returns the name of an event, "" for none.
func (t *Type) EventName(e Event) string { return t.format.EventName(e) }

// WithGuards returns a copy of the type that asks the given functions when an
// event has a custom guard. There must be one for each custom guard of the
// descriptor, and no other.
func (t *Type) WithGuards(guards map[string]GuardFunc) (*Type, error) {
	with := *t
	with.guards = maps.Clone(guards)
	var problems []error
	if missing := with.MissingGuards(); len(missing) > 0 {
		problems = append(problems, &MissingGuardsError{Format: t.format.Descriptor.Name, Guards: missing})
	}
	known := t.customGuards()
	for _, name := range slices.Sorted(maps.Keys(guards)) {
		if !slices.Contains(known, name) {
			problems = append(problems, fmt.Errorf("document: format %q has no guard %q", t.format.Descriptor.Name, name))
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
	for _, l := range t.format.Descriptor.Levels {
		for _, g := range l.Guards {
			if g.Kind == format.CustomGuard && !slices.Contains(names, g.Name) {
				names = append(names, g.Name)
			}
		}
	}
	return names
}
