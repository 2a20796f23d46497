package document

import (
	"strconv"
	"strings"
)

// step is one token of a JSON pointer: a key, or an index that is not negative.
type step struct {
	key   string
	index int
}

func keyStep(key string) step { return step{key: key, index: -1} }

func indexStep(n int) step { return step{index: n} }

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func appendStep(b *strings.Builder, s step) {
	b.WriteByte('/')
	if s.index >= 0 {
		b.WriteString(strconv.Itoa(s.index))
	} else {
		b.WriteString(pointerEscapes.Replace(strings.ToValidUTF8(clipped(s.key, maxNamed), "\uFFFD")))
	}
}
