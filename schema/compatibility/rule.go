package compatibility

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/schema"
)

// implied reports whether a value that keeps the older rules keeps a rule.
func implied(r schema.Rule, older []schema.Rule) bool {
	return slices.ContainsFunc(older, func(old schema.Rule) bool { return !old.Warn && implies(old, r) })
}

func implies(old, r schema.Rule) bool {
	switch r.Kind {
	case format.Minimum:
		return (old.Kind == format.Minimum || old.Kind == format.ExclusiveMinimum) && old.Number >= r.Number
	case format.Maximum:
		return (old.Kind == format.Maximum || old.Kind == format.ExclusiveMaximum) && old.Number <= r.Number
	case format.ExclusiveMinimum:
		return old.Kind == r.Kind && old.Number >= r.Number || old.Kind == format.Minimum && old.Number > r.Number
	case format.ExclusiveMaximum:
		return old.Kind == r.Kind && old.Number <= r.Number || old.Kind == format.Maximum && old.Number < r.Number
	}
	if old.Kind != r.Kind {
		return false
	}
	switch r.Kind {
	case format.MinLength, format.MinItems:
		return old.Number >= r.Number
	case format.MaxLength, format.MaxItems:
		return old.Number <= r.Number
	case format.MultipleOf:
		return isMultiple(old.Number, r.Number)
	case format.Pattern:
		return old.Text == r.Text
	case format.Prefix:
		return strings.HasPrefix(old.Text, r.Text)
	case format.OneOf:
		return !slices.ContainsFunc(old.Values, func(v string) bool { return !slices.Contains(r.Values, v) })
	case format.Sections:
		return slices.Equal(old.Values, r.Values)
	case format.UniqueItems:
		return true
	}
	return false
}

// isMultiple reports whether a number is a multiple of another one, as both are
// written: 0.3 is one of 0.1, which floats are not.
func isMultiple(n, of float64) bool {
	written := func(f float64) *big.Rat {
		r, _ := new(big.Rat).SetString(strconv.FormatFloat(f, 'g', -1, 64))
		return r
	}
	return of != 0 && new(big.Rat).Quo(written(n), written(of)).IsInt()
}

func ruleWords(r schema.Rule) string {
	switch r.Kind {
	case format.MinLength:
		return "at least " + counted(r.Number, "character")
	case format.MaxLength:
		return "at most " + counted(r.Number, "character")
	case format.MinItems:
		return "at least " + counted(r.Number, "element")
	case format.MaxItems:
		return "at most " + counted(r.Number, "element")
	case format.Minimum:
		return fmt.Sprintf("at least %v", r.Number)
	case format.Maximum:
		return fmt.Sprintf("at most %v", r.Number)
	case format.ExclusiveMinimum:
		return fmt.Sprintf("over %v", r.Number)
	case format.ExclusiveMaximum:
		return fmt.Sprintf("under %v", r.Number)
	case format.MultipleOf:
		return fmt.Sprintf("a multiple of %v", r.Number)
	case format.Pattern:
		return fmt.Sprintf("matches %q", r.Text)
	case format.Prefix:
		return fmt.Sprintf("begins with %q", r.Text)
	case format.OneOf:
		return fmt.Sprintf("one of %q", r.Values)
	case format.Sections:
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
