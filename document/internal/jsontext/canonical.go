package jsontext

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Canonical appends JSON text in one spelling: no space, no needless escapes,
// members by key, one way to write a number. raw has been scanned.
func Canonical(dst, raw []byte) []byte {
	if len(raw) == 0 {
		return dst
	}
	switch c := raw[0]; {
	case c == '"':
		return AppendQuoted(dst, ExactText(raw))
	case c == '[':
		return canonicalArray(dst, raw)
	case c == '{':
		return canonicalObject(dst, raw)
	case c == '-' || c >= '0' && c <= '9':
		return canonicalNumber(dst, raw)
	}
	return append(dst, raw...)
}

func canonicalArray(dst, raw []byte) []byte {
	dst = append(dst, '[')
	begin := len(dst)
	Elements(raw, func(e []byte) bool {
		if len(dst) > begin {
			dst = append(dst, ',')
		}
		dst = Canonical(dst, e)
		return true
	})
	return append(dst, ']')
}

func canonicalObject(dst, raw []byte) []byte {
	type pair struct{ key, value string }
	var pairs []pair
	Members(raw, func(key string, value []byte) bool {
		pairs = append(pairs, pair{key, string(Canonical(nil, value))})
		return true
	})
	slices.SortFunc(pairs, func(a, b pair) int { return cmp.Compare(a.key, b.key) })
	dst = append(dst, '{')
	for i, p := range pairs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(append(AppendQuoted(dst, p.key), ':'), p.value...)
	}
	return append(dst, '}')
}

// canonicalNumber writes a number as its digits without zeros around them, and
// a power of ten. Nothing is rounded. An exponent beyond all bounds stays as it is.
func canonicalNumber(dst, raw []byte) []byte {
	number := strings.ToLower(string(raw))
	d, ok := decimalOf(number)
	switch {
	case d.digits == "":
		return append(dst, '0')
	case !ok:
		return append(dst, number...)
	case d.negative:
		dst = append(dst, '-')
	}
	dst = append(append(dst, d.digits...), 'e')
	return strconv.AppendInt(dst, d.power, 10)
}
