package compiled

import (
	"fmt"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/internal/spelling"
)

// maxCompared bounds the keys of an object that are compared with one that is
// missing.
const maxCompared = 32

// Lacks says that an object, which begins at an offset and has been read, has no
// member for a slot, and which of the keys there may have been meant: of the object,
// or of the last that is there on the way to the slot.
func (c *Checker) Lacks(r *Record, slot, start int) string {
	f, m := &r.Fields[slot], &r.Members
	message := fmt.Sprintf("the %s has no %q", r.name, f.Path)
	if len(c.Findings) >= maxFindings {
		return message // nobody reads it
	}
	object, key, named := c.Src[start:c.Pos], f.Key, "it"
	for _, way := range f.Within() {
		inner := member(object, way)
		if len(inner) == 0 || inner[0] != '{' {
			key = way
			break
		}
		object, m = inner, m.Inside[way]
	}
	if len(f.Way) > 1 {
		named = fmt.Sprintf("%q", key)
	}
	if meant := spelling.Nearest(key, m.unknown(object)); meant != "" {
		message += fmt.Sprintf(": was %s meant by %s?", named, jsontext.Shown(meant))
	}
	return message
}

// unknown returns the first keys of an object that are not known.
func (m *Members) unknown(object []byte) []string {
	var others []string
	jsontext.Members(object, func(other string, _ []byte) bool {
		if _, known := m.Slots[other]; !known && m.Inside[other] == nil {
			others = append(others, other)
		}
		return len(others) < maxCompared
	})
	return others
}

// KeysLike says which field may have been meant by a key, or which there are.
func (l *Level) KeysLike(key string) string { return KeysLike(l.Fields, key) }

// KeysLike says which field was meant by another key, or which there are.
func KeysLike(fields []format.FieldDescriptor, key string) string {
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.Key
	}
	if meant := spelling.Nearest(key, keys); meant != "" {
		return fmt.Sprintf("did you mean %q?", meant)
	}
	return "its fields are " + strings.Join(keys, ", ")
}
