package format

import "strings"

// Status is a status of a descriptor: its position in Descriptor.Statuses plus
// one. Zero means none.
type Status uint8

// Event is an event of a descriptor: its position in Descriptor.Events plus
// one. Zero means none.
type Event uint8

// Level says what kind of item one is: its position in Descriptor.Levels. Zero is
// the kind of the items at the top of the document.
type Level uint8

// Category says what a status means for the work, whatever its name.
type Category uint8

// The categories of a status.
const (
	Todo Category = iota + 1
	Active
	Done
	Failed
	Dropped
)

var categoryNames = [...]string{Todo: "todo", Active: "active", Done: "done", Failed: "failed", Dropped: "dropped"}

// String returns the category's name: "todo", "active", "done", "failed" or
// "dropped".
func (c Category) String() string {
	if int(c) >= len(categoryNames) || c == 0 {
		return "none"
	}
	return categoryNames[c]
}

// Categories is a set of categories.
type Categories uint8

// CategorySet returns the set of the given categories.
func CategorySet(categories ...Category) Categories {
	var s Categories
	for _, c := range categories {
		s |= 1 << c
	}
	return s
}

// Has reports whether the set holds c.
func (s Categories) Has(c Category) bool { return s&(1<<c) != 0 }

// String lists the categories of the set: "done or dropped".
func (s Categories) String() string {
	var names []string
	for c := Todo; c <= Dropped; c++ {
		if s.Has(c) {
			names = append(names, c.String())
		}
	}
	if len(names) > 1 {
		last := len(names) - 1
		names = append(names[:last-1], names[last-1]+" or "+names[last])
	}
	return strings.Join(names, ", ")
}

// StatusDescriptor describes one status.
type StatusDescriptor struct {
	// Name as written in documents.
	Name     string
	Category Category
	// Aliases are accepted on reading and never written.
	Aliases []string
}

// StatusValue says which JSON values are a status.
type StatusValue struct {
	Status Status
	// JSON is the text of each value, at least one: the first is written.
	JSON []string
}
