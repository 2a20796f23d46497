package document

import "hash/maphash"

// trie is a persistent hash map: adding to it makes a new version and leaves the
// old one as it is. It costs a few hundred bytes, whatever is in the map. The
// zero trie is empty.
type trie[K comparable, V any] struct {
	root *trieNode[K, V]
	len  int
}

const (
	trieBits   = 4
	trieFanOut = 1 << trieBits
)

// trieNode holds one entry; its kids are those whose hashes begin alike.
type trieNode[K comparable, V any] struct {
	key   K
	value V
	kids  [trieFanOut]*trieNode[K, V]
}

// trieSeed makes hashes that no file can foresee.
type trieSeed = maphash.Seed

func (t trie[K, V]) get(seed trieSeed, key K) (value V, ok bool) {
	hash := maphash.Comparable(seed, key)
	for n := t.root; n != nil; hash >>= trieBits {
		if n.key == key {
			return n.value, true
		}
		n = n.kids[hash%trieFanOut]
	}
	return value, false
}

// with returns a version in which a key has a value.
func (t trie[K, V]) with(seed trieSeed, key K, value V) trie[K, V] {
	hash := maphash.Comparable(seed, key)
	at := &t.root
	for *at != nil {
		n := **at // of this version only, from here on
		*at = &n
		if n.key == key {
			(*at).value = value
			return t
		}
		at = &(*at).kids[hash%trieFanOut]
		hash >>= trieBits
	}
	*at = &trieNode[K, V]{key: key, value: value}
	t.len++
	return t
}
