package jsontext

import (
	"strconv"
	"strings"
)

// Step is one token of a JSON Pointer: a key, or an index that is not negative.
type Step struct {
	key   string
	index int
}

// KeyStep is the step to a member.
func KeyStep(key string) Step { return Step{key: key, index: -1} }

// IndexStep is the step to an element.
func IndexStep(n int) Step { return Step{index: n} }

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// Pointer returns the JSON Pointer (RFC 6901) of what steps lead to from the
// value that base points to. Long keys are clipped.
func Pointer(base string, steps ...Step) string {
	var b strings.Builder
	b.WriteString(base)
	for _, s := range steps {
		b.WriteByte('/')
		if s.index >= 0 {
			b.WriteString(strconv.Itoa(s.index))
		} else {
			b.WriteString(pointerEscapes.Replace(strings.ToValidUTF8(Clipped(s.key, MaxNamed), "\uFFFD")))
		}
	}
	return b.String()
}
