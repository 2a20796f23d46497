package schema

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// WriteText writes diagnostics for people: "file:line:column: message [rule]"
// and, where the place is known, the line with a caret under it. With color it
// adds ANSI colours; whether w is a terminal is for the caller to know.
func WriteText(w io.Writer, diagnostics []Diagnostic, color bool) error {
	p := palette{}
	if color {
		p = palette{bold: "\x1b[1m", failure: "\x1b[31m", warning: "\x1b[33m", reset: "\x1b[0m"}
	}
	for _, d := range diagnostics {
		if _, err := io.WriteString(w, p.text(d)); err != nil {
			return err
		}
	}
	return nil
}

// palette holds the escape sequences of colours, all empty for plain text.
type palette struct{ bold, failure, warning, reset string }

func (p palette) text(d Diagnostic) string {
	tone := p.failure
	if d.Severity == Warning {
		tone = p.warning
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s:%s %s%s%s%s [%s]\n", p.bold, printable(d.place()), p.reset,
		tone, warningWord(d), p.reset, printable(d.Message), d.Rule)
	if d.Line > 0 && d.Source != "" {
		number := fmt.Sprintf("%5d", d.Line)
		fmt.Fprintf(&b, "%s | %s\n", number, printable(d.Source))
		fmt.Fprintf(&b, "%s | %s%s%s\n", strings.Repeat(" ", len(number)), tone, caret(d), p.reset)
	}
	return b.String()
}

func warningWord(d Diagnostic) string {
	if d.Severity == Warning {
		return "warning: "
	}
	return ""
}

// caret returns what goes under the source line: ^ at the column and ~ up to
// the end. Tabs stay tabs, so that it lines up wherever they lead.
func caret(d Diagnostic) string {
	before := d.Source[:min(max(d.Column-1, 0), len(d.Source))]
	under := d.Source[len(before):min(max(d.EndColumn-1, len(before)), len(d.Source))]
	padding := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, before)
	return padding + "^" + strings.Repeat("~", max(len([]rune(under))-1, 0))
}

// printable replaces what could do something to a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && unsafeRune(r) != "" {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// WriteJSON writes diagnostics as an indented JSON array, empty if there are
// none.
func WriteJSON(w io.Writer, diagnostics []Diagnostic) error {
	if diagnostics == nil {
		diagnostics = []Diagnostic{}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(diagnostics)
}

// WriteGitHub writes diagnostics as workflow commands of GitHub Actions, which
// shows them at their lines.
func WriteGitHub(w io.Writer, diagnostics []Diagnostic) error {
	for _, d := range diagnostics {
		place := "file=" + githubProperty.Replace(d.File)
		if d.Line > 0 {
			place += fmt.Sprintf(",line=%d,col=%d", d.Line, d.Column)
		}
		if d.Line > 0 && d.EndColumn > d.Column {
			place += fmt.Sprintf(",endColumn=%d", d.EndColumn)
		}
		_, err := fmt.Fprintf(w, "::%s %s,title=%s::%s\n", d.Severity, place, githubProperty.Replace(d.Rule), githubData.Replace(d.Message))
		if err != nil {
			return err
		}
	}
	return nil
}

// What workflow commands escape in their message, and in their properties.
var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
