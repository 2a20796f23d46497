package schema

import (
	"strings"
)

// sections are what Complete adds to a piece of a schema.
var sections = []struct{ key, text string }{
	{"package", "package: {name: example, root: Notes}\n"},
	{"document", "document: {shapes: [{kind: array}]}\n"},
	{"statuses", "statuses: {open: {category: todo}, closed: {category: done}}\n"},
	{"events", "events: {close: {}, reopen: {}}\n"},
	{"machines", `machines:
  life:
    initial: open
    transitions:
      - {event: close, from: [open], to: closed}
      - {event: reopen, from: [closed], to: open}
`},
	{"levels", "levels: {Note: {id: {kind: text}}}\n"},
}

// Complete is for tests only: it makes a whole schema of a piece of one by adding, at its end, the
// top-level keys that a schema needs and the piece lacks.
func Complete(piece string) string {
	var b strings.Builder
	b.WriteString(piece)
	if !strings.HasSuffix(piece, "\n") {
		b.WriteByte('\n')
	}
	for _, s := range sections {
		if strings.HasPrefix(piece, s.key+":") || strings.Contains(piece, "\n"+s.key+":") {
			continue
		}
		b.WriteString(s.text)
	}
	return b.String()
}
