package document

import (
	"fmt"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// Severity says whether a problem refuses a document.
type Severity uint8

const (
	// Refusal is a broken rule: such a document is not accepted.
	Refusal Severity = iota + 1
	// Warning is reported by Validate only.
	Warning
)

// String returns "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Problem is one thing wrong with a document, and where.
type Problem struct {
	Severity Severity
	// Line and Column count from 1; columns count bytes. Both are 0 when the
	// text the problem is about has never been part of a file.
	Line, Column int
	// Pointer is the JSON Pointer (RFC 6901) of the value.
	Pointer string
	// Item is the full id of the item concerned, with its group, "" if none or
	// not known.
	Item string
	// Rule is a short stable name such as "syntax", "duplicate-key", "maxLength".
	Rule string
	// Message is a sentence that says what is wrong and what would be right.
	Message string
}

// String returns "line:column: message [rule]", with the item where known.
func (p Problem) String() string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "%d:%d: ", p.Line, p.Column)
	}
	if p.Item != "" {
		fmt.Fprintf(&b, "%s: ", p.Item)
	}
	fmt.Fprintf(&b, "%s [%s]", p.Message, p.Rule)
	return b.String()
}

// ParseError reports every problem for which a document was refused, in the
// order of the text. A syntax error ends the list.
type ParseError struct {
	// File is the name of the file, where there is one.
	File     string
	Problems []Problem
}

// Error lists all problems, one a line.
func (e *ParseError) Error() string {
	var b strings.Builder
	for i, p := range e.Problems {
		if i > 0 {
			b.WriteByte('\n')
		}
		if e.File != "" {
			b.WriteString(e.File)
			b.WriteByte(':')
			if p.Line == 0 {
				b.WriteByte(' ')
			}
		}
		b.WriteString(p.String())
	}
	return b.String()
}

// ChangeError reports every problem for which a change of content was refused.
type ChangeError struct {
	ID       ID
	Problems []Problem
}

// Error lists all problems, one a line.
func (e *ChangeError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		if p.Item == "" {
			p.Item = e.ID.String()
		}
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// NotFoundError reports an id that names no item.
type NotFoundError struct {
	ID ID
	// Level is the name of the level that was asked for, "" for any.
	Level string
	// Shared is set where ID names nothing since Items items share an id: that is
	// Shared, which is ID or the id of what is above it.
	Shared ID
	Items  int
}

// Error says which id was not found, that items share it, or that it is the zero
// one.
func (e *NotFoundError) Error() string {
	if e.Items > 0 {
		shared := fmt.Sprintf("the id %q stands on %d items; give each an id of its own", e.Shared, e.Items)
		if e.Shared == e.ID {
			return shared
		}
		return fmt.Sprintf("no item is named by %q: %s", e.ID, shared)
	}
	what := "item"
	if e.Level != "" {
		what = e.Level
	}
	if e.ID.IsZero() {
		return "no " + what + " is meant: the id is zero, as that of an item that was not found"
	}
	return fmt.Sprintf("no %s has the id %q", what, e.ID)
}

// IDError reports a text that is not an id of the kind asked for.
type IDError struct {
	Text string
	// Level is the name of the level, "" for any.
	Level string
	// Want says what an id looks like.
	Want string
}

// Error says what the text should look like.
func (e *IDError) Error() string {
	what := "an item id"
	if e.Level != "" {
		what = "the id of a " + e.Level
	}
	return fmt.Sprintf("%q is not %s: want %s", jsontext.Clipped(e.Text, jsontext.MaxShown), what, e.Want)
}

// NameError reports a text that names no value of an enum.
type NameError struct {
	Type, Text string
	// Want are the names that would be right.
	Want []string
}

// Error says what would be right.
func (e *NameError) Error() string {
	return fmt.Sprintf("%q is no %s: want %s", e.Text, e.Type, strings.Join(e.Want, ", "))
}
