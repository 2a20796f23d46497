package docs

import (
	"slices"
	"strconv"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
)

// typeWords says what a field holds.
func typeWords(f *schema.Field) text {
	if f.List {
		return say("list of ", manyWords(f))
	}
	switch f.Kind {
	case format.TextField:
		return say("text")
	case format.IntField:
		return say("integer")
	case format.FloatField:
		return say("number")
	case format.BoolField:
		return say(code("true"), " or ", code("false"))
	case format.TimeField:
		return say("time (", timeWords(f.Form), ")")
	case format.DateField:
		return say("date, such as ", code("2006-01-02"))
	case format.DurationField:
		return say("duration, such as ", code("1h30m"))
	case format.EnumField:
		return say(enumName(f.Enum.Name))
	case format.ObjectField:
		return say(objectName(f.Object.Name))
	case format.ReferenceField:
		return say("id of ", targetWords(f, false))
	case format.ConstantField:
		return say("the text ", code(f.Constant))
	default:
		return say("any JSON value")
	}
}

// manyWords says what a list holds.
func manyWords(f *schema.Field) text {
	switch f.Kind {
	case format.TextField:
		return say("texts")
	case format.IntField:
		return say("integers")
	case format.FloatField:
		return say("numbers")
	case format.BoolField:
		return say(code("true"), " or ", code("false"))
	case format.TimeField:
		return say("times (", timeWords(f.Form), ")")
	case format.DateField:
		return say("dates, such as ", code("2006-01-02"))
	case format.DurationField:
		return say("durations, such as ", code("1h30m"))
	case format.ReferenceField:
		return say("ids of ", targetWords(f, true))
	case format.EnumField:
		return say(enumName(f.Enum.Name), " values")
	case format.ObjectField:
		return say(objectName(f.Object.Name), " objects")
	default:
		return say("any JSON values")
	}
}

func timeWords(form format.TimeForm) string {
	switch form {
	case format.CompactTime:
		return "such as 20060102T150405Z"
	case format.UnixSeconds:
		return "seconds since 1970"
	case format.UnixMilliseconds:
		return "milliseconds since 1970"
	default:
		return "RFC 3339"
	}
}

func targetWords(f *schema.Field, many bool) text {
	if f.AnyTarget && many {
		return say("items")
	}
	if f.AnyTarget {
		return say("an item")
	}
	var names []text
	for _, l := range f.Targets {
		switch {
		case many:
			names = append(names, say(l.Plural))
		default:
			names = append(names, say(withArticle(l.Name)))
		}
	}
	return list(names, "or")
}

// withArticle puts a or an before a name.
func withArticle(name string) string {
	if name != "" && slices.Contains([]byte("AEIOaeio"), name[0]) {
		return "an " + name
	}
	return "a " + name
}

// presenceWords says whether a key may be missing or null.
func presenceWords(required, nullable bool) string {
	switch {
	case required && nullable:
		return "required, may be null"
	case required:
		return "required"
	case nullable:
		return "optional, may be null"
	default:
		return "optional"
	}
}

// fieldRuleWords says what a value must be, and what it should be: a warning
// follows if it is not.
func fieldRuleWords(f *schema.Field) text {
	var must, should []text
	for i := 0; i < len(f.Rules); {
		demand, used := ruleWords(f.Rules[i:])
		if f.Rules[i].Warn {
			should = append(should, demand.should())
		} else {
			must = append(must, demand.must())
		}
		i += used
	}
	out := joined("; ", must...)
	if f.Kind == format.EnumField && f.Enum.Warn {
		should = append(should, say("should be one of them"))
	}
	out = joined("; ", append([]text{out}, should...)...)
	if f.Default != "" {
		out = joined("; ", out, say("new items get ", code(f.Default)))
	}
	return out
}

// demand is what a rule asks for: a verb in its basic form, and what follows.
type demand struct {
	verb string
	what text
}

// must leaves out verbs that go without saying: "not empty", "begins with X".
func (d demand) must() text {
	switch d.verb {
	case "be", "have":
		return d.what
	case "match":
		return say("matches ", d.what)
	default:
		return say(d.verb+"s ", d.what)
	}
}

func (d demand) should() text { return say("should "+d.verb+" ", d.what) }

// ruleWords says what the first of some rules demands, and how many rules that
// covers: the two ends of a range are one demand.
func ruleWords(rules []schema.Rule) (d demand, used int) {
	if len(rules) > 1 && rules[0].Warn == rules[1].Warn {
		low, high := number(rules[0].Number), number(rules[1].Number)
		switch [2]format.RuleKind{rules[0].Kind, rules[1].Kind} {
		case [2]format.RuleKind{format.MinLength, format.MaxLength}:
			return demand{"have", say(low + " to " + high + " characters")}, 2
		case [2]format.RuleKind{format.MinItems, format.MaxItems}:
			return demand{"have", say(low + " to " + high + " elements")}, 2
		case [2]format.RuleKind{format.Minimum, format.Maximum}:
			return demand{"be", say("from " + low + " to " + high)}, 2
		case [2]format.RuleKind{format.ExclusiveMinimum, format.Maximum}:
			return demand{"be", say("over " + low + ", at most " + high)}, 2
		}
	}
	return oneRuleWords(rules[0]), 1
}

func oneRuleWords(r schema.Rule) demand {
	switch r.Kind {
	case format.MinLength, format.MinItems:
		if r.Number == 1 {
			return demand{"be", say("not empty")}
		}
		return demand{"have", say("at least " + number(r.Number) + counts(r.Kind))}
	case format.MaxLength, format.MaxItems:
		return demand{"have", say("at most " + number(r.Number) + counts(r.Kind))}
	case format.Minimum:
		return demand{"be", say("at least " + number(r.Number))}
	case format.Maximum:
		return demand{"be", say("at most " + number(r.Number))}
	case format.ExclusiveMinimum:
		return demand{"be", say("over " + number(r.Number))}
	case format.ExclusiveMaximum:
		return demand{"be", say("under " + number(r.Number))}
	case format.MultipleOf:
		return demand{"be", say("a multiple of " + number(r.Number))}
	case format.Pattern:
		return demand{"match", say(code(r.Text))}
	case format.OneOf:
		return demand{"be", say("one of ", codes(r.Values, "or"))}
	case format.Prefix:
		return demand{"begin", say("with ", code(r.Text))}
	case format.Sections:
		return demand{"hold", say(codes(r.Values, "and"), ", in this order")}
	default:
		return demand{"have", say("no two equal elements")}
	}
}

func number(n float64) string { return strconv.FormatFloat(n, 'g', -1, 64) }

func counts(kind format.RuleKind) string {
	if kind == format.MinLength || kind == format.MaxLength {
		return " characters"
	}
	return " elements"
}

// categoryWords names categories.
func categoryWords(categories []format.Category) text {
	words := make([]text, len(categories))
	for i, c := range categories {
		words[i] = say(c.String())
	}
	return list(words, "or")
}

// guardWords says what a guard of a level demands.
func guardWords(m *schema.Model, l *schema.Level, g *schema.Guard) text {
	switch g.Kind {
	case format.ChildrenIn:
		return say("every child is ", childStatusWords(l, g.Categories), "; an item without children passes")
	case format.DependenciesIn:
		return say("every item that ", referenceWords(g.References), " refers to is ", categoryWords(g.Categories), "; a reference to nothing blocks")
	case format.ParentIn:
		parents := parentsOf(m, l)
		switch {
		case len(parents) == 0:
			return say("the parent is ", categoryWords(g.Categories), "; items at the top pass")
		case len(parents) > 1 || parents[0].Machine == nil:
			return say("the parent is ", categoryWords(g.Categories))
		}
		return say("the parent is ", statusWords(parents[0], g.Categories))
	default:
		return say("the program's guard ", code(g.Custom.Name), " allows it")
	}
}

// referenceWords says which references are looked at.
func referenceWords(r *schema.References) text {
	words := say(code(r.Path().String()))
	for i, c := range r.Where {
		words = say(words, []string{" where ", " and "}[min(i, 1)], code(c.Field.Key), " is ", code(c.JSON))
	}
	return words
}

// parentsOf returns the levels whose children are of a level.
func parentsOf(m *schema.Model, l *schema.Level) []*schema.Level {
	var parents []*schema.Level
	for _, above := range m.Levels {
		if slices.ContainsFunc(above.Children, func(list schema.List) bool { return list.Of == l }) {
			parents = append(parents, above)
		}
	}
	return parents
}

// childStatusWords names the categories, and the statuses of the children where
// these are of one level that has some.
func childStatusWords(l *schema.Level, categories []format.Category) text {
	if below := l.Children[0].Of; len(l.Children) == 1 && below.Machine != nil {
		return statusWords(below, categories)
	}
	return categoryWords(categories)
}

// statusWords names the categories, and the statuses of a level that are of
// them.
func statusWords(l *schema.Level, categories []format.Category) text {
	var names []string
	for _, s := range l.Machine.States {
		if slices.Contains(categories, s.Category) {
			names = append(names, s.Name)
		}
	}
	if len(names) == 0 {
		return categoryWords(categories)
	}
	return say(categoryWords(categories), " (", codes(names, "or"), ")")
}

// proseOf is a description as text, nil if it is empty.
func proseOf(doc string) text {
	if line := oneLine(doc); line != "" {
		return say(line)
	}
	return nil
}
