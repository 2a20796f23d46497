package document

// keySet finds duplicate keys in an object whose members are not known: by
// comparing while they are few, with a map when they are many.
type keySet struct {
	scanner *scanner
	first   int
	many    map[string]struct{}
}

const fewKeys = 24

// keySet returns a set for the keys of the object that is being read. Objects
// within each other have one each.
func (s *scanner) keySet() keySet { return keySet{scanner: s, first: len(s.keys)} }

func (k *keySet) add(key string) bool {
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

func (k *keySet) release() { k.scanner.keys = k.scanner.keys[:k.first] }

func duplicateKey(key string) string { return "the key " + shown(key) + " occurs twice" }
