package merge

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document"
)

// Error says why a group is left out that the gate would have let pass on what
// another writer has stored: it would overwrite what they have written, or
// change an item of theirs that has the id of one of ours.
type Error struct {
	// ID is zero where Fields are those of the document itself, and for a new item
	// of a level without ids.
	ID document.ID
	// Fields are the JSON keys of the values in question, none if it is about
	// the item as such or its status.
	Fields []string
	// Message says what is wrong.
	Message string
}

// Error names the item and the fields, and says what is wrong.
func (e *Error) Error() string {
	about := e.ID.String()
	switch {
	case e.ID.Text() != "":
	case len(e.Fields) > 0:
		about = "the document"
	default:
		about = "a new item"
	}
	if len(e.Fields) == 0 {
		return fmt.Sprintf("%s: %s", about, e.Message)
	}
	return fmt.Sprintf("%s: %s: %s", about, strings.Join(e.Fields, ", "), e.Message)
}

// joinAll joins the errors that there are, and returns a single one as it is.
func joinAll(errs []error) error {
	errs = slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}
