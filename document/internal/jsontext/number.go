package jsontext

import (
	"bytes"
	"strconv"
	"strings"
)

// Number scans a number at Pos.
func (s *Scanner) Number() bool {
	n := NumberLength(s.Src[s.Pos:])
	if rest := s.Src[s.Pos+n:]; n == 0 || len(rest) > 0 && inWord(rest[0]) {
		return s.Fail(s.Pos, "syntax", Shown(string(s.word()))+" is not a number in JSON")
	}
	s.Pos += n
	return true
}

// word returns the run of letters, digits and signs at Pos.
func (s *Scanner) word() []byte {
	end := s.Pos
	for end < len(s.Src) && inWord(s.Src[end]) {
		end++
	}
	return s.Src[s.Pos:end]
}

func inWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.' || c == '_'
}

// NumberLength returns the length of the JSON number that b begins with, 0 if
// there is none.
func NumberLength(b []byte) int {
	i := 0
	if i < len(b) && b[i] == '-' {
		i++
	}
	switch {
	case i < len(b) && b[i] == '0':
		i++
	case i < len(b) && b[i] >= '1' && b[i] <= '9':
		i += Digits(SharedString(b[i:]))
	default:
		return 0
	}
	if i < len(b) && b[i] == '.' {
		n := Digits(SharedString(b[i+1:]))
		if n == 0 {
			return 0
		}
		i += 1 + n
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		n := Digits(SharedString(b[i:]))
		if n == 0 {
			return 0
		}
		i += n
	}
	return i
}

// ParseInt returns a number that is an integer of at most 64 bits, however it is
// written: 1, 1.0 and 1e0 are one number.
func ParseInt(raw []byte) (int64, error) {
	n, err := strconv.ParseInt(SharedString(raw), 10, 64)
	if err == nil || !bytes.ContainsAny(raw, ".eE") {
		return n, err
	}
	const mostDigits = 19 // of 64 bits
	d, ok := decimalOf(strings.ToLower(string(raw)))
	switch {
	case d.digits == "":
		return 0, nil
	case !ok || d.power < 0 || int64(len(d.digits))+d.power > mostDigits:
		return 0, err
	}
	whole := d.digits + strings.Repeat("0", int(d.power))
	if d.negative {
		whole = "-" + whole
	}
	return strconv.ParseInt(whole, 10, 64)
}

// ParseFloat returns a number as the nearest float.
func ParseFloat(raw []byte) (float64, error) {
	if len(raw) == 1 { // most numbers in backlogs
		return float64(raw[0] - '0'), nil
	}
	return strconv.ParseFloat(SharedString(raw), 64)
}

// Digits returns how many digits s begins with.
func Digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
