package document

import (
	"bytes"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
	"strings"
)

// maxIDLength is the length in bytes of the longest full id, and of the longest
// name of a group. Ids of local levels repeat those above them, so without a bound
// a small file could ask for any amount of memory.
const maxIDLength = 1000

// maxDigits and maxNumber bound the numbers in path ids.
const (
	maxDigits = 9
	maxNumber = 999_999_999
)

// idForm says what the ids of a level look like.
type idForm struct {
	format.IDDescriptor
}

// accepts reports whether the JSON value that b begins with may be an id.
func (d *idForm) accepts(b []byte) bool {
	if len(b) == 0 {
		return true // the scanner reports it
	}
	if b[0] == '"' {
		return d.String
	}
	n := jsontext.NumberLength(b)
	if n == 0 {
		return false
	}
	return d.Float || d.Int && !bytes.ContainsAny(b[:n], ".eE")
}

func (d *idForm) wantKinds() string {
	var kinds []string
	if d.String {
		kinds = append(kinds, "text")
	}
	switch {
	case d.Float:
		kinds = append(kinds, "a number")
	case d.Int:
		kinds = append(kinds, "an integer")
	}
	return strings.Join(kinds, " or ")
}

// numbered reports whether ids may be numbers.
func (d *idForm) numbered() bool { return d.Kind == format.PathID || d.Int }

// spell returns an id as an item holds it: a local id without its parent's, and
// as a number where the level takes such and the text is one; a fraction only
// where texts are not taken.
func (d *idForm) spell(text, parent string) []byte {
	if d.Kind == format.LocalID && parent != "" {
		text = strings.TrimPrefix(text, parent+".")
	}
	if raw := []byte(text); text != "" && jsontext.NumberLength(raw) == len(raw) && (!d.String || d.Int && !strings.ContainsAny(text, ".eE")) && d.accepts(raw) {
		return raw
	}
	return jsontext.AppendQuoted(nil, text)
}

// spellLike returns a new id in the way the old one is spelled: in full or not,
// as a number or not.
func (d *idForm) spellLike(raw []byte, old, now, parent string) []byte {
	text := now
	if idText(raw) != old {
		text = strings.TrimPrefix(text, parent+".")
	}
	if number := []byte(text); raw[0] != '"' && jsontext.NumberLength(number) == len(number) && d.accepts(number) {
		return number
	}
	return jsontext.AppendQuoted(nil, text)
}

// numberOf returns the number at the end of an id of a level, if there is one.
func (t *formatType) numberOf(l format.Level, id string) (uint32, bool) {
	prefix := ""
	if t.levels[l].ID.Kind == format.PathID {
		prefix = t.levels[l].ID.Prefix
	}
	n, rest, ok := cutSegment(id[strings.LastIndexByte(id, '.')+1:], prefix)
	return n, ok && rest == ""
}

// isID reports whether text can be the full id of an item of a level.
func (t *formatType) isID(l format.Level, text string) bool {
	level := &t.levels[l]
	if level.ID.Kind == format.PathID {
		return t.isPathID(l, text)
	}
	own := text
	if dots := t.dots(l); dots > 0 {
		// Where the parent's id ends cannot be told if ids hold dots.
		i := strings.LastIndexByte(text, '.')
		if i <= 0 || strings.Count(text, ".") < dots {
			return false
		}
		own = text[i+1:]
	}
	return own != "" && (level.pattern == nil || level.pattern.MatchString(own) || level.pattern.MatchString(text))
}

// dots returns how many dots a full id of a level has at least.
func (t *formatType) dots(l format.Level) int {
	n := 0
	for ; l > 0 && t.levels[l].ID.Kind == format.LocalID; l-- {
		n++
	}
	return n
}

func (t *formatType) isPathID(l format.Level, text string) bool {
	for at := format.Level(0); at <= l; at++ {
		_, rest, ok := cutSegment(text, t.levels[at].ID.Prefix)
		if !ok || (at < l) != (rest != "") || rest != "" && rest[0] != '.' {
			return false
		}
		text = strings.TrimPrefix(rest, ".")
	}
	return true
}

func (t *formatType) wantID(l format.Level) string {
	level := &t.levels[l]
	switch level.ID.Kind {
	case format.PathID:
		var b strings.Builder
		for at := format.Level(0); at <= l; at++ {
			if at > 0 {
				b.WriteByte('.')
			}
			b.WriteString(t.levels[at].ID.Prefix + "1")
		}
		return "an id such as " + b.String()
	case format.LocalID:
		if l > 0 {
			return "the parent's id, a dot and its own, such as 5.2"
		}
	}
	if level.ID.Pattern != "" {
		return "a text that matches " + level.ID.Pattern
	}
	return "a text that is not empty"
}

// longestID is the length of an id as JSON text in which each byte is escaped.
const longestID = len(`""`) + len(`\u0000`)*maxIDLength

// longID reports whether the JSON text of an id, which may have escapes, is
// longer than ids may be.
func longID(raw []byte) bool {
	return len(raw) > maxIDLength && (len(raw) > longestID || len(idText(raw)) > maxIDLength)
}

// idText returns the text of an id that is a JSON string or number.
func idText(raw []byte) string {
	if len(raw) > 0 && raw[0] == '"' {
		return jsontext.Unquote(raw)
	}
	return jsontext.SharedString(raw)
}

// cutSegment reads the prefix and the number that text begins with.
func cutSegment(text, prefix string) (n uint32, rest string, ok bool) {
	if len(text) <= len(prefix) {
		return 0, "", false
	}
	for i := range len(prefix) { // prefixes are a letter or two: no call
		if text[i] != prefix[i] {
			return 0, "", false
		}
	}
	text = text[len(prefix):]
	i := 0
	for i < len(text) && text[i] >= '0' && text[i] <= '9' && i < maxDigits {
		n = 10*n + uint32(text[i]-'0')
		i++
	}
	if i == 0 || i > 1 && text[0] == '0' {
		return 0, "", false
	}
	return n, text[i:], true
}
