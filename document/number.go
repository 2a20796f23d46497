package document

import "strconv"

// number scans a number at pos.
func (s *scanner) number() bool {
	n := numberLength(s.src[s.pos:])
	if rest := s.src[s.pos+n:]; n == 0 || len(rest) > 0 && inWord(rest[0]) {
		return s.fail(s.pos, "syntax", shown(string(s.word()))+" is not a number in JSON")
	}
	s.pos += n
	return true
}

// word returns the run of letters, digits and signs at pos.
func (s *scanner) word() []byte {
	end := s.pos
	for end < len(s.src) && inWord(s.src[end]) {
		end++
	}
	return s.src[s.pos:end]
}

func inWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.' || c == '_'
}

// numberLength returns the length of the JSON number that b begins with, 0 if
// there is none.
func numberLength(b []byte) int {
	i := 0
	if i < len(b) && b[i] == '-' {
		i++
	}
	switch {
	case i < len(b) && b[i] == '0':
		i++
	case i < len(b) && b[i] >= '1' && b[i] <= '9':
		i += digits(sharedString(b[i:]))
	default:
		return 0
	}
	if i < len(b) && b[i] == '.' {
		n := digits(sharedString(b[i+1:]))
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
		n := digits(sharedString(b[i:]))
		if n == 0 {
			return 0
		}
		i += n
	}
	return i
}

func parseInt(raw []byte) (int64, error) { return strconv.ParseInt(sharedString(raw), 10, 64) }

func parseFloat(raw []byte) (float64, error) {
	if len(raw) == 1 { // most numbers in backlogs
		return float64(raw[0] - '0'), nil
	}
	return strconv.ParseFloat(sharedString(raw), 64)
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
