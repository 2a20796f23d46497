package golang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/backlog-gen/backlog-gen/internal/joiner"
)

// commentWidth is where comment text is wrapped, without its prefix.
const commentWidth = 76

// sentence joins the beginning of a doc comment to a description from the
// schema: "Title returns the title" and "A line of text." make "Title returns
// the title: a line of text." Further paragraphs of the description follow as
// they are.
func sentence(start, doc string) string {
	doc = cleanText(doc)
	if doc == "" {
		return start + "."
	}
	first, rest, more := strings.Cut(doc, "\n\n")
	text := start + ": " + lowerFirst(endSentence(first))
	if more {
		text += "\n\n" + rest
	}
	return text
}

// typeSentence is the doc comment of a type: the schema's description where it
// says itself what the type is ("A Phase is a stage of the work."), otherwise
// joined to start as sentence does.
func typeSentence(name, start, doc string) string {
	doc = cleanText(doc)
	rest := doc
	for _, article := range []string{"A ", "An ", "The ", "Package "} {
		rest = strings.TrimPrefix(rest, article)
	}
	if strings.HasPrefix(rest, name+" ") {
		return endSentence(doc)
	}
	return sentence(start, doc)
}

// isClause reports whether a description can follow "returns": "What the task is
// about", "The tasks that come first".
func isClause(doc string) bool {
	first, _, _ := strings.Cut(doc, " ")
	switch strings.ToLower(first) {
	case "what", "when", "where", "who", "whose", "which", "how", "why", "whether",
		"a", "an", "the", "all", "any", "every", "each", "its", "their":
		return true
	}
	return false
}

// endSentence adds a full stop where the text does not end in punctuation.
func endSentence(s string) string {
	last, _ := utf8.DecodeLastRuneInString(s)
	if unicode.IsLetter(last) || unicode.IsDigit(last) || last == ')' || last == '`' || last == '"' {
		return s + "."
	}
	return s
}

// lowerFirst makes the first letter small, unless the first word has other
// capitals (JSON, PRD) or is a single letter other than A.
func lowerFirst(s string) string {
	word, _, _ := strings.Cut(s, " ")
	first, size := utf8.DecodeRuneInString(word)
	rest := word[size:]
	if strings.ContainsFunc(rest, unicode.IsUpper) || (rest == "" && first != 'A') {
		return s
	}
	return string(unicode.ToLower(first)) + s[size:]
}

// cleanText drops what must not stand in Go source: control characters, byte
// order marks and characters that change the direction of text. Lines are
// trimmed at their ends, and runs of empty lines become one.
func cleanText(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r) && !joiner.Is(r):
			return -1
		}
		return r
	}, s)
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		if line == "" && (len(lines) == 0 || lines[len(lines)-1] == "") {
			continue
		}
		lines = append(lines, line)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// commentLines lays text out as the lines of a comment, each with its slashes.
// Paragraphs are wrapped; lines that begin with a space, a list mark or a
// number, and those after them in the paragraph, stay as they are.
func commentLines(text string) []string {
	var out []string
	for i, paragraph := range strings.Split(cleanText(text), "\n\n") {
		if i > 0 {
			out = append(out, "//")
		}
		for _, line := range layOut(paragraph) {
			out = append(out, commentLine(line))
		}
	}
	return out
}

func layOut(paragraph string) []string {
	lines := strings.Split(paragraph, "\n")
	for i, line := range lines {
		if keepsLayout(line) {
			return append(wrap(strings.Join(lines[:i], " ")), lines[i:]...)
		}
	}
	return wrap(strings.Join(lines, " "))
}

// keepsLayout reports whether a line is not prose to be wrapped.
func keepsLayout(line string) bool {
	first, _ := utf8.DecodeRuneInString(line)
	return unicode.IsSpace(first) || unicode.IsDigit(first) || strings.ContainsRune("-*+•#>|", first)
}

func wrap(text string) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > commentWidth {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// commentLine prefixes one line. The space keeps it from being a directive; go
// vet takes "+build" for one all the same.
func commentLine(line string) string {
	if strings.HasPrefix(strings.TrimSpace(line), "+build") {
		line = "“" + strings.TrimSpace(line) + "”"
	}
	if strings.TrimSpace(line) == "" {
		return "//"
	}
	return "// " + line
}

// words splits a Go name into lower-case words, and leaves acronyms alone:
// StoryPoints is "story points", PRDSelectors "PRD selectors".
func words(name string) string {
	runes := []rune(name)
	var out []string
	start := 0
	for i := 1; i <= len(runes); i++ {
		if i < len(runes) && !wordStart(runes, i) {
			continue
		}
		word := string(runes[start:i])
		if i-start == 1 || strings.ToUpper(word) != word {
			word = strings.ToLower(word)
		}
		out = append(out, word)
		start = i
	}
	return strings.Join(out, " ")
}

// wordStart reports whether a word of a name begins at i > 0.
func wordStart(runes []rune, i int) bool {
	if !unicode.IsUpper(runes[i]) {
		return false
	}
	return !unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])
}

// article returns the noun with "a" or "an" before it.
func article(noun string) string {
	if noun != "" && strings.ContainsRune("aeiouAEIO", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// list joins names for prose: "A, B and C".
func list(names []string, and string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " " + and + " " + names[len(names)-1]
}
