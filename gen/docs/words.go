package docs

import (
	"slices"
	"strconv"

	"github.com/backlog-gen/backlog-gen/schema"
)

// typeWords says what a field holds.
func typeWords(f *schema.Field) text {
	if f.List {
		return say("list of ", manyWords(f))
	}
	switch f.Kind {
	case schema.TextField:
		return say("text")
	case schema.IntField:
		return say("integer")
	case schema.FloatField:
		return say("number")
	case schema.BoolField:
		return say(code("true"), " or ", code("false"))
	case schema.TimeField:
		return say("time (RFC 3339)")
	case schema.EnumField:
		return say(namedType(f.Enum.Name))
	case schema.ObjectField:
		return say(namedType(f.Object.Name))
	case schema.ReferenceField:
		return say("id of ", targetWords(f, false))
	case schema.ConstantField:
		return say("the text ", code(f.Constant))
	default:
		return say("any JSON value")
	}
}

// manyWords says what a list holds.
func manyWords(f *schema.Field) text {
	switch f.Kind {
	case schema.TextField:
		return say("texts")
	case schema.IntField:
		return say("integers")
	case schema.FloatField:
		return say("numbers")
	case schema.BoolField:
		return say(code("true"), " or ", code("false"))
	case schema.TimeField:
		return say("times (RFC 3339)")
	case schema.ReferenceField:
		return say("ids of ", targetWords(f, true))
	case schema.EnumField:
		return say(namedType(f.Enum.Name), " values")
	case schema.ObjectField:
		return say(namedType(f.Object.Name), " objects")
	default:
		return say("any JSON values")
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

// fieldRuleWords says what the rules of a field demand, and what they only
// warn of.
func fieldRuleWords(f *schema.Field) text {
	var demands, warnings []text
	for i := 0; i < len(f.Rules); i++ {
		words, used := ruleWords(f, i)
		if f.Rules[i].Warn {
			warnings = append(warnings, words)
		} else {
			demands = append(demands, words)
		}
		i += used - 1
	}
	out := joined("; ", demands...)
	if f.Kind == schema.EnumField && f.Enum.Warn {
		out = joined("; ", out, say("other values are warned of"))
	}
	if len(warnings) > 0 {
		out = joined("; ", out, say("warned of unless ", joined(", and ", warnings...)))
	}
	if f.Default != "" {
		out = joined("; ", out, say("new items get ", code(f.Default)))
	}
	return out
}

// ruleWords says what rule i demands, and how many rules that covers: the two
// ends of a range are one phrase.
func ruleWords(f *schema.Field, i int) (words text, used int) {
	r := f.Rules[i]
	number := strconv.FormatFloat(r.Number, 'g', -1, 64)
	if i+1 < len(f.Rules) && f.Rules[i+1].Warn == r.Warn {
		upper := strconv.FormatFloat(f.Rules[i+1].Number, 'g', -1, 64)
		switch next := f.Rules[i+1].Kind; {
		case r.Kind == schema.MinLength && next == schema.MaxLength:
			return say(number + " to " + upper + " characters"), 2
		case r.Kind == schema.MinItems && next == schema.MaxItems:
			return say(number + " to " + upper + " elements"), 2
		case r.Kind == schema.Minimum && next == schema.Maximum:
			return say("from " + number + " to " + upper), 2
		case r.Kind == schema.ExclusiveMinimum && next == schema.Maximum:
			return say("over " + number + ", at most " + upper), 2
		}
	}
	switch r.Kind {
	case schema.MinLength:
		if r.Number == 1 {
			return say("not empty"), 1
		}
		return say("at least " + number + " characters"), 1
	case schema.MaxLength:
		return say("at most " + number + " characters"), 1
	case schema.MinItems:
		if r.Number == 1 {
			return say("not empty"), 1
		}
		return say("at least " + number + " elements"), 1
	case schema.MaxItems:
		return say("at most " + number + " elements"), 1
	case schema.Minimum:
		return say("at least " + number), 1
	case schema.Maximum:
		return say("at most " + number), 1
	case schema.ExclusiveMinimum:
		return say("over " + number), 1
	case schema.ExclusiveMaximum:
		return say("under " + number), 1
	case schema.MultipleOf:
		return say("a multiple of " + number), 1
	case schema.Pattern:
		return say("matches ", code(r.Text)), 1
	case schema.OneOf:
		return say("one of ", codes(r.Values, "or")), 1
	case schema.Prefix:
		return say("begins with ", code(r.Text)), 1
	case schema.Sections:
		return say("holds ", codes(r.Values, "and"), ", in this order"), 1
	default:
		return say("no two elements equal"), 1
	}
}

// categoryWords names categories.
func categoryWords(categories []schema.Category) text {
	words := make([]text, len(categories))
	for i, c := range categories {
		words[i] = say(c.String())
	}
	return list(words, "or")
}

// guardWords says what a guard of a level demands.
func guardWords(m *schema.Model, l *schema.Level, g *schema.Guard) text {
	switch g.Kind {
	case schema.ChildrenIn:
		return say("every child is ", statusWords(m.Levels[l.Index+1], g.Categories), "; an item without children passes")
	case schema.DependenciesIn:
		return say("every item that ", code(g.Field.Key), " refers to is ", categoryWords(g.Categories), "; a reference to nothing blocks")
	case schema.ParentIn:
		if l.Index == 0 {
			return say("the parent is ", categoryWords(g.Categories), "; items at the top pass")
		}
		return say("the parent is ", statusWords(m.Levels[l.Index-1], g.Categories))
	default:
		return joined(": ", say("the program's guard ", code(g.Custom.Name), " allows it"), proseOf(g.Doc))
	}
}

// statusWords names the categories, and the statuses of a level that are of
// them.
func statusWords(l *schema.Level, categories []schema.Category) text {
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
