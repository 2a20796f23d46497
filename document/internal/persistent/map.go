package persistent

import "hash/maphash"

// Map is a persistent hash map. A new version costs a few hundred bytes, whatever
// is in the map. NewMap makes an empty one.
type Map[K comparable, V any] struct {
	root *mapNode[K, V]
	// seed makes hashes that no file can foresee.
	seed maphash.Seed
}

const (
	mapBits   = 4
	mapFanOut = 1 << mapBits
)

// mapNode holds one entry; its kids are those whose hashes begin alike.
type mapNode[K comparable, V any] struct {
	key   K
	value V
	kids  [mapFanOut]*mapNode[K, V]
}

// NewMap returns an empty map.
func NewMap[K comparable, V any]() Map[K, V] {
	return Map[K, V]{seed: maphash.MakeSeed()}
}

// Get returns the value of a key.
func (m Map[K, V]) Get(key K) (value V, ok bool) {
	hash := maphash.Comparable(m.seed, key)
	for n := m.root; n != nil; hash >>= mapBits {
		if n.key == key {
			return n.value, true
		}
		n = n.kids[hash%mapFanOut]
	}
	return value, false
}

// With returns a version in which a key has a value.
func (m Map[K, V]) With(key K, value V) Map[K, V] {
	hash := maphash.Comparable(m.seed, key)
	at := &m.root
	for *at != nil {
		n := **at // of this version only, from here on
		*at = &n
		if n.key == key {
			(*at).value = value
			return m
		}
		at = &(*at).kids[hash%mapFanOut]
		hash >>= mapBits
	}
	*at = &mapNode[K, V]{key: key, value: value}
	return m
}
