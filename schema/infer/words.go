package infer

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/backlog-gen/backlog-gen/schema/infer/internal/survey"
)

// mostShown is how many of many things a sentence names.
const mostShown = 8

// listed names some things, and how many more there are.
func listed(names []string) string {
	more := len(names) - mostShown
	if more > 0 {
		names = names[:mostShown]
	}
	shown := make([]string, len(names))
	for i, n := range names {
		shown[i] = shorten(n)
	}
	text := strings.Join(shown, ", ")
	if more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// quoted is a key or a value in a sentence.
func quoted(s string) string { return strconv.Quote(cut(s)) }

// shorten is a text of a document in a list: what a terminal would act on is made
// visible.
func shorten(s string) string {
	text := strconv.Quote(cut(s))
	return strings.ReplaceAll(text[1:len(text)-1], `\"`, `"`)
}

// cut leaves of a text what a line can hold.
func cut(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	end := most
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}

func counted(n int, what string) string { return agree(n, what, what+"s") }

func agree(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// countsOf lists the values of a status, and how many items have them.
func countsOf(s *survey.Status) string {
	var names []string
	for _, c := range s.Column.Counts() {
		names = append(names, fmt.Sprintf("%s %d", shorten(c.Text), c.N))
	}
	if s.Missing > 0 {
		names = append(names, fmt.Sprintf("none %d", s.Missing))
	}
	return listed(names)
}

func keysOf(columns []*survey.Column) []string {
	keys := make([]string, len(columns))
	for i, c := range columns {
		keys[i] = c.Key
	}
	return keys
}

func columnNames(t *survey.Table) []string {
	var names []string
	seen := make(map[string]bool)
	for _, r := range t.Rows {
		if !seen[r.Key] {
			seen[r.Key] = true
			names = append(names, r.Key)
		}
	}
	return names
}
