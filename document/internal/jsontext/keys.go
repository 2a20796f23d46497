package jsontext

import "slices"

// Keys finds duplicate keys in an object whose members are not known: by
// comparing while they are few, with a map when they are many.
type Keys struct {
	scanner *Scanner
	first   int
	many    map[string]struct{}
}

const fewKeys = 24

// Keys returns a set for the keys of the object that is being read. Objects
// within each other have one each.
func (s *Scanner) Keys() Keys { return Keys{scanner: s, first: len(s.keys)} }

// Add reports whether a key is not in the set yet, and adds it.
func (k *Keys) Add(key string) bool {
	if k.many != nil {
		_, twice := k.many[key]
		k.many[key] = struct{}{}
		return !twice
	}
	mine := k.scanner.keys[k.first:]
	for _, other := range mine {
		if other == key {
			return false
		}
	}
	k.scanner.keys = append(k.scanner.keys, key)
	if len(mine) >= fewKeys {
		k.many = make(map[string]struct{}, 2*fewKeys)
		for _, other := range k.scanner.keys[k.first:] {
			k.many[other] = struct{}{}
		}
	}
	return true
}

// Has reports whether a key is in the set.
func (k *Keys) Has(key string) bool {
	if k.many != nil {
		_, has := k.many[key]
		return has
	}
	return slices.Contains(k.scanner.keys[k.first:], key)
}

// Release forgets the keys. Sets are released in turn, the innermost first.
func (k *Keys) Release() { k.scanner.keys = k.scanner.keys[:k.first] }

// DuplicateKey is the message about a key that occurs twice.
func DuplicateKey(key string) string { return "the key " + Shown(key) + " occurs twice" }
