package jsontext

import "bytes"

// Same reports whether two values say the same, however they are written. It looks
// no deeper into a than b is.
func Same(a, b []byte) bool {
	switch {
	case len(a) == 0 || len(b) == 0 || KindName(a[0]) != KindName(b[0]):
		return false
	case a[0] == '"':
		return ExactText(a) == ExactText(b)
	case a[0] == '[':
		return sameElements(a, b)
	case a[0] == '{':
		return sameMembers(a, b)
	}
	return bytes.Equal(Canonical(nil, a), Canonical(nil, b))
}

func sameElements(a, b []byte) bool {
	var want [][]byte
	Elements(b, func(e []byte) bool {
		want = append(want, e)
		return true
	})
	n, same := 0, true
	Elements(a, func(e []byte) bool {
		same = n < len(want) && Same(e, want[n])
		n++
		return same
	})
	return same && n == len(want)
}

func sameMembers(a, b []byte) bool {
	want := map[string][]byte{}
	Members(b, func(key string, value []byte) bool {
		want[key] = value
		return true
	})
	n, same := 0, true
	Members(a, func(key string, value []byte) bool {
		same = Same(value, want[key])
		n++
		return same
	})
	return same && n == len(want)
}
