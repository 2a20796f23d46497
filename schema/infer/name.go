package infer

import (
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema/infer/internal/survey"
)

// discriminatorKeys hold the kind of an item, where documents repeat it.
var discriminatorKeys = []string{"type", "kind"}

// discriminators returns the text that tells the items of each level from the
// others, nil if there is none on some level.
func (d *draft) discriminators() []string {
	for _, key := range discriminatorKeys {
		var marks []string
		for _, l := range d.levels {
			mark, ok := constant(l.table.Column(key))
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

// constant returns the text that all items of a level have in a column.
func constant(c *survey.Column) (string, bool) {
	const longest = 64
	if c == nil || c.Missing() > 0 || !c.Only(survey.Text) || len(c.Counts()) != 1 {
		return "", false
	}
	text := c.Counts()[0].Text
	return text, text != "" && len(text) <= longest
}

func singular(s string) string {
	lower := strings.ToLower(s)
	switch {
	case len(lower) != len(s):
		return s
	case strings.HasSuffix(lower, "ies") && len(s) > 3:
		return s[:len(s)-3] + "y"
	case hasAnySuffix(lower, "sses", "shes", "ches", "xes"):
		return s[:len(s)-2]
	case strings.HasSuffix(lower, "s") && !hasAnySuffix(lower, "ss", "us"):
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
