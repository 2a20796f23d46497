package docs

import (
	"regexp/syntax"
	"strings"
	"unicode"
)

// matching returns a short text for which a pattern was made, the nth of
// several. Patterns that look at more than one character at a time may refuse
// it, so it has to be checked. It is "" for what is no pattern.
func matching(pattern string, n int) string {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return ""
	}
	var b strings.Builder
	writeMatching(&b, re, n)
	return b.String()
}

func writeMatching(b *strings.Builder, re *syntax.Regexp, n int) {
	const long = 1000 // no sample needs more
	if b.Len() > long {
		return
	}
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		b.WriteRune(classRune(re.Rune, n))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteRune('a' + rune(n%26))
	case syntax.OpConcat, syntax.OpCapture, syntax.OpStar, syntax.OpPlus:
		for _, sub := range re.Sub {
			writeMatching(b, sub, n)
		}
	case syntax.OpRepeat:
		for range max(re.Min, 1) {
			writeMatching(b, re.Sub[0], n)
		}
	case syntax.OpAlternate:
		writeMatching(b, re.Sub[n%len(re.Sub)], n)
	}
}

// classRune returns the nth letter or digit of a class, going round; of a class
// without any, its first printable character.
func classRune(ranges []rune, n int) rune {
	var plain []rune
	for _, r := range "123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0" {
		if inClass(ranges, r) {
			plain = append(plain, r)
		}
	}
	if len(plain) > 0 {
		return plain[n%len(plain)]
	}
	for i := 0; i < len(ranges); i += 2 {
		const enough = 200
		for r := ranges[i]; r <= min(ranges[i+1], ranges[i]+enough); r++ {
			if unicode.IsPrint(r) {
				return r
			}
		}
	}
	if len(ranges) == 0 {
		return 'a'
	}
	return ranges[0]
}

func inClass(ranges []rune, r rune) bool {
	for i := 0; i < len(ranges); i += 2 {
		if ranges[i] <= r && r <= ranges[i+1] {
			return true
		}
	}
	return false
}
