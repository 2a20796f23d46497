package schema

import (
	"fmt"
	"slices"
	"strings"
)

// Canonical returns a schema in its canonical layout: two spaces a step, one space
// where there may be several, at most one blank line, no blanks at the ends of
// lines. Comments, the order of keys, quotes, and what is in brackets and braces
// stay as they are. The result says the same, and formatting it again changes
// nothing.
//
// A schema with anything wrong yields an *Error as Parse does. A *FormatError
// says that one is right but cannot be laid out anew without losing something.
func Canonical(filename string, data []byte) ([]byte, error) {
	if _, err := ParseAhead(filename, data); err != nil {
		return nil, err
	}
	source := unixLines([]byte(strings.TrimPrefix(string(data), "\uFEFF")))
	text := source
	const mostRounds = 4 // a comment may find its place in the second
	for range mostRounds {
		next, err := formatOnce(filename, text)
		if err != nil {
			return nil, &FormatError{filename, err.Error()}
		}
		if next == text {
			if why := difference(filename, source, text); why != "" {
				return nil, &FormatError{filename, why}
			}
			return []byte(text), nil
		}
		text = next
	}
	return nil, &FormatError{filename, "the layout does not come to rest"}
}

// FormatError says why a schema cannot be laid out anew. The file is as good as
// it was.
type FormatError struct {
	File   string
	Reason string
}

// Error returns one sentence.
func (e *FormatError) Error() string {
	return fmt.Sprintf("%s cannot be formatted: %s", e.File, e.Reason)
}

// blankMark is a comment that stands for blank lines while the text is laid out.
const blankMark = "#\u00a0blank"

func formatOnce(filename, text string) (string, error) {
	l := newLoader(filename)
	l.lines = strings.Split(text, "\n")
	in, err := l.insides(text)
	if err != nil {
		return "", err
	}
	laidOut, err := l.layout(l.markBlanks(in))
	if err != nil {
		return "", err
	}
	var lines []string
	for line := range strings.Lines(laidOut) {
		line = strings.TrimSuffix(line, "\n")
		if strings.TrimSpace(line) == blankMark {
			line = ""
		}
		lines = append(lines, line)
	}
	return strings.TrimLeft(strings.Join(lines, "\n"), "\n") + "\n", nil
}

// markBlanks puts a mark for each run of blank lines, but for those within texts
// and brackets and at the ends of the file.
func (l *loader) markBlanks(in inside) string {
	var out []string
	blank := false
	for i, line := range l.lines {
		number := i + 1
		trimmed := strings.TrimLeft(line, " ")
		switch {
		case in.text[number]:
			out = append(out, line)
			continue
		case strings.TrimSpace(line) == "":
			blank = true
			continue
		}
		if blank && len(out) > 0 && !in.flow[number] {
			out = append(out, line[:len(line)-len(trimmed)]+blankMark)
		}
		blank = false
		out = append(out, line)
	}
	return strings.Join(out, "\n") + "\n"
}

// difference says what was lost between two texts, "" if nothing was.
func difference(filename, before, after string) string {
	a, was := readAgain(filename, before)
	b, now := readAgain(filename, after)
	if a == nil || b == nil || !a.same(b) {
		return "it would say something else"
	}
	left := make(map[string]int)
	for _, comment := range now {
		left[comment]++
	}
	for _, comment := range was {
		if left[comment]--; left[comment] < 0 {
			return fmt.Sprintf("the comment %q would be lost: put it on a line of its own", shorten(comment))
		}
	}
	return ""
}

// readAgain returns what a text says, and its comments.
func readAgain(filename, text string) (*node, []string) {
	l := newLoader(filename)
	l.lines = strings.Split(text, "\n")
	root := l.readYAML([]byte(text))
	in, err := l.insides(text)
	if root == nil || err != nil {
		return nil, nil
	}
	var comments []string
	for i, line := range l.lines {
		if comment := commentOf(line); comment != "" && !in.text[i+1] {
			comments = append(comments, comment)
		}
	}
	return root, comments
}

// commentOf returns the comment on a line, "" if there is none.
func commentOf(line string) string {
	var quote, previous byte = 0, ' '
	for i := range len(line) {
		c := line[i]
		switch {
		case quote != 0:
			if c == quote && (quote == '\'' || previous != '\\') {
				quote = 0
			}
		case c == '#' && (previous == ' ' || previous == '\t'):
			return strings.TrimSpace(line[i:])
		case (c == '"' || c == '\'') && strings.IndexByte(" \t[{,", previous) >= 0:
			quote = c
		}
		previous = c
	}
	return ""
}

// same reports whether two nodes say the same.
func (n *node) same(other *node) bool {
	return n.kind == other.kind && (n.text == other.text || n.isNull()) &&
		slices.EqualFunc(n.items, other.items, (*node).same) &&
		slices.EqualFunc(n.entries, other.entries, func(a, b entry) bool {
			return a.key.same(b.key) && a.value.same(b.value)
		})
}
