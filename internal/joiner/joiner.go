// Package joiner tells where the two invisible characters that join and part
// letters belong: Persian and many Indic words are misspelled without them, and
// an emoji of a profession falls into two signs.
package joiner

import (
	"unicode"
	"unicode/utf8"
)

// The two characters.
const (
	NonJoiner = '\u200C'
	Joiner    = '\u200D'
)

// Is reports whether r is one of the two.
func Is(r rune) bool { return r == NonJoiner || r == Joiner }

// Belongs reports whether the joiner or non-joiner at an offset of s belongs
// there: between letters of a script that needs it, or a joiner between two
// pictographs. Anywhere else it would make a text look like another.
func Belongs(s string, at int) bool {
	r, size := utf8.DecodeRuneInString(s[at:])
	if !Is(r) {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(s[:at])
	after, _ := utf8.DecodeRuneInString(s[at+size:])
	if unicode.IsOneOf(scripts, before) && unicode.In(before, unicode.L, unicode.M) &&
		unicode.IsOneOf(scripts, after) && unicode.In(after, unicode.L, unicode.M) {
		return true
	}
	return r == Joiner && endsPictograph(before) && beginsPictograph(after)
}

// scripts are those in which letters change with their neighbours.
var scripts = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Mandaic, unicode.Nko, unicode.Mongolian, unicode.Phags_Pa, unicode.Manichaean,
	unicode.Psalter_Pahlavi, unicode.Adlam, unicode.Hanifi_Rohingya, unicode.Sogdian,
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu,
	unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar, unicode.Tibetan, unicode.Balinese,
	unicode.Javanese, unicode.Sundanese, unicode.Meetei_Mayek, unicode.Newa, unicode.Grantha, unicode.Brahmi,
}

func beginsPictograph(r rune) bool {
	const leftRightArrow = '\u2194' // the one arrow among them that is a mathematical sign
	return unicode.Is(unicode.So, r) && r != utf8.RuneError || r == leftRightArrow
}

// endsPictograph takes the tones of skin and the sign that asks for a coloured
// picture for parts of the pictograph before them.
func endsPictograph(r rune) bool {
	const colored = '\uFE0F'
	return beginsPictograph(r) || r == colored || r >= 0x1F3FB && r <= 0x1F3FF
}
