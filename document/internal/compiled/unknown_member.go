package compiled

import (
	"fmt"
	"maps"
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
// them. has reports whether the object has a key of the format.
func (c *Checker) TellUnknown(first int, of *Members, has func(key string) bool) {
	for _, m := range c.unknown[first:] {
		meant := c.nearestKey(of, m.Key)
		if meant != "" && has(meant) {
			meant = ""
		}
		c.ReportUnknown(m, of.words, meant)
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
	of  *Members
	key string
}

// maxNearest bounds the keys whose likeness to others is remembered.
const maxNearest = 1 << 12

// nearestKey returns the key of a type that is most like another one, "" if none is.
func (c *Checker) nearestKey(of *Members, key string) string {
	if meant, ok := c.nearest[memberKey{of, key}]; ok {
		return meant
	}
	keys := slices.Concat(slices.Collect(maps.Keys(of.Slots)), slices.Collect(maps.Keys(of.Inside)))
	slices.Sort(keys)
	meant := spelling.Nearest(key, keys)
	if c.nearest == nil {
		c.nearest = map[memberKey]string{}
	}
	if len(c.nearest) < maxNearest {
		c.nearest[memberKey{of, key}] = meant
	}
	return meant
}
