package compiled

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/backlog-gen/backlog-gen/document/format"
	"github.com/backlog-gen/backlog-gen/document/internal/jsontext"
)

// text returns what the rule has against a text, "" for nothing.
func (r *Rule) text(raw []byte, kind jsontext.TextKind) string {
	switch r.Kind {
	case format.MinLength:
		if float64((len(raw)-2)/kind.BytesPerCharacter()) >= r.Number {
			return "" // without counting
		}
		if n := jsontext.RuneCount(raw, kind); float64(n) < r.Number {
			if r.Number == 1 {
				return "is empty"
			}
			return fmt.Sprintf("has %d characters: want at least %v", n, r.Number)
		}
	case format.MaxLength:
		if float64(len(raw)-2) <= r.Number {
			return "" // without counting
		}
		if n := jsontext.RuneCount(raw, kind); float64(n) > r.Number {
			return fmt.Sprintf("has %d characters: want at most %v", n, r.Number)
		}
	case format.Pattern:
		if !r.pattern.MatchString(jsontext.Unquote(raw)) {
			return "does not match " + r.Text
		}
	case format.OneOf:
		if text := jsontext.Unquote(raw); !slices.Contains(r.Values, text) {
			return fmt.Sprintf("is %s: want one of %s", jsontext.Shown(text), strings.Join(r.Values, ", "))
		}
	case format.Prefix:
		if !strings.HasPrefix(jsontext.Unquote(raw), r.Text) {
			return fmt.Sprintf("does not begin with %q", r.Text)
		}
	case format.Sections:
		return r.sections(jsontext.Unquote(raw))
	}
	return ""
}

func (r *Rule) sections(text string) string {
	for i, section := range r.Values {
		at := strings.Index(text, section)
		if at < 0 {
			return fmt.Sprintf("has no section %q in its place: want %s in this order", section, strings.Join(r.Values[i:], ", "))
		}
		text = text[at+len(section):]
	}
	return ""
}

// number returns what the rule has against a number, "" for nothing.
func (r *Rule) number(n float64, raw []byte) string {
	var want string
	switch r.Kind {
	case format.Minimum:
		if n < r.Number {
			want = "at least"
		}
	case format.Maximum:
		if n > r.Number {
			want = "at most"
		}
	case format.ExclusiveMinimum:
		if n <= r.Number {
			want = "more than"
		}
	case format.ExclusiveMaximum:
		if n >= r.Number {
			want = "less than"
		}
	case format.MultipleOf:
		if !jsontext.IsMultiple(raw, n, r.Number) {
			want = "a multiple of"
		}
	}
	if want == "" {
		return ""
	}
	return fmt.Sprintf("is %s: want %s %s", jsontext.Clipped(string(raw), jsontext.MaxShown), want, strconv.FormatFloat(r.Number, 'g', -1, 64))
}

// list returns what the rule has against an array, "" for nothing.
func (r *Rule) list(raw []byte, count int) string {
	switch r.Kind {
	case format.MinItems:
		if float64(count) < r.Number {
			return fmt.Sprintf("has %d elements: want at least %v", count, r.Number)
		}
	case format.MaxItems:
		if float64(count) > r.Number {
			return fmt.Sprintf("has %d elements: want at most %v", count, r.Number)
		}
	case format.UniqueItems:
		return repeated(raw)
	}
	return ""
}

func repeated(raw []byte) string {
	seen := map[string]bool{}
	message := ""
	jsontext.Elements(raw, func(e []byte) bool {
		key := string(jsontext.Canonical(nil, e))
		if seen[key] {
			message = "holds " + jsontext.Clipped(string(e), jsontext.MaxShown) + " twice"
		}
		seen[key] = true
		return message == ""
	})
	return message
}

// Names lists the values.
func (e *Enum) Names() string {
	names := make([]string, len(e.Values))
	for i, v := range e.Values {
		names[i] = v.Name
	}
	return strings.Join(names, ", ")
}
