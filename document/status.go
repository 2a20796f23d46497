package document

import (
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// How a status is read and written is in this file only.

// readStatus returns the status that a JSON value of an item says, and whether
// it says it by an alias. It reports false for what is no status of the level.
func (l *levelType) readStatus(raw []byte) (s Status, alias, ok bool) {
	text := jsontext.Unquote(raw)
	i := slices.IndexFunc(l.spellings, func(s statusText) bool { return s.text == text })
	if i < 0 {
		return 0, false, false
	}
	return l.spellings[i].status, i >= l.statusCount, true
}

// statusNames lists the statuses of a level.
func (l *levelType) statusNames() string {
	names := make([]string, l.statusCount)
	for i := range names {
		names[i] = l.spellings[i].text
	}
	return strings.Join(names, ", ")
}

// statusValue is a status as a JSON value, an empty text for what is none. It
// must not be changed.
func (t *Type) statusValue(s Status) []byte {
	if int(s) >= len(t.statusValues) {
		s = 0
	}
	return t.statusValues[s]
}

// withStatus returns the text of an item with a status in it.
func (s *shape) withStatus(n node, r *record, status Status, lay jsontext.Layout) *record {
	if status == r.status {
		return r
	}
	out := *r.with(&s.level(n).record, statusSlot, string(s.typ.statusValue(status)), lay)
	out.status = status
	return &out
}
