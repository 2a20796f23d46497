package session

import (
	"fmt"
	"strings"
)

// ChangeKind says what has become of a section.
type ChangeKind uint8

// The kinds of changes.
const (
	SectionAdded ChangeKind = iota + 1
	SectionRemoved
	SectionChanged
)

// String returns "added", "removed" or "changed".
func (k ChangeKind) String() string {
	switch k {
	case SectionAdded:
		return "added"
	case SectionRemoved:
		return "removed"
	case SectionChanged:
		return "changed"
	}
	return "none"
}

// SectionChange is a section of a Markdown text that differs. A section is a
// heading and the text below it, up to the next heading of any level.
type SectionChange struct {
	Kind ChangeKind
	// Level of the heading, from 1 to 6; 0 for the text before the first one.
	Level int
	// Title is the heading's text.
	Title string
	// OldLine and NewLine are the heading's lines, from 1; 0 where the section
	// is not there.
	OldLine, NewLine int
}

// String returns a line such as "changed: ## Export (line 12)".
func (c SectionChange) String() string {
	line, heading := c.NewLine, "(before the first heading)"
	if c.Kind == SectionRemoved {
		line = c.OldLine
	}
	if c.Level > 0 {
		heading = strings.TrimRight(strings.Repeat("#", c.Level)+" "+c.Title, " ")
	}
	return fmt.Sprintf("%s: %s (line %d)", c.Kind, heading, line)
}

// CompareSections returns the sections that differ between two Markdown texts:
// those that were added or changed in the order of the new text, then those
// that were removed. A section is the same one if its headings, from the top
// down, are the same; failing that, if its own heading is. A section that has
// only moved is no difference, nor is white space at the ends of lines and
// sections.
//
// Headings are lines that begin with number signs, but for those in fenced
// code.
func CompareSections(oldText, newText string) []SectionChange {
	before, after := sections(oldText), sections(newText)
	match(before, after, func(s *section) string { return s.path })
	match(before, after, func(s *section) string { return s.heading() })
	var changes []SectionChange
	for _, s := range after {
		switch {
		case s.other == nil:
			changes = append(changes, SectionChange{Kind: SectionAdded, Level: s.level, Title: s.title, NewLine: s.line})
		case s.other.body != s.body:
			changes = append(changes, SectionChange{SectionChanged, s.level, s.title, s.other.line, s.line})
		}
	}
	for _, s := range before {
		if s.other == nil {
			changes = append(changes, SectionChange{Kind: SectionRemoved, Level: s.level, Title: s.title, OldLine: s.line})
		}
	}
	return changes
}

// match pairs the sections that have the same key and no other yet, in order.
func match(before, after []*section, key func(*section) string) {
	waiting := map[string][]*section{}
	for _, s := range before {
		if s.other == nil {
			waiting[key(s)] = append(waiting[key(s)], s)
		}
	}
	for _, s := range after {
		if list := waiting[key(s)]; s.other == nil && len(list) > 0 {
			s.other, list[0].other = list[0], s
			waiting[key(s)] = list[1:]
		}
	}
}

// section is one section of a text.
type section struct {
	level int
	title string
	line  int
	// path is made of the headings from the top down.
	path string
	// body is the text without white space at the ends of lines, and without
	// empty lines at its own.
	body string
	// other is the same section of the other text.
	other *section
}

func (s *section) heading() string { return fmt.Sprintf("%d %s", s.level, s.title) }

// sections splits a Markdown text.
func sections(text string) []*section {
	var found []*section
	var body strings.Builder
	var fence string
	var open []*section // the headings from the top down
	current := &section{line: 1}
	end := func() {
		current.body = strings.Trim(body.String(), "\n")
		if current.level > 0 || current.body != "" {
			found = append(found, current)
		}
		body.Reset()
	}
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, " \t\r\n")
		level, title := 0, ""
		if fence, level, title = readLine(line, fence); level == 0 {
			body.WriteString(line + "\n")
			continue
		}
		end()
		for len(open) > 0 && open[len(open)-1].level >= level {
			open = open[:len(open)-1]
		}
		current = &section{level: level, title: title, line: number}
		open = append(open, current)
		for _, s := range open {
			current.path += s.heading() + "\n"
		}
	}
	end()
	return found
}

// readLine reads one line of Markdown: fence is the code fence that is open, if any,
// before and after it, and level is 0 if the line is no heading.
func readLine(line, fence string) (after string, level int, title string) {
	text := strings.TrimLeft(line, " ")
	if len(line)-len(text) > 3 { // indented code
		return fence, 0, ""
	}
	mark := fenceMark(text)
	switch {
	case fence != "":
		if strings.HasPrefix(mark, fence) && mark == text {
			return "", 0, ""
		}
		return fence, 0, ""
	case mark != "" && !(mark[0] == '`' && strings.Contains(text[len(mark):], "`")):
		return mark, 0, ""
	}
	level, title = heading(text)
	return "", level, title
}

// fenceMark returns the three or more characters that a code fence begins with.
func fenceMark(text string) string {
	for _, mark := range []string{"`", "~"} {
		if n := len(text) - len(strings.TrimLeft(text, mark)); n >= 3 {
			return text[:n]
		}
	}
	return ""
}

// heading returns the level of a heading and its text, or 0.
func heading(text string) (level int, title string) {
	rest := strings.TrimLeft(text, "#")
	level = len(text) - len(rest)
	if level == 0 || level > 6 || rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return 0, ""
	}
	title = strings.Trim(rest, " \t")
	// Number signs at the end belong to the heading's dress.
	if bare := strings.TrimRight(title, "#"); bare == "" || strings.TrimRight(bare, " \t") != bare {
		title = strings.TrimRight(bare, " \t")
	}
	return level, title
}
