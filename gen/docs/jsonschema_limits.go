package docs

import (
	"fmt"
	"slices"

	"github.com/backlog-gen/backlog-gen/document"
	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
)

// Limit is a rule of documents that JSON Schema cannot express.
type Limit struct {
	// Rules are the rules of document.Problem that report it.
	Rules []string
	// Words is a sentence that states the rule.
	Words string
}

// Limits lists what documents of the format have to meet beyond the JSON
// Schema: what Parse refuses and the JSON Schema allows. Where numbers have
// bounds, Parse and the JSON Schema may also differ the other way, about numbers
// with more digits than 64 bits hold.
func Limits(m *schema.Model) []Limit {
	limits := []Limit{
		{[]string{"syntax", "utf-8", "depth", "size"},
			"The text is JSON in UTF-8, of less than 2 GiB, with values nested at most 512 deep."},
		{[]string{"duplicate-key"}, "No object has the same key twice."},
	}
	if slices.ContainsFunc(m.Levels, func(l *schema.Level) bool { return l.ID.Kind != format.PositionID && !l.ID.WarnDuplicate }) {
		limits = append(limits, Limit{[]string{"duplicate-id"}, "No two items have the same full id" + sameGroup(m) + "."})
	}
	if m.Levels[0].ID.Kind != format.PathID {
		limits = append(limits, Limit{[]string{"id"}, fmt.Sprintf("A full id has at most %d bytes and no escape of half a character. The same holds for the name of a group.", document.MaxIDLength)})
	}
	if hasShape(m, format.RootLines) {
		limits = append(limits, Limit{[]string{"syntax"}, "Of JSON Lines, each line holds one item, whole, or nothing."})
	}
	kinds := fieldKinds(m)
	anyLevel := func(what func(schema.ID) bool) bool {
		return slices.ContainsFunc(m.Levels, func(l *schema.Level) bool { return what(l.ID) })
	}
	add := func(applies bool, words string, rules ...string) {
		if applies {
			limits = append(limits, Limit{rules, words})
		}
	}
	add(m.Levels[0].ID.Kind == format.PathID && len(m.Levels) > 1,
		"The id of an item begins with the id of its parent.", "id")
	add(anyLevel(func(id schema.ID) bool { return id.Pattern != "" && (id.Int || id.Float) }),
		"An id that is a number matches the pattern of ids as it is written.", "id")
	add(anyLevel(func(id schema.ID) bool { return id.Int && !id.Float }),
		"An id that is an integer is written without point and exponent: 1, not 1.0.", "type")
	add(kinds[format.DurationField], "A duration is shorter than 293 years.", "duration")
	for _, pattern := range lostPatterns(m) {
		add(true, "A text for which the pattern "+pattern+" is meant matches it: it looks at lines, which patterns here cannot.",
			"pattern", "id")
	}
	add(hasNumberRule(m),
		"Numbers are rounded to 64 bits before they are compared with bounds; here they are compared as written.",
		"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
	return limits
}

func sameGroup(m *schema.Model) string {
	if hasShape(m, format.RootGroups) {
		return " within a group"
	}
	return ""
}

func hasShape(m *schema.Model, kind format.RootKind) bool {
	return slices.ContainsFunc(m.Document.Shapes, func(s schema.Shape) bool { return s.Kind == kind })
}

func fieldKinds(m *schema.Model) map[format.FieldKind]bool {
	kinds := map[format.FieldKind]bool{}
	b := schemaBuilder{model: m}
	b.eachField(func(f *schema.Field) { kinds[f.Kind] = true })
	return kinds
}

// lostPatterns lists the patterns that look at the beginnings and ends of lines.
func lostPatterns(m *schema.Model) []string {
	var lost []string
	check := func(pattern string) {
		if _, ok := portablePattern(pattern); !ok && !slices.Contains(lost, pattern) {
			lost = append(lost, pattern)
		}
	}
	b := schemaBuilder{model: m}
	b.eachField(func(f *schema.Field) {
		for _, r := range f.Rules {
			if r.Kind == format.Pattern && !r.Warn {
				check(r.Text)
			}
		}
	})
	for _, l := range m.Levels {
		check(l.ID.Pattern)
	}
	return lost
}

func hasNumberRule(m *schema.Model) bool {
	found := false
	b := schemaBuilder{model: m}
	b.eachField(func(f *schema.Field) {
		for _, r := range f.Rules {
			found = found || f.Kind == format.FloatField && !r.Warn && r.Kind >= format.Minimum && r.Kind <= format.ExclusiveMaximum
		}
	})
	return found
}
