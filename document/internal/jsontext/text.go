package jsontext

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// SharedString returns b as a string without copying it. It is used for the
// text of documents only, which is never written to.
func SharedString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// Unquote returns the text of a JSON string that has been scanned. Half a
// surrogate pair becomes U+FFFD. Without escapes the text shares memory with raw.
func Unquote(raw []byte) string { return unquoted(raw, utf8.AppendRune) }

// ExactText is unquote for texts that are compared, or written again: half a
// surrogate pair stays what it is, in three bytes that are not UTF-8 and that
// AppendQuoted writes as the escape that they were.
func ExactText(raw []byte) string { return unquoted(raw, appendSurrogate) }

func unquoted(raw []byte, half func([]byte, rune) []byte) string {
	raw = raw[1 : len(raw)-1]
	for i, c := range raw {
		if c == '\\' {
			return unescape(raw, i, half)
		}
	}
	return SharedString(raw)
}

// appendSurrogate appends half a pair as UTF-8 would have it if it were a
// character (WTF-8).
func appendSurrogate(dst []byte, r rune) []byte {
	return append(dst, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
}

// surrogateAt returns the half of a pair that s begins with, as appendSurrogate
// writes it.
func surrogateAt(s string) (r rune, ok bool) {
	if len(s) < 3 || s[0] != 0xED || s[1]&0xE0 != 0xA0 || s[2]&0xC0 != 0x80 {
		return 0, false
	}
	return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), true
}

// unescape replaces escapes, the first of which is at an offset.
func unescape(raw []byte, first int, half func([]byte, rune) []byte) string {
	out := make([]byte, first, len(raw))
	copy(out, raw)
	for i := first; i < len(raw); {
		if raw[i] != '\\' {
			out = append(out, raw[i])
			i++
			continue
		}
		switch c := raw[i+1]; c {
		case 'u':
			r, _ := hex4(raw[i+2:])
			i += 6
			if utf16.IsSurrogate(r) {
				pair := pairedWith(r, raw[i:])
				if pair == utf8.RuneError {
					out = half(out, r)
					continue
				}
				r = pair
				i += 6
			}
			out = utf8.AppendRune(out, r)
			continue
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		default:
			out = append(out, c)
		}
		i += 2
	}
	return string(out)
}

const hexDigits = "0123456789abcdef"

// AppendQuoted appends s as a JSON string, escaping only what has to be: quotes,
// backslashes and control characters. Halves of surrogate pairs that ExactText
// kept are written as they were; other bytes that are not UTF-8 become U+FFFD.
func AppendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	skip := 0
	for i, r := range s {
		if i < skip {
			continue
		}
		switch {
		case r == utf8.RuneError:
			if half, ok := surrogateAt(s[i:]); ok {
				dst = append(dst, '\\', 'u', 'd', hexDigits[half>>8&15], hexDigits[half>>4&15], hexDigits[half&15])
				skip = i + 3
				continue
			}
			dst = utf8.AppendRune(dst, r)
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, '\\', 'n')
		case r == '\r':
			dst = append(dst, '\\', 'r')
		case r == '\t':
			dst = append(dst, '\\', 't')
		case r < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[r>>4], hexDigits[r&15])
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return append(dst, '"')
}

// AppendFloat appends f as JavaScript and encoding/json write it.
func AppendFloat(dst []byte, f float64) []byte {
	format := byte('f')
	if abs := max(f, -f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(dst, f, format, -1, 64)
}

// HalfPairAt describes the half of a surrogate pair that b begins with.
func HalfPairAt(b []byte) string {
	return string(b[:len(`\ud83d`)]) + ", half of a surrogate pair, which is no character"
}

// RuneCount counts the characters of a scanned JSON string.
func RuneCount(raw []byte, kind TextKind) int {
	raw = raw[1 : len(raw)-1]
	if kind == 0 {
		return len(raw)
	}
	n := utf8.RuneCount(raw)
	for kind&Escaped != 0 {
		at := bytes.IndexByte(raw, '\\')
		if at < 0 {
			break
		}
		length, _, _ := escapeLength(raw[at:])
		n -= length - 1
		raw = raw[at+length:]
	}
	return n
}

// AppendMember appends a member to the text of an object that is not closed yet.
func AppendMember(dst []byte, quoted string, value []byte) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	return append(append(append(dst, quoted...), ':'), value...)
}
