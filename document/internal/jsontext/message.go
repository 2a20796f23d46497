package jsontext

import "unicode/utf8"

// KindName says what kind of JSON value begins with c.
func KindName(c byte) string {
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
	// MaxShown bounds how much of a text a message shows, in bytes.
	MaxShown = 120
	// MaxNamed bounds the ids and keys by which a place is named.
	MaxNamed = 1000
)

// Shown quotes a text from a document for a message.
func Shown(text string) string { return string(AppendQuoted(nil, Clipped(text, MaxShown))) }

// Clipped shortens a text that is too long.
func Clipped(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}
