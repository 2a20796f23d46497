package docs

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
)

// fieldSample returns the JSON text of a value that fits a field, false if none
// was found.
func fieldSample(f *schema.Field) (string, bool) {
	if !f.List {
		return elementSample(f, 0)
	}
	count := 1
	for _, r := range f.Rules {
		if r.Kind == format.MinItems {
			count = max(count, int(min(r.Number, 20)))
		}
	}
	elements := make([]string, count)
	for n := range elements {
		var ok bool
		if elements[n], ok = elementSample(f, n); !ok {
			return "", false
		}
	}
	return "[" + strings.Join(elements, ", ") + "]", true
}

// elementSample returns the nth of several values of a field's kind.
func elementSample(f *schema.Field, n int) (string, bool) {
	switch f.Kind {
	case format.TextField:
		text, ok := textSample(f, n)
		return string(quoteJSON(text)), ok
	case format.IntField, format.FloatField:
		return numberSample(f, n)
	case format.BoolField:
		return strconv.FormatBool(n%2 == 0), true
	case format.TimeField:
		return timeSample(f.Form, n), true
	case format.DateField:
		return fmt.Sprintf(`"2026-01-%02d"`, n%28+1), true
	case format.DurationField:
		return fmt.Sprintf(`"%dh30m"`, n+1), true
	case format.EnumField:
		return string(quoteJSON(f.Enum.Values[n%len(f.Enum.Values)].Name)), true
	case format.ConstantField:
		return string(quoteJSON(f.Constant)), true
	case format.ObjectField:
		return objectSample(f.Object)
	default: // references in objects, and any JSON
		return `"1"`, true
	}
}

// timeSample returns the nth of several times of a form.
func timeSample(form format.TimeForm, n int) string {
	at := time.Date(2026, time.January, n%28+1, 15, 4, 5, 0, time.UTC)
	switch form {
	case format.CompactTime:
		return at.Format(`"20060102T150405Z"`)
	case format.UnixSeconds:
		return strconv.FormatInt(at.Unix(), 10)
	case format.UnixMilliseconds:
		return strconv.FormatInt(at.UnixMilli(), 10)
	default:
		return at.Format(`"2006-01-02T15:04:05Z"`)
	}
}

func objectSample(o *schema.Object) (string, bool) {
	var members []string
	for _, f := range o.Fields {
		if !f.Required && (f.Kind == format.RawField || f.Kind == format.ReferenceField) {
			continue
		}
		value, ok := fieldSample(f)
		if !ok && f.Required {
			return "", false
		}
		if ok {
			members = append(members, string(quoteJSON(f.Key))+": "+value)
		}
	}
	return "{" + strings.Join(members, ", ") + "}", true
}

// textSample returns a text that meets the rules of a field, those that warn as
// well if one can be found.
func textSample(f *schema.Field, n int) (string, bool) {
	candidates := textCandidates(f, n)
	for _, warnings := range []bool{true, false} {
		for _, text := range candidates {
			if !slices.ContainsFunc(f.Rules, func(r schema.Rule) bool {
				return (warnings || !r.Warn) && !textMeets(text, r)
			}) {
				return text, true
			}
		}
	}
	return "", false
}

// textCandidates lists texts that one or another set of rules allows. The
// description of a field says what its text is about, so it serves as one.
func textCandidates(f *schema.Field, n int) []string {
	base, prefix := oneLine(f.Doc), ""
	if base == "" {
		base = f.Key
	}
	if n > 0 {
		base = fmt.Sprintf("%s (%d)", base, n+1)
	}
	var sections, out, patterned []string
	shortest, longest := 0, math.MaxInt
	for _, r := range f.Rules {
		switch r.Kind {
		case format.MinLength:
			shortest = max(shortest, int(r.Number))
		case format.MaxLength:
			longest = min(longest, int(r.Number))
		case format.OneOf:
			out = append(out, r.Values[n%len(r.Values)])
			out = append(out, r.Values...)
		case format.Prefix:
			prefix = r.Text
		case format.Sections:
			sections = r.Values
		case format.Pattern:
			patterned = append(patterned, matching(r.Text, n), matching(r.Text, n+1))
		}
	}
	structured := prefix
	for _, section := range sections {
		if structured != "" {
			structured += "\n"
		}
		structured += section + ": …"
	}
	if len(sections) == 0 && prefix != "" {
		structured = strings.TrimSpace(prefix) + " " + base
	}
	if structured != "" {
		out = append(out, fit(structured, shortest, longest))
	}
	out = append(out, fit(base, shortest, longest), fit(prefix+base, shortest, longest))
	return append(out, patterned...)
}

// fit cuts or repeats a text until it has a length between the bounds.
func fit(s string, shortest, longest int) string {
	const patience = 10_000
	for i := 0; utf8.RuneCountInString(s) < shortest && i < patience; i++ {
		s += " …"
	}
	if utf8.RuneCountInString(s) > longest {
		s = strings.TrimSpace(string([]rune(s)[:longest]))
	}
	return s
}

func textMeets(s string, r schema.Rule) bool {
	switch r.Kind {
	case format.MinLength:
		return utf8.RuneCountInString(s) >= int(r.Number)
	case format.MaxLength:
		return utf8.RuneCountInString(s) <= int(r.Number)
	case format.Pattern:
		ok, err := regexp.MatchString(r.Text, s)
		return ok && err == nil
	case format.OneOf:
		return slices.Contains(r.Values, s)
	case format.Prefix:
		return strings.HasPrefix(s, r.Text)
	case format.Sections:
		for _, section := range r.Values {
			_, rest, ok := strings.Cut(s, section)
			if !ok {
				return false
			}
			s = rest
		}
	}
	return true
}

// numberSample returns a number that meets the rules of a field.
func numberSample(f *schema.Field, n int) (string, bool) {
	step, low, high := 1.0, math.Inf(-1), math.Inf(1)
	for _, r := range f.Rules {
		switch r.Kind {
		case format.MultipleOf:
			step = r.Number
		case format.Minimum, format.ExclusiveMinimum:
			low = max(low, r.Number)
		case format.Maximum, format.ExclusiveMaximum:
			high = min(high, r.Number)
		}
	}
	candidates := []float64{float64(n + 1), step * float64(n+1)}
	for i := range 3 {
		candidates = append(candidates, step*(math.Ceil(low/step)+float64(n+i)), step*(math.Floor(high/step)-float64(n+i)))
	}
	candidates = append(candidates, (low+high)/2)
	for _, warnings := range []bool{true, false} {
		for _, c := range candidates {
			if c = rounded(c); numberMeets(c, f, warnings) {
				return strconv.FormatFloat(c, 'f', -1, 64), true
			}
		}
	}
	return "", false
}

// written is a number as it is written, which tells whether it is a multiple.
func written(n float64) *big.Rat {
	exact, _ := new(big.Rat).SetString(strconv.FormatFloat(n, 'g', -1, 64))
	return exact
}

// rounded takes what calculating with floats has added to a number away.
func rounded(n float64) float64 {
	const digits = 12
	short, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', digits, 64), 64)
	if err != nil {
		return n
	}
	return short
}

func numberMeets(n float64, f *schema.Field, warnings bool) bool {
	if math.IsInf(n, 0) || math.IsNaN(n) || f.Kind == format.IntField && n != math.Trunc(n) {
		return false
	}
	for _, r := range f.Rules {
		ok := true
		switch r.Kind {
		case format.Minimum:
			ok = n >= r.Number
		case format.ExclusiveMinimum:
			ok = n > r.Number
		case format.Maximum:
			ok = n <= r.Number
		case format.ExclusiveMaximum:
			ok = n < r.Number
		case format.MultipleOf:
			ok = new(big.Rat).Quo(written(n), written(r.Number)).IsInt()
		}
		if !ok && (warnings || !r.Warn) {
			return false
		}
	}
	return true
}
