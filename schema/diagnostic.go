package schema

import "strings"

// Severity tells problems that refuse a schema from those that do not.
type Severity uint8

const (
	// Refusal is a broken rule: such a schema is not accepted.
	Refusal Severity = iota + 1
	// Warning is something to look at; the schema is usable.
	Warning
)

// String returns "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// MarshalText returns "error" or "warning".
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Diagnostic is one thing wrong with a schema, and where.
type Diagnostic struct {
	File string `json:"file"`
	// Line and Column count from 1, columns in bytes. Both are 0 when the
	// problem is with the file as a whole.
	Line   int `json:"line"`
	Column int `json:"column"`
	// EndColumn is the column after the last byte concerned, on the same line.
	EndColumn int      `json:"endColumn"`
	Severity  Severity `json:"severity"`
	// Rule is the id of the rule that is broken: see Rules.
	Rule string `json:"rule"`
	// Message is a sentence that says what is wrong and what would be right.
	Message string `json:"message"`
	// Source is the line concerned as SourceLine returns it.
	Source string `json:"source"`
}

// SourceLine returns a line, given without its line end, as a diagnostic at a column
// shows it: cut if it is very long, and "" if the column is in what was cut.
func SourceLine(line string, column int) string {
	line = line[:min(len(line), maxSourceBytes)]
	if column > len(line)+1 {
		return ""
	}
	return strings.ToValidUTF8(line, "\uFFFD")
}

// String returns "file:line:column: message [rule]".
func (d Diagnostic) String() string {
	var b strings.Builder
	b.WriteString(d.place())
	b.WriteString(": ")
	if d.Severity == Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(d.Message + " [" + d.Rule + "]")
	return b.String()
}

func (d Diagnostic) place() string {
	if d.Line == 0 {
		return d.File
	}
	return Pos{d.File, d.Line, d.Column}.String()
}

// Error reports why a schema was refused: every problem in the order of the
// file, warnings among them. At least one is a Refusal.
type Error struct {
	Diagnostics []Diagnostic
}

// Error lists all problems, one a line.
func (e *Error) Error() string {
	lines := make([]string, len(e.Diagnostics))
	for i, d := range e.Diagnostics {
		lines[i] = d.String()
	}
	return strings.Join(lines, "\n")
}
