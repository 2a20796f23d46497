package docs

import "strings"

// text is prose in which some pieces are code. Each format escapes and marks it
// up in its own way.
type text []piece

// piece is a run of prose, or of code.
type piece struct {
	Text string
	// Code marks what stands literally in documents and schemas.
	Code bool
	// Type is the name of the enum, or with Object the object, that the piece
	// refers to; "" if none.
	Type   string
	Object bool
}

// say makes text of strings that are prose and pieces of other kinds.
func say(parts ...any) text {
	var t text
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			t = append(t, piece{Text: part})
		case piece:
			t = append(t, part)
		case text:
			t = append(t, part...)
		}
	}
	return t
}

// code is what stands literally in documents and schemas.
func code(s string) piece { return piece{Text: s, Code: true} }

// enumName and objectName refer to the description of a type.
func enumName(name string) piece   { return piece{Text: name, Type: name} }
func objectName(name string) piece { return piece{Text: name, Type: name, Object: true} }

// list joins the elements with commas and a word before the last: A, B or C.
func list(elements []text, last string) text {
	var t text
	for i, e := range elements {
		switch {
		case i == 0:
		case i == len(elements)-1:
			t = append(t, piece{Text: " " + last + " "})
		default:
			t = append(t, piece{Text: ", "})
		}
		t = append(t, e...)
	}
	return t
}

// codes joins literal texts as list does.
func codes(names []string, last string) text {
	elements := make([]text, len(names))
	for i, n := range names {
		elements[i] = say(code(n))
	}
	return list(elements, last)
}

// joined puts the separator between the texts that are not empty.
func joined(separator string, texts ...text) text {
	var out text
	for _, t := range texts {
		if len(t) == 0 {
			continue
		}
		if len(out) > 0 {
			out = append(out, piece{Text: separator})
		}
		out = append(out, t...)
	}
	return out
}

// plain returns the text without any mark-up.
func (t text) plain() string {
	var b strings.Builder
	for _, p := range t {
		b.WriteString(p.Text)
	}
	return b.String()
}

// paragraphs splits a description at its empty lines; lines within a paragraph
// are joined.
func paragraphs(doc string) []string {
	var out []string
	for _, p := range strings.Split(doc, "\n\n") {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// oneLine returns a description as one line.
func oneLine(doc string) string { return strings.Join(strings.Fields(doc), " ") }
