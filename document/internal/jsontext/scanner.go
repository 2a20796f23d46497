// Package jsontext reads and writes JSON text (RFC 8259) strictly, and without a
// loss: what is not changed stays as it was written.
package jsontext

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
)

// maxDepth bounds how deep a value may nest: each value by itself, wherever it
// stands in the document.
const maxDepth = 512

// maxRepeated bounds how many duplicate keys are noted.
const maxRepeated = 1000

// Scanner reads JSON text (RFC 8259) strictly: UTF-8, bounded depth. Half a
// surrogate pair, as JavaScript writes it where it has cut a text, is let pass and
// noted: whether it may stand somewhere depends on what is there. Its functions
// return false after a syntax error, which is in fault; duplicate keys do not end
// the scan.
type Scanner struct {
	Src   []byte
	Pos   int
	Fault Fault
	keys  []string // of the objects being skipped, innermost last
	// HalfPair is where the last half of a surrogate pair was, 0 if none was.
	HalfPair int
	// Repeated are the first duplicate keys of objects that were skipped.
	Repeated []Fault
	// Line says that Src is a line of a text, which has a whole value on each.
	Line bool
}

// Fault is where and why the text is not JSON.
type Fault struct {
	Offset  int
	Rule    string
	Message string
}

// TextKind says what scanning a string has found in it.
type TextKind uint8

const (
	Escaped TextKind = 1 << iota
	NonASCII
	// HalfPair has half a surrogate pair, which is no character.
	HalfPair
)

// BytesPerCharacter returns the most bytes that one character takes: an escaped
// surrogate pair has twelve.
func (k TextKind) BytesPerCharacter() int {
	switch {
	case k&Escaped != 0:
		return 12
	case k&NonASCII != 0:
		return utf8.UTFMax
	}
	return 1
}

// Fail sets the fault, and returns false.
func (s *Scanner) Fail(offset int, rule, message string) bool {
	s.Fault = Fault{offset, rule, message}
	return false
}

// endsEarly sets the fault that there is more to come where the text ends.
func (s *Scanner) endsEarly(how string) bool {
	if s.Line {
		return s.Fail(len(s.Src), "syntax", "the line ends "+how+": want a whole value on each line")
	}
	return s.Fail(len(s.Src), "syntax", "the text ends "+how)
}

// space skips white space.
func (s *Scanner) space() {
	src, i := s.Src, s.Pos
	for i < len(src) && src[i] <= ' ' {
		if c := src[i]; c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			break
		}
		i++
		for i+8 <= len(src) && binary.LittleEndian.Uint64(src[i:]) == 0x2020202020202020 {
			i += 8
		}
	}
	s.Pos = i
}

// Next skips white space and returns the byte that follows, 0 at the end.
func (s *Scanner) Next() byte {
	if s.Pos < len(s.Src) && s.Src[s.Pos] > ' ' {
		return s.Src[s.Pos]
	}
	s.space()
	if s.Pos < len(s.Src) {
		return s.Src[s.Pos]
	}
	return 0
}

// expect consumes the byte c after white space.
func (s *Scanner) expect(c byte, what string) bool {
	if s.Next() != c {
		return s.unexpected("want " + what)
	}
	s.Pos++
	return true
}

// What is wanted where a value, or a member of an object, begins.
const (
	wantValue = "want a JSON value"
	wantKey   = "want a key in quotes"
)

func (s *Scanner) unexpected(want string) bool {
	if s.Pos >= len(s.Src) {
		if s.Line {
			return s.endsEarly("early")
		}
		return s.endsEarly("early: " + want)
	}
	switch {
	case s.atConflict():
		return s.Fail(s.Pos, "merge-conflict", "an unresolved merge conflict: keep one side and remove the marker lines")
	case s.atComment():
		return s.Fail(s.Pos, "syntax", "JSON has no comments: remove this one")
	case s.Src[s.Pos] == ']' && want == wantValue, s.Src[s.Pos] == '}' && want == wantKey:
		if before := s.Pos - 1 - len(TrailingSpace(s.Src[:s.Pos])); before >= 0 && s.Src[before] == ',' {
			return s.Fail(before, "syntax", "a comma before "+string(s.Src[s.Pos])+": JSON has none after the last value")
		}
	}
	if word := s.word(); len(word) > 1 {
		return s.Fail(s.Pos, "syntax", "unexpected "+Shown(string(word))+": "+want)
	}
	r, size := utf8.DecodeRune(s.Src[s.Pos:])
	if r == utf8.RuneError && size <= 1 {
		return s.Fail(s.Pos, "utf-8", "this is not UTF-8")
	}
	return s.Fail(s.Pos, "syntax", "unexpected "+string(AppendQuoted(nil, string(r)))+": "+want)
}

// conflictMarkers are what lines of an unresolved merge conflict begin with.
var conflictMarkers = [...]string{"<<<<<<<", "|||||||", "=======", ">>>>>>>"}

// atConflict reports whether a conflict marker is at Pos, where a line begins.
func (s *Scanner) atConflict() bool {
	if s.Pos > 0 && s.Src[s.Pos-1] != '\n' {
		return false
	}
	for _, marker := range conflictMarkers {
		if bytes.HasPrefix(s.Src[s.Pos:], []byte(marker)) {
			return true
		}
	}
	return false
}

// atComment reports whether a comment begins at Pos.
func (s *Scanner) atComment() bool {
	rest := s.Src[s.Pos:]
	return bytes.HasPrefix(rest, []byte("//")) || bytes.HasPrefix(rest, []byte("/*"))
}

// End reports text that follows where there should be none. what is what ends
// here.
func (s *Scanner) End(what string) bool {
	switch {
	case s.Next() == 0 && s.Pos >= len(s.Src):
		return true
	case s.atComment():
		return s.unexpected("")
	}
	return s.Fail(s.Pos, "syntax", "unexpected text after "+what)
}

// Literal scans a word such as null at Pos.
func (s *Scanner) Literal(word string) bool {
	if !bytes.HasPrefix(s.Src[s.Pos:], []byte(word)) {
		return s.unexpected(wantValue)
	}
	s.Pos += len(word)
	return true
}

// Value scans any value, at Pos after white space.
func (s *Scanner) Value(depth int) bool {
	switch c := s.Next(); {
	case c == '"':
		_, ok := s.Text()
		return ok
	case c == '{':
		return s.object(depth)
	case c == '[':
		return s.array(depth)
	case c == 't':
		return s.Literal("true")
	case c == 'f':
		return s.Literal("false")
	case c == 'n':
		return s.Literal("null")
	case c == '-' || c >= '0' && c <= '9':
		return s.Number()
	}
	return s.unexpected(wantValue)
}

// Skip passes over any value, however deep, without a look at what is in it:
// whoever looks ahead leaves that to the one who comes after.
func (s *Scanner) Skip() bool {
	for depth := 0; ; {
		switch c := s.Next(); c {
		case 0:
			return false
		case '"':
			if _, ok := s.Text(); !ok {
				return false
			}
		case '{', '[':
			depth++
			s.Pos++
		case '}', ']':
			depth--
			s.Pos++
		default:
			s.Pos++
			if depth > 0 || s.Pos < len(s.Src) && !delimiter(s.Src[s.Pos]) {
				continue
			}
		}
		if depth <= 0 {
			return depth == 0
		}
	}
}

func (s *Scanner) array(depth int) bool {
	if depth >= maxDepth {
		return s.tooDeep()
	}
	s.Pos++
	if s.Next() == ']' {
		s.Pos++
		return true
	}
	for {
		if !s.Value(depth + 1) {
			return false
		}
		if more, ok := s.More(']'); !more {
			return ok
		}
	}
}

// More consumes a comma, or the closing byte: then it returns false, true.
func (s *Scanner) More(closing byte) (more, ok bool) {
	switch s.Next() {
	case ',':
		s.Pos++
		return true, true
	case closing:
		s.Pos++
		return false, true
	}
	return false, s.unexpected("want a comma or " + string(closing))
}

func (s *Scanner) tooDeep() bool {
	return s.Fail(s.Pos, "depth", "values nest deeper than 512")
}

func (s *Scanner) object(depth int) bool {
	if depth >= maxDepth {
		return s.tooDeep()
	}
	s.Pos++
	if s.Next() == '}' {
		s.Pos++
		return true
	}
	keys := s.Keys()
	defer keys.Release()
	for {
		at := s.Pos
		key, ok := s.Key()
		if !ok {
			return false
		}
		if !keys.Add(key) && len(s.Repeated) <= maxRepeated {
			s.Repeated = append(s.Repeated, Fault{at, "duplicate-key", DuplicateKey(key)})
		}
		if !s.Value(depth + 1) {
			return false
		}
		if more, ok := s.More('}'); !more {
			return ok
		}
		s.Next()
	}
}

// Key scans a member's key and the colon after it, and returns the key as
// ExactText does. Without escapes the result shares memory with the source.
func (s *Scanner) Key() (string, bool) {
	if s.Next() != '"' {
		return "", s.unexpected(wantKey)
	}
	start := s.Pos
	kind, ok := s.Text()
	if !ok {
		return "", false
	}
	raw := s.Src[start:s.Pos]
	if s.Pos < len(s.Src) && s.Src[s.Pos] == ':' {
		s.Pos++
	} else if !s.expect(':', "a colon") {
		return "", false
	}
	if kind&Escaped != 0 {
		return ExactText(raw), true
	}
	return SharedString(raw[1 : len(raw)-1]), true
}
