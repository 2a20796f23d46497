package document

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// sharedString returns b as a string without copying it. It is used for the
// text of documents only, which is never written to.
func sharedString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// unquote returns the text of a JSON string that has been scanned. Without
// escapes it shares memory with raw.
func unquote(raw []byte) string {
	raw = raw[1 : len(raw)-1]
	for i, c := range raw {
		if c == '\\' {
			return unescape(raw, i)
		}
	}
	return sharedString(raw)
}

func unescape(raw []byte, first int) string {
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
				low, _ := hex4(raw[i+2:])
				r = utf16.DecodeRune(r, low)
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

// appendQuoted appends s as a JSON string, escaping only what has to be: quotes,
// backslashes and control characters. Bytes that are not UTF-8 become U+FFFD.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for _, r := range s {
		switch {
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

// appendFloat appends f as JavaScript and encoding/json write it.
func appendFloat(dst []byte, f float64) []byte {
	format := byte('f')
	if abs := max(f, -f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return strconv.AppendFloat(dst, f, format, -1, 64)
}

func appendUint(dst []byte, n uint32) []byte { return strconv.AppendUint(dst, uint64(n), 10) }
