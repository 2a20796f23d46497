package schema

import (
	"math"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// maxExact is the largest whole number up to which every one is exact in
// JSON and in a float.
const maxExact = 1 << 53

// fieldRules reads the rules of a field, in the order of the file.
func (l *loader) fieldRules(f *Field, o *object) []Rule {
	var list []Rule
	for _, key := range o.order {
		if rulesConstruct.has(key) && l.applies(f, o, key) {
			list = append(list, l.rules(f, o, key)...)
		}
	}
	return list
}

// warnRules reads the rules that only warn.
func (l *loader) warnRules(f *Field, n *node, at span) []Rule {
	o := l.object(n, at, &rulesConstruct)
	if (n.kind == mappingNode || n.isNull()) && len(n.entries) == 0 {
		l.refuse(n.span, ruleInvalidValue, "warn is empty: name at least one rule, or leave the key out")
	}
	list := l.fieldRules(f, o)
	for i := range list {
		list[i].Warn = true
	}
	return list
}

// applies reports whether a rule goes with the type of the field.
func (l *loader) applies(f *Field, o *object, key string) bool {
	ok, want := false, ""
	switch key {
	case "length", "pattern", "one_of", "prefix", "sections":
		ok, want = f.Kind == format.TextField, "fields of type string"
	case "min", "max", "over", "under", "multiple_of":
		ok, want = f.Kind == format.IntField || f.Kind == format.FloatField, "fields of type int or float"
	case "items":
		ok, want = f.List, "lists"
	case "unique":
		ok, want = f.List && f.Kind != format.ObjectField && f.Kind != format.RawField, "lists of plain values"
	}
	if !ok {
		l.refuse(o.spanOf(key), ruleRuleMismatch, "the rule %s is for %s, not for %s", key, want, f.what())
	}
	return ok
}

func (l *loader) rules(f *Field, o *object, key string) []Rule {
	n := o.get(key)
	rule := Rule{Pos: l.pos(o.spanOf(key))}
	switch key {
	case "length":
		return l.bounds(n, rule, key, format.MinLength, format.MaxLength)
	case "items":
		return l.bounds(n, rule, key, format.MinItems, format.MaxItems)
	case "min":
		return l.numberRule(f, n, rule, key, format.Minimum)
	case "max":
		return l.numberRule(f, n, rule, key, format.Maximum)
	case "over":
		return l.numberRule(f, n, rule, key, format.ExclusiveMinimum)
	case "under":
		return l.numberRule(f, n, rule, key, format.ExclusiveMaximum)
	case "multiple_of":
		return l.numberRule(f, n, rule, key, format.MultipleOf)
	case "pattern":
		rule.Kind, rule.Text = format.Pattern, l.pattern(n, false)
		return keepIf(rule.Text != "", rule)
	case "prefix":
		rule.Kind, rule.Text = format.Prefix, l.text(n, key)
		if n.kind == textNode && n.text == "" {
			l.refuse(n.span, ruleInvalidValue, "the prefix is empty")
		}
		return keepIf(rule.Text != "", rule)
	case "unique":
		rule.Kind = format.UniqueItems
		return keepIf(o.bool(key), rule)
	case "one_of":
		rule.Kind = format.OneOf
	default:
		rule.Kind = format.Sections
	}
	for _, n := range o.texts(key, maxListValues) {
		rule.Values = append(rule.Values, n.text)
	}
	return keepIf(len(rule.Values) > 0, rule)
}

func keepIf(ok bool, rule Rule) []Rule {
	if !ok {
		return nil
	}
	return []Rule{rule}
}

// bounds reads min..max, either of which may be left out.
func (l *loader) bounds(n *node, rule Rule, key string, low, high format.RuleKind) []Rule {
	from, to, ok := strings.Cut(n.text, "..")
	minimum, okFrom := bound(from)
	maximum, okTo := bound(to)
	if n.kind != textNode || !ok || !okFrom || !okTo || from+to == "" {
		l.refuse(n.span, ruleInvalidValue, "%s has the form least..most, such as 1..200; an end without a bound is left out", key)
		return nil
	}
	if from != "" && to != "" && minimum > maximum {
		l.refuse(n.span, ruleImpossibleRule, "%s can never be met: %s is more than %s", key, from, to)
		return nil
	}
	var list []Rule
	if minimum > 0 {
		rule.Kind, rule.Number = low, minimum
		list = append(list, rule)
	}
	if to != "" {
		rule.Kind, rule.Number = high, maximum
		list = append(list, rule)
	}
	return list
}

// bound reads a count, which may be left out.
func bound(s string) (float64, bool) {
	if s == "" {
		return 0, true
	}
	n, err := strconv.ParseUint(s, 10, 31)
	return float64(n), err == nil && strconv.FormatUint(n, 10) == s
}

func (l *loader) numberRule(f *Field, n *node, rule Rule, key string, kind format.RuleKind) []Rule {
	number, ok := l.number(n, key)
	switch {
	case !ok:
		return nil
	case f.Kind == format.IntField && number != math.Trunc(number):
		l.refuse(n.span, ruleRuleMismatch, "%s of a field of type int is a whole number", key)
		return nil
	case f.Kind == format.IntField && math.Abs(number) > maxExact:
		l.refuse(n.span, ruleInvalidValue, "%s is beyond ±2^53, where whole numbers are no longer exact in JSON", key)
		return nil
	case kind == format.MultipleOf && number <= 0:
		l.refuse(n.span, ruleInvalidValue, "multiple_of is a number over 0")
		return nil
	}
	rule.Kind, rule.Number = kind, number
	return []Rule{rule}
}

// number reads a number as JSON writes it.
func (l *loader) number(n *node, what string) (float64, bool) {
	if n.kind != intNode && n.kind != floatNode {
		l.refuse(n.span, ruleWrongType, "%s is a number, not %s", what, n.kind)
		return 0, false
	}
	number, err := strconv.ParseFloat(n.text, 64)
	if err != nil || !isJSONNumber(n.text) {
		l.refuse(n.span, ruleInvalidValue, "%s is a number as JSON writes it, such as 12 or 0.5, not %q", what, shorten(n.text))
		return 0, false
	}
	return number, true
}

var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

func isJSONNumber(s string) bool { return jsonNumber.MatchString(s) }

// pattern reads a regular expression, "" if it is none. One that matches the
// whole of a text has to be right between ^(?: and )$, too.
func (l *loader) pattern(n *node, whole bool) string {
	text := l.text(n, "a pattern")
	if text == "" {
		if n.kind == textNode && n.text == "" {
			l.refuse(n.span, rulePattern, "the pattern is empty: it would match any text")
		}
		return ""
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		l.refuse(n.span, rulePattern, "the pattern is not a regular expression of RE2: %v", err)
		return ""
	}
	if whole {
		if parsed, err = syntax.Parse("^(?:"+text+")$", syntax.Perl); err != nil {
			l.refuse(n.span, rulePattern, "the pattern cannot match a whole text: %v", err)
			return ""
		}
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil || len(program.Inst) > maxPatternInsts {
		l.refuse(n.span, rulePattern, "the pattern is too large: write smaller repeats, or use length")
		return ""
	}
	return text
}

// checkPossible refuses rules that no value can meet together.
func (l *loader) checkPossible(f *Field) {
	for _, low := range f.Rules {
		for _, high := range f.Rules {
			if conflict(low, high) {
				at := low
				if high.Pos.Line > low.Pos.Line || high.Pos.Line == low.Pos.Line && high.Pos.Column > low.Pos.Column {
					at = high
				}
				l.refuse(l.spanOf(at.Pos), ruleImpossibleRule, "no value is %s and %s", low.words(), high.words())
			}
		}
	}
}

// conflict reports whether low bounds values from below and high from above
// so that nothing is left between.
func conflict(low, high Rule) bool {
	switch {
	case low.Kind == format.MinLength && high.Kind == format.MaxLength, low.Kind == format.MinItems && high.Kind == format.MaxItems,
		low.Kind == format.Minimum && high.Kind == format.Maximum:
		return low.Number > high.Number
	case low.Kind == format.Minimum && high.Kind == format.ExclusiveMaximum,
		low.Kind == format.ExclusiveMinimum && slices.Contains([]format.RuleKind{format.Maximum, format.ExclusiveMaximum}, high.Kind):
		return low.Number >= high.Number
	case low.Kind == format.Prefix && high.Kind == format.MaxLength:
		return float64(len([]rune(low.Text))) > high.Number
	default:
		return false
	}
}

// words says what a rule about a number demands.
func (r Rule) words() string {
	number := strconv.FormatFloat(r.Number, 'g', -1, 64)
	switch r.Kind {
	case format.MinLength:
		return "of at least " + number + " characters"
	case format.MaxLength:
		return "of at most " + number + " characters"
	case format.MinItems:
		return "of at least " + number + " elements"
	case format.MaxItems:
		return "of at most " + number + " elements"
	case format.Minimum:
		return "at least " + number
	case format.Maximum:
		return "at most " + number
	case format.ExclusiveMinimum:
		return "over " + number
	case format.ExclusiveMaximum:
		return "under " + number
	case format.MultipleOf:
		return "a multiple of " + number
	case format.Pattern:
		return "matching " + r.Text
	case format.OneOf:
		return "one of " + listOr(r.Values)
	case format.Prefix:
		return "beginning with " + strconv.Quote(r.Text)
	case format.Sections:
		return "holding, in this order, " + listAnd(r.Values)
	default:
		return "without equal elements"
	}
}
