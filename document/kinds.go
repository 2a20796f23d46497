package document

import "github.com/backlog-gen/backlog-gen/document/format"

// The numbers of a format, which documents and changes are about.
type (
	// Status is a status, by its place in the format. Zero is none.
	Status = format.Status
	// Event is an event, by its place in the format. Zero is none.
	Event = format.Event
	// Level is the kind of an item, by its place in the format.
	Level = format.Level
	// Category says what a status means for the work, whatever its name.
	Category = format.Category
)

// The categories of a status.
const (
	Todo    = format.Todo
	Active  = format.Active
	Done    = format.Done
	Failed  = format.Failed
	Dropped = format.Dropped
)
