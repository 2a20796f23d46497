package document

import "bytes"

// The functions in this file read JSON text that has been scanned before.

// valueAt returns the text of the value that begins at pos.
func valueAt(src []byte, pos int) []byte {
	return src[pos:valueEnd(src, pos)]
}

// valueEnd returns where the value that begins at pos ends.
func valueEnd(src []byte, pos int) int {
	switch src[pos] {
	case '"':
		s := scanner{src: src, pos: pos}
		s.text()
		return s.pos
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
	s := scanner{src: src, pos: pos}
	depth := 0
	for {
		switch src[s.pos] {
		case '"':
			s.text()
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		s.pos++
		if depth == 0 {
			return s.pos
		}
	}
}

// isNull reports whether raw is missing or null.
func isNull(raw []byte) bool { return len(raw) == 0 || raw[0] == 'n' }

// elements calls yield with each element of an array, until it returns false.
func elements(raw []byte, yield func(element []byte) bool) {
	if len(raw) == 0 || raw[0] != '[' {
		return
	}
	s := scanner{src: raw, pos: 1}
	for s.next() != ']' {
		element := valueAt(raw, s.pos)
		s.pos += len(element)
		if !yield(element) {
			return
		}
		if s.next() == ',' {
			s.pos++
		}
	}
}

// members calls yield with each member of an object, until it returns false.
func members(raw []byte, yield func(key string, value []byte) bool) {
	if len(raw) == 0 || raw[0] != '{' {
		return
	}
	s := scanner{src: raw, pos: 1}
	for s.next() != '}' {
		key, _ := s.key()
		s.next()
		value := valueAt(raw, s.pos)
		s.pos += len(value)
		if !yield(key, value) {
			return
		}
		if s.next() == ',' {
			s.pos++
		}
	}
}

// keyStart returns where the key of the value at an offset begins.
func keyStart(text []byte, value int) int {
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

func trailingSpace(b []byte) []byte {
	i := len(b)
	for i > 0 && (b[i-1] == ' ' || b[i-1] == '\t' || b[i-1] == '\r' || b[i-1] == '\n') {
		i--
	}
	return b[i:]
}

func leadingSpace(b []byte) []byte {
	for i, c := range b {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return b[:i]
		}
	}
	return b
}

// jsonSpace is what JSON takes for white space.
const jsonSpace = " \t\r\n"

var byteOrderMark = []byte("\xef\xbb\xbf")
