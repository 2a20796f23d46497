package infer

import (
	"slices"
	"strconv"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema"
)

func itoa(n int) string { return strconv.Itoa(n) }

// nameLevels names each level after its discriminator, where all levels have
// one, else after the key that holds its items.
func (d *draft) nameLevels() {
	taken := make(map[string]bool)
	marks := d.discriminators()
	for i, l := range d.levels {
		l.name = schema.GoName(singular(l.key))
		if marks != nil {
			l.name = schema.GoName(marks[i])
		}
		if l.name == "" || l.name == "Backlog" {
			l.name = "Entry"
		}
		for taken[l.name] {
			l.name = "Sub" + strings.ToLower(l.name)
		}
		taken[l.name] = true
	}
}

// discriminatorKeys hold the kind of an item, where documents repeat it.
var discriminatorKeys = []string{"type", "kind"}

// discriminators returns the text that tells the items of each level from the
// others, nil if there is none on some level.
func (d *draft) discriminators() []string {
	for _, key := range discriminatorKeys {
		var marks []string
		for _, l := range d.levels {
			mark, ok := l.constant(key)
			if ok && !slices.Contains(marks, mark) {
				marks = append(marks, mark)
			}
		}
		if len(marks) == len(d.levels) && len(marks) > 1 {
			return marks
		}
	}
	return nil
}

// constant returns the text that all items of a level have under a key.
func (l *level) constant(key string) (string, bool) {
	first := l.items[0].value.get(key)
	if first == nil || first.kind != text || first.text == "" {
		return "", false
	}
	for _, it := range l.items {
		if v := it.value.get(key); v == nil || v.kind != text || v.text != first.text {
			return "", false
		}
	}
	return first.text, true
}

func singular(s string) string {
	lower := strings.ToLower(s)
	switch {
	case strings.HasSuffix(lower, "ies") && len(s) > 3:
		return s[:len(s)-3] + "y"
	case hasAnySuffix(lower, "sses", "shes", "ches", "xes"):
		return s[:len(s)-2]
	case strings.HasSuffix(lower, "s") && !strings.HasSuffix(lower, "ss"):
		return s[:len(s)-1]
	}
	return s
}

func plural(name string) string {
	lower := strings.ToLower(name)
	switch {
	case strings.HasSuffix(lower, "y") && !hasAnySuffix(lower, "ay", "ey", "oy", "uy"):
		return name[:len(name)-1] + "ies"
	case hasAnySuffix(lower, "s", "sh", "ch", "x"):
		return name + "es"
	}
	return name + "s"
}

func hasAnySuffix(s string, suffixes ...string) bool {
	return slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(s, suffix) })
}
