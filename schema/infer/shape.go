package infer

import (
	"bytes"
	"slices"
	"strings"
)

// shape is where the top items of a document are.
type shape struct {
	kind   string // as schemas write it
	key    string
	groups [][]*value
}

// findShape returns where the items are: in an array, under a key, or under the
// same key of groups.
func findShape(root *value) (shape, bool) {
	switch root.kind {
	case list:
		return shape{kind: "array", groups: [][]*value{root.elements}}, findIDKey(root.elements) != ""
	case object:
		if key := biggestList(root.members, true); key != "" {
			return shape{kind: "object", key: key, groups: [][]*value{root.get(key).elements}}, true
		}
		if s, ok := findGroups(root); ok {
			return s, true
		}
		key := biggestList(root.members, false)
		if key == "" {
			return shape{}, false
		}
		return shape{kind: "object", key: key, groups: [][]*value{root.get(key).elements}}, true
	}
	return shape{}, false
}

// biggestList returns the key of the longest list of items, "" if there is none.
func biggestList(members []member, work bool) string {
	best, most := "", 0
	for _, m := range members {
		if m.value.kind == list && len(m.value.elements) > most && findIDKey(m.value.elements) != "" &&
			(!work || isWork(m.value.elements, 0)) {
			best, most = m.key, len(m.value.elements)
		}
	}
	return best
}

// findGroups finds the key under which the members of a document hold items.
func findGroups(root *value) (shape, bool) {
	counts := make(map[string]int)
	best := ""
	for _, m := range root.members {
		if m.value.kind != object {
			continue
		}
		key := biggestList(m.value.members, false)
		if key == "" {
			continue
		}
		counts[key] += len(m.value.get(key).elements)
		if counts[key] > counts[best] {
			best = key
		}
	}
	s := shape{kind: "groups", key: best}
	for _, m := range root.members {
		if inner := m.value.get(best); inner != nil && inner.kind == list {
			s.groups = append(s.groups, inner.elements)
		}
	}
	return s, best != ""
}

// findLevels follows the lists of items down from the top.
func findLevels(s shape) []*level {
	top := &level{key: s.key}
	for g, elements := range s.groups {
		for _, v := range elements {
			if v.kind == object {
				top.items = append(top.items, &item{value: v, group: g})
			}
		}
	}
	levels := []*level{top}
	const mostLevels = 16
	for l := top; len(levels) < mostLevels; l = levels[len(levels)-1] {
		key := childrenKeyOf(l.values())
		if key == "" {
			break
		}
		l.children.key = key
		next := &level{key: key, index: len(levels)}
		for _, parent := range l.items {
			inner := parent.value.get(key)
			if inner == nil {
				continue
			}
			l.children.nullable = l.children.nullable || inner.kind == null
			for _, v := range inner.elements {
				next.items = append(next.items, &item{value: v, parent: parent, group: parent.group})
			}
		}
		levels = append(levels, next)
	}
	for _, l := range levels {
		l.idKey = findIDKey(l.values())
	}
	return levels
}

func (l *level) values() []*value {
	values := make([]*value, len(l.items))
	for i, it := range l.items {
		values[i] = it.value
	}
	return values
}

// childrenKeyOf returns the key under which objects hold items, "" if there is
// none.
func childrenKeyOf(objects []*value) string {
	return childrenKeyWithin(objects, 0)
}

func childrenKeyWithin(objects []*value, depth int) string {
	var keys []string
	elements := make(map[string][]*value)
	spoilt := make(map[string]bool)
	for _, o := range objects {
		for _, m := range o.members {
			switch m.value.kind {
			case list:
				if !slices.Contains(keys, m.key) {
					keys = append(keys, m.key)
				}
				elements[m.key] = append(elements[m.key], m.value.elements...)
			case null:
			default:
				spoilt[m.key] = true
			}
		}
	}
	best := ""
	for _, key := range keys {
		if !spoilt[key] && len(elements[key]) > len(elements[best]) &&
			findIDKey(elements[key]) != "" && isWork(elements[key], depth) {
			best = key
		}
	}
	return best
}

// isWork tells items from other objects with ids, such as comments: one of them
// has a status, or holds items itself.
func isWork(objects []*value, depth int) bool {
	const deepest = 16
	return findStatusKey(objects) != "" || depth < deepest && childrenKeyWithin(objects, depth+1) != ""
}

// findIDKey returns the key under which all objects have an id, "" if there is
// none such or something is no object.
func findIDKey(objects []*value) string {
	if len(objects) == 0 {
		return ""
	}
	for _, key := range []string{"id", "ID", "Id", "_id", "key", "number", "nr", "uuid", "code"} {
		if !slices.ContainsFunc(objects, func(o *value) bool { return o.kind != object || !o.get(key).isID() }) {
			return key
		}
	}
	return ""
}

// findStatusKey returns the key under which an object has a status, "" if there
// is none.
func findStatusKey(objects []*value) string {
	for _, key := range []string{"status", "Status", "state", "State", "stage"} {
		if slices.ContainsFunc(objects, func(o *value) bool {
			s := o.get(key)
			return s != nil && s.kind == text
		}) {
			return key
		}
	}
	return ""
}

// layout is how a document is laid out.
type layout struct {
	indent       string // as schemas write it
	finalNewline bool
}

func findLayout(data []byte) layout {
	l := layout{indent: "0", finalNewline: bytes.HasSuffix(data, []byte("\n"))}
	for line := range strings.Lines(strings.TrimLeft(string(data), "\uFEFF \t\r\n")) {
		trimmed := strings.TrimLeft(line, " \t")
		space := line[:len(line)-len(trimmed)]
		switch {
		case space == "" || strings.TrimSpace(trimmed) == "":
			continue
		case space == "\t":
			l.indent = "tab"
		case len(space) <= 16 && strings.Trim(space, " ") == "":
			l.indent = itoa(len(space))
		}
		break
	}
	return l
}
