package document

import (
	"strconv"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/compiled"
)

// ParseID reads the full id of an item of a level, preceded by its group and a
// slash where the format has groups. The error is an *IDError.
func (t *Type) ParseID(l Level, s string) (ID, error) {
	id := t.splitGroup(s)
	if id.long() {
		return ID{}, &IDError{Text: s, Level: t.format.Levels[l].Name, Want: wantShort}
	}
	if !t.format.IsID(l, id.text) {
		return ID{}, &IDError{Text: s, Level: t.format.Levels[l].Name, Want: t.format.WantID(l)}
	}
	return id, nil
}

// ParseAnyID reads the full id of an item of any level. The error is an
// *IDError.
func (t *Type) ParseAnyID(s string) (ID, error) {
	id := t.splitGroup(s)
	if id.long() {
		return ID{}, &IDError{Text: s, Want: wantShort}
	}
	for l := range t.format.Levels {
		if t.format.IsID(Level(l), id.text) {
			return id, nil
		}
	}
	wants := make([]string, len(t.format.Levels))
	for l := range wants {
		wants[l] = t.format.WantID(Level(l))
	}
	return ID{}, &IDError{Text: s, Want: strings.Join(wants, ", or ")}
}

// PathID returns the id of the item with a number below a parent; the zero ID
// as parent stands for the top. It is for formats whose ids are paths.
func (t *Type) PathID(l Level, parent ID, number uint32) ID {
	text := strconv.AppendUint([]byte(t.format.Levels[l].ID.Prefix), uint64(number), 10)
	if l == 0 {
		return ID{parent.group, string(text)}
	}
	return ID{parent.group, parent.text + "." + string(text)}
}

// LocalID returns the id of the item that is called name below a parent. A name
// that begins with the parent's id and a dot is the full id already.
func (t *Type) LocalID(parent ID, name string) ID {
	return ID{parent.group, compiled.LocalID(parent.text, name)}
}

// ParentID returns the id of the parent of an item with a path id: the zero ID
// at the top. Other kinds of ids do not say it: use Item.Parent.
func (t *Type) ParentID(id ID) ID {
	i := strings.LastIndexByte(id.text, '.')
	if i < 0 || t.format.Levels[0].ID.Kind != format.PathID {
		return ID{}
	}
	return ID{id.group, id.text[:i]}
}

// IDNumber returns the number at the end of a path id, 0 for other kinds.
func (t *Type) IDNumber(id ID) uint32 {
	l := strings.Count(id.text, ".")
	if t.format.Levels[0].ID.Kind != format.PathID || l >= len(t.format.Levels) {
		return 0
	}
	n, _, _ := compiled.CutSegment(id.text[strings.LastIndexByte(id.text, '.')+1:], t.format.Levels[l].ID.Prefix)
	return n
}

func (id ID) long() bool { return max(len(id.text), len(id.group)) > MaxIDLength }

const wantShort = "an id of at most 1000 bytes"

func (t *Type) splitGroup(s string) ID {
	if t.format.Grouped {
		if i := strings.LastIndexByte(s, '/'); i >= 0 {
			return ID{s[:i], s[i+1:]}
		}
	}
	return ID{"", s}
}
