package compiled

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// How a status is read and written is in this file only.

// Spelling is a JSON value that is a status.
type Spelling struct {
	Status format.Status
	// JSON is the text of the value. It must not be changed.
	JSON []byte
	// Alias says that another value is written.
	Alias bool
}

// statuses compiles which values are the statuses of a level.
func (c *compiler) statuses(l *Level) {
	if l.NoStatus {
		if len(l.StatusValues) > 0 || l.StatusOptional || l.StatusNullable || len(l.Guards) > 0 || l.Rollup != nil || l.Claim != nil {
			c.problem("level %s: its items have no status, so nothing is about one", l.Name)
		}
		return
	}
	if l.Machine < 0 || l.Machine >= len(c.t.machines) || c.t.machines[l.Machine] == nil {
		c.problem("level %s: no machine %d", l.Name, l.Machine)
		return
	}
	l.StateMachine = c.t.machines[l.Machine]
	l.written = make([][]byte, len(c.t.Statuses))
	seen := map[string]bool{}
	for _, v := range c.statusValues(l) {
		for i, text := range v.JSON {
			raw := []byte(strings.Trim(text, jsontext.Space))
			if fault := notJSON(raw); fault != "" {
				c.problem("level %s: a value of the status %q is not JSON: %s", l.Name, c.t.StatusName(v.Status), fault)
				continue
			}
			if canonical := string(jsontext.Canonical(nil, raw)); seen[canonical] {
				c.problem("level %s: two statuses are written %s", l.Name, text)
			} else {
				seen[canonical] = true
			}
			if l.StatusNullable && string(raw) == "null" {
				c.problem("level %s: null is the status %q already", l.Name, c.t.StatusName(v.Status))
			}
			l.spellings = append(l.spellings, Spelling{v.Status, raw, i > 0})
			if i == 0 {
				l.written[v.Status] = raw
			}
			longest := len(raw)
			if !scalar(raw) {
				longest *= 1 + jsontext.MaxSpace
			}
			c.t.LongestStatus = max(c.t.LongestStatus, longest)
		}
	}
}

// notJSON says why a text is not JSON, "" for one that is.
func notJSON(raw []byte) string {
	s := jsontext.Scanner{Src: raw}
	switch {
	case !s.Value(0) || !s.End("the value"):
		return s.Fault.Message
	case len(s.Repeated) > 0:
		return s.Repeated[0].Message
	}
	return ""
}

// statusValues returns the values of each status of a level.
func (c *compiler) statusValues(l *Level) []format.StatusValue {
	var out []format.StatusValue
	for _, s := range l.StateMachine.States() {
		if int(s) >= len(c.t.Statuses) {
			continue // the machine's own check reports it
		}
		d := &c.t.Descriptor.Statuses[s-1]
		v := format.StatusValue{Status: s}
		if i := slices.IndexFunc(l.StatusValues, func(v format.StatusValue) bool { return v.Status == s }); i >= 0 {
			v.JSON = l.StatusValues[i].JSON
		} else if len(l.StatusValues) == 0 {
			for _, text := range append([]string{d.Name}, d.Aliases...) {
				v.JSON = append(v.JSON, string(jsontext.AppendQuoted(nil, text)))
			}
		}
		if len(v.JSON) == 0 {
			c.problem("level %s: its status %q has no value", l.Name, d.Name)
		}
		out = append(out, v)
	}
	if n := len(l.StatusValues); n > 0 && n != len(out) {
		c.problem("level %s: %d statuses have values, and it has %d", l.Name, n, len(out))
	}
	return out
}

// ReadStatus returns the status that a JSON value of an item says, nil for what is
// no status of the level.
func (l *Level) ReadStatus(raw []byte) *Spelling {
	for i := range l.spellings {
		if bytes.Equal(raw, l.spellings[i].JSON) {
			return &l.spellings[i]
		}
	}
	for i := range l.spellings {
		if jsontext.Same(raw, l.spellings[i].JSON) {
			return &l.spellings[i]
		}
	}
	return nil
}

// Initial is the status of new items, 0 where items have none.
func (l *Level) Initial() format.Status {
	if l.StateMachine == nil {
		return 0
	}
	return l.StateMachine.Initial()
}

// Allows reports whether items of the level can have a status. Where they have
// none, that is 0.
func (l *Level) Allows(s format.Status) bool {
	if l.StateMachine == nil {
		return s == 0
	}
	return l.StateMachine.Has(s)
}

// StatusIsText reports whether all statuses of the level are texts.
func (l *Level) StatusIsText() bool {
	return !slices.ContainsFunc(l.spellings, func(s Spelling) bool { return s.JSON[0] != '"' })
}

// StatusNames lists the statuses of a level.
func (t *Format) StatusNames(l *Level) string {
	var names []string
	for _, s := range l.StateMachine.States() {
		names = append(names, t.StatusName(s))
	}
	return strings.Join(names, ", ")
}

// WantStatus lists what is accepted as a status of a level.
func (t *Format) WantStatus(l *Level) string {
	if len(l.StatusValues) == 0 {
		return t.StatusNames(l)
	}
	var all []string
	for _, v := range l.StatusValues {
		all = append(all, fmt.Sprintf("%s for %s", strings.Join(v.JSON, " or "), t.StatusName(v.Status)))
	}
	return strings.Join(all, ", ")
}

// StatusValue is a status as a JSON value, nil for what items of the level cannot
// have. It must not be changed.
func (l *Level) StatusValue(s format.Status) []byte {
	if int(s) >= len(l.written) {
		return nil
	}
	return l.written[s]
}

// scalar reports whether a value is no array or object.
func scalar(raw []byte) bool { return raw[0] != '[' && raw[0] != '{' }
