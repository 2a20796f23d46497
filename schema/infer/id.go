package infer

import (
	"slices"
	"strconv"
	"strings"
)

// id is how the ids of a level are made.
type id struct {
	kind    string // as schemas write it
	prefix  string
	accepts []string
}

// findIDs finds out how the ids of all levels are made: as paths on all of them,
// or as texts that are unique in the document or among siblings.
func (d *draft) findIDs() {
	if d.findPathIDs() {
		return
	}
	seen := make(map[string]bool)
	for i, l := range d.levels {
		l.id = id{kind: "text", accepts: l.idKinds()}
		if i > 0 && !l.uniqueAmong(seen) {
			l.id.kind = "local"
		}
		if l.id.kind == "text" {
			for _, it := range l.items {
				seen[it.idIn(l)] = true
			}
		}
	}
}

// findPathIDs gives all levels path ids if each id is that of the parent, a dot,
// the prefix of the level and a number.
func (d *draft) findPathIDs() bool {
	prefixes := make([]string, len(d.levels))
	for i, l := range d.levels {
		for n, it := range l.items {
			v := it.value.get(l.idKey)
			rest, ok := v.text, v.kind == text
			if it.parent != nil {
				rest, ok = strings.CutPrefix(v.text, it.parent.value.get(d.levels[i-1].idKey).text+".")
			}
			prefix := strings.TrimRight(rest, "0123456789")
			if n == 0 {
				prefixes[i] = prefix
			}
			if !ok || v.kind != text || prefix != prefixes[i] || !isPathSegment(prefix, rest[len(prefix):]) {
				return false
			}
		}
	}
	for i, l := range d.levels {
		l.id = id{kind: "path", prefix: prefixes[i]}
	}
	return true
}

func isPathSegment(prefix, number string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-"
	if prefix == "" || len(prefix) > 16 || strings.Trim(prefix, letters) != "" {
		return false
	}
	_, err := strconv.ParseUint(number, 10, 31)
	return err == nil && (number == "0" || number[0] != '0')
}

// idKinds lists the JSON kinds of the ids of a level.
func (l *level) idKinds() []string {
	var kinds []string
	for _, known := range []struct {
		kind kind
		name string
	}{{integer, "int"}, {float, "float"}, {text, "string"}} {
		if slices.ContainsFunc(l.items, func(it *item) bool { return it.value.get(l.idKey).kind == known.kind }) {
			kinds = append(kinds, known.name)
		}
	}
	return kinds
}

// uniqueAmong reports whether the ids of a level are texts that no other item
// has. Numbers count from 1 under each parent, even where only one has children.
func (l *level) uniqueAmong(seen map[string]bool) bool {
	own := make(map[string]bool)
	for _, it := range l.items {
		v := it.value.get(l.idKey)
		key := it.idIn(l)
		if v.kind != text || numeric(v.text) || own[key] || seen[key] {
			return false
		}
		own[key] = true
	}
	return true
}

// idIn is the id of an item together with its group.
func (it *item) idIn(l *level) string {
	return itoa(it.group) + "/" + it.value.get(l.idKey).text
}

func numeric(s string) bool { return strings.Trim(s, "0123456789.") == "" }
