package compiled

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// MaxIDLength is the length in bytes of the longest full id, and of the longest
// name of a group. Ids of local levels repeat those above them, so without a bound
// a small file could ask for any amount of memory.
const MaxIDLength = 1000

// MaxDigits and MaxNumber bound the numbers in path ids.
const (
	MaxDigits = 9
	MaxNumber = 999_999_999
)

// IDForm says what the ids of a level look like.
type IDForm struct {
	format.IDDescriptor
}

// Accepts reports whether the JSON value that b begins with may be an id.
func (d *IDForm) Accepts(b []byte) bool {
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

// WantKinds says which kinds of JSON values an id may be.
func (d *IDForm) WantKinds() string {
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

// Numbered reports whether there is a next id: ids are numbers, or are made with
// one.
func (d *IDForm) Numbered() bool { return d.Kind == format.PathID || d.Int || d.Next != "" }

// FollowsParent reports whether full ids begin with the parent's, which the items do
// not have to spell.
func (d *IDForm) FollowsParent() bool {
	return d.Kind == format.LocalID || d.Kind == format.PositionID
}

// PlaceText returns the own id of the item at a place among its siblings, counted
// from 1.
func PlaceText(place uint32) string { return "#" + strconv.FormatUint(uint64(place), 10) }

// isPlace reports whether a text is what PlaceText returns.
func isPlace(text string) bool {
	n, rest, ok := CutSegment(text, "#")
	return ok && rest == "" && n > 0
}

// CountsAll reports whether the next id is counted in the whole document, not among
// siblings.
func (d *IDForm) CountsAll() bool { return d.Next != "" && d.Kind == format.TextID }

// Spell returns an id as an item holds it: a local id without its parent's, and
// as a number where the level takes such and the text is one; a fraction only
// where texts are not taken.
func (d *IDForm) Spell(text, parent string) []byte {
	if d.Kind == format.LocalID && parent != "" {
		text = strings.TrimPrefix(text, parent+".")
	}
	if raw := []byte(text); text != "" && jsontext.NumberLength(raw) == len(raw) && (!d.String || d.Int && !strings.ContainsAny(text, ".eE")) && d.Accepts(raw) {
		return raw
	}
	return jsontext.AppendQuoted(nil, text)
}

// SpellLike returns a new id in the way the old one is spelled: in full or not,
// as a number or not.
func (d *IDForm) SpellLike(raw []byte, old, now, parent string) []byte {
	text := now
	if IDText(raw) != old {
		text = strings.TrimPrefix(text, parent+".")
	}
	if number := []byte(text); raw[0] != '"' && jsontext.NumberLength(number) == len(number) && d.Accepts(number) {
		return number
	}
	return jsontext.AppendQuoted(nil, text)
}

// NumberOf returns the number in an id of a level, if there is one: where Next has
// it, else at the end.
func (t *Format) NumberOf(l format.Level, id string) (uint32, bool) {
	if t.Levels[l].ID.Next != "" {
		return t.Levels[l].ID.counted(id)
	}
	prefix := ""
	if t.Levels[l].ID.Kind == format.PathID {
		prefix = t.Levels[l].ID.Prefix
	}
	n, rest, ok := CutSegment(id[strings.LastIndexByte(id, '.')+1:], prefix)
	return n, ok && rest == ""
}

// counted returns the number in an id that is made by Next. Zeros may lead it.
func (d *IDForm) counted(id string) (n uint32, ok bool) {
	before, after, _ := strings.Cut(d.Next, format.NextNumber)
	if d.Kind == format.LocalID {
		id = lastSegments(id, 1+strings.Count(d.Next, "."))
	}
	if len(id) < len(before)+len(after) || !strings.HasPrefix(id, before) || !strings.HasSuffix(id, after) {
		return 0, false
	}
	digits := id[len(before) : len(id)-len(after)]
	if digits == "" || len(digits) > MaxDigits || jsontext.Digits(digits) != len(digits) {
		return 0, false
	}
	for i := range len(digits) {
		n = 10*n + uint32(digits[i]-'0')
	}
	return n, true
}

// lastSegments returns the last parts of a text that has dots between them.
func lastSegments(text string, n int) string {
	at := len(text)
	for range n {
		if at = strings.LastIndexByte(text[:at], '.'); at < 0 {
			return text
		}
	}
	return text[at+1:]
}

// Counted returns the id that Next makes of a number with so many digits at least;
// false where the level does not take that.
func (l *Level) Counted(n uint32, digits int) (id string, ok bool) {
	before, after, _ := strings.Cut(l.ID.Next, format.NextNumber)
	id = fmt.Sprintf("%s%0*d%s", before, digits, n, after)
	return id, l.Pattern == nil || l.Pattern.MatchString(id)
}

// IsID reports whether text can be the full id of an item of a level.
func (t *Format) IsID(l format.Level, text string) bool {
	level := &t.Levels[l]
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
	if level.ID.Kind == format.PositionID {
		return isPlace(own)
	}
	return own != "" && (level.Pattern == nil || level.Pattern.MatchString(own) || level.Pattern.MatchString(text))
}

// dots returns how many dots a full id of a level has at least.
func (t *Format) dots(l format.Level) int {
	n := 0
	for ; l > 0 && t.Levels[l].ID.FollowsParent(); l-- {
		n++
	}
	return n
}

func (t *Format) isPathID(l format.Level, text string) bool {
	for at := format.Level(0); at <= l; at++ {
		_, rest, ok := CutSegment(text, t.Levels[at].ID.Prefix)
		if !ok || (at < l) != (rest != "") || rest != "" && rest[0] != '.' {
			return false
		}
		text = strings.TrimPrefix(rest, ".")
	}
	return true
}

// WantID says what the ids of a level look like.
func (t *Format) WantID(l format.Level) string {
	level := &t.Levels[l]
	switch level.ID.Kind {
	case format.PathID:
		var b strings.Builder
		for at := format.Level(0); at <= l; at++ {
			if at > 0 {
				b.WriteByte('.')
			}
			b.WriteString(t.Levels[at].ID.Prefix + "1")
		}
		return "an id such as " + b.String()
	case format.PositionID:
		if l > 0 {
			return "the parent's id, a dot and its place, such as 5.#2"
		}
		return "a place among all, such as #2"
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

// LongestID is the length of an id as JSON text in which each byte is escaped.
const LongestID = len(`""`) + len(`\u0000`)*MaxIDLength

// LongID reports whether the JSON text of an id, which may have escapes, is
// longer than ids may be.
func LongID(raw []byte) bool {
	return len(raw) > MaxIDLength && (len(raw) > LongestID || len(IDText(raw)) > MaxIDLength)
}

// LocalID returns the full id of the item that is called name below a parent. A
// name that begins with the parent's id and a dot is the full id already.
func LocalID(parent, name string) string {
	if parent == "" || strings.HasPrefix(name, parent+".") {
		return name
	}
	return parent + "." + name
}

// IDText returns the text of an id that is a JSON string or number.
func IDText(raw []byte) string {
	if len(raw) > 0 && raw[0] == '"' {
		return jsontext.Unquote(raw)
	}
	return jsontext.SharedString(raw)
}

// CutSegment reads the prefix and the number that text begins with.
func CutSegment(text, prefix string) (n uint32, rest string, ok bool) {
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
	for i < len(text) && text[i] >= '0' && text[i] <= '9' && i < MaxDigits {
		n = 10*n + uint32(text[i]-'0')
		i++
	}
	if i == 0 || i > 1 && text[0] == '0' {
		return 0, "", false
	}
	return n, text[i:], true
}
