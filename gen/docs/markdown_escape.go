package docs

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/backlog-gen/backlog-gen/internal/joiner"
)

// markdownText writes a text for any place within a line, table cells among
// them.
func markdownText(t text) string {
	var b strings.Builder
	for _, p := range t {
		switch {
		case p.Type != "":
			fmt.Fprintf(&b, "[%s](%s)", markdownCode(p.Text), typeAnchor(p.Type, p.Object))
		case p.Code:
			b.WriteString(markdownCode(p.Text))
		default:
			b.WriteString(markdownProse(p.Text))
		}
	}
	return strings.TrimSpace(b.String())
}

// typeAnchor is the anchor that GitHub gives the heading of an enum or object.
func typeAnchor(name string, object bool) string {
	kind := "enum"
	if object {
		kind = "object"
	}
	return "#" + kind + "-" + strings.ToLower(name)
}

// markdownProse escapes what means something to GitHub within a line.
func markdownProse(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteByte(' ')
		case r == '$': // mathematics on GitHub, which knows no escape for it
			b.WriteString("&#36;")
		case strings.ContainsRune("\\`*_[]<>|~&#@", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// markdownBlock writes prose that begins a block of its own: what looks like
// the mark of a list, a heading or a rule there is none.
func markdownBlock(s string) string {
	prose := markdownProse(strings.TrimSpace(s))
	rest := strings.TrimLeftFunc(prose, unicode.IsDigit)
	switch {
	case prose == "":
		return ""
	case strings.ContainsRune("-+=", rune(prose[0])):
		return `\` + prose
	case len(rest) < len(prose) && rest != "" && strings.ContainsRune(".)", rune(rest[0])):
		return prose[:len(prose)-len(rest)] + `\` + rest
	}
	return prose
}

// markdownCode writes a code span. Where a name holds what would end the span
// or a table cell, it becomes a code element instead, with entities for
// whatever means something to Markdown; GitHub shows the two alike.
func markdownCode(s string) string {
	padded := strings.HasPrefix(s, " ") && strings.HasSuffix(s, " ")
	if s != "" && !padded && !strings.ContainsFunc(s, endsSpan) {
		return "`" + s + "`"
	}
	var b strings.Builder
	b.WriteString("<code>")
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" -/(){}?^+=,;%", r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	b.WriteString("</code>")
	return b.String()
}

func endsSpan(r rune) bool {
	return r == '`' || r == '|' || !unicode.IsPrint(r) && !joiner.Is(r)
}
