package docs

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
)

// definitionOf returns the name of the definition that a plain type refers to,
// "" if it needs none.
func definitionOf(f *schema.Field) string {
	switch f.Kind {
	case format.IntField:
		return "int64"
	case format.FloatField:
		return "float64"
	case format.TimeField:
		switch f.Form {
		case format.CompactTime:
			return "compactTime"
		case format.UnixSeconds:
			return "unixTime"
		case format.UnixMilliseconds:
			return "unixMilliTime"
		}
		return "time"
	case format.DateField:
		return "date"
	case format.DurationField:
		return "duration"
	}
	return ""
}

// plainDefinitions are what the engine takes for numbers and times.
func plainDefinitions() members {
	// The bounds of numbers lie halfway between the largest of 64 bits and the
	// next that there would be: what is below is rounded down.
	return members{
		{"int64", members{
			{"description", "A whole number of at most 64 bits, written without point and exponent."},
			{"type", "integer"},
			{"minimum", json.Number("-9223372036854775808")},
			{"maximum", json.Number("9223372036854775807")},
		}},
		{"float64", members{
			{"description", "A number of at most 64 bits."},
			{"type", "number"},
			{"minimum", json.Number("-1.797693134862315807937e308")},
			{"maximum", json.Number("1.797693134862315807937e308")},
		}},
		{"time", members{
			{"description", "A time as in RFC 3339, such as 2006-01-02T15:04:05Z."},
			{"type", "string"},
			{"pattern", timePattern()},
		}},
		{"compactTime", members{
			{"description", "A time without punctuation, such as 20060102T150405Z."},
			{"type", "string"},
			{"pattern", "^" + dayPattern("") + `T(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]Z$`},
		}},
		{"unixTime", members{
			{"description", "A time as seconds since 1970, in the years 0 to 9999."},
			{"type", "integer"},
			{"minimum", json.Number("-62167219200")},
			{"maximum", json.Number("253402300799")},
		}},
		{"unixMilliTime", members{
			{"description", "A time as milliseconds since 1970, in the years 0 to 9999."},
			{"type", "integer"},
			{"minimum", json.Number("-62167219200000")},
			{"maximum", json.Number("253402300799999")},
		}},
		{"date", members{
			{"description", "A day, such as 2006-01-02."},
			{"type", "string"},
			{"pattern", "^" + dayPattern("-") + "$"},
		}},
		{"duration", members{
			{"description", "A span of time as Go has it, such as 1h30m."},
			{"type", "string"},
			{"pattern", `^[+-]?(?:0|(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)$`},
		}},
	}
}

// timePattern is what time.Parse(time.RFC3339, …) accepts: days that exist, an
// hour of one or two digits, fractions after a point or a comma, and offsets of
// up to 24 hours and 60 minutes.
func timePattern() string {
	return "^" + dayPattern("-") +
		`T(?:[01]?[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.,][0-9]+)?` +
		`(?:Z|[+-](?:[01][0-9]|2[0-4]):(?:[0-5][0-9]|60))$`
}

// dayPattern matches days that exist, with something between their parts.
func dayPattern(between string) string {
	return strings.ReplaceAll(`(?:`+
		`[0-9]{4}_(?:(?:0[13578]|1[02])_(?:0[1-9]|[12][0-9]|3[01])`+
		`|(?:0[469]|11)_(?:0[1-9]|[12][0-9]|30)`+
		`|02_(?:0[1-9]|1[0-9]|2[0-8]))`+
		`|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)_02_29`+
		`)`, "_", between)
}

// properties returns the properties of fields, and the keys that are required.
func (b *schemaBuilder) properties(fields []*schema.Field) (properties members, required []string) {
	for _, f := range fields {
		properties = append(properties, member{f.Key, b.field(f)})
		if f.Required {
			required = append(required, f.Key)
		}
	}
	return properties, required
}

func (b *schemaBuilder) field(f *schema.Field) members {
	out := b.element(f)
	if f.List {
		list := constraints{{"type", "array"}, {"items", out}}
		for _, r := range b.rules(f) {
			list.list(r)
		}
		out = members(list)
	}
	if f.Nullable && (f.List || f.Kind != format.RawField) {
		out = orNull(out)
	}
	out = described(f.Doc, out)
	if f.Default != "" {
		out = append(out, member{"default", json.RawMessage(f.Default)})
	}
	return out
}

// rules returns the rules that the schema holds to. A prefix and sections
// become one pattern in the strict schema: those who support only a part of
// JSON Schema often do without allOf.
func (b *schemaBuilder) rules(f *schema.Field) []schema.Rule {
	var out []schema.Rule
	for _, r := range f.Rules {
		if b.strict || !r.Warn {
			out = append(out, r)
		}
	}
	return out
}

// element returns the schema of a field's value, or of the elements of a list.
func (b *schemaBuilder) element(f *schema.Field) members {
	switch f.Kind {
	case format.TextField:
		out := constraints{{"type", "string"}}
		b.textRules(&out, b.rules(f))
		return members(out)
	case format.IntField, format.FloatField:
		out := constraints(refersTo(definitionOf(f)))
		for _, r := range b.rules(f) {
			out.number(r)
		}
		return members(out)
	case format.BoolField:
		return members{{"type", "boolean"}}
	case format.TimeField, format.DateField, format.DurationField:
		return refersTo(definitionOf(f))
	case format.EnumField:
		return refersTo(f.Enum.Name)
	case format.ObjectField:
		return refersTo(f.Object.Name)
	case format.ReferenceField:
		return b.reference(f)
	case format.ConstantField:
		return members{{"const", f.Constant}}
	default:
		return members{}
	}
}

// reference returns the schema of a reference. Parse takes any text and number,
// since a reference to nothing is only warned of.
func (b *schemaBuilder) reference(f *schema.Field) members {
	if !b.strict {
		return members{{"type", []string{"string", "number"}}}
	}
	var patterns, kinds []string
	for _, l := range f.Targets {
		if l.ID.Kind == format.PathID {
			patterns = append(patterns, b.pathPattern(l))
		}
		for _, kind := range idKinds(l.ID) {
			if !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
	}
	if slices.Contains(kinds, "number") {
		kinds = slices.DeleteFunc(kinds, func(kind string) bool { return kind == "integer" })
	}
	// A local id names its parents too, unless it leads to a sibling.
	if !slices.Contains(kinds, "string") {
		kinds = append(kinds, "string")
	}
	out := members{{"type", oneOrMore(kinds)}}
	if len(patterns) > 0 && len(patterns) == len(f.Targets) {
		out = append(out, member{"pattern", "^(?:" + strings.Join(patterns, "|") + ")$"})
	}
	return out
}

func (b *schemaBuilder) enum(e *schema.Enum) members {
	var values []any
	for _, v := range e.Values {
		values = append(values, v.Name)
	}
	if b.strict {
		return members{{"type", "string"}, {"enum", values}}
	}
	for _, v := range e.Values {
		for _, alias := range v.Aliases {
			values = append(values, alias)
		}
	}
	if e.Warn {
		// The values are there for people and editors: any text is allowed.
		return members{{"anyOf", []any{members{{"enum", values}}, members{{"type", "string"}}}}}
	}
	return members{{"type", "string"}, {"enum", values}}
}

func (b *schemaBuilder) id(l *schema.Level) members {
	out := members{{"description", idWords(b.model, l).plain()}, {"type", oneOrMore(idKinds(l.ID))}}
	switch {
	case l.ID.Kind == format.PathID:
		return append(out, member{"pattern", "^" + b.pathPattern(l) + "$"})
	case l.ID.String:
		out = append(out, member{"minLength", 1})
	}
	if l.ID.Pattern != "" && l.ID.String {
		if pattern, ok := portablePattern("^(?:" + l.ID.Pattern + ")$"); ok {
			out = append(out, member{"pattern", pattern})
		}
	}
	return out
}

// pathPattern matches the path ids of a level. Numbers have at most nine digits
// and no needless zeros.
func (b *schemaBuilder) pathPattern(l *schema.Level) string {
	var segments []string
	for _, above := range b.model.Levels[:l.Index+1] {
		segments = append(segments, quotePattern(above.ID.Prefix)+`(?:0|[1-9][0-9]{0,8})`)
	}
	return strings.Join(segments, `\.`)
}

// idKinds returns the JSON types of ids.
func idKinds(id schema.ID) []string {
	var kinds []string
	if id.String {
		kinds = append(kinds, "string")
	}
	switch {
	case id.Float:
		kinds = append(kinds, "number")
	case id.Int:
		kinds = append(kinds, "integer")
	}
	return kinds
}

func oneOrMore(kinds []string) any {
	if len(kinds) == 1 {
		return kinds[0]
	}
	return kinds
}

// orNull returns a schema that allows null as well.
func orNull(m members) members {
	i := slices.IndexFunc(m, func(each member) bool { return each.key == "type" })
	simple := i >= 0 && !slices.ContainsFunc(m, func(each member) bool { return each.key == "enum" || each.key == "allOf" })
	if !simple {
		return members{{"anyOf", []any{m, members{{"type", "null"}}}}}
	}
	out := slices.Clone(m)
	switch kinds := out[i].value.(type) {
	case string:
		out[i].value = []string{kinds, "null"}
	case []string:
		out[i].value = append(slices.Clone(kinds), "null")
	}
	return out
}

// constraints are keywords that each say one thing about a value. What the same
// keyword says a second time goes into allOf.
type constraints members

func (c *constraints) add(key string, value any) {
	if !slices.ContainsFunc(*c, func(m member) bool { return m.key == key }) {
		*c = append(*c, member{key, value})
		return
	}
	more := members{{key, value}}
	if i := slices.IndexFunc(*c, func(m member) bool { return m.key == "allOf" }); i >= 0 {
		(*c)[i].value = append((*c)[i].value.([]any), more)
		return
	}
	*c = append(*c, member{"allOf", []any{more}})
}

func (c *constraints) list(r schema.Rule) {
	switch r.Kind {
	case format.MinItems:
		c.add("minItems", count(r.Number))
	case format.MaxItems:
		c.add("maxItems", count(r.Number))
	case format.UniqueItems:
		c.add("uniqueItems", true)
	}
}

func (c *constraints) number(r schema.Rule) {
	keywords := map[format.RuleKind]string{
		format.Minimum: "minimum", format.Maximum: "maximum", format.ExclusiveMinimum: "exclusiveMinimum",
		format.ExclusiveMaximum: "exclusiveMaximum", format.MultipleOf: "multipleOf",
	}
	if keyword := keywords[r.Kind]; keyword != "" {
		c.add(keyword, json.Number(strconv.FormatFloat(r.Number, 'g', -1, 64)))
	}
}

func (b *schemaBuilder) textRules(c *constraints, rules []schema.Rule) {
	start := ""
	for _, r := range rules {
		switch r.Kind {
		case format.MinLength:
			c.add("minLength", count(r.Number))
		case format.MaxLength:
			c.add("maxLength", count(r.Number))
		case format.Pattern:
			if pattern, ok := portablePattern(r.Text); ok {
				c.add("pattern", pattern)
			}
		case format.OneOf:
			c.add("enum", r.Values)
		case format.Prefix:
			start = "^" + quotePattern(r.Text)
			if !b.strict || !slices.ContainsFunc(rules, isSections) {
				c.add("pattern", start)
			}
		}
	}
	for _, r := range rules {
		if !isSections(r) {
			continue
		}
		const anything = `[\s\S]*`
		sections := make([]string, len(r.Values))
		for i, section := range r.Values {
			sections[i] = quotePattern(section)
		}
		pattern := strings.Join(sections, anything)
		if b.strict && start != "" {
			// One pattern for both: those who support only a part of JSON
			// Schema often do without allOf.
			pattern, start = start+anything+pattern, ""
		}
		c.add("pattern", pattern)
	}
}

func isSections(r schema.Rule) bool { return r.Kind == format.Sections }

// count writes the argument of a rule about lengths.
func count(n float64) json.Number { return json.Number(strconv.FormatFloat(n, 'f', 0, 64)) }
