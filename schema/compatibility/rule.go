package compatibility

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/backlog-gen/backlog-gen/schema"
)

// implied reports whether a value that keeps the older rules keeps a rule.
func implied(r schema.Rule, older []schema.Rule) bool {
	return slices.ContainsFunc(older, func(old schema.Rule) bool { return !old.Warn && implies(old, r) })
}

func implies(old, r schema.Rule) bool {
	switch r.Kind {
	case schema.Minimum:
		return (old.Kind == schema.Minimum || old.Kind == schema.ExclusiveMinimum) && old.Number >= r.Number
	case schema.Maximum:
		return (old.Kind == schema.Maximum || old.Kind == schema.ExclusiveMaximum) && old.Number <= r.Number
	case schema.ExclusiveMinimum:
		return old.Kind == r.Kind && old.Number >= r.Number || old.Kind == schema.Minimum && old.Number > r.Number
	case schema.ExclusiveMaximum:
		return old.Kind == r.Kind && old.Number <= r.Number || old.Kind == schema.Maximum && old.Number < r.Number
	}
	if old.Kind != r.Kind {
		return false
	}
	switch r.Kind {
	case schema.MinLength, schema.MinItems:
		return old.Number >= r.Number
	case schema.MaxLength, schema.MaxItems:
		return old.Number <= r.Number
	case schema.MultipleOf:
		return math.Mod(old.Number, r.Number) == 0
	case schema.Pattern:
		return old.Text == r.Text
	case schema.Prefix:
		return strings.HasPrefix(old.Text, r.Text)
	case schema.OneOf:
		return !slices.ContainsFunc(old.Values, func(v string) bool { return !slices.Contains(r.Values, v) })
	case schema.Sections:
		return slices.Equal(old.Values, r.Values)
	case schema.UniqueItems:
		return true
	}
	return false
}

func ruleWords(r schema.Rule) string {
	switch r.Kind {
	case schema.MinLength:
		return "at least " + counted(r.Number, "character")
	case schema.MaxLength:
		return "at most " + counted(r.Number, "character")
	case schema.MinItems:
		return "at least " + counted(r.Number, "element")
	case schema.MaxItems:
		return "at most " + counted(r.Number, "element")
	case schema.Minimum:
		return fmt.Sprintf("at least %v", r.Number)
	case schema.Maximum:
		return fmt.Sprintf("at most %v", r.Number)
	case schema.ExclusiveMinimum:
		return fmt.Sprintf("over %v", r.Number)
	case schema.ExclusiveMaximum:
		return fmt.Sprintf("under %v", r.Number)
	case schema.MultipleOf:
		return fmt.Sprintf("a multiple of %v", r.Number)
	case schema.Pattern:
		return fmt.Sprintf("matches %q", r.Text)
	case schema.Prefix:
		return fmt.Sprintf("begins with %q", r.Text)
	case schema.OneOf:
		return fmt.Sprintf("one of %q", r.Values)
	case schema.Sections:
		return fmt.Sprintf("holds %q in order", r.Values)
	default:
		return "no equal elements"
	}
}

// counted writes a number of things.
func counted(n float64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%v %ss", n, what)
}
