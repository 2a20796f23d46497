package docs_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/backlog-gen/backlog-gen/gen/docs"
	"github.com/backlog-gen/backlog-gen/schema"
)

// definition returns a part of the JSON Schema of a model, by the keys that
// lead there.
func definition(t testing.TB, m *schema.Model, path ...string) any {
	t.Helper()
	text, err := docs.JSONSchema(m, false)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	for _, key := range path {
		object, ok := value.(map[string]any)
		if !ok {
			t.Fatalf("nothing below %s in %v", key, path)
		}
		value = object[key]
	}
	return value
}

// TestPatterns compares the expressions of a schema with what becomes of them:
// they must match the same texts.
func TestPatterns(t *testing.T) {
	texts := []string{
		"", "a", "b", "ab", "abab", "A", "k", "K", "\u212a", "é", "É", "😀", "1", "٣", "12", "a1", "x-y", "x]y", "x^y", `x\y`,
		"a.b", "a\nb", "\n", "a\n", "\x01", "\u2028", "a\rb", "^", "$", "|", "{2}", "aa", "aaa", "aaaa", "foo bar", "/", "-",
	}
	for _, pattern := range []string{
		``, `a`, `^a$`, `\Aa\z`, `a|b`, `(?:a|b)c?`, `^(a|b)+$`, `(?P<name>a)b`, `(?i)k`, `(?i)^[é-é]$`, `(?i:ab){2}`,
		`^\d+$`, `\pL`, `^\PL$`, `[[:alpha:]]`, `[^a]`, `^[^\n]$`, `^.$`, `(?s)^.$`, `[\]\^\-\\]`, `\x{1F600}`, `\Q.b\E`, `\.`,
		`^a{2,3}$`, `^a{2,}$`, `^a{2}$`, `^a{0,2}$`, `^(?:a{2}){2}$`, `a*?b`, `a+?`, `a??`, `\bfoo\b`, `\Boo`, `[^\x00-\x{10FFFF}]`,
		`()`, `^(|a)$`, `[/]`, `\{2\}`, `\$|\^|\|`, `^[😀-😎]$`, `[\x{D000}-\x{E000}]`, `\s`, `^\S+$`, `^\w-\W?`, `x[-^\]\\]y`, `\n`,
	} {
		t.Run(pattern, func(t *testing.T) {
			m := load(t, made[0])
			f := m.Levels[1].Fields[slices.IndexFunc(m.Levels[1].Fields, func(f *schema.Field) bool { return f.Key == "code" })]
			f.Rules[0].Text = pattern
			portable, ok := definition(t, m, "$defs", "Job", "properties", "code", "pattern").(string)
			if !ok {
				t.Fatal("the pattern is not there")
			}
			want, got := regexp.MustCompile(pattern), regexp.MustCompile(portable)
			for _, text := range texts {
				if w, g := want.MatchString(text), got.MatchString(text); w != g {
					t.Errorf("%q: %v, but %q, which it became: %v", text, w, portable, g)
				}
			}
		})
	}
}

func TestTimePattern(t *testing.T) {
	text, ok := definition(t, load(t, made[0]), "$defs", "time", "pattern").(string)
	if !ok {
		t.Fatal("there is no pattern of times")
	}
	pattern := regexp.MustCompile(text)
	accepted := 0
	check := func(s string) {
		_, err := time.Parse(time.RFC3339, s)
		if err == nil {
			accepted++
		}
		if pattern.MatchString(s) != (err == nil) {
			t.Errorf("%q: time.Parse says %v, the pattern %v", s, err, pattern.MatchString(s))
		}
	}
	for _, year := range []int{0, 4, 1900, 1999, 2000, 2024, 2100, 2400, 9999} {
		for month := range 14 {
			for day := range 33 {
				check(fmt.Sprintf("%04d-%02d-%02dT01:02:03Z", year, month, day))
			}
		}
	}
	for _, s := range []string{"2024-02-29T12:34:56Z", "1999-12-31T23:59:59.123456789+12:34", "2006-01-02T5:04:05,5-09:30"} {
		check(s)
		for i := range s {
			check(s[:i] + s[i+1:])
			for _, c := range " 0123456789:-+.,TZtz_" {
				check(s[:i] + string(c) + s[i+1:])
				check(s[:i] + string(c) + s[i:])
			}
		}
	}
	if accepted < 1000 {
		t.Errorf("only %d of the times are valid", accepted)
	}
}
