package compiled

import (
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// How a status is read and written is in this file only.

// ReadStatus returns the status that a JSON value of an item says, and whether
// it says it by an alias. It reports false for what is no status of the level.
func (l *Level) ReadStatus(raw []byte) (s format.Status, alias, ok bool) {
	text := jsontext.Unquote(raw)
	i := slices.IndexFunc(l.spellings, func(s statusText) bool { return s.text == text })
	if i < 0 {
		return 0, false, false
	}
	return l.spellings[i].status, i >= l.statusCount, true
}

// StatusNames lists the statuses of a level.
func (l *Level) StatusNames() string {
	names := make([]string, l.statusCount)
	for i := range names {
		names[i] = l.spellings[i].text
	}
	return strings.Join(names, ", ")
}

// StatusValue is a status as a JSON value, an empty text for what is none. It
// must not be changed.
func (t *Format) StatusValue(s format.Status) []byte {
	if int(s) >= len(t.statusValues) {
		s = 0
	}
	return t.statusValues[s]
}
