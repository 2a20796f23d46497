package schema

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/backlog-gen/backlog-gen/internal/joiner"
)

// otherEncoding names the encoding of a text that is clearly not UTF-8, or "".
func otherEncoding(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE, 0, 0}), bytes.HasPrefix(data, []byte{0, 0, 0xFE, 0xFF}):
		return "UTF-32"
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return "UTF-16"
	}
	var zeros [2]int // at even and at odd places
	for i, b := range data {
		if b == 0 {
			zeros[i%2]++
		}
	}
	if most := max(zeros[0], zeros[1]); min(zeros[0], zeros[1]) == 0 && most > len(data)/3 {
		return "UTF-16" // without its mark
	}
	return ""
}

// checkSource reports bytes and characters that may be nowhere in a schema,
// not even in its comments: what is not UTF-8, and what makes a text look
// different from what it is. It reports whether the text can be parsed.
func (l *loader) checkSource() bool {
	ok := true
	var first span
	invalid := 0
	for i, line := range l.lines {
		for column := 0; column < len(line); {
			r, size := utf8.DecodeRuneInString(line[column:])
			at := span{i + 1, column + 1, column + 1 + size}
			joined := joiner.Belongs(line, column)
			column += size
			if r == utf8.RuneError && size == 1 {
				if invalid++; invalid == 1 {
					first = at
				}
				continue
			}
			if r == 0 {
				l.unsafe[r] = true
				l.refuse(at, ruleUnsafeText, "the byte 0 may not be in a schema: the file is not text")
				return false
			}
			if why := unsafeRune(r); why != "" && r != '\t' && !joined {
				l.unsafe[r] = true
				l.refuse(at, ruleUnsafeText, "%s (%U) may not be in a schema", why, r)
				ok = ok && !unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp)
			}
		}
	}
	if invalid == 0 {
		return ok
	}
	more := ""
	if invalid > 1 {
		more = fmt.Sprintf(", the first of %d", invalid)
	}
	l.refuse(first, ruleSyntax, "the byte 0x%02X is not UTF-8%s: save the file as UTF-8", l.line(first.line)[first.column-1], more)
	return false
}

// checkText reports unsafe characters that the source spells as escapes: the
// others are known from checkSource.
func (l *loader) checkText(n *node) {
	for at, r := range n.text {
		why := unsafeRune(r)
		if why == "" || r == '\n' || r == '\t' || l.unsafe[r] || joiner.Belongs(n.text, at) {
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
