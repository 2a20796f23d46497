package schema

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkSource reports bytes and characters that may be nowhere in a schema,
// not even in its comments: what is not UTF-8, and what makes a text look
// different from what it is. It reports whether the text can be parsed.
func (l *loader) checkSource() bool {
	ok := true
	for i, line := range l.lines {
		for column := 0; column < len(line); {
			r, size := utf8.DecodeRuneInString(line[column:])
			at := span{i + 1, column + 1, column + 1 + size}
			column += size
			if r == utf8.RuneError && size == 1 {
				l.refuse(at, ruleSyntax, "not UTF-8: byte 0x%02X", line[at.column-1])
				ok = false
				continue
			}
			if why := unsafeRune(r); why != "" && r != '\t' {
				l.unsafe[r] = true
				l.refuse(at, ruleUnsafeText, "%s (%U) may not be in a schema", why, r)
				ok = ok && !unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp)
			}
		}
	}
	return ok
}

// checkText reports unsafe characters that the source spells as escapes: the
// others are known from checkSource.
func (l *loader) checkText(n *node) {
	for _, r := range n.text {
		why := unsafeRune(r)
		if why == "" || r == '\n' || r == '\t' || l.unsafe[r] {
			continue
		}
		l.refuse(n.span, ruleUnsafeText, "%s (%U) may not be in a schema", why, r)
		return
	}
}

// unsafeRune says what is wrong with a character, or "".
func unsafeRune(r rune) string {
	switch {
	case unicode.IsControl(r):
		return "a control character"
	case unicode.Is(unicode.Bidi_Control, r):
		return "a character that changes the direction of writing"
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
		return "an invisible character"
	case unicode.In(r, unicode.Zl, unicode.Zp):
		return "a Unicode line separator"
	case unicode.In(r, unicode.Co, unicode.Cs), r == utf8.RuneError, r&0xFFFE == 0xFFFE:
		return "a character without meaning"
	default:
		return ""
	}
}

// nameProblem says what is wrong with a text that stands in documents: a
// status, an enum value, a JSON key. It returns "" if nothing is.
func nameProblem(s string) string {
	switch {
	case s == "":
		return "is empty"
	case len(s) > maxNameBytes:
		return fmt.Sprintf("is longer than %d bytes", maxNameBytes)
	case strings.TrimSpace(s) != s:
		return "begins or ends with a space"
	case strings.ContainsAny(s, "\n\t"):
		return "holds a line end or a tab"
	case mixesScripts(s):
		return "mixes letters of several scripts that look alike"
	default:
		return ""
	}
}

// mixesScripts reports whether s holds letters of more than one of the scripts
// that have look-alikes of each other.
func mixesScripts(s string) bool {
	var latin, greek, cyrillic, armenian, cherokee int
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Latin, r):
			latin = 1
		case unicode.Is(unicode.Greek, r):
			greek = 1
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic = 1
		case unicode.Is(unicode.Armenian, r):
			armenian = 1
		case unicode.Is(unicode.Cherokee, r):
			cherokee = 1
		}
	}
	return latin+greek+cyrillic+armenian+cherokee > 1
}
