package schema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// syntaxError is what the YAML library says of a text that is not YAML.
type syntaxError struct {
	message string
	// while says what was being read, and began where that begins. Both may be
	// missing.
	while string
	at    span
	began span
}

// explain says in plain words what is wrong and where: the library often notices
// a mistake below the line that holds it.
func (l *loader) explain(e syntaxError) (span, string) {
	switch e.message {
	case "found character that cannot start any token", "found a tab character that violates indentation",
		"found a tab character where an indentation space is expected":
		return l.explainCharacter(e)
	case "mapping values are not allowed in this context":
		return l.explainColon(e)
	case "could not find expected ':'":
		return l.noColon(e.began)
	case "did not find expected key":
		return l.explainKey(e)
	case "did not find expected '-' indicator":
		return e.at, fmt.Sprintf("the lines above with this indentation are elements of a list, which begins on line %d: each begins with a hyphen and a space", e.began.line)
	case "did not find expected ',' or '}'", "did not find expected ',' or ']'":
		return l.explainBracket(e)
	case "found unexpected end of stream", "found unexpected document indicator":
		return e.began, "the text in quotes that begins here does not end: the closing quote is missing"
	case "found unknown escape character":
		return l.explainEscape(e)
	case "did not find expected alphabetic or numeric character", "did not find expected tag URI",
		"mapping keys are not allowed in this context":
		return l.explainFirstCharacter(e)
	case "block sequence entries are not allowed in this context":
		return e.at, "a list begins on a line of its own; a text that begins with a hyphen and a space is written in quotes"
	case "did not find expected comment or line break":
		return e.at, "nothing but a comment may follow the | or > of a text on its line: the text begins on the next"
	case "did not find expected node content":
		return e.at, "a value is missing here"
	}
	if name, ok := strings.CutSuffix(e.message, " referenced"); ok {
		return e.at, name + ": no value above is marked so; a text that begins with * is written in quotes"
	}
	if strings.Contains(e.while, "directive") {
		return e.began, "a line cannot begin with %: a schema has no directives"
	}
	if e.while != "" {
		return e.at, "not YAML: " + e.while + ": " + e.message
	}
	return e.at, "not YAML: " + e.message
}

// explainCharacter is about a tab or a character that YAML keeps for itself.
func (l *loader) explainCharacter(e syntaxError) (span, string) {
	line := l.line(e.at.line)
	blank := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	if tab := strings.IndexByte(blank, '\t'); tab >= 0 {
		return span{e.at.line, tab + 1, tab + 2}, "a tab cannot indent: use spaces, two for each step"
	}
	return l.explainFirstCharacter(e)
}

// explainFirstCharacter is about a text whose first character means something
// else in YAML.
func (l *loader) explainFirstCharacter(e syntaxError) (span, string) {
	at := e.at
	if e.began.line > 0 && e.while != "while scanning for the next token" {
		at = e.began
	}
	r, _ := utf8.DecodeRuneInString(l.line(at.line)[min(at.column-1, len(l.line(at.line))):])
	if r == utf8.RuneError {
		return at, "not YAML: " + e.message
	}
	return at, fmt.Sprintf("a text that begins with %q is written in quotes", string(r))
}

// explainColon is about a colon where no key can be. Either the text of a value
// holds it, or the line is indented as if it belonged to the value above it.
func (l *loader) explainColon(e syntaxError) (span, string) {
	line := l.line(e.at.line)
	before := line[:e.at.column-1]
	if strings.Contains(before, ": ") {
		return e.at, "a text that holds a colon and a space is written in quotes"
	}
	above := l.contentAbove(e.at.line)
	if above == 0 || indentation(line) < indentation(l.line(above)) {
		return e.at, "a key cannot be here"
	}
	if !isEntry(l.line(above)) {
		return l.noColon(l.contentSpan(above))
	}
	return l.tooDeep(e.at.line, above)
}

// tooDeep is about a line that is indented as if it belonged to the one above.
func (l *loader) tooDeep(line, above int) (span, string) {
	return l.contentSpan(line), fmt.Sprintf("this line is indented deeper than line %d, which has a value already: indent it by %s",
		above, spaces(keyColumn(l.line(above))))
}

// noColon is about a line that should be a key and is not.
func (l *loader) noColon(at span) (span, string) {
	return at, "a key is followed by a colon and a space; a line that goes on with a text is indented deeper than its key"
}

// explainKey is about a line whose indentation is that of none of the mappings
// above, or about a value that goes on where it should have ended.
func (l *loader) explainKey(e syntaxError) (span, string) {
	line := l.line(e.at.line)
	indent := indentation(line)
	if e.at.column != indent+1 {
		if before := line[:e.at.column-1]; strings.ContainsAny(before, `"'`) {
			return e.at, `the text ends at the quote before this: inside '…' a quote is written twice, inside "…" as \"`
		}
		return e.at, "a key cannot be here"
	}
	if strings.HasPrefix(line[indent:], "- ") && indent == keyColumn(l.line(e.began.line)) {
		return e.at, "an element of a list cannot be among the keys of a mapping"
	}
	if above := l.contentAbove(e.at.line); above > 0 && indent > keyColumn(l.line(above)) {
		return l.tooDeep(e.at.line, above)
	}
	return l.contentSpan(e.at.line), fmt.Sprintf("no line above is indented like this: they are indented by %s", l.indentations(e.at.line))
}

// indentations lists the indentations that a line could have: those of the lines
// above that hold it.
func (l *loader) indentations(line int) string {
	var steps []int
	least := -1
	for n := line - 1; n > 0; n-- {
		text := l.line(n)
		if blankOrComment(text) {
			continue
		}
		if i := indentation(text); least < 0 || i < least {
			least = i
			steps = append(steps, i)
		}
	}
	slices.Reverse(steps)
	words := make([]string, len(steps))
	for i, s := range steps {
		words[i] = strconv.Itoa(s)
	}
	return listOr(words) + " spaces"
}

// explainBracket is about a bracket or brace that is not closed.
func (l *loader) explainBracket(e syntaxError) (span, string) {
	closing := e.message[len(e.message)-2 : len(e.message)-1]
	if e.began.line != e.at.line {
		return e.began, fmt.Sprintf("the bracket that opens here is not closed: %s is missing before line %d", closing, e.at.line)
	}
	return e.at, fmt.Sprintf("a comma or %s is missing here", closing)
}

// explainEscape is about a backslash in double quotes.
func (l *loader) explainEscape(e syntaxError) (span, string) {
	line := l.line(e.at.line)
	slash := strings.IndexByte(line[min(e.at.column-1, len(line)):], '\\')
	at := e.at
	if slash >= 0 {
		at = span{e.at.line, e.at.column + slash, e.at.column + slash + 2}
	}
	return at, `in double quotes a backslash is written \\; in single quotes it stands for itself`
}

// contentAbove returns the nearest line above that is not blank, 0 if there is
// none.
func (l *loader) contentAbove(line int) int {
	for line--; line > 0 && blankOrComment(l.line(line)); line-- {
	}
	return line
}

// contentSpan returns what a line holds.
func (l *loader) contentSpan(line int) span {
	text := strings.TrimRight(l.line(line), " \t")
	return span{line, indentation(text) + 1, len(text) + 1}
}

func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// keyColumn returns how far the first key of a line is from its begin: after the
// hyphens of lists.
func keyColumn(line string) int {
	n := indentation(line)
	for strings.HasPrefix(line[n:], "- ") {
		n += 2 + indentation(line[n+2:])
	}
	return n
}

func blankOrComment(line string) bool {
	trimmed := strings.TrimLeft(line, " \t")
	return trimmed == "" || trimmed[0] == '#'
}

// isEntry reports whether a line has a key with a colon.
func isEntry(line string) bool {
	return strings.Contains(line, ": ") || strings.HasSuffix(strings.TrimRight(line, " \t"), ":")
}

// spaces is a number of spaces in words.
func spaces(n int) string {
	if n == 1 {
		return "1 space"
	}
	return strconv.Itoa(n) + " spaces"
}
