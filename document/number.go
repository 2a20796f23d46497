package document

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
		i += digitsLength(b[i:])
	default:
		return 0
	}
	if i < len(b) && b[i] == '.' {
		n := digitsLength(b[i+1:])
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
		n := digitsLength(b[i:])
		if n == 0 {
			return 0
		}
		i += n
	}
	return i
}

func digitsLength(b []byte) int {
	n := 0
	for n < len(b) && b[n] >= '0' && b[n] <= '9' {
		n++
	}
	return n
}
