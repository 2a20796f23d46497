package docs

import (
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
)

// portablePattern writes an RE2 expression so that RE2 and JavaScript, whose
// regular expressions JSON Schema uses, take it for the same. It returns false
// for what JavaScript cannot say without flags: the beginnings and ends of
// lines.
func portablePattern(pattern string) (string, bool) {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return "", false
	}
	w := patternWriter{ok: true}
	w.alternatives(re)
	return w.b.String(), w.ok
}

// quotePattern returns a pattern that matches a text literally.
func quotePattern(s string) string {
	var w patternWriter
	for _, r := range s {
		w.literal(r)
	}
	return w.b.String()
}

type patternWriter struct {
	b  strings.Builder
	ok bool
}

// alternatives writes an expression that may stand between bars.
func (w *patternWriter) alternatives(re *syntax.Regexp) {
	if re.Op != syntax.OpAlternate {
		w.sequence(re)
		return
	}
	for i, sub := range re.Sub {
		if i > 0 {
			w.b.WriteByte('|')
		}
		w.sequence(sub)
	}
}

func (w *patternWriter) sequence(re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if sub.Op == syntax.OpConcat {
				w.group(sub)
			} else {
				w.sequence(sub)
			}
		}
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			w.folded(r, re.Flags&syntax.FoldCase != 0)
		}
	case syntax.OpStar:
		w.repeated(re, "*")
	case syntax.OpPlus:
		w.repeated(re, "+")
	case syntax.OpQuest:
		w.repeated(re, "?")
	case syntax.OpRepeat:
		w.repeated(re, repetition(re.Min, re.Max))
	default:
		w.atom(re)
	}
}

func repetition(least, most int) string {
	switch most {
	case least:
		return fmt.Sprintf("{%d}", least)
	case -1:
		return fmt.Sprintf("{%d,}", least)
	default:
		return fmt.Sprintf("{%d,%d}", least, most)
	}
}

func (w *patternWriter) repeated(re *syntax.Regexp, suffix string) {
	sub := re.Sub[0]
	single := sub.Op == syntax.OpLiteral && len(sub.Rune) == 1
	switch {
	case single || sub.Op == syntax.OpCharClass || sub.Op == syntax.OpAnyChar || sub.Op == syntax.OpAnyCharNotNL:
		w.sequence(sub)
	default:
		w.group(sub)
	}
	w.b.WriteString(suffix)
}

func (w *patternWriter) group(re *syntax.Regexp) {
	w.b.WriteString("(?:")
	w.alternatives(re)
	w.b.WriteByte(')')
}

func (w *patternWriter) atom(re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpCharClass:
		w.class(re.Rune)
	case syntax.OpAnyChar:
		w.b.WriteString(`[\s\S]`)
	case syntax.OpAnyCharNotNL:
		w.b.WriteString(`[^\n]`)
	case syntax.OpBeginText:
		w.b.WriteByte('^')
	case syntax.OpEndText:
		w.b.WriteByte('$')
	case syntax.OpWordBoundary:
		w.b.WriteString(`\b`)
	case syntax.OpNoWordBoundary:
		w.b.WriteString(`\B`)
	case syntax.OpNoMatch:
		w.b.WriteString(`[^\s\S]`)
	case syntax.OpCapture:
		w.group(re.Sub[0])
	case syntax.OpEmptyMatch:
		w.b.WriteString(`(?:)`)
	case syntax.OpAlternate:
		w.group(re)
	default: // the beginning or end of a line
		w.ok = false
	}
}

// folded writes a character, with its other cases where they match too.
func (w *patternWriter) folded(r rune, fold bool) {
	var ranges []rune
	if fold {
		for c := unicode.SimpleFold(r); c != r; c = unicode.SimpleFold(c) {
			ranges = append(ranges, c, c)
		}
	}
	if ranges == nil {
		w.literal(r)
		return
	}
	ranges = append(ranges, r, r)
	slices.Sort(ranges)
	w.class(ranges)
}

func (w *patternWriter) literal(r rune) {
	if strings.ContainsRune(`\^$.*+?()[]{}|`, r) {
		w.b.WriteByte('\\')
		w.b.WriteRune(r)
		return
	}
	w.plain(r)
}

// plain writes a character that means nothing to a pattern: control characters
// as escapes that both languages know.
func (w *patternWriter) plain(r rune) {
	if r < ' ' || r == 0x7f {
		fmt.Fprintf(&w.b, `\x%02x`, r)
		return
	}
	w.b.WriteRune(r)
}

// class writes pairs of the first and last characters of ranges. One that goes
// from the first character there is to the last is written as what it leaves
// out.
func (w *patternWriter) class(ranges []rune) {
	if n := len(ranges); n > 2 && ranges[0] == 0 && ranges[n-1] == unicode.MaxRune {
		w.b.WriteString("[^")
		for i := 1; i+1 < n; i += 2 {
			w.between(ranges[i]+1, ranges[i+1]-1)
		}
		w.b.WriteByte(']')
		return
	}
	w.b.WriteByte('[')
	start := w.b.Len()
	for i := 0; i+1 < len(ranges); i += 2 {
		w.between(ranges[i], ranges[i+1])
	}
	if w.b.Len() == start {
		w.b.WriteString(`^\s\S`)
	}
	w.b.WriteByte(']')
}

// between writes a range within a class. Half characters, which no text holds,
// are left out.
func (w *patternWriter) between(first, last rune) {
	const firstHalf, lastHalf = 0xD800, 0xDFFF
	if first >= firstHalf && first <= lastHalf {
		first = lastHalf + 1
	}
	if last >= firstHalf && last <= lastHalf {
		last = firstHalf - 1
	}
	if first > last {
		return
	}
	w.inClass(first)
	if last > first {
		if last > first+1 {
			w.b.WriteByte('-')
		}
		w.inClass(last)
	}
}

func (w *patternWriter) inClass(r rune) {
	if strings.ContainsRune(`\]^-[`, r) {
		w.b.WriteByte('\\')
		w.b.WriteRune(r)
		return
	}
	w.plain(r)
}
