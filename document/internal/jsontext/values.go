package jsontext

import "bytes"

// The functions in this file read JSON text that has been scanned before.

// ValueAt returns the text of the value that begins at pos.
func ValueAt(src []byte, pos int) []byte {
	return src[pos:ValueEnd(src, pos)]
}

// ValueEnd returns where the value that begins at pos ends.
func ValueEnd(src []byte, pos int) int {
	switch src[pos] {
	case '"':
		s := Scanner{Src: src, Pos: pos}
		s.Text()
		return s.Pos
	case '{', '[':
		return containerEnd(src, pos)
	}
	end := pos
	for end < len(src) && !delimiter(src[end]) {
		end++
	}
	return end
}

func delimiter(c byte) bool {
	return c <= ' ' || c == ',' || c == ']' || c == '}'
}

func containerEnd(src []byte, pos int) int {
	s := Scanner{Src: src, Pos: pos}
	depth := 0
	for {
		switch src[s.Pos] {
		case '"':
			s.Text()
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		s.Pos++
		if depth == 0 {
			return s.Pos
		}
	}
}

// IsNull reports whether raw is missing or null.
func IsNull(raw []byte) bool { return len(raw) == 0 || raw[0] == 'n' }

// IsEmpty reports whether an object or array holds nothing.
func IsEmpty(raw []byte) bool { return len(raw) == len(`{}`)+len(LeadingSpace(raw[1:])) }

// Elements calls yield with each element of an array, until it returns false.
func Elements(raw []byte, yield func(element []byte) bool) {
	if len(raw) == 0 || raw[0] != '[' {
		return
	}
	s := Scanner{Src: raw, Pos: 1}
	for s.Next() != ']' {
		element := ValueAt(raw, s.Pos)
		s.Pos += len(element)
		if !yield(element) {
			return
		}
		if s.Next() == ',' {
			s.Pos++
		}
	}
}

// Members calls yield with each member of an object, until it returns false.
func Members(raw []byte, yield func(key string, value []byte) bool) {
	RawMembers(raw, func(key, value []byte) bool { return yield(ExactText(key), value) })
}

// RawMembers is Members with keys as they are written, in quotes.
func RawMembers(raw []byte, yield func(key, value []byte) bool) {
	if len(raw) == 0 || raw[0] != '{' {
		return
	}
	s := Scanner{Src: raw, Pos: 1}
	for s.Next() != '}' {
		key := ValueAt(raw, s.Pos)
		s.Pos += len(key)
		s.expect(':', "a colon")
		s.Next()
		value := ValueAt(raw, s.Pos)
		s.Pos += len(value)
		if !yield(key, value) {
			return
		}
		if s.Next() == ',' {
			s.Pos++
		}
	}
}

// MembersAt calls yield with the key of each member of the object that begins at an
// offset, and where its value begins, until it returns false. A value may be cut
// out.
func MembersAt(text []byte, object int, yield func(key string, value int) bool) {
	s := Scanner{Src: text, Pos: object + 1}
	for s.Next() != '}' {
		key, _ := s.Key()
		s.Next()
		value := s.Pos
		s.Pos = ValueEnd(text, value)
		if !yield(key, value) {
			return
		}
		if s.Next() == ',' {
			s.Pos++
		}
	}
}

// MemberAt returns where the value of a member of the object that begins at an
// offset begins, 0 if it is missing.
func MemberAt(text []byte, object int, key string) int {
	at := 0
	MembersAt(text, object, func(k string, value int) bool {
		if k == key {
			at = value
		}
		return at == 0
	})
	return at
}

// WithValue returns an object, on one line, in which the value at a path is what
// become returns for it, nil where there is none. Objects on the way are made.
func WithValue(object []byte, path []string, become func(old []byte) []byte) []byte {
	next := func(old []byte) []byte {
		if len(path) == 1 {
			return become(old)
		}
		return WithValue(old, path[1:], become)
	}
	out, found := []byte{'{'}, false
	RawMembers(object, func(key, value []byte) bool {
		if ExactText(key) == path[0] {
			found, value = true, next(value)
		}
		out = AppendMember(out, string(key), value)
		return true
	})
	if !found {
		out = AppendMember(out, string(AppendQuoted(nil, path[0])), next(nil))
	}
	return append(out, '}')
}

// KeyStart returns where the key of the value at an offset begins.
func KeyStart(text []byte, value int) int {
	colon := bytes.LastIndexByte(text[:value], ':')
	closing := bytes.LastIndexByte(text[:colon], '"')
	start := bytes.LastIndexByte(text[:closing], '"')
	for escaped(text, start) {
		start = bytes.LastIndexByte(text[:start], '"')
	}
	return start
}

// escaped reports whether the byte at an offset follows an odd number of
// backslashes.
func escaped(text []byte, at int) bool {
	n := 0
	for text[at-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

// TrailingSpace returns the white space that b ends with.
func TrailingSpace(b []byte) []byte {
	i := len(b)
	for i > 0 && (b[i-1] == ' ' || b[i-1] == '\t' || b[i-1] == '\r' || b[i-1] == '\n') {
		i--
	}
	return b[i:]
}

// LeadingSpace returns the white space that b begins with.
func LeadingSpace(b []byte) []byte {
	for i, c := range b {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return b[:i]
		}
	}
	return b
}

// Space is what JSON takes for white space.
const Space = " \t\r\n"

// ByteOrderMark is what some programs write before a text.
const ByteOrderMark = "\xef\xbb\xbf"
