package compiled

import (
	"fmt"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/internal/spelling"
)

// maxCompared bounds the keys of an object that are compared with one that is
// missing.
const maxCompared = 32

// Lacks says that an object, which begins at an offset and has been read, has no
// member for a slot, and which of its keys may have been meant for it.
func (c *Checker) Lacks(r *Record, slot, start int) string {
	key := r.Fields[slot].Key
	message := fmt.Sprintf("the %s has no %q", r.name, key)
	if len(c.Findings) >= maxFindings {
		return message // nobody reads it
	}
	var others []string
	jsontext.Members(c.Src[start:c.Pos], func(other string, _ []byte) bool {
		if _, known := r.Slots[other]; !known {
			others = append(others, other)
		}
		return len(others) < maxCompared
	})
	if meant := spelling.Nearest(key, others); meant != "" {
		message += fmt.Sprintf(": was it meant by %s?", jsontext.Shown(meant))
	}
	return message
}

// KeysLike says which field may have been meant by a key, or which there are.
func (l *Level) KeysLike(key string) string {
	keys := make([]string, len(l.Fields))
	for i, f := range l.Fields {
		keys[i] = f.Key
	}
	if meant := spelling.Nearest(key, keys); meant != "" {
		return fmt.Sprintf("did you mean %q?", meant)
	}
	return "its fields are " + strings.Join(keys, ", ")
}
