package schema

import (
	"bytes"
	"encoding/json"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/backlog-gen/backlog-gen/document/format"
)

// defaultValue returns the JSON text of a default, "" if it is refused.
func (l *loader) defaultValue(f *Field, n *node) string {
	switch {
	case n.isNull() && !f.Nullable:
		l.refuse(n.span, ruleBadDefault, "the default is null, but the field is not nullable")
		return ""
	case n.isNull():
		return "null"
	case f.List:
		return l.defaultList(f, n)
	case n.kind == listNode && f.Kind != format.RawField:
		l.refuse(n.span, ruleBadDefault, "the default is a list, but the field is not")
		return ""
	}
	return l.defaultElement(f, n)
}

func (l *loader) defaultList(f *Field, n *node) string {
	if n.kind != listNode {
		l.refuse(n.span, ruleBadDefault, "the default of a list is a list, not %s", n.kind)
		return ""
	}
	if f.Kind == format.ReferenceField && len(n.items) > 0 {
		l.refuse(n.span, ruleBadDefault, "the only default of a list of references is []: a schema knows no items")
		return ""
	}
	elements := make([]string, 0, len(n.items))
	for _, item := range n.items {
		element := l.defaultElement(f, item)
		if element == "" {
			return ""
		}
		elements = append(elements, element)
	}
	for _, r := range f.Rules {
		broken := false
		switch r.Kind {
		case format.MinItems:
			broken = float64(len(elements)) < r.Number
		case format.MaxItems:
			broken = float64(len(elements)) > r.Number
		case format.UniqueItems:
			distinct := slices.Clone(elements)
			slices.Sort(distinct)
			broken = len(slices.Compact(distinct)) < len(elements)
		}
		if broken {
			l.refuse(n.span, ruleBadDefault, "the default breaks the field's own rule: it is not %s", r.words())
			return ""
		}
	}
	return "[" + strings.Join(elements, ",") + "]"
}

// defaultElement returns the JSON text of one value of the field's kind.
func (l *loader) defaultElement(f *Field, n *node) string {
	text, problem := f.plainValue(n)
	if problem != "" {
		l.refuse(n.span, ruleBadDefault, "the default does not go with the type: %s", problem)
		return ""
	}
	for _, r := range f.Rules {
		if !meets(n, r) {
			l.refuse(n.span, ruleBadDefault, "the default breaks the field's own rule: it is not %s", r.words())
			return ""
		}
	}
	return text
}

// plainValue writes a node as JSON of the field's kind, by name for an enum, or
// says why it cannot.
func (f *Field) plainValue(n *node) (text, problem string) {
	text, problem = jsonValue(f, n)
	switch {
	case problem != "":
	case f.Kind == format.ConstantField && n.text != f.Constant:
		problem = "it is " + strconv.Quote(shorten(f.Constant)) + ", always"
	case f.Kind == format.EnumField && !slices.ContainsFunc(f.Enum.Values, func(v *EnumValue) bool { return v.Name == n.text }):
		names := make([]string, len(f.Enum.Values))
		for i, v := range f.Enum.Values {
			names[i] = v.Name
		}
		problem = "no value of " + f.Enum.Name + " is named " + strconv.Quote(shorten(n.text)) + hint(n.text, names)
	}
	return text, problem
}

// jsonValue writes a node as JSON of the field's kind, or says why it cannot.
func jsonValue(f *Field, n *node) (text, problem string) {
	switch f.Kind {
	case format.TextField, format.EnumField, format.ConstantField:
		if n.kind != textNode {
			return "", "it is text, not " + n.kind.String()
		}
	case format.TimeField:
		return timeValue(f.Form, n)
	case format.DateField:
		if _, err := time.Parse(time.DateOnly, n.text); n.kind != textNode || err != nil {
			return "", "it is a date such as 2006-01-02"
		}
	case format.DurationField:
		if _, err := time.ParseDuration(n.text); n.kind != textNode || err != nil {
			return "", "it is a duration such as 1h30m"
		}
	case format.IntField:
		if _, err := strconv.ParseInt(n.text, 10, 64); n.kind != intNode || err != nil || !isJSONNumber(n.text) {
			return "", "it is a whole number of at most 64 bits"
		}
	case format.FloatField:
		if n.kind != intNode && n.kind != floatNode || !isFiniteNumber(n.text) {
			return "", "it is a number as JSON writes it"
		}
	case format.BoolField:
		if n.kind != boolNode {
			return "", "it is true or false"
		}
	case format.RawField:
	default:
		return "", "null is the only default of a single reference or of an object"
	}
	return encodeJSON(n)
}

// timeValue writes a node as a time of some form.
func timeValue(form format.TimeForm, n *node) (text, problem string) {
	_, ok := form.Parse(n.text)
	switch {
	case form.IsNumber() && (!ok || n.kind != intNode || !isJSONNumber(n.text)):
		return "", "it is a whole number of seconds or milliseconds since 1970, in the years 0 to 9999"
	case form == format.CompactTime && (!ok || n.kind != textNode):
		return "", "it is a time such as 20060102T150405Z"
	case !form.IsNumber() && (!ok || n.kind != textNode):
		return "", "it is a time such as 2006-01-02T15:04:05Z"
	}
	return encodeJSON(n)
}

func isFiniteNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil && isJSONNumber(s)
}

// encodeJSON writes a node as JSON, or says why it cannot.
func encodeJSON(n *node) (text, problem string) {
	switch n.kind {
	case nullNode:
		return "null", ""
	case boolNode:
		return strings.ToLower(n.text), ""
	case intNode, floatNode:
		if !isFiniteNumber(n.text) {
			return "", strconv.Quote(shorten(n.text)) + " is not a number as JSON writes it"
		}
		return n.text, ""
	case textNode:
		return quoteJSON(n.text), ""
	case listNode:
		return encodeList(n)
	default:
		return encodeMapping(n)
	}
}

func encodeList(n *node) (text, problem string) {
	elements := make([]string, len(n.items))
	for i, item := range n.items {
		if elements[i], problem = encodeJSON(item); problem != "" {
			return "", problem
		}
	}
	return "[" + strings.Join(elements, ",") + "]", ""
}

func encodeMapping(n *node) (text, problem string) {
	members := make([]string, len(n.entries))
	for i, e := range n.entries {
		value, problem := encodeJSON(e.value)
		if problem != "" {
			return "", problem
		}
		members[i] = quoteJSON(e.key.text) + ":" + value
	}
	return "{" + strings.Join(members, ",") + "}", ""
}

// quoteJSON writes a text as a JSON string, with < > and & as they are.
func quoteJSON(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return "" // cannot happen: every string encodes
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// meets reports whether one value meets a rule. Rules about lists are met.
func meets(n *node, r Rule) bool {
	switch r.Kind {
	case format.MinLength:
		return float64(utf8.RuneCountInString(n.text)) >= r.Number
	case format.MaxLength:
		return float64(utf8.RuneCountInString(n.text)) <= r.Number
	case format.Pattern:
		matched, err := regexp.MatchString(r.Text, n.text)
		return err == nil && matched
	case format.OneOf:
		return slices.Contains(r.Values, n.text)
	case format.Prefix:
		return strings.HasPrefix(n.text, r.Text)
	case format.Sections:
		return holdsInOrder(n.text, r.Values)
	case format.Minimum, format.Maximum, format.ExclusiveMinimum, format.ExclusiveMaximum, format.MultipleOf:
		return numberMeets(n.text, r)
	default:
		return true
	}
}

func holdsInOrder(text string, sections []string) bool {
	for _, section := range sections {
		_, rest, ok := strings.Cut(text, section)
		if !ok {
			return false
		}
		text = rest
	}
	return true
}

// numberMeets compares exactly: a default of 0.3 is a multiple of 0.1.
func numberMeets(text string, r Rule) bool {
	value, ok := exact(text)
	limit, okLimit := exact(strconv.FormatFloat(r.Number, 'g', -1, 64))
	if !ok || !okLimit {
		return false
	}
	c := value.Cmp(limit)
	switch r.Kind {
	case format.Minimum:
		return c >= 0
	case format.Maximum:
		return c <= 0
	case format.ExclusiveMinimum:
		return c > 0
	case format.ExclusiveMaximum:
		return c < 0
	default:
		return value.Quo(value, limit).IsInt()
	}
}

// exact reads a number without rounding. Exponents beyond those of a float are
// refused: they would cost more memory than they are worth.
func exact(text string) (*big.Rat, bool) {
	if !isFiniteNumber(text) || len(text) > 100 {
		return nil, false
	}
	if _, exponent, ok := strings.Cut(strings.ToLower(text), "e"); ok {
		if e, err := strconv.Atoi(exponent); err != nil || e < -400 || e > 400 {
			return nil, false
		}
	}
	return new(big.Rat).SetString(text)
}
