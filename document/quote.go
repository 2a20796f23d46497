package document

import "unicode/utf8"

// kindName says what kind of JSON value begins with c.
func kindName(c byte) string {
	switch c {
	case '"':
		return "text"
	case '{':
		return "an object"
	case '[':
		return "an array"
	case 't', 'f':
		return "true or false"
	case 'n':
		return "null"
	}
	return "a number"
}

const (
	// maxShown bounds how much of a text a message shows, in bytes.
	maxShown = 120
	// maxNamed bounds the ids and keys by which a place is named.
	maxNamed = 1000
)

// shown quotes a text from a document for a message.
func shown(text string) string { return string(appendQuoted(nil, clipped(text, maxShown))) }

// clipped shortens a text that is too long.
func clipped(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}
