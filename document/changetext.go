package document

import (
	"fmt"
	"strings"
)

// String says what the change does, fit for a log line. It knows statuses and
// events by number only: see [Type.Describe].
func (c Change) String() string {
	return c.describe(fmt.Sprintf("status %d", c.To), fmt.Sprintf("event %d", c.Event))
}

// Describe says what a change does, fit for a log line: "set P1.M1 to Complete".
func (t *Type) Describe(c Change) string {
	to, event := t.StatusName(c.To), t.EventName(c.Event)
	if to == "" {
		to = fmt.Sprintf("status %d", c.To)
	}
	if event == "" {
		event = fmt.Sprintf("event %d", c.Event)
	}
	return c.describe(to, event)
}

func (c Change) describe(to, event string) string {
	switch c.Op {
	case OpSet, OpAdvance:
		return fmt.Sprintf("%s %s to %s", c.Op, c.ID, to)
	case OpForce:
		return fmt.Sprintf("force %s to %s: %q", c.ID, to, c.Reason)
	case OpFire:
		return fmt.Sprintf("fire %s on %s", event, c.ID)
	case OpEdit:
		what := c.ID.String()
		if c.ID.IsZero() {
			what = "the document"
		}
		return fmt.Sprintf("edit %s (%s)", what, strings.Join(c.keys(), ", "))
	case OpAdd, OpMove:
		what := c.ID.String()
		if c.ID.text == "" {
			what = "an item"
		}
		text := fmt.Sprintf("%s %s to %s", c.Op, what, c.parent())
		if c.Edit != nil && !c.Edit.Place.IsZero() {
			text += ", " + c.Edit.Place.String()
		}
		return text
	}
	return fmt.Sprintf("%s %s", c.Op, c.ID)
}

// keys are the fields of an edit.
func (c Change) keys() []string {
	if c.Edit == nil {
		return nil
	}
	keys := make([]string, len(c.Edit.Fields))
	for i, f := range c.Edit.Fields {
		keys[i] = f.Key
	}
	return keys
}

// parent says where an item is added or moved to.
func (c Change) parent() string {
	switch {
	case c.Edit == nil || c.Edit.Parent == ID{}:
		return "the top"
	case c.Edit.Parent.text == "":
		return "the top of " + c.Edit.Parent.group
	}
	return c.Edit.Parent.String()
}
