package jsontext

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

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

// Text scans a string at Pos, where its opening quote is.
func (s *Scanner) Text() (TextKind, bool) {
	src, i := s.Src, s.Pos+1
	var kind TextKind
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
			return kind, s.endsEarly("inside a string")
		}
		switch c := src[i]; {
		case c == '"':
			s.Pos = i + 1
			return kind, true
		case c == '\\':
			if i+1 == len(src) {
				return kind, s.endsEarly("inside an escape")
			}
			n, half, message := escapeLength(src[i:])
			if message != "" {
				return kind, s.Fail(i, "syntax", message)
			}
			kind |= Escaped
			if half {
				kind |= HalfPair
				s.HalfPair = i
			}
			i += n
		case c < ' ':
			return kind, s.Fail(i, "syntax", "a control character in a string must be escaped")
		case c >= utf8.RuneSelf:
			n, ok := multibyte(src[i:])
			if !ok {
				return kind, s.Fail(i, "utf-8", "this is not UTF-8")
			}
			kind |= NonASCII
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
