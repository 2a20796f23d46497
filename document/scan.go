package document

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds how deep a value may nest: each value by itself, wherever it
// stands in the document.
const maxDepth = 512

// maxRepeated bounds how many duplicate keys are noted.
const maxRepeated = 1000

// scanner reads JSON text (RFC 8259) strictly: UTF-8, bounded depth. Half a
// surrogate pair, as JavaScript writes it where it has cut a text, is let pass and
// noted: whether it may stand somewhere depends on what is there. Its functions
// return false after a syntax error, which is in fault; duplicate keys do not end
// the scan.
type scanner struct {
	src   []byte
	pos   int
	fault syntaxFault
	keys  []string // of the objects being skipped, innermost last
	// halfPair is where the last half of a surrogate pair was, 0 if none was.
	halfPair int
	// repeated are the first duplicate keys of objects that were skipped.
	repeated []syntaxFault
}

// syntaxFault is where and why the text is not JSON.
type syntaxFault struct {
	offset  int
	rule    string
	message string
}

// textKind says what scanning a string has found in it.
type textKind uint8

const (
	escapedText textKind = 1 << iota
	nonASCIIText
	// halfPairText has half a surrogate pair, which is no character.
	halfPairText
)

// bytesPerCharacter returns the most bytes that one character takes: an escaped
// surrogate pair has twelve.
func (k textKind) bytesPerCharacter() int {
	switch {
	case k&escapedText != 0:
		return 12
	case k&nonASCIIText != 0:
		return utf8.UTFMax
	}
	return 1
}

func (s *scanner) fail(offset int, rule, message string) bool {
	s.fault = syntaxFault{offset, rule, message}
	return false
}

// space skips white space.
func (s *scanner) space() {
	src, i := s.src, s.pos
	for i < len(src) && src[i] <= ' ' {
		if c := src[i]; c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			break
		}
		i++
		for i+8 <= len(src) && binary.LittleEndian.Uint64(src[i:]) == 0x2020202020202020 {
			i += 8
		}
	}
	s.pos = i
}

// next skips white space and returns the byte that follows, 0 at the end.
func (s *scanner) next() byte {
	if s.pos < len(s.src) && s.src[s.pos] > ' ' {
		return s.src[s.pos]
	}
	s.space()
	if s.pos < len(s.src) {
		return s.src[s.pos]
	}
	return 0
}

// expect consumes the byte c after white space.
func (s *scanner) expect(c byte, what string) bool {
	if s.next() != c {
		return s.unexpected("want " + what)
	}
	s.pos++
	return true
}

// What is wanted where a value, or a member of an object, begins.
const (
	wantValue = "want a JSON value"
	wantKey   = "want a key in quotes"
)

func (s *scanner) unexpected(want string) bool {
	if s.pos >= len(s.src) {
		return s.fail(len(s.src), "syntax", "the text ends early: "+want)
	}
	switch {
	case s.atConflict():
		return s.fail(s.pos, "merge-conflict", "an unresolved merge conflict: keep one side and remove the marker lines")
	case s.atComment():
		return s.fail(s.pos, "syntax", "JSON has no comments: remove this one")
	case s.src[s.pos] == ']' && want == wantValue, s.src[s.pos] == '}' && want == wantKey:
		if before := s.pos - 1 - len(trailingSpace(s.src[:s.pos])); before >= 0 && s.src[before] == ',' {
			return s.fail(before, "syntax", "a comma before "+string(s.src[s.pos])+": JSON has none after the last value")
		}
	}
	if word := s.word(); len(word) > 1 {
		return s.fail(s.pos, "syntax", "unexpected "+shown(string(word))+": "+want)
	}
	r, size := utf8.DecodeRune(s.src[s.pos:])
	if r == utf8.RuneError && size <= 1 {
		return s.fail(s.pos, "utf-8", "this is not UTF-8")
	}
	return s.fail(s.pos, "syntax", "unexpected "+string(appendQuoted(nil, string(r)))+": "+want)
}

// conflictMarkers are what lines of an unresolved merge conflict begin with.
var conflictMarkers = [...]string{"<<<<<<<", "|||||||", "=======", ">>>>>>>"}

// atConflict reports whether a conflict marker is at pos, where a line begins.
func (s *scanner) atConflict() bool {
	if s.pos > 0 && s.src[s.pos-1] != '\n' {
		return false
	}
	for _, marker := range conflictMarkers {
		if bytes.HasPrefix(s.src[s.pos:], []byte(marker)) {
			return true
		}
	}
	return false
}

// atComment reports whether a comment begins at pos.
func (s *scanner) atComment() bool {
	rest := s.src[s.pos:]
	return bytes.HasPrefix(rest, []byte("//")) || bytes.HasPrefix(rest, []byte("/*"))
}

// end reports text that follows where there should be none. what is what ends
// here.
func (s *scanner) end(what string) bool {
	switch {
	case s.next() == 0 && s.pos >= len(s.src):
		return true
	case s.atComment():
		return s.unexpected("")
	}
	return s.fail(s.pos, "syntax", "unexpected text after "+what)
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special has the high bit set in the first byte of w that is a quote, a
// backslash, a control character or not ASCII (and perhaps in later ones).
func special(w uint64) uint64 {
	quote := w ^ ones*'"'
	slash := w ^ ones*'\\'
	return (((quote - ones) &^ quote) | ((slash - ones) &^ slash) | ((w - ones*' ') &^ w) | w) & highs
}

// text scans a string at pos, where its opening quote is.
func (s *scanner) text() (textKind, bool) {
	src, i := s.src, s.pos+1
	var kind textKind
	for {
		for i+8 <= len(src) {
			m := special(binary.LittleEndian.Uint64(src[i:]))
			if m != 0 {
				i += bits.TrailingZeros64(m) >> 3
				break
			}
			i += 8
		}
		if i >= len(src) {
			return kind, s.fail(len(src), "syntax", "the text ends inside a string")
		}
		switch c := src[i]; {
		case c == '"':
			s.pos = i + 1
			return kind, true
		case c == '\\':
			n, half, message := escapeLength(src[i:])
			if message != "" {
				return kind, s.fail(i, "syntax", message)
			}
			kind |= escapedText
			if half {
				kind |= halfPairText
				s.halfPair = i
			}
			i += n
		case c < ' ':
			return kind, s.fail(i, "syntax", "a control character in a string must be escaped")
		case c >= utf8.RuneSelf:
			n, ok := multibyte(src[i:])
			if !ok {
				return kind, s.fail(i, "utf-8", "this is not UTF-8")
			}
			kind |= nonASCIIText
			i += n
		default:
			i++
		}
	}
}

// multibyte returns the length of the run of non-ASCII characters that b
// begins with.
func multibyte(b []byte) (int, bool) {
	n := 0
	for n < len(b) && b[n] >= utf8.RuneSelf {
		r, size := utf8.DecodeRune(b[n:])
		if r == utf8.RuneError && size == 1 {
			return n, false
		}
		n += size
	}
	return n, true
}

// escapeLength returns the length of the escape that b begins with, whether it is
// half a surrogate pair, or what is wrong with it.
func escapeLength(b []byte) (n int, half bool, message string) {
	if len(b) < 2 {
		return 0, false, "the text ends inside an escape"
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, false, ""
	case 'u':
		r, ok := hex4(b[2:])
		switch {
		case !ok:
			return 0, false, `\u wants four hexadecimal digits`
		case !utf16.IsSurrogate(r):
			return 6, false, ""
		case pairedWith(r, b[6:]) != utf8.RuneError:
			return 12, false, ""
		}
		return 6, true, ""
	}
	return 0, false, "unknown escape"
}

// pairedWith returns the character that a surrogate makes with an escape that b
// begins with, U+FFFD if it makes none.
func pairedWith(high rune, b []byte) rune {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return utf8.RuneError
	}
	low, ok := hex4(b[2:])
	if !ok {
		return utf8.RuneError
	}
	return utf16.DecodeRune(high, low)
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range b[:4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

func (s *scanner) literal(word string) bool {
	if !bytes.HasPrefix(s.src[s.pos:], []byte(word)) {
		return s.unexpected(wantValue)
	}
	s.pos += len(word)
	return true
}

// value scans any value, at pos after white space.
func (s *scanner) value(depth int) bool {
	switch c := s.next(); {
	case c == '"':
		_, ok := s.text()
		return ok
	case c == '{':
		return s.object(depth)
	case c == '[':
		return s.array(depth)
	case c == 't':
		return s.literal("true")
	case c == 'f':
		return s.literal("false")
	case c == 'n':
		return s.literal("null")
	case c == '-' || c >= '0' && c <= '9':
		return s.number()
	}
	return s.unexpected(wantValue)
}

// skip passes over any value, however deep, without a look at what is in it:
// whoever looks ahead leaves that to the one who comes after.
func (s *scanner) skip() bool {
	for depth := 0; ; {
		switch c := s.next(); c {
		case 0:
			return false
		case '"':
			if _, ok := s.text(); !ok {
				return false
			}
		case '{', '[':
			depth++
			s.pos++
		case '}', ']':
			depth--
			s.pos++
		default:
			s.pos++
			if depth > 0 || s.pos < len(s.src) && !delimiter(s.src[s.pos]) {
				continue
			}
		}
		if depth <= 0 {
			return depth == 0
		}
	}
}

func (s *scanner) array(depth int) bool {
	if depth >= maxDepth {
		return s.tooDeep()
	}
	s.pos++
	if s.next() == ']' {
		s.pos++
		return true
	}
	for {
		if !s.value(depth + 1) {
			return false
		}
		if more, ok := s.more(']'); !more {
			return ok
		}
	}
}

// more consumes a comma, or the closing byte: then it returns false, true.
func (s *scanner) more(closing byte) (more, ok bool) {
	switch s.next() {
	case ',':
		s.pos++
		return true, true
	case closing:
		s.pos++
		return false, true
	}
	return false, s.unexpected("want a comma or " + string(closing))
}

func (s *scanner) tooDeep() bool {
	return s.fail(s.pos, "depth", "values nest deeper than 512")
}

func (s *scanner) object(depth int) bool {
	if depth >= maxDepth {
		return s.tooDeep()
	}
	s.pos++
	if s.next() == '}' {
		s.pos++
		return true
	}
	keys := s.keySet()
	defer keys.release()
	for {
		at := s.pos
		key, ok := s.key()
		if !ok {
			return false
		}
		if !keys.add(key) && len(s.repeated) <= maxRepeated {
			s.repeated = append(s.repeated, syntaxFault{at, "duplicate-key", duplicateKey(key)})
		}
		if !s.value(depth + 1) {
			return false
		}
		if more, ok := s.more('}'); !more {
			return ok
		}
		s.next()
	}
}

// key scans a member's key and the colon after it, and returns the key as
// exactText does. Without escapes the result shares memory with the source.
func (s *scanner) key() (string, bool) {
	if s.next() != '"' {
		return "", s.unexpected(wantKey)
	}
	start := s.pos
	kind, ok := s.text()
	if !ok {
		return "", false
	}
	raw := s.src[start:s.pos]
	if s.pos < len(s.src) && s.src[s.pos] == ':' {
		s.pos++
	} else if !s.expect(':', "a colon") {
		return "", false
	}
	if kind&escapedText != 0 {
		return exactText(raw), true
	}
	return sharedString(raw[1 : len(raw)-1]), true
}
