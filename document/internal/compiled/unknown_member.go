package compiled

import (
	"fmt"
	"slices"

	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"github.com/backlog-gen/backlog-gen/internal/spelling"
)

// UnknownMember is a member that the format does not know: its key, and where that
// begins.
type UnknownMember struct {
	Key string
	At  int
}

// Unknown returns how many unknown members are noted.
func (c *Checker) Unknown() int { return len(c.unknown) }

// KeepUnknown notes an unknown member of the object that is being read, where
// somebody wants to know of it.
func (c *Checker) KeepUnknown(key string, at int) {
	if c.Warnings || c.Strict {
		c.unknown = append(c.unknown, UnknownMember{key, at})
	}
}

// TellUnknown reports the members of an object from the given one on, and forgets
// them. has reports whether the object has a member of the format.
func (c *Checker) TellUnknown(first int, r *Record, has func(slot int) bool) {
	for _, m := range c.unknown[first:] {
		meant := c.nearestKey(r, m.Key)
		if meant != "" && has(r.Slots[meant]) {
			meant = ""
		}
		c.ReportUnknown(m, "the "+r.name, meant)
	}
	c.unknown = c.unknown[:first]
}

// ReportUnknown reports a member of what is called owner. meant is the key that the
// format knows and the object lacks, "" if there is none like it.
func (c *Checker) ReportUnknown(m UnknownMember, owner, meant string) {
	if !c.Strict && meant == "" {
		return
	}
	message := fmt.Sprintf("%s has no %s in this format", owner, jsontext.Shown(m.Key))
	if meant != "" {
		message += fmt.Sprintf(": was %s meant?", jsontext.Shown(meant))
	}
	c.Enter(jsontext.KeyStep(m.Key))
	if c.Strict {
		c.Find(m.At, "unknown-member", message)
	} else {
		c.Warn(m.At, "unknown-member", message)
	}
	c.Leave(true)
}

// memberKey is a key of an object of a type.
type memberKey struct {
	of  *Record
	key string
}

// maxNearest bounds the keys whose likeness to others is remembered.
const maxNearest = 1 << 12

// nearestKey returns the key of a type that is most like another one, "" if none is.
func (c *Checker) nearestKey(r *Record, key string) string {
	if meant, ok := c.nearest[memberKey{r, key}]; ok {
		return meant
	}
	keys := make([]string, 0, len(r.Slots))
	for known := range r.Slots {
		keys = append(keys, known)
	}
	slices.Sort(keys)
	meant := spelling.Nearest(key, keys)
	if c.nearest == nil {
		c.nearest = map[memberKey]string{}
	}
	if len(c.nearest) < maxNearest {
		c.nearest[memberKey{r, key}] = meant
	}
	return meant
}
